//! The trade glossary as whoever looks goods up meets it: titles as exporters and importers write them, over REST and on the page.
//!
//! `hs_titles` holds 480 titles, 60 in each language, each with its heading and mostly its subheading. They were written without a look
//! at the glossary. Weights were chosen on `tune.tsv` alone; `kept.tsv` is what the figures are promised for.

use std::collections::BTreeMap;

use serde_json::json;
use tradepost::reference::glossary;

use crate::support::World;

both!(
    goods_are_looked_up_by_name_in_any_language,
    a_code_shows_its_names_and_neighbours,
    the_imported_nomenclature_stands_beside_the_glossary,
    the_page_leads_from_a_name_to_listings,
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

fn the_page_leads_from_a_name_to_listings(world: &World) {
    let anonymous = world.anonymous();
    let page = anonymous.page("/hs?q=wheel+bearing&language=de").expect(200);
    assert!(page.links_to("/search?hs=848210") || page.links_to("/search?hs=8482"), "{}", page.body);
    assert!(page.body.contains("Wälzlager") || page.body.contains("lager"), "{}", page.body);
    let code = anonymous.page("/hs/848210").expect(200);
    assert!(code.links_to("/search?hs=848210") && code.links_to("/hs/8482"), "{}", code.body);
    assert!(anonymous.page("/hs?q=8482.10").expect(200).links_to("/hs/848210"));
    anonymous.page("/hs?q=qwxzqj").expect(200);
    anonymous.page("/hs/7701").expect(404);
}
