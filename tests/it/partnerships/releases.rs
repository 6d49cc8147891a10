//! Releases of the statistics on a real database: they appear by the calendar, never change, and wait where too few companies changed.

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use tradepost::error::Code;
use tradepost::statistics::Period;
use tradepost::statistics::jobs::{make_release, publish_due};

use crate::support::{World, market};

both!(
    release_never_changes_and_revisions_wait_for_three_companies,
    release_appears_once_on_its_day,
    release_of_an_open_month_is_refused,
    page_shows_a_release_and_the_month_in_preparation,
    release_goes_out_in_every_form,
);

/// Confirmed shipments of October between companies that are all identified and of nobody else; `numbers` makes each its own.
pub fn ship(world: &World, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let (supplier, buyer) =
            (world.party(&format!("Jinhua {number}"), "CN"), world.party(&format!("Hanse {number}"), "DE"));
        world.identify(&[supplier.company, buyer.company]);
        let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
        let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
        buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
        let mut record = market::record();
        record["invoice_date"] = json!("2026-10-10");
        record["declared_on"] = json!("2026-10-18");
        record["released_on"] = json!("2026-10-19");
        let id = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
        let mut reference = market::declaration(number);
        reference["date"] = json!("2026-10-18");
        supplier.post(&format!("/records/{id}/customs-references"), &reference).expect(201);
        buyer.act(&format!("/records/{id}/confirm")).expect(200);
    }
}

fn rows(world: &World, release: &str) -> Value {
    let path = format!("/statistics/general-trade?group=reporter,partner,hs4,period{release}");
    world.anonymous().get(&path).expect(200).json()
}

fn release_never_changes_and_revisions_wait_for_three_companies(world: &World) {
    assert_eq!(rows(world, "")["release"], json!(null), "nothing is published live");
    ship(world, 1..5);
    assert_eq!(publish_due(&world.app).unwrap(), Some(1));
    let first = rows(world, "&release=1");
    assert_eq!(first["rows"][0]["figures"]["value"], "66000.000000");
    assert_eq!(first["rows"][0]["figures"]["suppliers"], "3-5");
    ship(world, 5..7);
    let second = make_release(&world.app, None).unwrap();
    assert_eq!((second.number, second.revised.len()), (2, 0), "two companies on each side wait");
    assert_eq!(rows(world, "&release=2")["rows"], first["rows"]);
    ship(world, 7..8);
    let third = make_release(&world.app, None).unwrap();
    assert_eq!(third.revised.iter().map(|one| one.period.as_str()).collect::<Vec<_>>(), ["2026-10"]);
    assert_eq!(rows(world, "")["rows"][0]["figures"]["value"], "116000.000000", "seven shipments of 16 500");
    assert_eq!(rows(world, "")["rows"][0]["vintage"], 3);
    assert_eq!(rows(world, "&release=1"), first, "the first stands as it was");
    let releases = world.anonymous().get("/statistics/releases").expect(200).json();
    let hashes: Vec<(&Value, &Value)> =
        releases["data"].as_array().unwrap().iter().map(|one| (&one["hash"], &one["previous_hash"])).collect();
    assert_eq!((hashes.len(), hashes[0].1, hashes[1].1), (3, hashes[1].0, hashes[2].0), "{releases}");
    assert_eq!(releases["tables"].as_array().unwrap().len(), 24);
    let one = world.anonymous().get("/statistics/releases/2").expect(200).json();
    assert_eq!(one["hash"], *hashes[1].0);
    world.anonymous().get("/statistics/releases/9").expect(404);
    world.anonymous().get("/statistics/general-trade?release=9").expect(404);
}

fn release_appears_once_on_its_day(world: &World) {
    ship(world, 1..4);
    let made: Vec<bool> = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..4).map(|_| scope.spawn(|| publish_due(&world.app))).collect();
        makers.into_iter().map(|maker| maker.join().unwrap().is_ok_and(|made| made.is_some())).collect()
    });
    assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?}");
    assert_eq!(publish_due(&world.app).unwrap(), None);
    world.clock.advance(chrono::Duration::days(16));
    assert_eq!(publish_due(&world.app).unwrap(), None, "November appears on the tenth of December");
    world.clock.advance(chrono::Duration::days(1));
    assert_eq!(publish_due(&world.app).unwrap(), Some(2));
}

fn release_of_an_open_month_is_refused(world: &World) {
    ship(world, 1..4);
    for period in [Period::Month(2026, 11), Period::Year(2025)] {
        assert_eq!(make_release(&world.app, Some(period)).unwrap_err().code, Code::Invalid, "{period}");
    }
    make_release(&world.app, Some(Period::Month(2026, 10))).unwrap();
    let earlier = make_release(&world.app, Some(Period::Month(2026, 9)));
    assert_eq!(earlier.unwrap_err().code, Code::Invalid);
    let wrong = world.anonymous().get("/statistics/general-trade?period=2026-13&hs=7").expect(422);
    assert_eq!(wrong.wrong_fields(), ["/hs"]);
}

fn page_shows_a_release_and_the_month_in_preparation(world: &World) {
    let page = || world.anonymous().page("/statistics").expect(200).body;
    assert!(page().contains("No release yet") && page().contains("2026-10 is in preparation"));
    ship(world, 1..5);
    publish_due(&world.app).unwrap();
    let shown = page();
    assert!(
        shown.contains("Release 1, published on 2026-11-23") && shown.contains("2026-11 is in preparation"),
        "{shown}"
    );
    assert!(shown.contains("66\u{202f}000") && shown.contains("84 "), "{shown}");
    // The method is read by people: no time in the form of a protocol.
    assert!(shown.contains("23 Nov 2026, 08:00 UTC") && !shown.contains("+00:00"), "{shown}");
    assert!(shown.len() < 60_000, "{} bytes", shown.len());
    let months = world.anonymous().page("/statistics?by=period&release=1&flow=import").expect(200).body;
    assert!(months.contains("No figure of this table can be shown"), "{months}");
}

fn release_goes_out_in_every_form(world: &World) {
    ship(world, 1..5);
    publish_due(&world.app).unwrap();
    let table = rows(world, "");
    let get = |form: &str| {
        let path = format!("/statistics/general-trade?group=reporter,partner,hs4,period&format={form}");
        world.anonymous().get(&path).expect(200)
    };
    let all = table["rows"].as_array().unwrap().len() + table["totals"].as_array().unwrap().len();

    let book = get("xlsx");
    assert!(book.header("content-disposition").unwrap().contains("general-trade.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(book.bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["General trade", "Excluded records", "About"]);
    let sheet = book.worksheet_range("General trade").unwrap();
    assert_eq!(sheet.height(), all + 1);
    let first: Vec<&Data> = sheet.rows().nth(1).unwrap().iter().collect();
    assert_eq!((first[0], first[5]), (&Data::String("export".to_owned()), &Data::Float(66_000.0)), "{first:?}");
    let about = book.worksheet_range("About").unwrap();
    assert!(about.rows().any(|row| row[0] == Data::String("Suppression rule".to_owned())), "{about:?}");

    let sdmx = get("sdmx-csv").body;
    let mut lines = csv::Reader::from_reader(sdmx.as_bytes());
    let header: Vec<String> = lines.headers().unwrap().iter().map(str::to_owned).collect();
    let read: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    let at =
        |row: &csv::StringRecord, column: &str| row[header.iter().position(|name| name == column).unwrap()].to_owned();
    assert_eq!((header[..3].join(","), read.len()), ("STRUCTURE,STRUCTURE_ID,ACTION".to_owned(), 2 * all));
    let wanted = [("FREQ", "M"), ("REPORTER", "CN"), ("FLOW", "X"), ("PARTNER", "DE"), ("TIME_PERIOD", "2026-10")];
    for (column, value) in
        wanted.into_iter().chain([("OBS_VALUE", "66000"), ("MEASURE", "VALUE"), ("CONF_STATUS", "F")])
    {
        assert_eq!(at(&read[0], column), value, "{column}");
    }
    assert_eq!((at(&read[1], "MEASURE"), at(&read[1], "UNIT_MEASURE")), ("NET_WEIGHT".to_owned(), "KGM".to_owned()));
    assert!(read.iter().all(|row| (at(row, "CONF_STATUS") == "F") != at(row, "OBS_VALUE").is_empty()), "{sdmx}");

    // A table of totals has each cell once.
    let years = world.anonymous().get("/statistics/general-trade.csv?group=year&format=sdmx-csv").expect(200).body;
    let keys: Vec<&str> = years.lines().skip(1).map(|line| line.rsplitn(9, ',').last().unwrap()).collect();
    let distinct: std::collections::BTreeSet<&&str> = keys.iter().collect();
    assert!(!keys.is_empty() && distinct.len() == keys.len(), "{years}");

    let structure = world.anonymous().get("/statistics/structure").expect(200).json();
    let of = &structure["data"]["dataStructures"][0]["dataStructureComponents"];
    let named = |list: &Value| {
        list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let columns = [
        named(&of["dimensionList"]["dimensions"]),
        named(&of["dimensionList"]["timeDimensions"]),
        named(&of["measureList"]["measures"]),
        named(&of["attributeList"]["attributes"]),
    ];
    assert_eq!(columns.concat(), header[3..], "the structure names every column, in their order");

    assert_eq!(get("comtrade").body.lines().next().unwrap().split(',').count(), 47);
    let csv = |form: &str| world.anonymous().get(&format!("/statistics/general-trade.csv?format={form}"));
    assert_eq!(csv("xlsx").expect(422).wrong_fields(), ["/format"]);
    assert!(csv("sdmx-csv").expect(200).body.starts_with("STRUCTURE,"));
}
