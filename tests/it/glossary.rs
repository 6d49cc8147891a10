//! The trade glossary as whoever looks goods up meets it: titles as exporters and importers write them, over REST and on the page.
//!
//! `hs_titles` holds 480 titles, 60 in each language, each with its heading and mostly its subheading. They were written without a look
//! at the glossary. Weights were chosen on `tune.tsv` alone; `kept.tsv` is what the figures are promised for.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};
use tradepost::reference::glossary;

use crate::support::{PageForm, World, market};

both!(
    goods_are_looked_up_by_name_in_any_language,
    a_code_shows_its_names_and_neighbours,
    the_imported_nomenclature_stands_beside_the_glossary,
    the_page_leads_from_a_name_to_listings,
    every_heading_of_a_chapter_stands_below_it,
    codes_are_suggested_where_none_is_given,
    the_operators_names_win,
    a_form_suggests_codes_and_takes_one,
    headings_are_labelled_in_the_language_of_the_reader,
);

const TUNE: &str = include_str!("hs_titles/tune.tsv");
const KEPT: &str = include_str!("hs_titles/kept.tsv");

/// How many titles have their heading in the first place, among the first three, and how many there are, by language.
fn figures(titles: &str, in_any_language: bool) -> BTreeMap<&str, [usize; 3]> {
    let mut figures: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for line in titles.lines() {
        let mut columns = line.split('\t');
        let (language, title, heading) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        let found =
            if in_any_language { glossary::headings_in_any(title) } else { glossary::headings_for(title, language) };
        let place = found.iter().position(|one| one.heading == heading);
        for key in [language, "all"] {
            let [first, three, all] = figures.entry(key).or_default();
            *first += usize::from(place == Some(0));
            *three += usize::from(place.is_some_and(|place| place < 3));
            *all += 1;
        }
        if place != Some(0) && std::env::var_os("SHOW_MISSES").is_some() {
            let shown: Vec<String> =
                found.iter().take(4).map(|one| format!("{} {:.2} {}", one.heading, one.score, one.because)).collect();
            eprintln!("{language} {heading} {place:?} {title}: {}", shown.join(" | "));
        }
    }
    figures
}

#[test]
fn titles_lead_to_their_headings() {
    for (titles, in_any_language) in [(TUNE, false), (KEPT, false), (KEPT, true)] {
        let figures = figures(titles, in_any_language);
        let shown: Vec<String> = figures
            .iter()
            .map(|(language, [first, three, all])| format!("{language} {first} {three} of {all}"))
            .collect();
        let [first, three, all] = figures["all"];
        eprintln!("{}", shown.join(", "));
        assert!(first * 100 >= all * 75, "first: {}", shown.join(", "));
        assert!(three * 100 >= all * 90, "first three: {}", shown.join(", "));
    }
}

/// Where the heading is right, its subheading is named for more than half of the titles, and one in twenty of those is wrong at most.
#[test]
fn subheadings_that_are_named_are_right() {
    for titles in [TUNE, KEPT] {
        let (mut all, mut named, mut wrong) = (0, 0, 0);
        for line in titles.lines() {
            let [language, title, heading, exact] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let found = glossary::headings_for(title, language).into_iter().next();
            let Some(first) = found.filter(|first| first.heading == heading && !exact.is_empty()) else { continue };
            all += 1;
            named += usize::from(first.subheading.is_some());
            wrong += usize::from(first.subheading.is_some_and(|code| code != exact));
        }
        assert!(named * 2 > all && wrong * 20 <= named, "{named} of {all} named, {wrong} wrongly");
    }
}

fn goods_are_looked_up_by_name_in_any_language(world: &World) {
    let anonymous = world.anonymous();
    for (name, code) in [
        ("wheel bearing", "8482"),
        ("Rillenkugellager 6204", "8482"),
        ("球阀", "8481"),
        ("rodamiento rígido de bolas", "8482"),
        ("roulement à billes", "8482"),
        ("подшипник шариковый", "8482"),
        ("cuscinetto a sfere", "8482"),
        ("rolamento de esferas", "8482"),
    ] {
        let query = serde_urlencoded::to_string([("q", name), ("language", "de")]).unwrap();
        let found = anonymous.get(&format!("/reference/hs?{query}")).expect(200).json();
        let first = &found["data"][0];
        assert!(first["code"].as_str().unwrap().starts_with(code), "{name}: {first}");
        assert!(first["score"].as_f64().unwrap() > 0.3 && first["because"].is_string(), "{name}: {first}");
    }
    let refused = anonymous.get("/reference/hs?q=pump&language=xx").expect(422);
    assert_eq!(refused.wrong_fields(), ["/language"]);
    assert_eq!(anonymous.get("/reference/hs?prefix=12x").expect(422).wrong_fields(), ["/prefix"]);
}

fn a_code_shows_its_names_and_neighbours(world: &World) {
    let anonymous = world.anonymous();
    let heading = anonymous.get("/reference/hs/8482?language=fr").expect(200).json();
    assert_eq!(heading["label"], json!(glossary::label("8482", "fr").unwrap()));
    assert_eq!(heading["names"].as_array().unwrap().len(), glossary::LANGUAGES.len());
    assert!(heading["below"].as_array().unwrap().iter().any(|line| line["code"] == "848210"), "{heading}");
    assert!(heading["neighbours"].as_array().unwrap().iter().any(|line| line["code"] == "8481"));
    assert_eq!(heading["above"][0]["code"], "84");
    let subheading = anonymous.get("/reference/hs/8482.10").expect(200).json();
    assert_eq!((&subheading["code"], &subheading["parent"]), (&json!("848210"), &json!("8482")));
    for unknown in ["7701", "999999", "848277"] {
        anonymous.get(&format!("/reference/hs/{unknown}")).expect(404);
    }
    anonymous.get("/reference/hs/abc").expect(422);
}

/// What the operator imported is shown as it is written, and found by its own words.
fn the_imported_nomenclature_stands_beside_the_glossary(world: &World) {
    let file = "section,hscode,description,parent,level\n\
        XVI,84,Machinery,TOTAL,2\nXVI,8482,\"Ball or roller bearings\",84,4\nXVI,848220,\"Tapered roller bearings, quizzaciously made\",8482,6\n";
    tradepost::customs::actions::import_hs(&world.app, "H6", file.as_bytes()).unwrap();
    let anonymous = world.anonymous();
    let found = anonymous.get("/reference/hs?q=ball%20bearing").expect(200).json();
    let first = &found["data"][0];
    assert!(first["code"].as_str().unwrap().starts_with("8482"), "{first}");
    let own = anonymous.get("/reference/hs?q=quizzaciously").expect(200).json();
    assert_eq!((&own["data"][0]["code"], &own["data"][0]["edition"]), (&json!("848220"), &json!("H6")));
    // Hardly a line holds every word of a title.
    let title = anonymous.get("/reference/hs?q=quizzaciously%20thrown%20frobnicator").expect(200).json();
    assert_eq!(title["data"][0]["code"], "848220");
    let heading = anonymous.get("/reference/hs/8482").expect(200);
    assert_eq!(heading.text("/description"), "Ball or roller bearings");
}

/// What goods are called every day, and the code that whoever asks must see first.
const EVERYDAY: &[(&str, &str)] = &[
    ("wheel bearing", "848210"),
    ("steel pipe seamless", "7304"),
    ("green coffee beans", "090111"),
    ("laptop", "847130"),
    ("LED bulb", "853952"),
    ("solar panel", "854143"),
    ("cotton t-shirt", "610910"),
    ("olive oil extra virgin", "150920"),
    ("car tyre", "401110"),
    ("lithium battery", "850760"),
    ("hex bolt", "731815"),
    ("Radlager", "848210"),
    ("roulement de roue", "848210"),
    ("rodamiento de rueda", "848210"),
    ("cuscinetto ruota", "848210"),
    ("rolamento de roda", "848210"),
    ("ступичный подшипник", "848210"),
    ("轮毂轴承", "848210"),
    ("smartphone", "851713"),
    ("ball valve", "848180"),
    ("starter battery", "850710"),
    ("office chair", "940139"),
];

#[test]
fn everyday_names_lead_to_their_code_at_once() {
    let first = |name: &str| glossary::headings_in_any(name).first().map_or("", |one| one.code());
    let wrong: Vec<String> = EVERYDAY
        .iter()
        .filter(|(name, code)| first(name) != *code)
        .map(|(name, code)| format!("{name}: {} and not {code}", first(name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names of several senses with what stands beside them, and other names of one thing in the countries of a language.
#[rustfmt::skip]
const SENSES: &[(&str, &str, &str)] = &[
    ("en", "lorry", "8704"), ("en", "truck", "8704"),
    ("en", "coriander seed", "0909"), ("en", "coriander whole spice", "0909"), ("en", "fresh cilantro", "0709"),
    ("en", "fresh coriander", "0709"),
    ("es", "móvil", "8517"), ("es", "celular", "8517"), ("pt", "celular", "8517"), ("pt", "telemóvel", "8517"),
    ("de", "Handy", "8517"), ("de", "Mobiltelefon", "8517"),
    ("zh", "手机", "8517"), ("zh", "移动电话", "8517"),
    ("en", "half round steel file", "8203"), ("en", "lever arch file folder", "4820"), ("en", "file for metal", "8203"),
    ("en", "file folder office", "4820"),
    ("en", "ballpoint pen blue ink", "9608"), ("en", "pen", "9608"), ("en", "prefilled insulin pen", "3004"),
    ("en", "chewing gum mint", "1704"), ("en", "gum arabic powder", "1301"), ("en", "xanthan gum food grade", "3913"),
    ("en", "coal tar pitch for electrodes", "2708"), ("en", "vegetable pitch", "3807"),
    ("en", "punch for sheet metal die", "8207"), ("en", "hole punch for office paper", "8472"),
    ("en", "digital kitchen scale", "8423"), ("en", "mill scale", "2619"),
    ("en", "pipe organ for church", "9205"), ("en", "electronic organ keyboard", "9207"),
    ("en", "travel trunk for storage", "4202"), ("en", "pine tree trunk", "4403"), ("en", "swim trunks for men", "6211"),
    ("en", "violin bow", "9209"), ("en", "recurve bow for hunting", "9506"), ("en", "satin ribbon bow", "6217"),
    ("en", "silk bow tie", "6215"),
    ("en", "hand plane for wood", "8205"), ("en", "passenger jet plane", "8802"),
    ("en", "clutch kit for car", "8708"), ("en", "evening clutch bag", "4202"), ("en", "electromagnetic clutch", "8505"),
    ("en", "industrial friction clutch for shaft", "8483"),
    ("en", "dinner fork stainless steel", "8215"), ("en", "garden fork", "8201"), ("en", "bicycle suspension fork", "8714"),
    ("de", "Kiefer Schnittholz kammergetrocknet", "4407"), ("de", "Kiefer Stammholz", "4403"),
    ("de", "Leiter Aluminium mit 6 Stufen", "7616"), ("de", "Leiter aus Holz", "4421"), ("de", "Leiter Kupfer isoliert", "8544"),
    ("de", "Strauß Rosen", "0603"), ("de", "Strauß Laufvogel", "0106"), ("de", "Strauß Seidenblumen", "6702"),
    ("es", "cola para madera", "3506"), ("es", "cola refresco en lata", "2202"),
    ("pt", "cola branca para madeira", "3506"), ("pt", "cola refrigerante lata", "2202"),
    ("es", "sierra de mano", "8202"), ("es", "sierra pescado fresco", "0302"), ("es", "sierra circular de mano", "8467"),
    ("zh", "女士单肩包", "4202"), ("zh", "包", "4202"), ("zh", "面包", "1905"), ("zh", "急救包", "3006"), ("zh", "绿茶包", "0902"),
];

#[test]
fn names_of_several_senses_are_told_apart() {
    let first =
        |name: &str, language: &str| glossary::headings_for(name, language).first().map_or("", |one| one.heading);
    let wrong: Vec<String> = SENSES
        .iter()
        .filter(|(language, name, heading)| first(name, language) != *heading)
        .map(|(language, name, heading)| format!("{name}: {} and not {heading}", first(name, language)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn every_heading_of_a_chapter_stands_below_it(world: &World) {
    // As many lines as the longest chapter of a nomenclature has.
    let mut file = "section,hscode,description,parent,level\nXVI,84,Machinery,TOTAL,2\n".to_owned();
    for heading in 1..=87 {
        writeln!(file, "XVI,84{heading:02},Machines of kind {heading},84,4").unwrap();
        for subheading in 10..18 {
            writeln!(file, "XVI,84{heading:02}{subheading},Machine {heading} {subheading},84{heading:02},6").unwrap();
        }
    }
    tradepost::customs::actions::import_hs(&world.app, "H6", file.as_bytes()).unwrap();
    let anonymous = world.anonymous();
    let codes = |lines: &Value| -> Vec<String> {
        lines.as_array().unwrap().iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
    };
    let chapter = anonymous.get("/reference/hs/84").expect(200).json();
    let all: Vec<String> = (1..=87).map(|heading| format!("84{heading:02}")).collect();
    assert_eq!(codes(&chapter["below"]), all);
    let last = anonymous.get("/reference/hs/8487").expect(200).json();
    assert_eq!(codes(&last["neighbours"]), all[..86]);
    assert!(codes(&last["below"]).contains(&"848717".to_owned()), "{last}");
}

fn codes_are_suggested_where_none_is_given(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let mut rfq = market::rfq("500 wheel bearings for vans");
    assert_eq!(buyer.post("/rfqs", &rfq).expect(201).json()["suggested_hs"], json!([]), "it says its code");
    rfq["hs_code"] = json!(null);
    let made = buyer.post("/rfqs", &rfq).expect(201).json();
    let first = &made["suggested_hs"][0];
    assert_eq!(
        (&first["code"], &first["text"], &first["because"]),
        (&json!("848210"), &json!(glossary::label("848210", "en").unwrap()), &json!("wheel bearing"))
    );
    let mut listing = market::listing("RL-1");
    listing["name"] = json!("Radlager VKBA 3643");
    listing["hs_code"] = json!(null);
    let german =
        supplier.call("POST", "/listings").header("Accept-Language", "de-AT").json(&listing).send().expect(201);
    assert_eq!(german.json()["suggested_hs"][0]["code"], "848210");
    assert_eq!(german.text("/suggested_hs/0/text"), glossary::label("848210", "de").unwrap());
    listing["sku"] = json!("RL-2");
    listing["name"] = json!("Quizzlefrob 17");
    assert_eq!(supplier.post("/listings", &listing).expect(201).json()["suggested_hs"], json!([]));
}

/// The operator's names stand over the nomenclature, and that over the glossary; both are known without a restart.
fn the_operators_names_win(world: &World) {
    let buyer = world.buyer();
    let suggested = |title: &str| {
        let mut rfq = market::rfq(title);
        rfq["hs_code"] = json!(null);
        let made = buyer.post("/rfqs", &rfq).expect(201).json();
        made["suggested_hs"][0]["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!((suggested("Quizzlevalve DN50"), suggested("Ball valve DN50")), (String::new(), "848180".to_owned()));
    let file = "section,hscode,description,parent,level\nXVI,84,Machinery,TOTAL,2\nXVI,8481,\"Taps, cocks\",84,4\n\
        XVI,848130,\"Quizzlevalves\",8481,6\n";
    tradepost::customs::actions::import_hs(&world.app, "H6", file.as_bytes()).unwrap();
    world.drain();
    assert_eq!(suggested("Quizzlevalve DN50"), "848130");
    let rules = tradepost::synonyms::rules::read(b"quizzlevalve, ball valve, hs:84818081\n").unwrap();
    tradepost::synonyms::import(&world.app.db, &rules).unwrap();
    world.drain();
    assert_eq!(
        (suggested("Quizzlevalve DN50").as_str(), suggested("Ball valve DN50").as_str()),
        ("84818081", "84818081")
    );
    let found = world.anonymous().get("/reference/hs?q=quizzlevalve").expect(200).json();
    assert_eq!(found["data"][0]["code"], "848180", "{found}");
}

fn a_form_suggests_codes_and_takes_one(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    for (party, form, field) in
        [(&buyer, "/desk/buying/rfqs/new", "title"), (&supplier, "/desk/selling/listings/new", "name")]
    {
        let browser = world.browser(&party.email);
        let typed = [(field, "Radlager für Transporter"), ("suggest_hs", "yes")];
        let shown = browser.fill_in(form, form, &typed).expect(200);
        assert!(shown.body.contains("name=\"use_hs\" value=\"848210\""), "{}", shown.body);
        assert_eq!(PageForm::of(&shown.body, form).value(field), Some("Radlager für Transporter"));
        let taken = browser.fill_in_again(&shown, form, form, &[("use_hs", "848210")]).expect(200);
        assert_eq!(PageForm::of(&taken.body, form).value("hs_code"), Some("848210"));
        assert!(!taken.body.contains("name=\"use_hs\""), "it has one");
        let vain = browser.fill_in(form, form, &[(field, "Quizzlefrob 17"), ("suggest_hs", "yes")]).expect(200);
        assert!(vain.body.contains("No code was found"), "{}", vain.body);
    }
    let browser = world.browser(&buyer.email);
    assert_eq!(
        browser.page("/desk/buying").expect(200).body.matches("/desk/buying/rfqs/rfq_").count(),
        0,
        "not stored"
    );
    // A draft without a code suggests some when it is opened again, and a change of it is not saved by asking.
    let new = "/desk/buying/rfqs/new";
    let edit = format!("{}/edit", browser.fill_in(new, new, &[("title", "Wheel bearings")]).sent_to());
    assert!(browser.page(&edit).expect(200).body.contains("name=\"use_hs\" value=\"848210\""));
    let asked = [("title", "Ball valves"), ("suggest_hs", "yes")];
    assert!(browser.fill_in(&edit, &edit, &asked).expect(200).body.contains("name=\"use_hs\" value=\"848180\""));
    assert!(browser.page(&edit).expect(200).body.contains("value=\"Wheel bearings\""));
    browser.fill_in(&edit, &edit, &[("hs_code", "848210")]).sent_to();
    assert!(!browser.page(&edit).expect(200).body.contains("name=\"use_hs\""));
}

fn headings_are_labelled_in_the_language_of_the_reader(world: &World) {
    let supplier = world.supplier();
    let mut listing = market::listing("B-1");
    (listing["name"], listing["hs_code"]) = (json!("Deep groove ball bearing 6204"), json!("8482109010"));
    let id = supplier.publish_listing(&listing);
    world.drain();
    let anonymous = world.anonymous();
    let labels = |language: &str| -> BTreeMap<String, String> {
        let call = anonymous.call("GET", "/search/listings?facets=hs").header("Accept-Language", language);
        let values = call.send().expect(200).json()["facets"]["hs"].clone();
        let value = |value: &Value| Some((value["value"].as_str()?.to_owned(), value["label"].as_str()?.to_owned()));
        values.as_array().unwrap().iter().filter_map(value).collect()
    };
    for language in ["en", "de", "zh"] {
        for code in ["8482", "848210"] {
            assert_eq!(labels(language)[code], glossary::label(code, language).unwrap(), "{language}");
        }
    }
    assert_eq!(labels("ja")["8482"], glossary::label("8482", "en").unwrap(), "a language that the glossary has not");
    let label = glossary::label("848210", "en").unwrap();
    let page = anonymous.page("/search?scope=products&hs=8482").expect(200);
    assert!(page.body.contains(&format!("848210 {label}")), "{}", page.body);
    let page = anonymous.page(&format!("/listings/{id}")).expect(200);
    assert!(
        page.body.contains(label) && page.links_to("/hs/848210") && page.links_to("/search?hs=8482"),
        "{}",
        page.body
    );
    let mut rfq = market::rfq("Bearings");
    rfq["hs_code"] = json!("848210");
    let rfq = world.buyer().publish_rfq(&rfq);
    let page = anonymous.page(&format!("/rfqs/{rfq}")).expect(200);
    assert!(page.body.contains(&format!("8482.10 {label}")), "{}", page.body);
}

fn the_page_leads_from_a_name_to_listings(world: &World) {
    let supplier = world.supplier();
    let mut listing = market::listing("B-1");
    (listing["name"], listing["hs_code"]) = (json!("Wheel bearing kit"), json!("848210"));
    supplier.publish_listing(&listing);
    world.drain();
    let anonymous = world.anonymous();
    let page = anonymous.page("/hs?q=wheel+bearing&language=de").expect(200);
    // The code at once, with its neighbours in both languages and what is listed.
    assert!(page.links_to("/search?hs=848210") && page.body.contains("1 listing under 8482.10"), "{}", page.body);
    for code in ["848210", "848220", "848250"] {
        assert!(page.links_to(&format!("/hs/{code}?language=de")), "{code}: {}", page.body);
        for language in ["en", "de"] {
            assert!(page.body.contains(&escaped(glossary::label(code, language).unwrap())), "{code}: {}", page.body);
        }
    }
    // Without a choice the second language is the reader's own.
    let french = anonymous.browser("GET", "/hs?q=wheel+bearing").header("Accept-Language", "fr,en;q=0.5").send();
    assert!(french.expect(200).body.contains(&escaped(glossary::label("848210", "fr").unwrap())));
    let code = anonymous.page("/hs/848210?language=es").expect(200);
    assert!(code.links_to("/search?hs=848210") && code.links_to("/hs/8482?language=es"), "{}", code.body);
    assert!(code.links_to("/hs/848220?language=es"), "{}", code.body);
    assert!(code.body.contains(&escaped(glossary::label("848220", "es").unwrap())), "{}", code.body);
    assert!(anonymous.page("/hs?q=8482.10").expect(200).links_to("/hs/848210?language=zh"));
    assert!(anonymous.page("/hs/848220").expect(200).body.contains("There are no listings under 8482.20 yet"));
    assert!(anonymous.page("/hs?q=qwxzqj").expect(200).body.contains("Nothing was found"));
    anonymous.page("/hs/7701").expect(404);
}

/// As a page writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;")
}
