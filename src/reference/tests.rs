//! Reference tables and check digits, with published vectors.

use super::check_digits::{gs1, is_container_number, iso6346, mod97};
use super::codes::{Country, Incoterm, Locode, PaymentTerm};
use super::hs::{HsCounts, Nomenclature};
use super::incoterms::Side;
use super::transport::TransportMode;
use super::{countries, currencies, glossary, hs, incoterms, locodes, payment_terms, plain, transport, units};

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

#[test]
fn typed_numbers_become_plain() {
    for (typed, plainly) in [
        (" 06de 5866\u{a0}00 ", "06DE586600"),
        ("\u{ff13}\u{ff11}\u{ff10}", "310"),
        ("b76\u{2011}0324527\u{2013}8", "B76-0324527-8"),
        ("\u{feff}AB\u{200b}C\n", "ABC"),
    ] {
        assert_eq!(plain::plain(typed), plainly);
    }
    assert_eq!(plain::compact("12.345/6-7", &['.', '/', '-']), "1234567");
    assert_eq!(plain::plain(&"9".repeat(5_000)).len(), plain::MOST);
}

#[test]
fn check_digits_follow_the_published_examples() {
    assert_eq!(iso6346("06DE586600006143E"), Some(1));
    assert!(is_container_number("CSQU3054383") && !is_container_number("CSQU3054384"));
    assert_eq!(iso6346("\u{df}"), None);
    assert_eq!(gs1("400638133393"), Some(1));
    assert_eq!(mod97("5493001KJTIIGC8Y1R12"), Some(1));
}

#[test]
fn countries_carry_the_numbers_of_comtrade() {
    assert_eq!(countries::all().len(), 250);
    assert!(countries::all().is_sorted_by_key(|row| row.alpha2));
    for (code, comtrade) in [("US", 842), ("IN", 699), ("FR", 251), ("NO", 579), ("CH", 757), ("TW", 490), ("DE", 276)]
    {
        assert_eq!(countries::find(country(code)).unwrap().comtrade, Some(comtrade), "{code}");
    }
    assert_eq!(countries::find(country("CN")).map(|row| (row.alpha3, row.numeric)), Some(("CHN", Some(156))));
    assert_eq!(countries::find(country("XK")).map(|row| (row.name, row.numeric)), Some(("Kosovo", None)));
    assert_eq!(countries::all().iter().filter(|row| row.eu_member).count(), 27);
    assert!(countries::is_eu_member(country("GR")) && !countries::is_eu_member(country("GB")));
}

#[test]
fn currencies_and_units_are_listed_once_each() {
    let find = |code| currencies::all().iter().find(|row| row.code == code);
    assert_eq!(find("JPY").map(|row| row.minor_digits), Some(0));
    assert_eq!(find("KWD").map(|row| row.minor_digits), Some(3));
    for (code, successor) in [
        ("ANG", Some("XCG")),
        ("BGN", Some("EUR")),
        ("CUC", Some("CUP")),
        ("HRK", Some("EUR")),
        ("SLL", Some("SLE")),
        ("ZWL", Some("ZWG")),
        ("VES", None),
        ("VED", None),
        ("EUR", None),
    ] {
        // A code that the list of currencies no longer knows is refused as unknown.
        assert_eq!(find(code).and_then(|row| row.superseded_by), successor.filter(|_| find(code).is_some()), "{code}");
    }
    assert!(find("VES").is_some() && find("VED").is_some() && find("XCG").is_some() && find("BGN").is_some());
    assert!(find("XXX").is_none() && find("XAU").is_none());
    assert!(units::common().iter().any(|row| row.code == "KGM" && row.dimension == Some("mass")));
    assert!(units::all().len() > units::common().len() && units::common().len() > 20);
}

#[test]
fn incoterms_say_who_pays_as_the_code_type_does() {
    assert_eq!(incoterms::all().len(), Incoterm::ALL.len());
    for row in incoterms::all() {
        assert_eq!(row.freight_paid_by == Side::Seller, row.code.seller_pays_freight(), "{}", row.code);
        assert_eq!(row.insurance_paid_by == Side::Seller, row.code.seller_pays_insurance(), "{}", row.code);
        assert_eq!(row.water_only, row.code.is_for_water_only(), "{}", row.code);
    }
    assert_eq!(incoterms::successor("DAT"), Some(Incoterm::Dpu));
    assert_eq!(incoterms::successor("FOB"), None);
    let listed: Vec<_> = payment_terms::all().iter().map(|row| row.code).collect();
    assert!(PaymentTerm::ALL.iter().all(|term| listed.contains(term)) && listed.len() == PaymentTerm::ALL.len());
}

#[test]
fn modes_of_transport_map_to_the_four_lists() {
    for mode in TransportMode::ALL {
        assert_eq!(mode.info().code, *mode);
    }
    assert_eq!(transport::all().len(), TransportMode::ALL.len());
    let sea = TransportMode::Sea.info();
    assert_eq!((sea.rec19, sea.eu_box25, sea.china, sea.comtrade), (Some(1), Some(1), 2, 2100));
    assert!(TransportMode::Air.contradicts(Incoterm::Fob) && !TransportMode::Air.contradicts(Incoterm::Fca));
}

#[test]
fn ports_are_locodes_in_order() {
    assert!(locodes::all().is_sorted_by_key(|port| port.code) && locodes::all().len() >= 60);
    for port in locodes::all() {
        assert!(port.code.parse::<Locode>().is_ok(), "{}", port.code);
    }
    assert_eq!(locodes::name("CNNGB".parse().unwrap()), Some("Ningbo"));
}

#[test]
fn the_hs_has_21_sections_and_96_chapters() {
    assert_eq!((hs::sections().len(), hs::chapters().len()), (21, 96));
    assert!(hs::chapters().is_sorted_by_key(|row| row.code));
    for code in hs::sections().iter().map(|row| row.code).chain(hs::chapters().iter().map(|row| row.code)) {
        let labels = glossary::LANGUAGES.map(|language| hs::label(code, language).unwrap());
        assert!(labels.iter().all(|label| (1..=60).contains(&label.chars().count())), "{code}: {labels:?}");
        // Some words are the same in two or three languages, but none is English left as it was.
        assert!(labels.iter().filter(|label| **label == labels[1]).count() < 4, "{code}: {labels:?}");
    }
    for (code, language, label) in [
        ("XVI", "de", "Maschinen"),
        ("73", "zh", "钢铁制品"),
        ("73", "pt-BR", "Obras de ferro e aço"),
        ("73", "ja", "Iron and steel articles"),
        ("8482109000", "en", "Ball bearings"),
        ("848299", "de", "Wälzlager"),
    ] {
        assert_eq!(hs::label(code, language), Some(label), "{code} {language}");
    }
    assert_eq!((hs::label("77", "de"), hs::label("XXII", "de")), (None, None));
    let chapter = |code: &str| hs::chapter(code).map(|row| row.label);
    assert_eq!(chapter("854231"), Some("Electrical machinery and electronics"));
    assert_eq!((chapter("77"), chapter("98"), chapter("\u{e9}")), (None, None, None));
    for row in hs::chapters() {
        let section = hs::sections().iter().find(|section| section.code == row.section).unwrap();
        assert!((section.first_chapter..=section.last_chapter).contains(&row.code), "{}", row.code);
    }
}

const SMALL: &str = "\u{feff}section,hscode,description,parent,level\n\
    XV,73,\"Articles, of steel\",TOTAL,2\n\
    XV,7304,Tubes,73,4\n\
    XV,730441,Stainless tubes,7304,6\n\
    TOTAL,99,Not specified,TOTAL,2\n\
    TOTAL,9999,Not specified,99,4\n\
    TOTAL,999999,Not specified,9999,6\n\
    TOTAL,TOTAL,All,TOTAL,5\n";

#[test]
fn a_nomenclature_is_read_with_its_parents_and_counts() {
    let read = Nomenclature::from_csv("H6", SMALL.as_bytes()).unwrap();
    assert_eq!(read.counts(), HsCounts { chapters: 2, headings: 2, subheadings: 2 });
    assert_eq!(read.edition, "H6");
    let line = read.find("7304410000").unwrap();
    assert_eq!((line.description.as_str(), line.parent.as_deref()), ("Stainless tubes", Some("7304")));
    assert_eq!(read.find("73").unwrap().description, "Articles, of steel");
    assert_eq!(read.find("730499"), None);
}

#[test]
fn a_damaged_nomenclature_names_each_bad_line() {
    for (line, column) in [
        ("XV,7304,Again,73,4", "hscode"),
        ("XV,77,Reserved,TOTAL,2", "hscode"),
        ("XV,7305,Tubes,73,6", "level"),
        ("XV,7305,,73,4", "description"),
        ("XV,7305,Tubes,72,4", "parent"),
        ("XV,740811,Wire,7408,6", "parent"),
        ("XI,7305,Tubes,73,4", "section"),
        ("XV,7\u{e9}5,Tubes,73,4", "hscode"),
        ("7305", "hscode"),
    ] {
        let faults = Nomenclature::from_csv("H6", format!("{SMALL}{line}\n").as_bytes()).unwrap_err();
        assert_eq!(faults.iter().map(|fault| (fault.line, fault.column)).collect::<Vec<_>>(), [(9, column)], "{line}");
    }
    assert_eq!(Nomenclature::from_csv("H6", b"hscode,description\n").unwrap_err()[0].column, "section");
    let bytes = [SMALL.as_bytes(), b"XV,7305,\xff,73,4\n"].concat();
    assert_eq!(Nomenclature::from_csv("H6", &bytes).unwrap_err()[0].line, 9);
}
