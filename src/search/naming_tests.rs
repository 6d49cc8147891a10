//! Synonyms and the hs_expansion over HS codes, as the callers of the search see them.

use super::tests::{filled, found, ids, listing, whole};
use super::*;
use crate::reference::glossary;

fn words(name: &str, found: &str) -> (String, Expansion) {
    (name.to_owned(), Expansion::Words(found.to_owned()))
}

fn learned(docs: Vec<ListingDoc>, expansions: &[(String, Expansion)]) -> Search {
    let search = filled(docs);
    let mut synonyms = Synonyms::default();
    for (name, expansion) in expansions {
        synonyms.add(name, expansion);
    }
    search.set_synonyms(synonyms);
    search
}

fn in_language(language: &str, id: i64, name: &str) -> ListingDoc {
    ListingDoc { language: language.into(), ..listing(id, name) }
}

#[test]
fn a_synonym_is_found_below_the_word_that_was_typed() {
    let mut docs: Vec<ListingDoc> = (3..30).map(|id| listing(id, "Chrome spanner set")).collect();
    docs.extend([listing(1, "Chrome spanner"), listing(2, "Chrome wrench")]);
    let search = learned(docs, &[words("spanner", "wrench"), words("wrench", "spanner")]);
    let answer = search.listings(&Query { limit: 100, ..Query::text("spanners") }).unwrap();
    assert_eq!((answer.total, answer.relaxed, answer.did_you_mean), (29, false, None));
    assert_eq!(answer.hits.last().unwrap().id, 2, "rare as it is");
    assert_eq!(ids(&search, &Query::text("wrench"))[0], 2);
    let off = Stages { synonyms: false, ..Stages::default() };
    assert_eq!(ids(&search, &Query { stages: off, ..Query::text("wrench") }), [2]);
}

#[test]
fn several_words_are_one_name() {
    let docs = vec![listing(1, "Mobile phone, dual SIM"), listing(2, "Phone holder"), listing(3, "Fuel cell")];
    let search = learned(docs, &[words("cell phone", "mobile phone")]);
    assert_eq!(found(&search, "cell phones"), [1]);
    assert_eq!(found(&search, "dual cell phone"), [1]);
    assert_eq!(found(&search, "cell"), [3], "one way and as a whole only");
    assert!(found(&search, "\"cell phone\"").is_empty(), "what stands in quotes is meant as it stands");
    let marked = Query { highlight: true, ..Query::text("cell phone") };
    let name = search.listings(&marked).unwrap().hits.remove(0).highlight.unwrap().name;
    assert_eq!(name, "<mark>Mobile</mark> <mark>phone</mark>, dual SIM");
}

#[test]
fn a_synonym_is_no_misspelling() {
    let search = learned(vec![listing(1, "Wrench"), listing(2, "Spinner")], &[words("spanner", "wrench")]);
    let answer = search.listings(&Query::text("spanner")).unwrap();
    assert_eq!((answer.did_you_mean.as_deref(), answer.hits[0].id, answer.total), (None, 1, 1));
}

#[test]
fn codes_have_no_synonyms() {
    let pump = |id: i64, mpn: &str| ListingDoc { mpn: mpn.into(), ..listing(id, "Pump") };
    let search = learned(vec![pump(1, "QX-77"), pump(2, "Alto QX-78")], &[words("qx", "alto")]);
    assert_eq!(found(&search, "QX-77"), [1]);
}

#[test]
fn synonyms_reach_companies_rfqs_and_suppliers() {
    let search = learned(vec![listing(1, "Wrench set")], &[words("spanner", "wrench")]);
    let mut writer = search.writer(0, 1).unwrap();
    let company = CompanyDoc { id: 101, name: "Wrench house".into(), ..CompanyDoc::default() };
    let rfq = RfqDoc { id: 9, title: "500 wrenches".into(), ..RfqDoc::default() };
    writer.apply(vec![Change::Company(Box::new(company)), Change::Rfq(Box::new(rfq))]).unwrap();
    writer.commit(&Position { epoch: "life-1".into(), seq: 2 }).unwrap();
    let query = Query::text("spanner");
    assert_eq!(search.companies(&query).unwrap().hits[0].id, 101);
    assert_eq!(search.rfqs(&query).unwrap().hits[0].id, 9);
    let wanted = SupplierQuery { title: "spanner".into(), ..SupplierQuery::default() };
    assert_eq!(search.supplier_candidates(&wanted).unwrap()[0].company_id, 101);
}

/// Listings of valves in four languages, some under the code of valves.
fn valves() -> Vec<ListingDoc> {
    let coded = |doc: ListingDoc| ListingDoc { hs_code: "84818059".into(), ..doc };
    vec![
        coded(in_language("en", 1, "Butterfly valve DN100, lug type")),
        coded(in_language("es", 2, "Válvulas de mariposa DN100")),
        coded(in_language("zh", 3, "对夹式蝶阀 DN100")),
        coded(in_language("en", 4, "Ball valve DN100")),
        in_language("en", 5, "Butterfly net"),
        coded(in_language("ru", 6, "Затвор дисковый поворотный DN100")),
    ]
}

#[test]
fn codes_bridge_languages_below_the_words() {
    let hs = Expansion::Hs("848180".into());
    let hs_expansion = [("butterfly valve".to_owned(), hs.clone()), ("蝶阀".to_owned(), hs)];
    let search = learned(valves(), &hs_expansion);
    let english = ids(&search, &Query::text("butterfly valve DN100"));
    assert_eq!(english[0], 1);
    assert_eq!(english.iter().filter(|id| [2, 3, 4, 6].contains(*id)).count(), 4);
    let chinese = ids(&search, &Query::text("蝶阀"));
    assert_eq!((chinese[0], chinese.len()), (3, 5));
    // Where the operator is not asked, the glossary is, and it knows valves too.
    let off = Stages { hs_expansion: false, glossary: false, ..Stages::default() };
    assert_eq!(whole(&search, &Query { stages: off, ..Query::text("butterfly valve") }), [1]);
}

#[test]
fn description_of_the_nomenclature_expands_to_other_languages_only() {
    let search = filled(valves());
    let mut synonyms = Synonyms::default();
    synonyms.add_nomenclature([("8481", "Taps, cocks, valves and the like"), ("848180", "Valves; other")].into_iter());
    search.set_synonyms(synonyms);
    let hits = ids(&search, &Query::text("valves"));
    let mut first = hits[..2].to_vec();
    first.sort_unstable();
    assert_eq!(first, [1, 4], "in words");
    assert_eq!(hits.len(), 5);
    let described = Query { stages: Stages { glossary: false, ..Stages::default() }, ..Query::text("válvulas") };
    assert_eq!(ids(&search, &described), [2], "what is described is described in English");
    assert_eq!(found(&search, "válvulas"), [1, 2, 3, 4, 6], "and the glossary is in eight languages");
    assert!(!search.listings(&Query::text("valves")).unwrap().relaxed);
}

/// Listings under a code, each by its language.
fn coded(docs: &[(i64, &str, &str, &str)]) -> Vec<ListingDoc> {
    let doc = |(id, language, name, code): &(i64, &str, &str, &str)| ListingDoc {
        hs_code: (*code).into(),
        ..in_language(language, *id, name)
    };
    docs.iter().map(doc).collect()
}

#[test]
fn goods_are_found_by_their_name_in_any_language_of_the_glossary() {
    let docs = coded(&[
        (1, "en", "Deep groove ball bearing 6204", ""),
        (2, "de", "Rillenkugellager 6204", ""),
        (3, "es", "Rodamiento de bolas 6204", ""),
        (4, "fr", "Roulement à billes 6204", ""),
        (5, "it", "Cuscinetto a sfere 6204", ""),
        (6, "pt", "Rolamento de esferas 6204", ""),
        (7, "ru", "Шариковый подшипник 6204", ""),
        (8, "zh", "滚珠轴承 6204", "848210"),
        (9, "en", "Football 6204", "950662"),
    ]);
    let search = filled(docs);
    for (own, text) in [
        (1, "ball bearing"),
        (3, "rodamiento de bolas"),
        (4, "roulement à billes"),
        (5, "cuscinetti a sfere"),
        (6, "rolamento de esferas"),
        (7, "шариковые подшипники"),
        (8, "滚珠轴承"),
    ] {
        let hits = ids(&search, &Query::text(text));
        assert_eq!(hits[0], own, "{text}: {hits:?}");
        assert!((1..=8).all(|id| hits.contains(&id)) && !hits.contains(&9), "{text}: {hits:?}");
    }
}

#[test]
fn the_longest_name_wins_whoever_says_it() {
    let docs = coded(&[
        (1, "en", "Wheel bearing kit", "848210"),
        (2, "es", "Rodamiento de rueda", "848210"),
        (3, "en", "Castor bearing", "830220"),
        (4, "en", "Coffee beans", "090111"),
        (5, "es", "Café en grano", "090121"),
        (6, "es", "Té verde en hojas", "090220"),
        (7, "es", "Soporte de bola del sedal", "950790"),
    ]);
    let search = filled(docs);
    let mut synonyms = Synonyms::default();
    // A synonym of one word, a name of two of the operator's, and chapters as our own list labels them.
    synonyms.add("wheel", &Expansion::Words("castor".into()));
    synonyms.add("bearing rest", &Expansion::Hs("950790".into()));
    synonyms.add_nomenclature([("09", "Coffee, frobs"), ("84", "Machinery")].into_iter());
    search.set_synonyms(synonyms);
    assert_eq!(found(&search, "wheel"), [1, 3], "by itself it has a synonym");
    assert_eq!(found(&search, "wheel bearing"), [1, 2], "the glossary's name is longer than the synonym");
    assert_eq!(found(&search, "bearing rest"), [7], "and the operator's longer than the glossary's");
    assert_eq!(found(&search, "coffee"), [4, 5], "a heading of the glossary says more than a chapter");
    assert_eq!(found(&search, "frobs"), [5, 6], "where nobody says more, the chapter is asked");
}

#[test]
fn of_names_of_one_length_the_operators_win_and_then_the_nomenclature() {
    let docs = coded(&[
        (1, "en", "Spanner", "820411"),
        (2, "es", "Llave combinada", "820411"),
        (3, "es", "Utensilio", "820559"),
        (4, "es", "Accesorio", "846610"),
    ]);
    let search = filled(docs);
    assert_eq!(found(&search, "spanner"), [1, 2], "the glossary");
    let nomenclature = || {
        let mut synonyms = Synonyms::default();
        synonyms.add_nomenclature([("820559", "Spanners; others")].into_iter());
        synonyms
    };
    search.set_synonyms(nomenclature());
    assert_eq!(found(&search, "spanner"), [1, 3], "the nomenclature");
    let mut synonyms = nomenclature();
    synonyms.add("spanner", &Expansion::Hs("846610".into()));
    search.set_synonyms(synonyms);
    assert_eq!(found(&search, "spanner"), [1, 4], "the operator");
    let mut synonyms = Synonyms::default();
    synonyms.add("spanner", &Expansion::Words("accesorio".into()));
    search.set_synonyms(synonyms);
    assert_eq!(found(&search, "spanner"), [1, 2, 4], "who says only another name does not say which goods they are");
}

#[test]
fn codes_and_what_is_left_out_are_not_expanded() {
    let docs = coded(&[
        (1, "en", "Gift box, tea", "090220"),
        (2, "es", "Caja con café, tea", "090121"),
        (3, "en", "Gift box, tea and coffee", "090121"),
        (4, "es", "Rodamiento TX-90", "848210"),
    ]);
    let search = filled(docs);
    assert_eq!(found(&search, "tea -coffee"), [1, 2], "only the word itself is left out");
    assert_eq!(found(&search, "bearing-90"), [0; 0], "the parts of a code are no words");
    assert_eq!(found(&search, "\"ball bearing\""), [0; 0], "what stands in quotes is meant as it stands");
}

#[test]
fn pages_over_the_bridge_have_no_gap() {
    let docs = (1..=40).map(|id| {
        let (language, name) = if id % 2 == 0 { ("en", "Butterfly valve") } else { ("es", "Mariposa") };
        ListingDoc { hs_code: "848180".into(), ..in_language(language, id, name) }
    });
    let search = learned(docs.collect(), &[("butterfly valve".to_owned(), Expansion::Hs("8481".into()))]);
    let pages = super::tests::all_pages(&search, Query { limit: 7, ..Query::text("butterfly valve") });
    assert_eq!(pages.len(), 40);
    assert!(pages[..20].iter().all(|id| id % 2 == 0) && pages[20..].iter().all(|id| id % 2 == 1), "{pages:?}");
}

#[test]
fn headings_that_something_is_listed_under_are_suggested() {
    let docs = vec![ListingDoc { hs_code: "848180".into(), ..listing(1, "Globe valve") }];
    let search = filled(docs);
    let mut synonyms = Synonyms::default();
    synonyms.name_code("8481", "Taps, cocks, valves and similar appliances");
    synonyms.name_code("8482", "Ball or roller bearings, valves of bearings");
    synonyms.name_code("848180", "Taps, cocks and valves, n.e.c.");
    search.set_synonyms(synonyms);
    let of = |text: &str| {
        let found = search.suggest(text, 8).unwrap().into_iter();
        found.filter_map(|s| s.code.map(|code| (code, s.text))).collect::<Vec<_>>()
    };
    let heading = ("8481".to_owned(), format!("8481 {}", glossary::label("8481", "en").unwrap()));
    assert_eq!(of("tap val"), std::slice::from_ref(&heading));
    assert_eq!(of("848"), std::slice::from_ref(&heading));
    assert_eq!(of("ball val"), [heading], "the glossary knows more names");
    assert!(of("bearings").is_empty(), "nothing is listed under it");
}

fn under(id: i64, name: &str, code: &str) -> ListingDoc {
    ListingDoc { hs_code: code.into(), ..listing(id, name) }
}

#[test]
fn hs_code_finds_what_is_listed_under_it_however_it_is_typed() {
    let search = filled(vec![
        under(1, "Seamless tube, cold drawn", "730441"),
        under(2, "Seamless tube, hot rolled", "7304490000"),
        under(3, "Drill pipe of steel", "73042300"),
        under(4, "Welded tube", "730640"),
        under(5, "Seamless tube, polished", "7304410005"),
        under(6, "Ball valve PN 41, series 7305", "848180"),
    ]);
    let table: &[(&[&str], &[i64])] = &[
        (
            &[
                "7304",
                "HS 7304",
                "hs7304",
                "73.04",
                "7304.",
                "7304*",
                "7304.xx",
                "heading 7304",
                "HS code: 7304",
                "７３０４",
            ],
            &[1, 2, 3, 5],
        ),
        (&["7304.41", "7304 41", "730441", "7304-41", "HS 7304.41", "\"7304.41\"", "73.04.41"], &[1, 5]),
        (&["7304.4", "73044"], &[1, 2, 5]),
        (&["7304.49", "73044900", "7304490000", "7304 49 00 00"], &[2]),
        // What a country does not divide any further is all of the subheading, and listings under that stand in it.
        (&["7304.41.00", "73044100"], &[1, 5]),
        (&["7304 41 00 00"], &[1]),
        (&["7304.41.0005"], &[5]),
        (&["ch. 73", "chapter 73", "HS 73"], &[1, 2, 3, 4, 5]),
        // Within other words, and left out.
        (&["seamless tube 7304.41", "HS 7304 seamless tube -7304.49"], &[1, 5]),
        (&["tube HS 7304 polished"], &[5]),
    ];
    for (texts, expected) in table {
        for text in *texts {
            assert_eq!(found(&search, text), *expected, "{text}");
        }
    }
}

#[test]
fn hs_code_is_never_matched_by_similar_ones() {
    let search = filled(vec![
        under(1, "Seamless tube", "730441"),
        under(2, "Tube 7305, 41 mm, HS", "730640"),
        listing(3, "Pump 7304X"),
        listing(4, "Valve 73044"),
    ]);
    for text in
        ["7304.42", "7304 42", "730442", "73044299", "7303", "73.03", "HS 7309", "7304.41.10", "ch. 74", "HS7309"]
    {
        let answer = search.listings(&Query::text(text)).unwrap();
        assert_eq!((answer.total, answer.relaxed, answer.did_you_mean), (0, false, None), "{text}");
    }
    assert_eq!(found(&search, "7305 41"), [2], "a number that is no code of anything is found by its words");
    assert_eq!(found(&search, "73044"), [1, 4], "what is called so too");
}

#[test]
fn heading_of_a_typed_code_is_suggested() {
    let search = filled(vec![under(1, "Globe valve", "848180")]);
    let mut synonyms = Synonyms::default();
    synonyms.name_code("8481", "Taps, cocks, valves and similar appliances");
    search.set_synonyms(synonyms);
    for text in ["8481", "8481.80", "HS 8481", "84.81"] {
        let found = search.suggest(text, 8).unwrap();
        assert_eq!(found.first().and_then(|s| s.code.as_deref()), Some("8481"), "{text}");
    }
}
