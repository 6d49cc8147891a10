//! The search as its callers see it.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn position(seq: i64) -> Position {
    Position { epoch: "life-1".into(), seq }
}

pub(super) fn listing(id: i64, name: &str) -> ListingDoc {
    ListingDoc {
        id,
        company_id: 100 + id % 3,
        sku: format!("SKU-{id}"),
        name: name.to_owned(),
        language: "en".into(),
        company_country: ["CN", "DE", "US"][(id % 3) as usize].into(),
        currency: "USD".into(),
        price_min_micros: Some(id * 1_000_000),
        moq_micros: Some(id * 10_000_000),
        published_at_ms: 1_700_000_000_000 + id,
        hit: json!({"id": id, "name": name}),
        ..ListingDoc::default()
    }
}

pub(super) fn filled(docs: Vec<ListingDoc>) -> Search {
    let search = Search::in_memory().unwrap();
    let mut writer = search.writer(0, 1).unwrap();
    writer.apply(docs.into_iter().map(|doc| Change::Listing(Box::new(doc))).collect()).unwrap();
    writer.commit(&position(1)).unwrap();
    search
}

pub(super) fn ids(search: &Search, query: &Query) -> Vec<i64> {
    search.listings(query).unwrap().hits.iter().map(|hit| hit.id).collect()
}

/// The listings that hold all words.
pub(super) fn found(search: &Search, text: &str) -> Vec<i64> {
    let mut ids = whole(search, &Query::text(text));
    ids.sort_unstable();
    ids
}

/// The same in their order.
pub(super) fn whole(search: &Search, query: &Query) -> Vec<i64> {
    let answer = search.listings(query).unwrap();
    answer.hits.iter().take(answer.matched.all).map(|hit| hit.id).collect()
}

#[test]
fn words_phrases_and_exclusions() {
    let search = filled(vec![
        listing(1, "Stainless steel hex bolts"),
        listing(2, "Hex bolts of brass"),
        listing(3, "Steel wire, stainless"),
    ]);
    assert_eq!(found(&search, "HEX bolt"), [1, 2]);
    assert_eq!(found(&search, "\"stainless steel\""), [1]);
    assert_eq!(found(&search, "bolts -brass"), [1]);
    assert_eq!(found(&search, "-brass"), [1, 3]);
    assert_eq!(found(&search, ""), [1, 2, 3]);
    assert!(found(&search, "zzzz").is_empty());
}

#[test]
fn excluded_phrase_leaves_what_comes_behind_its_last_document() {
    let search =
        filled((1..=6).map(|id| listing(id, if id == 2 { "Steel hex bolt M8" } else { "Steel wire" })).collect());
    assert_eq!(found(&search, "steel -\"hex bolt\""), [1, 3, 4, 5, 6]);
    assert_eq!(found(&search, "-\"hex bolt\""), [1, 3, 4, 5, 6]);
    assert_eq!(found(&search, "steel -\"hex bolt\" -\"steel wire\""), [0; 0]);
}

#[test]
fn fewer_words_when_not_all_are_found_together() {
    let search = filled(vec![listing(1, "Ceramic floor tiles"), listing(2, "Ceramic bowls")]);
    let answer = search.listings(&Query::text("ceramic tiles unheardofword")).unwrap();
    assert!(answer.relaxed && answer.hits[0].id == 1, "{answer:?}");
    let answer = search.listings(&Query::text("ceramic tiles")).unwrap();
    assert_eq!((answer.hits[0].id, answer.matched), (1, Matched { all: 1, most: Some(0), any: Some(1) }));
    let strict = Query { stages: Stages { relax: false, ..Stages::default() }, ..Query::text("ceramic unheardofword") };
    assert_eq!(search.listings(&strict).unwrap().total, 0);
}

#[test]
fn model_numbers_in_every_spelling() {
    let doc = ListingDoc {
        mpn: "QX-77BT Rotary Pump".into(),
        brand: "Acmeo".into(),
        gtin: "4006381333931".into(),
        hs_code: "841350".into(),
        ..listing(1, "Acmeo rotary vane pump QX-77BT")
    };
    let search = filled(vec![doc, listing(2, "Rotary pump QX-78BT")]);
    for text in ["QX-77BT", "qx77bt", "QX 77 BT", "QX 77BT", "QX77BTRotaryPump", "SKU-1", "sku1"] {
        assert_eq!(found(&search, text), [1], "{text}");
    }
    for text in ["4006381333931", "04006381333931", "841350"] {
        assert_eq!(found(&search, text), [1], "{text}");
    }
    assert!(found(&search, "QX-79BT").is_empty(), "a model number one off is another model");
    assert!(found(&search, "4006381333932").is_empty());
}

#[test]
fn misspelt_words_and_measures() {
    let search =
        filled(vec![listing(1, "Portable generator 5 kg bag"), listing(2, "Generator 15kg"), listing(3, "Power bank")]);
    let answer = search.listings(&Query::text("genreator")).unwrap();
    assert_eq!((answer.total, answer.relaxed), (2, false));
    assert_eq!(answer.did_you_mean.as_deref(), Some("generator"));
    assert_eq!(found(&search, "generator 5kg"), [1]);
    assert_eq!(found(&search, "generator 15 kg"), [2]);
    assert_eq!(found(&search, "powerbank"), [3]);
}

#[test]
fn measures_in_every_spelling() {
    let search = filled(vec![
        listing(1, "Rope, coil of 5000 g"),
        listing(2, "Rope, coil of 4 kg"),
        listing(3, "Brass elbow 1/2\" NPT"),
        listing(4, "Brass elbow 3/4 in."),
        listing(5, "Shower tray 1200 x 800 mm"),
        listing(6, "Shower tray 1200x900"),
    ]);
    for text in ["rope 5 kg", "rope 5kg", "rope 5,000 g", "rope 5 kilograms"] {
        assert_eq!(found(&search, text), [1], "{text}");
    }
    for text in ["elbow 1/2\"", "elbow 0.5 inch", "elbow 12.7 mm", "1/2 in brass elbow", "1/2\" brass elbow"] {
        assert_eq!(found(&search, text), [3], "{text}");
    }
    assert_eq!(found(&search, "elbow 3/4\""), [4]);
    assert_eq!(found(&search, "tray 1200x800"), [5]);
    assert_eq!(found(&search, "tray 1200 × 900"), [6]);
    let marked = Query { highlight: true, ..Query::text("rope 5 kg") };
    let hit = search.listings(&marked).unwrap().hits.remove(0);
    assert_eq!(hit.highlight.unwrap().name, "<mark>Rope</mark>, coil of <mark>5000 g</mark>");
}

#[test]
fn british_and_american_spelling() {
    let search = filled(vec![
        listing(1, "Aluminium profile, grey colour"),
        listing(2, "Aluminum tube"),
        listing(3, "Fiber rope"),
    ]);
    assert_eq!(found(&search, "aluminum"), [1, 2]);
    assert_eq!(found(&search, "gray color"), [1]);
    assert_eq!(found(&search, "fibre"), [3]);
}

#[test]
fn other_languages() {
    let search = filled(vec![
        ListingDoc { language: "zh".into(), ..listing(1, "304不锈钢六角螺丝 M8") },
        ListingDoc { language: "es".into(), ..listing(2, "Válvulas de bronce para agua") },
        ListingDoc { language: "de".into(), ..listing(3, "Schläuche für Gärten") },
        ListingDoc { language: "ru".into(), ..listing(4, "Стальные трубы") },
    ]);
    assert_eq!(found(&search, "不锈钢螺丝"), [1]);
    assert_eq!(found(&search, "螺丝 M8"), [1]);
    assert_eq!(found(&search, "valvula bronce"), [2]);
    assert_eq!(found(&search, "VÁLVULA"), [2]);
    assert_eq!(found(&search, "schlauche"), [3]);
    assert_eq!(found(&search, "труба"), [4]);
}

#[test]
fn the_readers_language_and_small_words() {
    let search = filled(vec![
        ListingDoc { language: "es".into(), ..listing(1, "Válvula mariposa de acero para agua") },
        ListingDoc { language: "fr".into(), ..listing(2, "Vannes papillon en acier") },
        ListingDoc { language: "de".into(), ..listing(3, "Schraubenschlüssel aus Stahl") },
        ListingDoc { language: "pt".into(), ..listing(4, "Válvulas borboleta de aço") },
        ListingDoc { language: "it".into(), ..listing(5, "Valvole a farfalla per acqua") },
        ListingDoc { language: "ru".into(), ..listing(6, "Трубы из чёрного металла") },
        listing(7, "Steel pipes"),
        ListingDoc { language: "de".into(), ..listing(8, "Tuerschliesser") },
    ]);
    let read = |language: &str, text: &str| -> Vec<i64> {
        let query = Query { language: Some(language.into()), ..Query::text(text) };
        whole(&search, &query)
    };
    assert_eq!(read("es", "válvulas de mariposa con acero"), [1]);
    assert_eq!(read("fr", "vanne à papillon"), [2]);
    assert_eq!(read("de", "schraubenschluessel"), [3]);
    assert_eq!(read("de", "Türschließer"), [8]);
    assert_eq!(read("pt", "válvula do aço"), [4]);
    assert_eq!(read("it", "valvola con farfalla"), [5]);
    assert_eq!(read("ru", "труба черного металла"), [6]);
    assert_eq!(read("en", "pipe of steel"), [7]);
    assert_eq!(found(&search, "\"válvula mariposa\""), [1], "in quotes too");
    assert_eq!(read("zh", "steel pipes"), [7]);
}

fn price(min_micros: Option<i64>, max_micros: Option<i64>, currencies: &[&str]) -> PriceFilter {
    let rate = |currency: &&str| PriceRate { currency: (*currency).to_owned(), numerator: 1, denominator: 1 };
    PriceFilter { min_micros, max_micros, rates: currencies.iter().map(rate).collect() }
}

#[test]
fn prices_of_several_currencies() {
    let in_currency = |id: i64, currency: &str| ListingDoc { currency: currency.into(), ..listing(id, "Rope") };
    let search =
        filled(vec![in_currency(3, "EUR"), in_currency(4, "USD"), in_currency(5, "JPY"), in_currency(6, "USD")]);
    let rate = |currency: &str, numerator, denominator| PriceRate { currency: currency.into(), numerator, denominator };
    let rates = vec![rate("USD", 1, 1), rate("EUR", 3, 2)];
    let asked = |min_micros, max_micros| Query {
        filters: Filters {
            price: Some(PriceFilter { min_micros, max_micros, rates: rates.clone() }),
            ..Filters::default()
        },
        sort: Sort::Price,
        ..Query::text("rope")
    };
    assert_eq!(ids(&search, &asked(None, Some(5_000_000))), [4, 3], "EUR 3 is USD 4.50");
    assert_eq!(ids(&search, &asked(Some(4_500_000), None)), [3, 6], "there is no rate for JPY");
    assert_eq!(ids(&search, &asked(None, None)), [4, 3, 6, 5], "what has no rate comes last");
}

fn mixed() -> Search {
    let docs = (1..=30).map(|id| ListingDoc {
        certifications: if id % 2 == 0 { vec!["ISO9001".into(), "CE".into()] } else { vec![] },
        incoterms: vec![if id % 5 == 0 { "EXW" } else { "FOB" }.into()],
        category: if id % 2 == 0 { "Metal / Pipes / Seamless" } else { "Metal/Pipes" }.into(),
        hs_code: if id <= 10 { "730419" } else { "847330" }.into(),
        lead_time_days: (id % 4 != 0).then_some(id),
        ..listing(id, &format!("Steel pipe grade {}", ["red", "blue"][(id % 2) as usize]))
    });
    filled(docs.collect())
}

#[test]
fn filters() {
    let search = mixed();
    let count = |filters: Filters| search.listings(&Query { filters, ..Query::text("pipe") }).unwrap().total;
    let none = Filters::default;
    assert_eq!(count(none()), 30);
    assert_eq!(count(none().with(Dim::Country, ["CN"])), 10);
    assert_eq!(count(none().with(Dim::Country, ["CN", "DE"])), 20);
    assert_eq!(count(none().with(Dim::Country, ["XX"])), 0);
    assert_eq!(count(none().with(Dim::Certification, ["CE"]).with(Dim::Incoterm, ["EXW"])), 3);
    assert_eq!(count(none().with(Dim::Category, ["Metal / Pipes"])), 30);
    assert_eq!(count(none().with(Dim::Category, ["Metal/Pipes/Seamless"])), 15);
    assert_eq!(count(none().with(Dim::Company, ["101"])), 10);
    assert_eq!(count(Filters { hs: vec!["73".into()], ..none() }), 10);
    assert_eq!(count(Filters { hs: vec!["730419".into(), "8473".into()], ..none() }), 30);
    assert_eq!(count(Filters { price: Some(price(None, Some(5_000_000), &["USD"])), ..none() }), 5);
    assert_eq!(count(Filters { price: Some(price(Some(26_000_000), None, &["USD"])), ..none() }), 5);
    assert_eq!(count(Filters { price: Some(price(None, Some(5_000_000), &["EUR"])), ..none() }), 0);
    assert_eq!(count(Filters { moq_max_micros: Some(20_000_000), ..none() }), 2);
    assert_eq!(count(Filters { lead_time_max_days: Some(8), ..none() }), 6);
}

#[test]
fn a_clicked_facet_keeps_its_other_values() {
    let search = mixed();
    let facets = vec![Dim::Country, Dim::Certification, Dim::HsChapter];
    let filters = Filters::default().with(Dim::Country, ["CN"]).with(Dim::Certification, ["CE"]);
    let answer = search.listings(&Query { facets, filters, ..Query::text("pipe") }).unwrap();
    assert_eq!(answer.total, 5);
    let facet = |dim: Dim| -> Vec<(String, usize)> {
        let facet = answer.facets.iter().find(|f| f.dim == dim).unwrap();
        facet.values.iter().map(|v| (v.value.clone(), v.count)).collect()
    };
    let mut countries = facet(Dim::Country);
    countries.sort();
    assert_eq!(countries, [("CN".to_owned(), 5), ("DE".to_owned(), 5), ("US".to_owned(), 5)]);
    assert_eq!(facet(Dim::Certification).len(), 2);
    assert_eq!(facet(Dim::HsChapter).iter().map(|(_, n)| n).sum::<usize>(), 5);
}

pub(super) fn all_pages(search: &Search, mut query: Query) -> Vec<i64> {
    let mut out = Vec::new();
    for _ in 0..200 {
        let answer = search.listings(&query).unwrap();
        out.extend(answer.hits.iter().map(|hit| hit.id));
        match answer.next {
            Some(next) => query.after = Some(serde_json::from_value(serde_json::to_value(next).unwrap()).unwrap()),
            None => return out,
        }
    }
    panic!("the pages do not end");
}

#[test]
fn pages_have_no_gap_and_no_repeat() {
    let search = mixed();
    for sort in Sort::ALL {
        for (text, depth) in [("pipe", 300), ("pipe", 7), ("", 300), ("steel pipe blue", 5)] {
            let weights = Weights { depth, ..Weights::default() };
            let query = Query { limit: 4, sort: *sort, weights, ..Query::text(text) };
            let total = search.listings(&query).unwrap().total;
            let pages = all_pages(&search, query);
            let distinct: std::collections::HashSet<_> = pages.iter().collect();
            assert_eq!((pages.len(), distinct.len()), (total, total), "{sort} '{text}' {depth}");
        }
    }
    let by_price = all_pages(&search, Query { limit: 7, sort: Sort::Price, ..Query::text("pipe") });
    assert!(by_price.is_sorted());
    let newest = all_pages(&search, Query { limit: 7, sort: Sort::Newest, ..Query::text("pipe") });
    assert!(newest.iter().rev().is_sorted());
    let grouped = Query { limit: 2, group_by_company: true, ..Query::text("pipe") };
    let answer = search.listings(&grouped).unwrap();
    assert_eq!((answer.total, answer.hits[0].group_count), (3, 10));
    assert_eq!(all_pages(&search, grouped).len(), 3);
}

#[test]
fn highlights_are_escaped() {
    let doc = ListingDoc { description: "A <b>fine</b> pump & more".into(), ..listing(1, "Pumps <script>") };
    let search = filled(vec![doc]);
    let query = Query { highlight: true, explain: true, ..Query::text("pump") };
    let hit = search.listings(&query).unwrap().hits.remove(0);
    let highlight = hit.highlight.clone().unwrap();
    assert_eq!(highlight.name, "<mark>Pumps</mark> &lt;script&gt;");
    assert_eq!(highlight.description.as_deref(), Some("A &lt;b&gt;fine&lt;/b&gt; <mark>pump</mark> &amp; more"));
    let value: serde_json::Value = serde_json::from_str(&hit.to_json()).unwrap();
    assert_eq!(value["name"], "Pumps <script>");
    assert!(value["score"].is_number() && value["explain"]["words"].is_number());
}

#[test]
fn changes_replace_and_remove() {
    let search = Search::in_memory().unwrap();
    let mut writer = search.writer(0, 1).unwrap();
    let put = |doc: ListingDoc| Change::Listing(Box::new(doc));
    writer.apply(vec![put(listing(1, "Old name")), put(listing(2, "Other")), put(listing(1, "Fresh name"))]).unwrap();
    assert_eq!(search.count(Kind::Listing), 0);
    writer.commit(&position(3)).unwrap();
    assert_eq!(search.count(Kind::Listing), 2);
    assert!(found(&search, "old").is_empty());
    assert_eq!(found(&search, "fresh"), [1]);
    writer.apply(vec![Change::RemoveListing(1), Change::RemoveListing(77)]).unwrap();
    writer.commit(&position(5)).unwrap();
    assert!(found(&search, "fresh").is_empty());
    assert_eq!(search.position().unwrap(), Some(position(3)), "the indexes that did not change are where they were");
    writer.settle_positions();
    assert_eq!(search.position().unwrap(), Some(position(5)));
    writer.clear().unwrap();
    assert_eq!((search.count(Kind::Listing), search.position().unwrap()), (0, None));
}

#[test]
fn a_commit_touches_only_the_index_that_changed() {
    let search = Search::in_memory().unwrap();
    let mut writer = search.writer(0, 1).unwrap();
    writer.commit(&position(1)).unwrap();
    let commits = || search.indexes().each_ref().map(|index| index.index.load_metas().unwrap().opstamp);
    let before = commits();
    writer.apply(vec![Change::Listing(Box::new(listing(1, "Lamp")))]).unwrap();
    writer.commit(&position(2)).unwrap();
    let after = commits();
    assert!(after[Kind::Listing as usize] > before[Kind::Listing as usize]);
    for kind in [Kind::Company, Kind::Rfq] {
        assert_eq!(after[kind as usize], before[kind as usize], "{}", kind.folder());
    }
}

#[test]
fn companies_by_what_they_sell_and_rfqs() {
    let search =
        filled(vec![listing(1, "Hydraulic press"), listing(2, "Hydraulic hose"), listing(5, "Hydraulic hose")]);
    let mut writer = search.writer(0, 1).unwrap();
    let company = |id: i64, name: &str| {
        Change::Company(Box::new(CompanyDoc { id, name: name.into(), hit: json!({"id": id}), ..CompanyDoc::default() }))
    };
    let rfq = RfqDoc { id: 9, title: "500 hydraulic hoses".into(), deadline_ms: Some(1000), ..RfqDoc::default() };
    writer
        .apply(vec![
            company(101, "Northwind"),
            company(102, "Southwind"),
            company(103, "Press house"),
            Change::Rfq(Box::new(rfq)),
        ])
        .unwrap();
    writer.commit(&position(2)).unwrap();
    let companies = |text: &str| -> Vec<i64> {
        search.companies(&Query::text(text)).unwrap().hits.iter().map(|hit| hit.id).collect()
    };
    assert_eq!(companies("hydraulic hose"), [102, 101], "who sells hydraulic presses comes behind");
    let matched = search.companies(&Query::text("hydraulic hose")).unwrap().matched;
    assert_eq!(matched, Matched { all: 1, most: Some(0), any: Some(1) });
    assert_eq!(companies("southwind"), [102]);
    assert_eq!(companies("press").len(), 2);
    let open =
        |at: i64| Query { filters: Filters { open_at_ms: Some(at), ..Filters::default() }, ..Query::text("hose") };
    assert_eq!(search.rfqs(&open(10)).unwrap().total, 1);
    assert_eq!(search.rfqs(&open(1000)).unwrap().total, 0);
    let wanted = SupplierQuery { title: "hydraulic hose".into(), ..SupplierQuery::default() };
    let best = |wanted: &SupplierQuery| {
        let found = search.supplier_candidates(wanted).unwrap();
        assert!(found.iter().all(|one| (0.0..=1.0).contains(&one.text) && (0.0..=1.0).contains(&one.nearness)));
        found.into_iter().max_by(|a, b| a.text.total_cmp(&b.text)).unwrap().company_id
    };
    assert_eq!(best(&wanted), 102);
    assert_eq!(best(&SupplierQuery { exclude_company: Some(102), ..wanted }), 101);
}

#[test]
fn suggestions() {
    let doc = ListingDoc { category: "Tools / Hammers".into(), ..listing(1, "Claw hammer") };
    let search = filled(vec![doc, listing(2, "Sledge hammer"), listing(3, "Saw")]);
    let texts: Vec<String> = search.suggest("ham", 8).unwrap().into_iter().map(|s| s.text).collect();
    assert_eq!(texts[0], "Tools / Hammers");
    assert!(texts.contains(&"Claw hammer".to_owned()) && texts.len() == 3, "{texts:?}");
    assert_eq!(search.suggest("claw ha", 8).unwrap().len(), 1);
    assert!(search.suggest("  ", 8).unwrap().is_empty());
}

#[test]
fn what_is_filled_may_be_shown_before_the_end() {
    let search = filled(vec![listing(1, "Hex bolt")]);
    let mut writer = search.writer(0, 1).unwrap();
    writer.clear().unwrap();
    for id in 2..4 {
        writer.fill(vec![Change::Listing(Box::new(listing(id, "Hex bolt")))]).unwrap();
        writer.refresh().unwrap();
        assert_eq!(found(&search, "bolt"), (2..=id).collect::<Vec<_>>());
        assert_eq!(search.position().unwrap(), None, "who is killed here begins anew");
    }
    writer.commit(&position(9)).unwrap();
    assert_eq!(search.position().unwrap(), Some(position(9)));
}

#[test]
fn the_position_survives_and_damage_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let write = |seq: i64| {
        let opened = Search::open(Some(folder.path()), Options::default()).unwrap();
        let mut writer = opened.search.writer(0, 1).unwrap();
        writer.apply(vec![Change::Listing(Box::new(listing(1, "Lamp")))]).unwrap();
        writer.commit(&position(seq)).unwrap();
        writer.close().unwrap();
    };
    write(7);
    let opened = Search::open(Some(folder.path()), Options::default()).unwrap();
    assert!(opened.restarted.is_empty(), "{:?}", opened.restarted);
    assert_eq!(opened.search.position().unwrap(), Some(position(7)));
    assert_eq!(found(&opened.search, "lamp"), [1]);
    drop(opened);

    let listings = folder.path().join("listings");
    let mut files = std::fs::read_dir(&listings).unwrap().map(|entry| entry.unwrap().path());
    let victim = files.find(|path| path.extension().is_some_and(|e| e == "store")).unwrap();
    let mut bytes = std::fs::read(&victim).unwrap();
    bytes[10] ^= 0xff;
    std::fs::remove_file(&victim).unwrap();
    std::fs::write(&victim, bytes).unwrap();
    let opened = Search::open(Some(folder.path()), Options::default()).unwrap();
    assert_eq!(opened.restarted.len(), 1, "{:?}", opened.restarted);
    assert_eq!((opened.search.count(Kind::Listing), opened.search.position().unwrap()), (0, None));
    drop(opened);

    write(8);
    std::fs::write(listings.join("schema-version"), "0").unwrap();
    let opened = Search::open(Some(folder.path()), Options::default()).unwrap();
    assert_eq!(opened.restarted.len(), 1);
}

/// What the words of a query bring a listing, by the listing's id.
fn words_of(search: &Search, text: &str) -> Vec<(i64, f32)> {
    let answer = search.listings(&Query { explain: true, ..Query::text(text) }).unwrap();
    let of =
        |hit: &Hit| hit.explain.iter().flatten().find(|(name, _)| *name == "words").map_or(0.0, |(_, amount)| *amount);
    answer.hits.iter().map(|hit| (hit.id, of(hit))).collect()
}

#[test]
fn a_word_counts_by_the_part_that_it_stands_in() {
    let plain = |id: i64| ListingDoc { description: "of good make and finish".into(), ..listing(id, "Bracket set") };
    let search = filled(vec![
        ListingDoc { description: "gantry make and finish".into(), ..plain(3) },
        ListingDoc { keywords: vec!["gantry".into()], ..plain(2) },
        listing(1, "Gantry set"),
        ListingDoc { attributes: vec![("Use".into(), "gantry".into())], ..plain(4) },
        ListingDoc { company_name: "Gantry".into(), ..plain(5) },
    ]);
    let by_part = words_of(&search, "gantry");
    let value = |id: i64| by_part.iter().find(|(other, _)| *other == id).unwrap().1;
    assert!(value(2) > value(4) && value(3) > value(4) && value(1) > value(4), "{by_part:?}");
    assert!(
        value(4) > 0.0 && value(5) == 0.0,
        "the seller's name is found, but says nothing of the goods: {by_part:?}"
    );
    let twice = filled(vec![
        ListingDoc { description: "a set for the gantry".into(), ..listing(1, "Gantry set") },
        ListingDoc { description: "a set for the bracket".into(), ..listing(2, "Gantry set") },
    ]);
    let [(first, more), (_, less)] = words_of(&twice, "gantry")[..] else { panic!() };
    assert!(first == 1 && more > less && more < 2.0 * less, "other parts add a little: {more} {less}");
}

#[test]
fn a_code_in_parts_says_as_much_in_every_spelling() {
    let search = filled(vec![
        listing(1, "Loudspeaker S-150 wired"),
        listing(2, "Loudspeaker S150 wired"),
        listing(3, "Loudspeaker S-160 wired"),
    ]);
    let of_codes = words_of(&search, "S-150");
    assert_eq!(of_codes.len(), 2, "{of_codes:?}");
    assert!((of_codes[0].1 - of_codes[1].1).abs() < 1e-4, "{of_codes:?}");
}

#[test]
fn spelling_goes_by_what_names_things() {
    let search =
        filled(vec![ListingDoc { description: "delivered on pallets".into(), ..listing(1, "Conveyor roller") }]);
    let corrected = |text: &str| search.listings(&Query::text(text)).unwrap().did_you_mean;
    assert_eq!(corrected("conveyro"), Some("conveyor".to_owned()));
    assert_eq!(corrected("palelts"), None);
    assert_eq!(found(&search, "pallets"), [1], "its own words are found as they are");
}

#[test]
fn without_time_the_first_order_is_answered() {
    let search = filled((1..=5).map(|id| listing(id, "Steel pipe")).collect());
    let late = Query { time_limit: std::time::Duration::ZERO, explain: true, ..Query::text("steel pipe") };
    let answer = search.listings(&late).unwrap();
    assert_eq!(answer.total, 5);
    assert!(answer.hits.len() == 5 && answer.hits.iter().all(|hit| hit.explain == Some(vec![("words", hit.score)])));
}

#[test]
fn walk_keeps_the_order_that_it_began_in() {
    // In the first pass a word of the body counts as one of the name does half; in the second it counts less by far.
    let docs = (1..=40).map(|id| match id % 2 {
        0 => listing(id, "Pipe"),
        _ => ListingDoc { description: "pipe pipe pipe pipe pipe".into(), ..listing(id, "Bend, elbow and tee") },
    });
    let search = filled(docs.collect());
    for late in [[true, false], [false, true]] {
        let mut query = Query { limit: 15, ..Query::text("pipe") };
        let mut seen = Vec::new();
        for page in 0.. {
            let is_late = late[page.min(1)];
            query.time_limit = std::time::Duration::from_secs(if is_late { 0 } else { 10 });
            let answer = search.listings(&query).unwrap();
            seen.extend(answer.hits.iter().map(|hit| hit.id));
            query.after = answer.next;
            if query.after.is_none() {
                break;
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=40).collect::<Vec<_>>(), "{late:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_query_is_an_error(text in "\\PC{0,80}|[\"\\- a-z0-9*~()\\[\\]{}:^/\\\\.,]{0,600}", marked: bool) {
        let search = hostile();
        let query = Query { highlight: marked, facets: Dim::ALL.to_vec(), ..Query::text(text.clone()) };
        prop_assert!(search.listings(&query).is_ok());
        prop_assert!(search.companies(&query).is_ok());
        prop_assert!(search.suggest(&text, 5).is_ok());
        let wanted = SupplierQuery { title: text.clone(), specification: text, ..SupplierQuery::default() };
        prop_assert!(search.supplier_candidates(&wanted).is_ok());
    }
}

fn hostile() -> &'static Search {
    static SEARCH: std::sync::OnceLock<Search> = std::sync::OnceLock::new();
    SEARCH.get_or_init(|| {
        let odd = ["a b c 1 2 3", "İstanbul ßtraße ﬁne", "不锈钢 テスト", "\u{301}\u{0}x", "5\" pipe -x-"];
        filled(
            odd.iter()
                .zip(1..)
                .map(|(name, id)| ListingDoc { description: name.repeat(30), ..listing(id, name) })
                .collect(),
        )
    })
}
