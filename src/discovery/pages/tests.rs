//! The pages of search as a reader gets them.

use askama::Template;

use super::front::front_page;
use super::results::{read, results};
use super::search_url::SearchUrl;
use super::*;
use crate::discovery::tests::app;
use crate::web::layout::{Page, samples};

fn page(app: &App, query: &str) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    let url = SearchUrl::new(&pairs);
    let parsed = read(app, &url, &pairs, None);
    results(app, Page::new("Results").at(format!("/search?{query}")), url, parsed).unwrap().render().unwrap()
}

#[test]
fn results_read_as_the_trade_writes_them() {
    let (_folder, app) = app();
    let html = page(&app, "q=316l+pipe");
    assert!(html.contains("<mark>316L</mark>") && html.contains("USD 4.10-5.00 / kg</span> FOB CNNGB"), "{html}");
    assert!(
        html.contains("3 results match all words and come first.")
            && html.contains("MOQ\u{a0}500\u{a0}kg · 25\u{a0}days · ISO 9001")
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
    assert!(wrong.contains("Ignored in this search") && wrong.contains("Price from needs one currency"), "{wrong}");
    let relaxed = page(&app, "q=seamless+pipe+unobtainium+valve");
    assert!(relaxed.contains("No results match all words."), "{relaxed}");
    let none = page(&app, "q=zzzzqqqq");
    assert!(none.contains("No results") && none.contains("Post an RFQ"));
    let narrowed = page(&app, "q=pipe&country=NL");
    assert!(narrowed.contains("No results for these filters") && narrowed.contains("Remove all filters"));
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

#[test]
fn every_page_renders_whole() {
    let (_folder, app) = app();
    samples::check(&[
        ("search-products.html", page(&app, "q=316l+pipe&country=CN,IT&category=Pipes+/+Stainless&moq_max=1000")),
        ("search-suppliers.html", page(&app, "q=pipe&scope=suppliers")),
        ("search-rfqs.html", page(&app, "q=pipe&scope=rfqs")),
        ("search-relaxed.html", page(&app, "q=seamless+pipe+unobtainium&price_min=4")),
        ("search-none.html", page(&app, "q=zzzzqqqq")),
        ("front.html", front_page(&app, Page::new("Trade across borders")).unwrap().render().unwrap()),
    ]);
}
