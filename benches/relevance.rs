//! Measures relevance on judged data: `cargo bench --bench relevance -- FOLDER [--each] [--set name=value ...]`.
//!
//! FOLDER holds `market.ndjson`, `queries.tsv`, `judgements.tsv`, `known-items.tsv` and `rfq-judgements.tsv`. Without a folder
//! nothing runs. Prints nDCG@10 (lin: unjudged is wrong; cond: unjudged is left out), Recall@100, MRR, hit rates of exact
//! look-ups and the time of a query, for tantivy's own parser, for the product and for the product without each stage.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program: it may stop and it prints")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{FAST, STORED, Schema, TEXT, Value as _};
use tradepost::search::{Change, CompanyDoc, ListingDoc, Position, Query, Search, Stages, Wanted, Weights};

type Judged = HashMap<String, HashMap<String, f64>>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let Some(folder) = arguments.first() else { return };
    let folder = Path::new(folder);
    let market = Market::load(&folder.join("market.ndjson"));
    let queries = tsv(&folder.join("queries.tsv"));
    let mut judged = Judged::new();
    for row in tsv(&folder.join("judgements.tsv")) {
        judged.entry(row[0].clone()).or_default().insert(row[1].clone(), row[2].parse().unwrap());
    }
    let known = tsv(&folder.join("known-items.tsv"));
    let mut weights = Weights::default();
    for pair in arguments.iter().filter(|a| !a.starts_with("--")).filter_map(|a| a.split_once('=')) {
        set(&mut weights, pair.0, pair.1);
    }
    if !arguments.iter().any(|a| a == "--quick") {
        report("tantivy", &market.baseline(), &queries, &judged, &known);
    }
    report("product", &market.product(Stages::default(), &weights), &queries, &judged, &known);
    suppliers(&market, folder, &queries, &weights);
    if arguments.iter().any(|a| a == "--each") {
        for (name, stages) in Stages::each_off() {
            report(&format!("without {name}"), &market.product(stages, &weights), &queries, &judged, &known);
        }
    }
    for tried in arguments.iter().filter_map(|a| a.strip_prefix("--try=")) {
        let mut weights = weights.clone();
        for (name, value) in tried.split(',').filter_map(|pair| pair.split_once(':')) {
            set(&mut weights, name, value);
        }
        report(tried, &market.product(Stages::default(), &weights), &queries, &judged, &known);
    }
    if let Some(query) = arguments.iter().find_map(|a| a.strip_prefix("--show=")) {
        show(&market, query, &queries, &judged, &weights);
    }
    if arguments.iter().any(|a| a == "--worst") {
        worst(&market, &queries, &judged, &known, &weights);
    }
}

fn set(weights: &mut Weights, name: &str, value: &str) {
    let number: f32 = value.parse().unwrap();
    let names = ["name", "brand", "model", "class", "values", "attributes", "body"];
    if let Some(at) = names.iter().position(|n| *n == name) {
        weights.fields[at] = number;
        return;
    }
    match name {
        "tie" => weights.tie = number,
        "all_words" => weights.all_words = number,
        "exact" => weights.exact = number,
        "code" => weights.code = number,
        "phrase" => weights.phrase = number,
        "feedback" => weights.feedback = number,
        "feedback_depth" => weights.feedback_depth = number as usize,
        "class_signs" => weights.class_signs = number,
        "prior" => weights.prior = number,
        "depth" => weights.depth = number as usize,
        "enough" => weights.enough = number as usize,
        _ => println!("unknown weight {name}"),
    }
}

fn tsv(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

struct Market {
    search: Search,
    skus: Vec<String>,
    companies: Vec<String>,
    listings: Vec<ListingDoc>,
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Market {
    fn load(path: &Path) -> Self {
        let (mut skus, mut companies, mut listings) = (Vec::new(), Vec::new(), Vec::new());
        let mut changes = Vec::new();
        let mut by_ref: HashMap<String, i64> = HashMap::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let v: Value = serde_json::from_str(line).unwrap();
            if v["type"] == "company" {
                companies.push(text(&v, "name"));
                let id = companies.len() as i64;
                by_ref.insert(text(&v, "ref"), id);
                let doc = CompanyDoc {
                    id,
                    name: text(&v, "name"),
                    country: text(&v, "country"),
                    form: text(&v, "form"),
                    hit: json!({"id": id}),
                    ..CompanyDoc::default()
                };
                changes.push(Change::Company(Box::new(doc)));
            } else if v["type"] == "listing" {
                skus.push(text(&v, "sku"));
                let company_id = by_ref.get(&text(&v, "company")).copied().unwrap_or(0);
                listings.push(listing(&v, skus.len() as i64, company_id, &companies[(company_id - 1) as usize]));
            }
        }
        let search = Search::in_memory().unwrap();
        let mut writer = search.writer(100_000_000, 1).unwrap();
        let start = Instant::now();
        changes.extend(listings.iter().map(|doc| Change::Listing(Box::new(doc.clone()))));
        let count = changes.len();
        writer.apply(changes).unwrap();
        writer.commit(&Position { epoch: "e".into(), seq: 1 }).unwrap();
        let spent = start.elapsed().as_secs_f64();
        println!("indexed {count} documents in {spent:.1} s ({:.0}/s)", count as f64 / spent);
        Self { search, skus, companies, listings }
    }

    fn product(&self, stages: Stages, weights: &Weights) -> impl Fn(&str, usize) -> Vec<String> + use<'_> {
        let weights = weights.clone();
        move |q, k| {
            let (stages, weights) = (stages.clone(), weights.clone());
            let query = Query { limit: k, stages, weights, ..Query::text(q) };
            let answer = self.search.listings(&query).unwrap();
            answer.hits.iter().map(|hit| self.skus[(hit.id - 1) as usize].clone()).collect()
        }
    }

    /// tantivy's query parser, any word, over the same texts in fields of the default analysis.
    fn baseline(&self) -> impl Fn(&str, usize) -> Vec<String> + use<> {
        let mut builder = Schema::builder();
        let fields =
            ["name", "brand", "mpn", "description", "attributes", "gtin"].map(|n| builder.add_text_field(n, TEXT));
        let sku = builder.add_text_field("sku", STORED | FAST);
        let index = tantivy::Index::create_in_ram(builder.build());
        let mut writer = index.writer_with_num_threads(1, 100_000_000).unwrap();
        for l in &self.listings {
            let attributes = l.attributes.iter().map(|(n, v)| format!("{n} {v}")).collect::<Vec<_>>().join(" ");
            let mut doc = tantivy::TantivyDocument::default();
            for (field, text) in fields.iter().zip([&l.name, &l.brand, &l.mpn, &l.description, &attributes, &l.gtin]) {
                doc.add_text(*field, text);
            }
            doc.add_text(sku, &l.sku);
            writer.add_document(doc).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let parser = QueryParser::for_index(&index, fields.to_vec());
        move |q, k| {
            let query = parser.parse_query_lenient(q).0;
            let top = searcher.search(&query, &TopDocs::with_limit(k).order_by_score()).unwrap();
            let stored = |address| searcher.doc::<tantivy::TantivyDocument>(address).unwrap();
            top.iter().map(|(_, a)| stored(*a).get_first(sku).unwrap().as_str().unwrap().to_owned()).collect()
        }
    }
}

fn listing(v: &Value, id: i64, company_id: i64, company: &str) -> ListingDoc {
    let attributes = v["attributes"].as_object().into_iter().flatten();
    ListingDoc {
        id,
        company_id,
        sku: text(v, "sku"),
        name: text(v, "name"),
        description: text(v, "description"),
        brand: text(v, "brand"),
        mpn: text(v, "mpn"),
        gtin: text(v, "gtin"),
        hs_code: text(v, "hs_code"),
        category: text(v, "category"),
        attributes: attributes.map(|(n, v)| (n.clone(), v.as_str().unwrap_or_default().to_owned())).collect(),
        language: text(v, "language"),
        company_name: company.to_owned(),
        published_at_ms: 1,
        hit: json!({"id": id, "name": text(v, "name")}),
        ..ListingDoc::default()
    }
}

fn dcg(gains: impl Iterator<Item = f64>) -> f64 {
    gains.enumerate().map(|(i, gain)| gain / (i as f64 + 2.0).log2()).sum()
}

fn ndcg(ranked: &[&String], relevant: &HashMap<String, f64>) -> f64 {
    let mut ideal: Vec<f64> = relevant.values().copied().collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let gains = ranked.iter().take(10).map(|d| relevant.get(*d).copied().unwrap_or(0.0));
    dcg(gains) / dcg(ideal.into_iter().take(10))
}

fn scores(got: &[String], relevant: &HashMap<String, f64>) -> (f64, f64) {
    let all: Vec<&String> = got.iter().collect();
    let known: Vec<&String> = got.iter().filter(|d| relevant.contains_key(*d)).collect();
    (ndcg(&all, relevant), ndcg(&known, relevant))
}

fn relevant(judged: &Judged, id: &str) -> Option<HashMap<String, f64>> {
    let top = judged.values().flat_map(HashMap::values).copied().fold(0.0, f64::max);
    let of_query = judged.get(id)?;
    let graded: HashMap<String, f64> = of_query.iter().map(|(d, g)| (d.clone(), g / top)).collect();
    graded.values().any(|g| *g > 0.0).then_some(graded)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn report(
    name: &str,
    search: &dyn Fn(&str, usize) -> Vec<String>,
    queries: &[Vec<String>],
    judged: &Judged,
    known: &[Vec<String>],
) {
    let (mut lin, mut cond, mut recall, mut mrr, mut us) = (vec![], vec![], vec![], vec![], vec![]);
    for row in queries {
        let Some(relevant) = relevant(judged, &row[0]) else { continue };
        let start = Instant::now();
        search(&row[1], 10);
        us.push(start.elapsed().as_secs_f64() * 1e6);
        let got = search(&row[1], 100);
        let (l, c) = scores(&got, &relevant);
        lin.push(l);
        cond.push(c);
        let exact: HashSet<&String> = relevant.iter().filter(|(_, g)| **g == 1.0).map(|(d, _)| d).collect();
        if !exact.is_empty() {
            recall.push(got.iter().filter(|d| exact.contains(d)).count() as f64 / exact.len() as f64);
            mrr.push(got.iter().position(|d| exact.contains(d)).map_or(0.0, |at| 1.0 / (at as f64 + 1.0)));
        }
    }
    us.sort_by(f64::total_cmp);
    println!(
        "{name:<18} n={} lin={:.4} cond={:.4} recall100={:.4} mrr={:.4} p50={:.0}us p95={:.0}us",
        lin.len(),
        mean(&lin),
        mean(&cond),
        mean(&recall),
        mean(&mrr),
        us[us.len() / 2],
        us[us.len() * 19 / 20]
    );
    let mut kinds: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for row in known {
        let got = search(&row[1], 10);
        let at = got.iter().position(|d| *d == row[2]);
        let entry = kinds.entry(&row[0]).or_default();
        entry.0.push(f64::from(u8::from(at == Some(0))));
        entry.1.push(f64::from(u8::from(at.is_some())));
    }
    let shown = kinds.iter().map(|(kind, (h1, h10))| format!("{kind} {:.3}/{:.3}", mean(h1), mean(h10)));
    println!("{:<18} {}", "", shown.collect::<Vec<_>>().join("  "));
}

fn suppliers(market: &Market, folder: &Path, queries: &[Vec<String>], weights: &Weights) {
    let mut gold = Judged::new();
    for row in tsv(&folder.join("rfq-judgements.tsv")) {
        gold.entry(row[0].clone()).or_default().insert(row[1].clone(), row[2].parse().unwrap());
    }
    let (mut score, mut mrr, mut us) = (vec![], vec![], vec![]);
    for row in queries {
        let Some(relevant) = gold.get(&row[0]) else { continue };
        let wanted = Wanted {
            title: row[1].clone(),
            specification: row[1].clone(),
            weights: weights.clone(),
            ..Wanted::default()
        };
        let start = Instant::now();
        let found = market.search.supplier_candidates(&wanted).unwrap();
        us.push(start.elapsed().as_secs_f64() * 1e6);
        let got: Vec<String> = found.iter().map(|c| market.companies[(c.company_id - 1) as usize].clone()).collect();
        score.push(ndcg(&got.iter().collect::<Vec<_>>(), relevant));
        mrr.push(got.iter().position(|s| relevant.contains_key(s)).map_or(0.0, |at| 1.0 / (at as f64 + 1.0)));
    }
    println!(
        "{:<18} n={} ndcg={:.4} mrr={:.4} mean={:.0}us",
        "suppliers",
        score.len(),
        mean(&score),
        mean(&mrr),
        mean(&us)
    );
}

fn show(market: &Market, query: &str, queries: &[Vec<String>], judged: &Judged, weights: &Weights) {
    let query_row = queries.iter().find(|row| row[1] == query);
    let judged = query_row.and_then(|row| judged.get(&row[0])).cloned().unwrap_or_default();
    let q = Query { limit: 20, explain: true, highlight: true, weights: weights.clone(), ..Query::text(query) };
    let answer = market.search.listings(&q).unwrap();
    println!("{query}: total {} relaxed {} did_you_mean {:?}", answer.total, answer.relaxed, answer.did_you_mean);
    for hit in answer.hits {
        let sku = &market.skus[(hit.id - 1) as usize];
        let grade = judged.get(sku).map_or("-".to_owned(), f64::to_string);
        let name = &market.listings[(hit.id - 1) as usize].name;
        println!("  {grade:>2} {:.2} {sku} {name} {:?}", hit.score, hit.explain.unwrap_or_default());
    }
}

fn worst(market: &Market, queries: &[Vec<String>], judged: &Judged, known: &[Vec<String>], weights: &Weights) {
    let search = market.product(Stages::default(), weights);
    let mut rows: Vec<(f64, f64, &str)> = Vec::new();
    for row in queries {
        let Some(relevant) = relevant(judged, &row[0]) else { continue };
        let (lin, cond) = scores(&search(&row[1], 100), &relevant);
        rows.push((lin, cond, &row[1]));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (lin, cond, query) in rows.iter().take(25) {
        println!("{lin:.3} {cond:.3} {query}");
    }
    for row in known {
        let got = search(&row[1], 10);
        if got.first() != Some(&row[2]) {
            println!("{} {:?} {}", row[0], got.iter().position(|d| *d == row[2]), row[1]);
        }
    }
}
