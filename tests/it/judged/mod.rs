//! Matching on a judged market: whom it notifies of RFQs in eight languages whose words stand in the names of other goods too.
//!
//! `consumer/` and `industrial/` were written for this: suppliers with their listings, RFQs, and for each RFQ the suppliers who really sell it.
//! The weights were fitted on the industrial half alone; the consumer half decides. The figures are those that were reached, less a little.

use std::path::Path;
use std::process::Command;

#[test]
fn rfqs_reach_suppliers_who_sell_the_goods_and_few_others() {
    let measured = evaluate("consumer");
    let figure = |name: &str| number_behind(&measured, name);
    let ranking = measured.lines().find(|line| line.starts_with("matching")).unwrap();
    assert!(number_behind(ranking, "ndcg@10=") >= 0.96, "{measured}");
    let plain = measured.lines().find(|line| line.starts_with("plain search")).unwrap();
    assert!(number_behind(ranking, "ndcg@10=") > number_behind(plain, "ndcg@10=") + 0.1, "{measured}");
    assert!(figure("fitting suppliers told: ") >= 72.0, "{measured}");
    assert!(number_behind(&measured.replace("notified: ", "notified, "), ", ") > 100.0, "{measured}");
    let wrong = measured.split(" % of them wrong").next().unwrap().rsplit(' ').next().unwrap();
    assert!(wrong.parse::<f64>().unwrap() <= 11.0, "{measured}");
    assert!(figure("RFQs for what nobody sells that notified: ") <= 1.0, "{measured}");
}

fn number_behind(text: &str, name: &str) -> f64 {
    let rest = text.split(name).nth(1).unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap().parse().unwrap()
}

/// Loads a half and answers what `evaluate` prints of it.
fn evaluate(half: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judged").join(half).join(name);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
        let output = command.args(arguments).arg("--data").arg(folder.path().join("data")).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !errors.contains("refused: "), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["load", "--strict", "--publish", file("market.ndjson").to_str().unwrap()]);
    let (queries, judgements) = (file("rfqs.ndjson"), file("judgements.tsv"));
    let sources = ["--queries", queries.to_str().unwrap(), "--judgements", judgements.to_str().unwrap()];
    run(&[&["evaluate", "--kind", "match"][..], &sources].concat())
}
