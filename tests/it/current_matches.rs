//! Matches follow the present state of listings, companies and RFQs, in both directions, and only who fits newly is told.

use serde_json::{Value, json};
use tradepost::companies::actions as companies;

use crate::support::{Party, World, market};

both!(
    listing_that_leaves_the_market_leaves_its_matches,
    another_listing_takes_the_place_of_the_one_that_left,
    listing_that_becomes_other_goods_leaves_the_match,
    quoted_match_stays_whatever_happens_to_its_listing,
    every_change_of_a_company_reaches_its_matches,
    company_that_begins_to_fit_is_found_and_told_once,
    suspended_company_leaves_its_matches_and_comes_back,
    change_of_an_rfq_drops_whom_it_rules_out,
);

/// The matches of the RFQ: supplier and match.
fn matches(world: &World, buyer: &Party, rfq: &str) -> Vec<(String, Value)> {
    world.drain();
    let answer = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json();
    let rows = answer["data"].as_array().unwrap().iter();
    rows.map(|one| (one["company"]["name"].as_str().unwrap().to_owned(), one.clone())).collect()
}

fn names(world: &World, buyer: &Party, rfq: &str) -> Vec<String> {
    matches(world, buyer, rfq).into_iter().map(|(name, _)| name).collect()
}

fn inbox(supplier: &Party) -> usize {
    supplier.get("/matches").expect(200).json()["data"].as_array().unwrap().len()
}

fn told(world: &World, supplier: &Party) -> usize {
    let mails = world.mails_to(&supplier.email);
    mails.iter().filter(|mail| format!("{mail:?}").contains("ball valves")).count()
}

fn rfq(more: &Value) -> Value {
    let mut rfq = market::rfq("Brass ball valves DN20");
    for (name, value) in more.as_object().unwrap() {
        rfq[name] = value.clone();
    }
    rfq
}

fn listing_that_leaves_the_market_leaves_its_matches(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let listing = supplier.publish_listing(&market::listing("LEAVE-1"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    assert_eq!(names(world, &buyer, &rfq), [supplier.name.as_str()]);
    assert_eq!((inbox(&supplier), told(world, &supplier)), (1, 1));
    supplier.act(&format!("/listings/{listing}/pause")).expect(200);
    assert_eq!(names(world, &buyer, &rfq), [""; 0]);
    assert_eq!(inbox(&supplier), 0);
    let why = supplier.get(&format!("/rfqs/{rfq}/why-not")).expect(200);
    assert_eq!(why.text("/standing"), "no_candidate", "{}", why.body);
    supplier.act(&format!("/listings/{listing}/publish")).expect(200);
    assert_eq!(names(world, &buyer, &rfq), [supplier.name.as_str()]);
    assert_eq!((inbox(&supplier), told(world, &supplier)), (1, 1), "told once");
    supplier.delete(&format!("/listings/{listing}")).expect(204);
    assert_eq!(names(world, &buyer, &rfq), [""; 0]);
}

fn another_listing_takes_the_place_of_the_one_that_left(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let first = supplier.publish_listing(&market::listing("TWO-1"));
    let second = supplier.publish_listing(&market::listing("TWO-2"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    let best = |left: &str| {
        let found = matches(world, &buyer, &rfq);
        assert_eq!(found.len(), 1);
        assert!(found[0].1["best_listings"] == json!([left]), "{}", found[0].1);
    };
    world.drain();
    supplier.act(&format!("/listings/{first}/pause")).expect(200);
    best(&second);
    supplier.act(&format!("/listings/{first}/publish")).expect(200);
    world.drain();
    supplier.act(&format!("/listings/{second}/pause")).expect(200);
    best(&first);
}

fn listing_that_becomes_other_goods_leaves_the_match(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let listing = supplier.publish_listing(&market::listing("OTHER-1"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    let towels = json!({"name": "Cotton towel, 50 x 100 cm", "description": "Terry, 450 g/m2.", "hs_code": "630260",
        "category": "Textiles / Towels", "attributes": {}});
    supplier.patch(&format!("/listings/{listing}"), &towels).expect(200);
    assert_eq!(names(world, &buyer, &rfq), [""; 0]);
}

fn quoted_match_stays_whatever_happens_to_its_listing(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let listing = supplier.publish_listing(&market::listing("QUOTED-1"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    supplier.submit_quote(&rfq, &market::quote("3.4"));
    supplier.delete(&format!("/listings/{listing}")).expect(204);
    let found = matches(world, &buyer, &rfq);
    assert_eq!((found.len(), found[0].1["state"].as_str()), (1, Some("quoted")));
}

fn every_change_of_a_company_reaches_its_matches(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let mut listing = market::listing("CHANGE-1");
    listing["certifications"] = json!([]);
    supplier.publish_listing(&listing);
    let asked = json!({"destination_country": "DE", "required_certifications": ["ISO 9001"]});
    let rfq = buyer.publish_rfq(&rfq(&asked));
    let company = format!("/companies/{}", supplier.company);
    let score = || matches(world, &buyer, &rfq)[0].1["score"].as_f64().unwrap();
    let mut before = score();
    for change in
        [json!({"markets": ["DE"]}), json!({"certifications": [{"scheme": "ISO 9001", "valid_until": "2030-01-01"}]})]
    {
        supplier.patch(&company, &change).expect(200);
        let after = score();
        assert!(after > before, "{change}: {before} {after}");
        before = after;
    }
    supplier.patch(&company, &json!({"markets": ["FR"], "certifications": []})).expect(200);
    assert!(score() < before);
    // What says nothing about fitting changes nothing.
    let version = || {
        world.drain();
        supplier.get("/matches").expect(200).json()["data"][0]["version"].clone()
    };
    let before = version();
    supplier.patch(&company, &json!({"website": "https://valves.example", "year": 1990})).expect(200);
    assert_eq!(version(), before);
}

fn company_that_begins_to_fit_is_found_and_told_once(world: &World) {
    let (buyer, supplier, other) = (world.buyer(), world.supplier(), world.party("Anatolia Valves", "TR"));
    supplier.publish_listing(&market::listing("FIT-1"));
    other.publish_listing(&market::listing("FIT-2"));
    let rfq = buyer
        .publish_rfq(&rfq(&json!({"wanted_supplier_countries": ["TR"], "wanted_supplier_forms": ["manufacturer"]})));
    assert_eq!(names(world, &buyer, &rfq), [""; 0], "neither makes what it sells in Turkey");
    let patch = |party: &Party, change: Value| {
        party.patch(&format!("/companies/{}", party.company), &change).expect(200);
    };
    patch(&other, json!({"form": "manufacturer"}));
    assert_eq!(names(world, &buyer, &rfq), ["Anatolia Valves"]);
    patch(&supplier, json!({"form": "manufacturer", "country": "TR"}));
    assert_eq!(names(world, &buyer, &rfq).len(), 2);
    assert_eq!((told(world, &supplier), told(world, &other)), (1, 1));
    patch(&supplier, json!({"country": "CN"}));
    assert_eq!(names(world, &buyer, &rfq), ["Anatolia Valves"]);
    patch(&supplier, json!({"country": "TR"}));
    assert_eq!(names(world, &buyer, &rfq).len(), 2);
    assert_eq!((told(world, &supplier), told(world, &other)), (1, 1), "nobody is told again");
}

fn suspended_company_leaves_its_matches_and_comes_back(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("SUSPEND-1"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    world.app.db.write(|tx| companies::suspend(tx, supplier.company, "It is a test")).unwrap();
    world.drain();
    let state = |wanted: &str| {
        let known = world.app.db.read(|conn| {
            let id = rfq.parse().unwrap();
            tradepost::matching::store::find_for(conn, id, supplier.company)
        });
        assert_eq!(known.unwrap().unwrap().state.as_str(), wanted);
    };
    state("lapsed");
    let back = |tx: &mut tradepost::store::Tx| {
        companies::lift_suspension(tx, supplier.company)?;
        tradepost::matching::jobs::announce_return(tx, supplier.company)
    };
    world.app.db.write(back).unwrap();
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    state("notified");
    assert_eq!(told(world, &supplier), 1);
}

fn change_of_an_rfq_drops_whom_it_rules_out(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("RULE-1"));
    let rfq = buyer.publish_rfq(&rfq(&json!({})));
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    let path = format!("/rfqs/{rfq}");
    buyer.patch(&path, &json!({"wanted_supplier_countries": ["TR"]})).expect(200);
    assert_eq!(names(world, &buyer, &rfq), [""; 0]);
    buyer.patch(&path, &json!({"wanted_supplier_countries": []})).expect(200);
    assert_eq!(names(world, &buyer, &rfq).len(), 1);
    buyer
        .patch(
            &path,
            &json!({"title": "Cotton towels", "specification": "Terry", "hs_code": "630260", "category": null}),
        )
        .expect(200);
    assert_eq!(names(world, &buyer, &rfq), [""; 0]);
}
