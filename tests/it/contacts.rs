//! Contact people of a company: kept by it, seen by nobody else.

use serde_json::json;

use crate::support::World;

both!(
    company_can_add_change_and_remove_contacts,
    contact_is_visible_to_its_company_only,
    contact_needs_an_email_or_a_phone_number,
    contacts_can_be_managed_on_the_site,
    another_use_case_can_read_them,
);

fn company_can_add_change_and_remove_contacts(world: &World) {
    let supplier = world.supplier();
    let path = format!("/companies/{}/contacts", supplier.company);
    let contact =
        json!({"name": "Li Wei", "role": "export manager", "phone": "+86 574 8765 4321", "languages": ["zh", "en"]});
    let made = supplier.post(&path, &contact).expect(201);
    let one = format!("{path}/{}", made.id());
    let all = supplier.get(&path).expect(200).json();
    assert_eq!(all["data"][0]["name"], "Li Wei");
    assert_eq!(all["data"][0]["email"], json!(null));
    let etag = made.header("etag").unwrap().to_owned();
    let patch = |etag: &str| {
        let change = json!({"email": "li.wei@ningbo.example", "phone": null});
        supplier.call("PATCH", &one).header("If-Match", etag).merge_patch(&change).send()
    };
    assert_eq!(patch(&etag).expect(200).text("/email"), "li.wei@ningbo.example");
    assert_eq!(patch(&etag).expect(412).problem(), "stale");
    assert_eq!(supplier.call("DELETE", &one).send().expect(428).problem(), "precondition_required");
    supplier.call("DELETE", &one).header("If-Match", "\"v2\"").send().expect(204);
    assert_eq!(supplier.get(&path).expect(200).json()["data"], json!([]));
    for n in 0..20 {
        supplier.post(&path, &json!({"name": format!("Person {n}"), "email": "p@ningbo.example"})).expect(201);
    }
    assert_eq!(supplier.post(&path, &contact).expect(409).problem(), "conflict");
}

fn contact_is_visible_to_its_company_only(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let theirs = format!("/companies/{}/contacts", supplier.company);
    let contact = supplier.post(&theirs, &json!({"name": "Li Wei", "email": "li.wei@ningbo.example"})).expect(201).id();
    let ours = format!("/companies/{}/contacts", buyer.company);
    let change = json!({"role": "ours now"});
    for path in [format!("{theirs}/{contact}"), format!("{ours}/{contact}"), format!("{ours}/ctc_0000000000001")] {
        let patch = buyer.call("PATCH", &path).header("If-Match", "\"v1\"").merge_patch(&change).send();
        assert_eq!(patch.expect(404).problem(), "not_found");
        buyer.call("DELETE", &path).header("If-Match", "\"v1\"").send().expect(404);
    }
    buyer.get(&theirs).expect(404);
    buyer.post(&theirs, &json!({"name": "Mole", "email": "m@delta.example"})).expect(404);
    for client in [&*buyer, &world.anonymous()] {
        let company = client.get(&format!("/companies/{}", supplier.company)).expect(200).body;
        assert!(!company.contains("Li Wei") && !company.contains("contacts"), "{company}");
    }
}

fn contact_needs_an_email_or_a_phone_number(world: &World) {
    let supplier = world.supplier();
    let path = format!("/companies/{}/contacts", supplier.company);
    for (contact, field) in [
        (json!({"email": "a@b.example"}), "/name"),
        (json!({"name": "Li"}), "/email"),
        (json!({"name": "Li", "email": "nobody"}), "/email"),
        (json!({"name": "Li", "phone": "0574 1"}), "/phone"),
    ] {
        assert_eq!(supplier.post(&path, &contact).expect(422).wrong_fields(), [field], "{contact}");
    }
}

fn contacts_can_be_managed_on_the_site(world: &World) {
    let supplier = world.supplier();
    let browser = world.browser(&supplier.email);
    let page = "/account/company/contacts";
    let wrong = browser.fill_in(page, page, &[("name", "Li Wei"), ("phone", "none")]).expect(422);
    assert!(wrong.body.contains("value=\"Li Wei\"") && wrong.body.contains("international form"), "{}", wrong.body);
    browser.fill_in_again(&wrong, page, page, &[("phone", "+86 574 8765 4321"), ("languages", "zh, en")]).expect(303);
    let path = format!("/companies/{}/contacts", supplier.company);
    let id = supplier.get(&path).expect(200).text("/data/0/id");
    let edit = format!("{page}/{id}");
    browser.fill_in(&edit, &edit, &[("role", "export manager")]).expect(303);
    let contact = supplier.get(&path).expect(200).json()["data"][0].clone();
    assert_eq!((&contact["role"], &contact["languages"]), (&json!("export manager"), &json!(["zh", "en"])));
    browser.fill_in(page, &format!("{edit}/remove"), &[]).expect(303);
    assert!(browser.page(page).expect(200).body.contains("No contacts yet"));
}

/// What a use case that reveals contacts builds upon.
fn another_use_case_can_read_them(world: &World) {
    let supplier = world.supplier();
    let path = format!("/companies/{}/contacts", supplier.company);
    supplier.post(&path, &json!({"name": "Li Wei", "email": "li.wei@ningbo.example"})).expect(201);
    let read = world.app.db.read(|conn| tradepost::companies::contacts::list_of(conn, supplier.company)).unwrap();
    assert_eq!(read[0].fields.email.as_deref(), Some("li.wei@ningbo.example"));
}
