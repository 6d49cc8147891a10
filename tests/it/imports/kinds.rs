//! The kinds of files, and that what goes out comes in again as the same.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{counts, errors_of, import, import_bytes, listings, send};
use crate::support::{Party, World};

both!(
    what_goes_out_changes_nothing_when_it_comes_back,
    lines_of_json_are_imported_and_their_errors_come_back,
    a_merchant_feed_is_imported,
    a_workbook_is_imported,
    a_workbook_that_would_fill_the_memory_is_refused,
);

fn everything() -> Value {
    json!({
        "sku": "V-9", "name": "Ball valve, \"full bore\"; DN50", "description": "Line one\n\nLine: two, with = and ;\n- a list", "language": "en",
        "brand": "Aldra", "mpn": "0012", "gtin": "4006381333931", "hs_code": "848180", "category": "Valves / Ball / TV,Audio",
        "attributes": {"Grade": "316L", "Pressure; max": "16 bar: cold\n  10 bar: hot", "A: b": "c"},
        "origin_country": "CN",
        "price": {"min": {"amount": "1.125", "currency": "USD"}, "max": {"amount": "1250", "currency": "USD"}, "unit": "C62",
            "tiers": [{"from": "100", "amount": {"amount": "1.1", "currency": "USD"}}, {"from": "1000", "amount": {"amount": "1.001", "currency": "USD"}}]},
        "moq": {"value": "0.125", "unit": "TNE"}, "supply_per_month": {"value": "1.5", "unit": "TNE"}, "lead_time_days": 15,
        "incoterms": [{"rule": "FOB", "place": "Ningbo; gate 3", "locode": "CNNGB"}, {"rule": "EXW"}], "payment_terms": ["TT_ADVANCE", "OTHER"],
        "certifications": [{"scheme": "CE"}, {"scheme": "ISO 9001", "number": "NB-1", "issuer": "Nordkap", "valid_until": "2028-05-31"}],
        "packaging": "10 per carton", "image_urls": ["https://a.example/1.jpg?a=1,2", "https://a.example/2.jpg"],
        "keywords": ["valve", "ball, full bore"], "expires_on": "2030-01-31",
    })
}

/// One listing in each state, and some hundreds of drafts so that it goes out in parts.
fn catalogue(world: &World, supplier: &Party) {
    let lines: Vec<String> = (0..230).map(|at| format!("D-{at},Draft {at}")).collect();
    import(world, supplier, "format=csv", &format!("sku,name\n{}\n", lines.join("\n")));
    for (sku, steps) in [("V-9", vec!["publish"]), ("V-8", vec!["publish", "pause"]), ("V-7", vec![])] {
        let mut listing = everything();
        listing["sku"] = json!(sku);
        let id = supplier.post("/listings", &listing).expect(201).id();
        for step in steps {
            supplier.act(&format!("/listings/{id}/{step}")).expect(200);
        }
    }
    let id = supplier.post("/listings", &json!({"sku": "GONE", "name": "Removed"})).expect(201).id();
    supplier.delete(&format!("/listings/{id}")).expect(204);
    world.drain();
}

fn what_goes_out_changes_nothing_when_it_comes_back(world: &World) {
    let supplier = world.supplier();
    catalogue(world, &supplier);
    let before = listings(&supplier, "published");
    for (format, kind) in [
        ("csv", "text/csv; charset=utf-8"),
        ("ndjson", "application/x-ndjson"),
        ("merchant", "text/tab-separated-values; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let file = supplier.get(&format!("/exports/catalog?format={format}")).expect(200);
        assert_eq!(file.header("content-type"), Some(kind));
        assert!(!file.body.contains("GONE"), "{format}");
        let back = import_bytes(world, &supplier, &format!("format={format}&mode=replace"), &file.bytes);
        assert_eq!(
            (counts(&back), back["state"].as_str()),
            ([0, 0, 233, 0, 0, 0], Some("finished")),
            "{format}: {back}"
        );
    }
    assert_eq!(listings(&supplier, "published"), before);
}

fn lines_of_json_are_imported_and_their_errors_come_back(world: &World) {
    let supplier = world.supplier();
    let lines = "\u{feff}{\"sku\":\"A\",\"name\":\"One\",\"brand\":\"\"}\n{\"sku\":\"B\",\"name\":\"Two\",\"hs_code\":\"77\"}\n{nonsense\n{\"sku\":\"C\",\"name\":\"T\\u0007hree\"}\n";
    let first = import(world, &supplier, "format=ndjson", lines);
    assert_eq!(counts(&first), [2, 0, 0, 2, 1, 0]);
    assert_eq!(first["refused_rows"][0]["faults"][0]["column"], "/hs_code");
    let (text, rows) = errors_of(&supplier, &first);
    assert_eq!((rows[0][0].as_str(), rows[2][0].as_str()), ("listing_json", "{nonsense"));
    let mended = text
        .replace("\"\"77\"\"", "\"\"7306\"\"")
        .replace("{nonsense", "\"{\"\"sku\"\":\"\"D\"\",\"\"name\"\":\"\"Four\"\"}\"");
    assert_eq!(counts(&import(world, &supplier, "format=csv", &mended)), [2, 0, 0, 0, 0, 0]);
}

fn a_merchant_feed_is_imported(world: &World) {
    let supplier = world.supplier();
    let feed = "id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tprice\tbrand\tgtin\tproduct_type\tcolor\tavailability\n\
        M-1\tKettle\tSteel\thttps://shop.example/1\thttps://shop.example/1.jpg\thttps://shop.example/2.jpg,https://shop.example/3.jpg\t15.00 USD\tAldra\t4006381333931\tHome > Kitchen > Kettles\tred\tin_stock\n";
    let first = import(world, &supplier, "format=merchant", feed);
    assert_eq!(
        (counts(&first), first["noted_rows"][0]["faults"][0]["code"].as_str()),
        ([1, 0, 0, 0, 1, 0], Some("unit_assumed"))
    );
    let kettle = &listings(&supplier, "draft")[0];
    assert_eq!(
        (&kettle["sku"], &kettle["category"], &kettle["attributes"]),
        (&json!("M-1"), &json!("Home / Kitchen / Kettles"), &json!({"color": "red"}))
    );
    assert_eq!(kettle["image_urls"].as_array().unwrap().len(), 3);
    assert_eq!(kettle["price"]["unit"], "C62");
}

/// A workbook of one sheet, with texts in the cells and in the table of texts, a number and a date.
fn workbook(rows: &[Vec<&str>], more: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut sheet = String::from(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (at, row) in rows.iter().enumerate() {
        sheet.push_str(&format!(r#"<row r="{}">"#, at + 1));
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), at + 1);
            match cell.parse::<f64>() {
                Ok(_) => sheet.push_str(&format!(r#"<c r="{place}"><v>{cell}</v></c>"#)),
                Err(_) => match cell.strip_prefix("day:") {
                    Some(day) => sheet.push_str(&format!(r#"<c r="{place}" s="1"><v>{day}</v></c>"#)),
                    None => sheet.push_str(&format!(r#"<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>"#)),
                },
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{spreadsheet}" xmlns:r="{relations}"><sheets><sheet name="Catalogue" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{relations}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{spreadsheet}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, text) in parts.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)) {
        archive.start_file(name, stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    for (name, bytes) in more {
        archive
            .start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn a_workbook_is_imported(world: &World) {
    let supplier = world.supplier();
    let rows = [
        vec!["Artikelnummer", "Bezeichnung", "Preis", "Währung", "Einheit", "Gültig bis", "EAN"],
        vec!["X-1", "Rohr", "1.125", "EUR", "m", "day:47514", "4006381333931"],
        vec!["X-2", "Bogen", "", "", "", "", ""],
        vec!["", "Flansch", "12.5", "EUR", "m"],
    ];
    let first = import_bytes(world, &supplier, "format=xlsx", &workbook(&rows, &[]));
    assert_eq!((counts(&first), first["state"].as_str()), ([2, 0, 0, 1, 0, 0], Some("finished")), "{first}");
    assert_eq!((&first["reading"]["encoding"], &first["refused_rows"][0]["row"]), (&Value::Null, &json!(4)));
    let all = listings(&supplier, "draft");
    let pipe = all.iter().find(|listing| listing["sku"] == "X-1").unwrap();
    assert_eq!(pipe["price"]["min"]["amount"], "1.125000");
    assert_eq!((&pipe["expires_on"], &pipe["gtin"]), (&json!("2030-01-31"), &json!("4006381333931")));
    assert_eq!(errors_of(&supplier, &first).1[1][1], "Flansch");
}

fn a_workbook_that_would_fill_the_memory_is_refused(world: &World) {
    let supplier = world.supplier();
    let bomb =
        workbook(&[vec!["sku", "name"], vec!["A", "One"]], &[("xl/sharedStrings.xml", vec![b' '; (64 << 20) + 1])]);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let refused = import_bytes(world, &supplier, "format=xlsx", &bomb);
    assert_eq!((refused["state"].as_str(), counts(&refused)), (Some("failed"), [0; 6]));
    assert!(refused["problem"].as_str().unwrap().contains("unpacked"), "{refused}");
    // A cell in the last place of a sheet makes no table of that size.
    let far = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#;
    send(&supplier, "format=xlsx", &workbook(&[], &[("xl/worksheets/sheet1.xml", far.as_bytes().to_vec())]))
        .expect(202);
    world.drain();
}
