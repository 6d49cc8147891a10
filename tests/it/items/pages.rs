//! Items on the site: rows of a form, pasted from a spreadsheet; a quote by item; the comparison; the award of what is ticked.

use serde_json::json;

use super::{items, of_quote};
use crate::support::{PageForm, World, market};

both!(
    pasted_lines_become_rows_and_are_saved,
    what_is_wrong_is_shown_at_its_row,
    items_are_edited_as_they_are_shown,
    published_rfq_is_changed_by_its_form,
    items_stand_on_the_page_of_the_rfq,
    listings_that_fit_fill_in_their_items,
    supplier_quotes_by_item,
    buyer_compares_and_accepts_what_is_ticked,
);

const NEW: &str = "/desk/buying/rfqs/new";

fn pasted_lines_become_rows_and_are_saved(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    let pasted = "Brass elbow DN20; 500; pcs; 741220; 1.20; 90 degrees\nCopper pipe 22 mm\t2.5\tt\t741110";
    // The button shows the rows and saves nothing.
    let typed = [("title", "Fittings"), ("items_paste", pasted), ("items_currency", "USD")];
    let page = browser.page(NEW).expect(200);
    let mut fields: Vec<(String, String)> = PageForm::of(&page.body, NEW).typing(&typed).pairs();
    fields.retain(|(name, _)| name != "csrf");
    fields.push(("more_items".to_owned(), "yes".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let shown = browser.submit(NEW, NEW, &fields).expect(200);
    let form = PageForm::of(&shown.body, NEW);
    for (name, value) in [
        ("title", "Fittings"),
        ("items_paste", ""),
        ("items.0.title", "Brass elbow DN20"),
        ("items.0.quantity", "500"),
        ("items.0.specification", "90 degrees"),
        ("items.1.unit", "t"),
        ("items.1.hs_code", "741110"),
        ("items.4.title", ""),
    ] {
        assert_eq!(form.value(name), Some(value), "{name}");
    }
    assert!(buyer.get("/rfqs").expect(200).json()["data"].as_array().unwrap().is_empty());
    // What is pasted when the form is saved comes along.
    let more = [("items.2.title", "Brass tee"), ("items_paste", "Brass cap;10;pcs"), ("destination_country", "DE")];
    let sent = browser.fill_in_again(&shown, NEW, NEW, &more).sent_to();
    let rfq = buyer.get(&format!("/rfqs/{}", sent.rsplit('/').next().unwrap())).expect(200).json();
    let names = [(1, "Brass elbow DN20"), (2, "Copper pipe 22 mm"), (3, "Brass tee"), (4, "Brass cap")];
    assert_eq!(items(&rfq), names.map(|(number, title)| (number, title.to_owned())));
    assert_eq!(rfq["items"][0]["target_price"], json!({"amount": "1.200000", "currency": "USD"}));
    assert_eq!(rfq["items"][1]["quantity"], json!({"value": "2.5", "unit": "TNE"}));
    assert_eq!(rfq["items"][3]["quantity"], json!({"value": "10", "unit": "C62"}));
    // One kind of goods is as simple as before.
    let sent = browser.fill_in(NEW, NEW, &[("title", "Brass valves"), ("quantity.value", "5")]).sent_to();
    let rfq = buyer.get(&format!("/rfqs/{}", sent.rsplit('/').next().unwrap())).expect(200).json();
    assert_eq!(rfq["items"], json!([]));
}

fn what_is_wrong_is_shown_at_its_row(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    let pasted = "Brass elbow;many;pcs\nBrass tee;5;furlongs\nBrass cap, ask buyer@example.com;10;pcs";
    let refused = browser.fill_in(NEW, NEW, &[("title", "Fittings"), ("items_paste", pasted)]).expect(422);
    for id in ["e-items.0.quantity", "e-items.1.unit"] {
        assert!(refused.body.contains(&format!("id=\"{id}\"")), "{id}: {}", refused.body);
    }
    let form = PageForm::of(&refused.body, NEW);
    assert_eq!((form.value("items.0.quantity"), form.value("items.1.unit")), (Some("many"), Some("furlongs")));
    assert_eq!(form.value("items.2.title"), Some("Brass cap, ask buyer@example.com"), "nothing that was typed is lost");
    let mended = [("items.0.quantity", "500"), ("items.1.unit", "kg")];
    let refused = browser.fill_in_again(&refused, NEW, NEW, &mended).expect(422);
    assert!(refused.body.contains("id=\"e-items.2.title\""), "{}", refused.body);
    browser.fill_in_again(&refused, NEW, NEW, &[("items.2.title", "Brass cap")]).sent_to();
}

fn items_are_edited_as_they_are_shown(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be edited"));
    let path = format!("/rfqs/{rfq}");
    let before = buyer.get(&path).expect(200).json();
    let edit = format!("/desk/buying/rfqs/{rfq}/edit");
    browser.fill_in(&edit, &edit, &[]).sent_to();
    let same = buyer.get(&path).expect(200).json();
    assert_eq!((&same["items"], &same["version"]), (&before["items"], &before["version"]), "saved as it was shown");
    browser
        .fill_in(
            &edit,
            &edit,
            &[("items.0.quantity", "600"), ("items.3.title", "Brass cap"), ("items.3.quantity", "10")],
        )
        .sent_to();
    let changed = buyer.get(&path).expect(200).json();
    assert_eq!(changed["items"][0]["quantity"]["value"], "600");
    assert_eq!(items(&changed)[3], (4, "Brass cap".to_owned()));
    // A row that is emptied is an item that is taken away, which suppliers quote by.
    let emptied: Vec<(&str, &str)> = ["title", "quantity", "unit", "hs_code", "target", "specification"]
        .map(|part| match part {
            "title" => ("items.1.title", ""),
            "quantity" => ("items.1.quantity", ""),
            "unit" => ("items.1.unit", ""),
            "hs_code" => ("items.1.hs_code", ""),
            "target" => ("items.1.target", ""),
            _ => ("items.1.specification", ""),
        })
        .into();
    let refused = browser.fill_in(&edit, &edit, &emptied).expect(422);
    assert!(refused.body.contains("must keep the published items 2"), "{}", refused.body);
    world.drain();
}

fn published_rfq_is_changed_by_its_form(world: &World) {
    let buyer = world.buyer();
    // Its deadline is the usual one, which no browser can send back: it has seconds.
    world.clock.advance(chrono::Duration::milliseconds(22_848));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be reworded"));
    let deadline = buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()["deadline"].clone();
    let browser = world.browser(&buyer.email);
    let edit = format!("/desk/buying/rfqs/{rfq}/edit");
    browser.fill_in(&edit, &edit, &[("title", "Fittings, reworded"), ("items.0.title", "Brass elbow")]).expect(303);
    let changed = buyer.get(&format!("/rfqs/{rfq}")).expect(200).json();
    assert_eq!((&changed["title"], &changed["deadline"]), (&json!("Fittings, reworded"), &deadline));
    assert_eq!(items(&changed)[0].1, "Brass elbow");
    world.drain();
}

fn items_stand_on_the_page_of_the_rfq(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be read"));
    let browser = world.browser(&buyer.email);
    for page in [
        world.anonymous().page(&format!("/rfqs/{rfq}")).expect(200).body,
        browser.page(&format!("/desk/buying/rfqs/{rfq}")).expect(200).body,
    ] {
        assert!(page.contains("Fittings to be read, 3 items"), "{page}");
        for words in ["Brass pipe elbow DN20", "90 degrees, compression ends", "USD 1.20 / pcs", "Copper pipe 22 mm"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
    world.drain();
}

fn listings_that_fit_fill_in_their_items(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let mut listing = market::listing("ELBOW-1");
    listing["name"] = json!("Brass pipe elbow DN20");
    listing["description"] = json!("Brass pipe elbow DN20, compression ends");
    listing["hs_code"] = json!("741220");
    supplier.publish_listing(&listing);
    world.drain();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, as listed"));
    world.drain();
    let browser = world.browser(&supplier.email);
    let address = format!("/rfqs/{rfq}/quote");
    let page = browser.page(&address).expect(200);
    let form = PageForm::of(&page.body, &address);
    // The listing has a price for pieces in the currency asked for, FOB as the buyer wants it; its MOQ is what is wanted.
    let shown = ["items.0.unit_price", "items.0.moq", "items.0.lead_time_days", "items.1.unit_price", "items_currency"];
    assert_eq!(shown.map(|name| form.value(name).unwrap_or_default()), ["3.2", "500", "30", "", "USD"]);
    assert!(page.body.contains("Filled in from your listings"), "{}", page.body);
}

fn supplier_quotes_by_item(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be quoted on the site"));
    let browser = world.browser(&supplier.email);
    let address = format!("/rfqs/{rfq}/quote");
    let page = browser.page(&address).expect(200);
    assert!(page.body.contains("Price of 1 pcs") && !page.body.contains("name=\"unit_price.amount\""), "{}", page.body);
    let none = browser.fill_in(&address, &address, &[]).expect(422);
    assert!(none.body.contains("must have a price in at least one row"), "{}", none.body);
    let wrong = [("items.0.unit_price", "cheap"), ("items.2.unit_price", "8.40"), ("items.2.lead_time_days", "9999")];
    let refused = browser.fill_in(&address, &address, &wrong).expect(422);
    assert!(refused.body.contains("id=\"e-items.0.unit_price\""), "{}", refused.body);
    // Once all can be read, what contradicts is named at the row that it stands in.
    let refused = browser
        .fill_in_again(
            &refused,
            &address,
            &address,
            &[("items.0.unit_price", ""), ("incoterm", "DAP"), ("incoterm_place", "Hamburg")],
        )
        .expect(422);
    assert!(refused.body.contains("id=\"e-items.2.lead_time_days\""), "{}", refused.body);
    let typed = [
        ("items.0.unit_price", "1.10"),
        ("items.0.quantity", "400"),
        ("items.2.lead_time_days", "20"),
        ("items.2.note", "In coils"),
    ];
    let review = browser.fill_in_again(&refused, &address, &address, &typed).expect(200);
    for words in ["Item 1: Brass pipe elbow DN20", "USD 1.10 / pcs", "for 2 of 3 items", "In coils"] {
        assert!(review.body.contains(words), "{words}: {}", review.body);
    }
    let mut fields = PageForm::of(&review.body, &address).pairs();
    fields.retain(|(name, _)| name != "csrf");
    fields.push(("step".to_owned(), "send".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = browser.submit(&address, &address, &fields).sent_to();
    let quote = sent.rsplit('/').next().unwrap().to_owned();
    let read = of_quote(&supplier, &quote);
    assert_eq!(read["items"][0]["quantity"], json!({"value": "400", "unit": "C62"}));
    assert_eq!((&read["items"][1]["item"], &read["items"][1]["lead_time_days"]), (&json!(3), &json!(20)));
    // A new version begins with what the last one says.
    let revise = format!("/quotes/{quote}/revise");
    let form = PageForm::of(&browser.page(&revise).expect(200).body, &revise);
    let shown = ["items.0.unit_price", "items.0.quantity", "items.1.unit_price", "items.2.note"];
    assert_eq!(shown.map(|name| form.value(name).unwrap_or_default()), ["1.1", "400", "", "In coils"]);
    world.drain();
}

fn buyer_compares_and_accepts_what_is_ticked(world: &World) {
    let buyer = world.buyer();
    let [first, second] = ["First Foundry", "Second Foundry"].map(|name| world.party(name, "CN"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings to be awarded on the site"));
    let one = first.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.10"), (2, "3.30")]));
    let two = second.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.20"), (2, "3.20"), (3, "8.40")]));
    let browser = world.browser(&buyer.email);
    let compare = browser.page(&format!("/desk/buying/rfqs/{rfq}/compare")).expect(200).body;
    for words in
        ["Item 1: Brass pipe elbow DN20", "not offered", "2 of 3 items", "Total of the items offered, with freight"]
    {
        assert!(compare.contains(words), "{words}: {compare}");
    }
    let received = browser.page(&format!("/desk/buying/rfqs/{rfq}/quotes")).expect(200).body;
    assert!(received.contains("for 2 of 3 items") && received.contains("2 of the 3 items"), "{received}");
    let page = browser.page(&format!("/quotes/{one}")).expect(200).body;
    assert!(page.contains("name=\"item\" value=\"2\"") && !page.contains("accept?split=yes"), "{page}");
    let confirm = format!("/quotes/{one}/accept?item=1");
    let asked = browser.page(&confirm).expect(200).body;
    assert!(asked.contains("You accept item 1 of version 1.") && asked.contains("2 items are left"), "{asked}");
    assert!(!asked.contains("Item 2: Ceramic wash basin"), "only what is ticked: {asked}");
    assert_eq!(browser.say_yes(&confirm).sent_to(), format!("/quotes/{one}"));
    assert!(browser.page(&format!("/quotes/{one}")).expect(200).body.contains("Accepted for item 1."));
    browser.page(&format!("/quotes/{two}/accept?item=1")).expect(409);
    browser.page(&format!("/quotes/{two}/accept?item=7")).expect(422);
    // Without a tick it is all that is free, and the last item ends it.
    let rest = format!("/quotes/{two}/accept");
    let asked = browser.page(&rest).expect(200).body;
    assert!(asked.contains("You accept items 2, 3 of version 1.") && asked.contains("takes no more quotes"), "{asked}");
    browser.say_yes(&rest).sent_to();
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "awarded");
    assert_eq!(of_quote(&buyer, &two)["awarded_items"], json!([2, 3]));
    world.drain();
}
