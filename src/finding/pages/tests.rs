//! The pages of search as a reader gets them.

use askama::Template;

use super::about::{RankingPage, StatisticsPage, VerificationPage};
use super::front::{DeskPage, Item, Waiting, all_waiting, front_page};
use super::results::results;
use super::*;
use crate::actor::{Actor, Permission};
use crate::finding::tests::{app, now};
use crate::ids::ApiKeyId;
use crate::web::layout::{Page, Viewer, When};

fn page(app: &App, query: &str) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    results(app, Page::new("Results").at(format!("/search?{query}")), &pairs, None).unwrap().render().unwrap()
}

#[test]
fn results_read_as_the_trade_writes_them() {
    let (_folder, app) = app();
    let html = page(&app, "q=316l+pipe");
    assert!(html.contains("<mark>316L</mark>") && html.contains("USD 4.10-5.00 / kg</span> FOB CNNGB"), "{html}");
    assert!(
        html.contains("<strong>3</strong> results") && html.contains("MOQ\u{a0}500\u{a0}kg · 25\u{a0}days · ISO 9001")
    );
    assert!(page(&app, "").contains("XVI Machinery"), "the section has its label");
    assert!(page(&app, "hs=XVI").contains("› 84 Machinery"), "and so has the chapter");
    assert!(html.contains("&lt;with&gt;") || !html.contains("<with>"));
    let rfqs = page(&app, "q=pipe&scope=rfqs");
    assert!(rfqs.contains("2\u{a0}t · monthly") && rfqs.contains("DAP") && rfqs.contains("/quote\">Quote"), "{rfqs}");
    let suppliers = page(&app, "q=pipe&scope=suppliers");
    assert!(suppliers.contains("Hebei Ruide") && suppliers.contains("Sells to DE, NL"), "{suppliers}");
}

#[test]
fn a_choice_is_a_link_and_a_chip_takes_it_back() {
    let (_folder, app) = app();
    let html = page(&app, "q=pipe&country=TR&moq_max=400");
    assert!(html.contains(r#"href="/search?q=pipe&#38;scope=products&#38;moq_max=400" rel="nofollow""#), "{html}");
    assert!(html.contains("MOQ up to 400"));
    assert!(page(&app, "q=pipe&country=TR").contains("scope=products&#38;country=TR&#38;country=CN"));
    let open = page(&app, "q=pipe&category=Pipes+/+Stainless");
    assert!(open.contains("› › Seamless") && open.contains("category=Pipes\""), "{open}");
}

#[test]
fn a_page_answers_whatever_its_address_says() {
    let (_folder, app) = app();
    let wrong = page(&app, "q=pipe&price_min=4&country=Chna&cursor=old&colour=red&facets=x");
    assert!(wrong.contains("Left out of the search") && wrong.contains("Price from needs one currency"), "{wrong}");
    let relaxed = page(&app, "q=seamless+pipe+unobtainium+valve");
    assert!(relaxed.contains("Few or none have all words"), "{relaxed}");
    let none = page(&app, "q=zzzzqqqq");
    assert!(none.contains("Nothing found") && none.contains("Post an RFQ"));
    let narrowed = page(&app, "q=pipe&country=NL");
    assert!(narrowed.contains("Nothing has all of these") && narrowed.contains("Remove all filters"));
}

#[test]
fn suggestions_lead_to_pages() {
    let (_folder, app) = app();
    let of = |q: &str, scope: &str| {
        let typed = Typed { q: q.into(), scope: scope.into() };
        lines(&app, &typed).unwrap().into_iter().map(|line| line.href).collect::<Vec<_>>()
    };
    assert!(of("stainl", "").iter().any(|href| href.starts_with("/search?scope=products&category=Pipes")));
    assert!(of("hebei", "suppliers").iter().all(|href| href.starts_with("/companies/cmp_")));
    assert!(!of("ball valves", "rfqs").is_empty() && of("ball valves", "rfqs")[0].starts_with("/rfqs/rfq_"));
}

fn desk(waiting: Vec<Waiting>) -> DeskPage {
    let viewer = Viewer {
        person_name: "Anna de Wit".into(),
        company_name: "Delta Import BV".into(),
        moderator: false,
        suspended: false,
        confirmed: true,
    };
    let page = Page::new("Your desk").seen_by(viewer, "token");
    DeskPage { page, company: "Delta Import BV".into(), waiting, asks: Vec::new() }
}

fn waiting() -> Vec<Waiting> {
    let item = |title: &str, beside: &str, days| Item {
        title: title.into(),
        href: "/desk/buying".into(),
        beside: beside.into(),
        deadline: Some(When::new(now() + chrono::Duration::days(days), now())),
    };
    let quotes =
        vec![item("Stainless pipe 316L, DN50, 2 t", "4 new quotes", 12), item("Ball valves", "1 new quote", 3)];
    let fits = vec![item("Flanges EN 1092-1, DN50, PN16, 300 pieces", "", 8)];
    vec![
        Waiting { count: "2".into(), words: "RFQs with new quotes", href: "/desk/buying", items: quotes },
        Waiting { count: "1".into(), words: "RFQ that fits what you sell", href: "/desk/selling", items: fits },
    ]
}

fn member_of(app: &App, name: &str) -> Actor {
    let fields = serde_json::from_value(serde_json::json!({ "name": name, "country": "NL" })).unwrap();
    let company = app.db.write(|tx| crate::companies::actions::register(tx, &fields, None)).unwrap();
    let permissions = Permission::ALL.iter().map(|(permission, _)| *permission).collect();
    Actor::Key { key: ApiKeyId(1), company, permissions, suspended: false }
}

#[test]
fn the_desk_tells_what_waits_for_the_company_and_nothing_else() {
    let (_folder, app) = app();
    let (buyer, supplier, other) = (member_of(&app, "Delta"), member_of(&app, "Izmir"), member_of(&app, "Third"));
    let words = |actor: &Actor| {
        let all = all_waiting(&app, actor).unwrap();
        all.into_iter().map(|one| format!("{} {}", one.count, one.words)).collect::<Vec<_>>()
    };
    for title in ["Pipe", "Valves"] {
        let fields = crate::rfqs::RfqFields { title: title.into(), ..Default::default() };
        crate::rfqs::actions::create(&app, &buyer, fields, None).unwrap();
    }
    let partnership = crate::partnerships::PartnershipFields {
        supplier: supplier.company().unwrap(),
        buyer: buyer.company().unwrap(),
        quote: None,
        note: None,
    };
    crate::partnerships::actions::propose(&app, &supplier, &partnership, None).unwrap();
    assert_eq!(words(&buyer), ["1 partnership to confirm", "2 drafts not published yet"]);
    assert_eq!(all_waiting(&app, &buyer).unwrap()[0].items[0].title, "Izmir");
    assert!(words(&supplier).is_empty() && words(&other).is_empty());
}

/// Writes the pages for a look in a browser when `TRADEPOST_SAMPLE_PAGES` names a folder.
#[test]
fn every_page_renders_whole() {
    let (_folder, app) = app();
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("TRADEPOST_SAMPLE_PAGES")
        .map_or_else(|| temporary.path().to_path_buf(), std::path::PathBuf::from);
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (_, path, content) in crate::web::assets::all() {
        std::fs::write(folder.join(path.trim_start_matches('/')), content).unwrap();
    }
    let pages = [
        ("search-products.html", page(&app, "q=316l+pipe&country=CN,IT&category=Pipes+/+Stainless&moq_max=1000")),
        ("search-suppliers.html", page(&app, "q=pipe&scope=suppliers")),
        ("search-rfqs.html", page(&app, "q=pipe&scope=rfqs")),
        ("search-relaxed.html", page(&app, "q=seamless+pipe+unobtainium&price_min=4")),
        ("search-none.html", page(&app, "q=zzzzqqqq")),
        ("front.html", front_page(&app, Page::new("Trade across borders")).unwrap().render().unwrap()),
        ("desk.html", desk(waiting()).render().unwrap()),
        ("desk-empty.html", desk(Vec::new()).render().unwrap()),
        ("ranking.html", RankingPage::new(Page::new("How ranking works")).render().unwrap()),
        ("verification.html", VerificationPage { page: Page::new("What verification means") }.render().unwrap()),
        ("statistics.html", StatisticsPage::new(Page::new("What statistics count")).render().unwrap()),
    ];
    for (name, html) in pages {
        assert!(html.trim_end().ends_with("</html>"), "{name}");
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "the content security policy refuses these");
        std::fs::write(folder.join(name), html).unwrap();
    }
}
