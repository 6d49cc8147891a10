//! Search finds what traders type: each kind of text in its spellings, through REST on a real index. The first hit is the one that is meant,
//! and it holds all words.

use serde_json::{Value, json};

use crate::support::{World, market};

both!(
    minus_leaves_out_only_words,
    hs_codes_are_found_as_printed,
    decimals_are_whole_numbers,
    dimensions_are_one_in_all_spellings,
    words_are_found_glued_hyphenated_and_split,
    codes_are_found_with_blanks_and_in_parts,
    unit_signs_and_threads_have_many_spellings,
    gtin_is_found_as_printed,
    plurals_and_singulars_find_each_other,
    scripts_are_read_as_they_are_written,
    prices_compare_by_base_unit_and_currency,
    short_first_pages_are_filled,
);

/// What a supplier lists: its number, its name, and fields that differ from those of others.
type Line = (&'static str, &'static str, Value);

/// Publishes the lines; the description says nothing, so that only what a line says is found.
fn publish(world: &World, lines: &[Line]) {
    let supplier = world.party("Ostwind Trading", "CN");
    for (sku, name, fields) in lines {
        let mut listing = market::listing(sku);
        for (field, value) in [
            ("name", json!(name)),
            ("description", Value::Null),
            ("attributes", json!({})),
            ("category", Value::Null),
            ("hs_code", Value::Null),
        ] {
            listing[field] = value;
        }
        for (field, value) in fields.as_object().into_iter().flatten() {
            listing[field] = value.clone();
        }
        listing.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        supplier.publish_listing(&listing);
    }
    world.drain();
}

fn search(world: &World, pairs: &[(&str, &str)]) -> Value {
    let query = serde_urlencoded::to_string(pairs).unwrap();
    world.anonymous().get(&format!("/search/listings?{query}")).expect(200).json()
}

fn skus(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|hit| hit["sku"].as_str().unwrap()).collect()
}

/// Each query finds the listing first, with all words.
#[track_caller]
fn assert_first(world: &World, table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (sku, queries) in table {
        for query in *queries {
            let answer = search(world, &[("q", query)]);
            let found = skus(&answer);
            if found.first() != Some(sku) || answer["matched"]["all"] == 0 {
                wrong.push(format!("{query}: {found:?} {} instead of {sku}", answer["matched"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn minus_leaves_out_only_words(world: &World) {
    publish(
        world,
        &[
            ("OIL", "Engine oil 10W-40 semi-synthetic", json!({})),
            ("OIL2", "Engine oil 5W-30 synthetic", json!({})),
            ("BAT", "Lead battery 12V for scooters", json!({})),
            ("FRZ", "Laboratory freezer -80 °C upright", json!({})),
            ("BRASS", "Hex bolt of brass", json!({})),
            ("STEEL", "Hex bolt of steel", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            ("OIL", &["10W-40", "10W40", "engine oil 10W-40", "oil 10w-40", "10W 40 oil"]),
            ("OIL2", &["5W-30", "engine oil 5W-30"]),
            ("BAT", &["12V-battery", "12 V battery", "12V battery scooters"]),
            ("FRZ", &["freezer -80 °C", "freezer -80°C", "-80 °C freezer", "freezer -80"]),
        ],
    );
    for (query, left) in [("bolt -brass", "STEEL"), ("bolt -\"of brass\"", "STEEL"), ("bolt -steel", "BRASS")] {
        assert_eq!(skus(&search(world, &[("q", query)])), [left], "{query}");
    }
}

fn hs_codes_are_found_as_printed(world: &World) {
    publish(
        world,
        &[
            ("SEAMLESS", "Seamless tube", json!({"hs_code": "730441"})),
            ("WELDED", "Welded tube", json!({"hs_code": "730611"})),
            ("VALVE", "Angle stop", json!({"hs_code": "848180"})),
        ],
    );
    assert_first(
        world,
        &[
            (
                "SEAMLESS",
                &[
                    "7304.41",
                    "7304 41",
                    "HS 7304",
                    "7304",
                    "730441",
                    "7304.41.00",
                    "HS code 7304.41",
                    "tube 7304.41",
                    "tube 7304 41",
                    "7304 tube",
                    "heading 73.04",
                ],
            ),
            ("WELDED", &["7306", "7306.11", "tube 7306", "HS 7306 tube"]),
            ("VALVE", &["8481.80", "8481 80 00"]),
        ],
    );
}

fn decimals_are_whole_numbers(world: &World) {
    publish(
        world,
        &[
            ("D25", "Weight plate 2.5 kg", json!({})),
            ("D05", "Weight plate 0.5 kg", json!({})),
            ("D125", "Weight plate 12.5 kg", json!({})),
            ("D5", "Weight plate 5 kg", json!({})),
            ("W05", "Wire .5 mm", json!({})),
            ("W5", "Wire 5 mm", json!({})),
            ("CAP", "Capsule 1,000 pieces", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            ("D5", &["5 kg", "5kg", "plate 5 kg", "weight plate 5 kg", "5000 g plate", "plate 5,0 kg"]),
            ("D25", &["2.5 kg", "2,5 kg", "plate 2.50 kg", "2500 g"]),
            ("D05", &["0.5 kg", ".5 kg plate", "500 g plate", "½ kg"]),
            ("D125", &["12.5 kg", "12,5kg plate"]),
            ("W05", &["wire .5 mm", "wire 0.5 mm", "wire 0,5mm"]),
            ("W5", &["wire 5 mm", "5mm wire"]),
            ("CAP", &["capsule 1000", "1,000 capsule"]),
        ],
    );
}

fn dimensions_are_one_in_all_spellings(world: &World) {
    publish(
        world,
        &[
            ("TUBE", "Rectangular profile 50x30x2", json!({})),
            ("TUBE3", "Rectangular profile 50x30x3", json!({})),
            ("PLATE", "Cover sheet", json!({"attributes": {"Size": "50 mm x 40 mm x 2 mm"}})),
            ("BOLT", "Hex screw M8x40", json!({})),
            ("BOLT2", "Hex screw M8 x 60 mm", json!({})),
            ("TRAY", "Shower tray 1200 x 800 mm", json!({})),
            ("ROD", "Round bar Ø50 mm", json!({})),
            ("ROD6", "Round bar Ø60 mm", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            (
                "TUBE",
                &[
                    "50x30x2",
                    "50*30*2 mm",
                    "50 × 30 × 2 mm",
                    "50 mm x 30 mm x 2 mm",
                    "profile 50x30x2mm",
                    "5 x 3 x 0.2 cm profile",
                    "50X30X2",
                ],
            ),
            ("TUBE3", &["50x30x3", "profile 50 x 30 x 3"]),
            ("PLATE", &["50x40x2", "sheet 50*40*2"]),
            ("BOLT", &["M8x40", "M8 x 40 mm", "screw M8×40", "m8*40 screw", "M8 X 40"]),
            ("BOLT2", &["M8x60", "screw M8 x 60"]),
            ("TRAY", &["tray 1200x800", "120 x 80 cm", "1.2 m x 0.8 m tray"]),
            ("ROD", &["bar 50 mm", "bar Ø50", "Φ50 mm bar", "round bar ø 50 mm", "bar 5 cm"]),
            ("ROD6", &["bar Ø 60", "Φ60 bar"]),
        ],
    );
}

fn words_are_found_glued_hyphenated_and_split(world: &World) {
    publish(
        world,
        &[
            ("ROUTER", "Wi-Fi router", json!({})),
            ("RING", "O-ring of rubber", json!({})),
            ("BANK", "Power bank for travel", json!({})),
            ("HEAD", "Headphones over ear", json!({})),
            ("DRIVER", "Screwdriver insulated", json!({})),
            ("WATER", "Waterproof jacket", json!({})),
            ("SHIRT", "T-shirt of cotton", json!({})),
            ("MULTI", "Multimeter digital", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            ("ROUTER", &["wifi", "wi-fi", "wi fi", "wifi router", "WiFi-router"]),
            ("RING", &["oring", "o-ring", "o ring", "O-rings", "orings rubber"]),
            ("BANK", &["powerbank", "power-bank", "power bank"]),
            ("HEAD", &["head-phones", "headphones"]),
            ("DRIVER", &["screw driver", "screw-driver", "screwdriver"]),
            ("WATER", &["water-proof jacket", "water proof jacket"]),
            ("SHIRT", &["tshirt", "t-shirt", "t shirt"]),
            ("MULTI", &["multi-meter", "multi meter"]),
        ],
    );
}

fn codes_are_found_with_blanks_and_in_parts(world: &World) {
    publish(
        world,
        &[
            ("LAMP", "Flood lamp", json!({"attributes": {"Protection": "IP 67", "Colour": "RAL 9010"}})),
            (
                "GATE",
                "Gate fitting",
                json!({"description": "Flanged to DN 50, rated PN 16, hex bolts to ISO 4017 and DIN 933 included."}),
            ),
            ("LAMP5", "Desk lamp", json!({"attributes": {"Protection": "IP65"}})),
            ("SEAL", "Shaft seal kit", json!({"mpn": "54-OR323"})),
            ("INK", "Ink cartridge", json!({"mpn": "LC-41HYBK"})),
            ("PUMP", "Rotary vane unit", json!({"mpn": "QX77BT"})),
        ],
    );
    assert_first(
        world,
        &[
            ("LAMP", &["IP67", "IP 67", "ip-67", "lamp IP67", "RAL9010", "RAL 9010 lamp"]),
            ("GATE", &["DN50", "DN 50", "PN16", "ISO4017", "ISO 4017", "DIN933", "fitting DN-50"]),
            ("LAMP5", &["IP65", "IP 65", "lamp ip 65"]),
            ("SEAL", &["54-OR323", "54OR323", "OR323", "54 OR 323", "or-323"]),
            ("INK", &["LC41HYBK", "LC-41", "41HYBK", "hybk"]),
            ("PUMP", &["QX77BT", "QX-77BT", "QX 77 BT", "QX77", "77BT"]),
        ],
    );
}

fn unit_signs_and_threads_have_many_spellings(world: &World) {
    publish(
        world,
        &[
            ("CAP", "Ceramic capacitor 10µF", json!({})),
            ("CAP1", "Ceramic capacitor 100 nF", json!({})),
            ("RES", "Film resistor 100Ω", json!({})),
            ("RES2", "Film resistor 4.7 kΩ", json!({})),
            ("ELBOW", "Brass elbow G1/2", json!({})),
            ("ELBOW3", "Brass elbow G¾", json!({})),
            ("FOIL", "Stretch foil 20 micron", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            ("CAP", &["10uF", "10µF", "10 μF", "capacitor 10 uF", "10000 nF"]),
            ("CAP1", &["0.1 µF", "100nF", "capacitor 0,1uF"]),
            ("RES", &["100Ω", "100 ohm", "100ohm resistor", "0.1 kohm", "100 Ω resistor"]),
            ("RES2", &["4.7kΩ", "4700 ohm", "4,7 kohm"]),
            ("ELBOW", &["G½", "G1/2", "G 1/2", "elbow G 1/2\"", "elbow g1/2"]),
            ("ELBOW3", &["G3/4", "G¾", "elbow G 3/4"]),
            ("FOIL", &["20µm foil", "foil 20 um", "0.02 mm foil"]),
        ],
    );
}

fn gtin_is_found_as_printed(world: &World) {
    publish(
        world,
        &[
            ("G13", "Felt pen", json!({"gtin": "4006381333931"})),
            ("G12", "Ink tank", json!({"gtin": "012502610984"})),
            ("G8", "Chewing gum", json!({"gtin": "96385074"})),
        ],
    );
    assert_first(
        world,
        &[
            (
                "G13",
                &[
                    "4006381333931",
                    "4 006381 333931",
                    "400 6381 33393 1",
                    "40 06381 33393 1",
                    "4-006381-333931",
                    "04006381333931",
                    "400638 1333931",
                ],
            ),
            ("G12", &["012502610984", "0 12502 61098 4", "0012502610984", "0-12502-61098-4"]),
            ("G8", &["96385074", "9638 5074"]),
        ],
    );
}

fn plurals_and_singulars_find_each_other(world: &World) {
    publish(
        world,
        &[
            ("SHELF", "Steel shelf", json!({})),
            ("KNIFE", "Kitchen knife", json!({})),
            ("LENS", "Camera lens", json!({})),
            ("HOLDER", "Pen holder", json!({})),
            ("BALLPOINT", "Pens", json!({})),
            ("TOOTH", "Gear tooth cutter", json!({})),
            ("SCARVES", "Silk scarves", json!({})),
            ("MATRICES", "Sieve matrices", json!({})),
            ("BOX", "Cash box", json!({})),
            ("BATTERY", "Alkaline battery", json!({})),
            ("MICE", "Optical mice", json!({})),
        ],
    );
    assert_first(
        world,
        &[
            ("SHELF", &["shelves", "steel shelves"]),
            ("KNIFE", &["knives", "kitchen knives"]),
            ("LENS", &["lenses", "camera lenses"]),
            ("BALLPOINT", &["pens"]),
            ("HOLDER", &["pen holders", "holder for pens"]),
            ("TOOTH", &["teeth", "gear teeth"]),
            ("SCARVES", &["scarf", "silk scarf"]),
            ("MATRICES", &["matrix"]),
            ("BOX", &["boxes"]),
            ("BATTERY", &["batteries"]),
            ("MICE", &["mouse", "optical mouse"]),
        ],
    );
}

fn scripts_are_read_as_they_are_written(world: &World) {
    publish(
        world,
        &[
            ("TR", "İZOLASYON bandı", json!({"language": "tr"})),
            ("TR2", "Çelik boru IŞIKLI", json!({"language": "tr"})),
            ("ZH", "不锈钢螺丝", json!({"language": "zh"})),
            ("ZHT", "電纜接頭", json!({"language": "zh"})),
            ("JA", "ステンレスボルト", json!({"language": "ja"})),
            ("SHY", "Schrau\u{ad}ben\u{200b}schlüssel", json!({"language": "de"})),
            ("DE", "Edelstahlrohr nahtlos", json!({"language": "de"})),
            ("DE2", "Schrauben aus Messing", json!({"language": "de"})),
            ("RU", "Стальные трубы", json!({"language": "ru"})),
        ],
    );
    assert_first(
        world,
        &[
            ("TR", &["izolasyon", "İzolasyon", "IZOLASYON bandi", "izolasyon bandı"]),
            ("TR2", &["ışıklı", "isikli", "çelik boru", "celik boru"]),
            ("ZH", &["不鏽鋼螺絲", "不锈钢螺丝", "螺絲"]),
            ("ZHT", &["电缆接头", "電纜接頭", "电缆"]),
            ("JA", &["ｽﾃﾝﾚｽﾎﾞﾙﾄ", "ステンレスボルト", "ﾎﾞﾙﾄ"]),
            ("SHY", &["Schraubenschlüssel", "schraubenschluessel", "Schrauben\u{ad}schlüssel"]),
            ("DE", &["Rohr Edelstahl", "Edelstahlrohr", "Rohre", "Edelstahlrohre"]),
            ("DE2", &["Messingschrauben", "Schrauben Messing"]),
            ("RU", &["стальная труба", "ТРУБЫ"]),
        ],
    );
}

fn prices_compare_by_base_unit_and_currency(world: &World) {
    let price = |amount: &str, currency: &str, unit: &str| json!({"price": {"min": {"amount": amount, "currency": currency}, "unit": unit}, "moq": {"value": "1", "unit": unit}});
    publish(
        world,
        &[
            ("KG", "Resin granulate", price("5", "EUR", "KGM")),
            ("TON", "Resin granulate", price("4350", "EUR", "TNE")),
            ("CWT", "Resin granulate", price("200", "EUR", "DTN")),
            ("LB", "Resin granulate", price("4", "EUR", "LBR")),
            ("GRAM", "Resin granulate", price("0.02", "EUR", "GRM")),
            ("SHORT", "Resin granulate", price("900", "EUR", "STN")),
        ],
    );
    let by_price = search(world, &[("q", "resin"), ("sort", "price"), ("currency", "EUR")]);
    assert_eq!(skus(&by_price), ["SHORT", "CWT", "TON", "KG", "LB", "GRAM"]);
    let within = search(world, &[("q", "resin"), ("sort", "price"), ("currency", "EUR"), ("price_max", "4.5")]);
    assert_eq!(skus(&within), ["SHORT", "CWT", "TON"]);
    let above = search(world, &[("q", "resin"), ("sort", "price"), ("price_currency", "EUR"), ("price_min", "4.9")]);
    assert_eq!(skus(&above), ["KG", "LB", "GRAM"]);
}

fn short_first_pages_are_filled(world: &World) {
    publish(
        world,
        &[
            ("FILTER", "Privacy filter for laptop, 15 inch", json!({})),
            ("LAPTOP", "Laptop computer", json!({})),
            ("BAG", "Laptop bag 15 inch", json!({})),
            ("OTHER", "Garden chair", json!({})),
        ],
    );
    let answer = search(world, &[("q", "laptop privacy 15 inch")]);
    assert_eq!(skus(&answer), ["FILTER", "BAG", "LAPTOP"]);
    assert_eq!(answer["matched"], json!({"all": 1, "most": 1, "any": 1}));
    assert_eq!((&answer["total"], &answer["relaxed"]), (&json!(3), &json!(true)));
    let full = search(world, &[("q", "laptop privacy 15 inch"), ("limit", "1")]);
    assert_eq!(full["matched"], json!({"all": 1, "most": null, "any": null}));
    let page = world.anonymous().page("/search?q=laptop+privacy+15+inch").expect(200).body;
    assert!(
        page.contains("1 result matches all words and comes first. Behind: 1 with most words, 1 with any."),
        "{page}"
    );
    let deep = search(world, &[("q", "laptop"), ("limit", "1")]);
    let next = deep["next_cursor"].as_str().unwrap();
    let second = search(world, &[("q", "laptop"), ("limit", "1"), ("cursor", next)]);
    let back = search(world, &[("q", "laptop"), ("limit", "1"), ("cursor", second["prev_cursor"].as_str().unwrap())]);
    assert_eq!(skus(&back), skus(&deep));
    assert_eq!(back["prev_cursor"], Value::Null);
}
