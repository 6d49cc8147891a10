//! API keys of people who are gone, and keys made in a session that somebody left open.

use chrono::Duration;
use serde_json::json;
use tradepost::actor::Role;

use crate::support::{Client, PASSWORD, Party, World};

both!(
    keys_end_with_the_member_who_made_them,
    owner_may_keep_the_keys_of_who_goes,
    key_made_by_a_key_ends_with_its_person,
    making_a_key_takes_the_password_or_a_fresh_sign_in,
    number_of_keys_of_a_company_is_bounded,
);

fn key_of(answer: &str) -> String {
    let at = answer.find("tp_live_").expect("no key is shown");
    answer[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

/// A second owner of the company, who makes a key that may make keys.
fn colleague(world: &World, party: &Party) -> (String, String, Client) {
    let (person, email) = world.member(party.company, Role::Owner);
    let fields = [("name", "ERP"), ("scopes", "account:write"), ("scopes", "account:read")];
    let page = world.browser(&email).submit("/account", "/account/api-keys", &fields).expect(200);
    let key = Client::new(&world.base, Some(key_of(&page.body)));
    key.get("/me").expect(200);
    (person.to_string(), email, key)
}

fn keys_end_with_the_member_who_made_them(world: &World) {
    let party = world.buyer();
    let (person, _, key) = colleague(world, &party);
    let owner = world.browser(&party.email);
    let page = format!("/account/members/{person}/remove");
    assert!(owner.page(&page).expect(200).body.contains("API keys that they created stop working"));
    owner.submit(&page, &page, &[]).sent_to();
    key.get("/me").expect(401);
    // By REST, by leaving and by deleting the account as well.
    let (person, _, key) = colleague(world, &party);
    party.delete(&format!("/companies/{}/members/{person}", party.company)).expect(204);
    key.get("/me").expect(401);
    let (person, email, key) = colleague(world, &party);
    let page = format!("/account/members/{person}/remove");
    world.browser(&email).submit(&page, &page, &[("keys", "keep")]).sent_to();
    key.get("/me").expect(401);
    let (_, email, key) = colleague(world, &party);
    world.browser(&email).submit("/account/close", "/account/close", &[("current_password", PASSWORD)]).expect(303);
    key.get("/me").expect(401);
    party.get("/me").expect(200);
    world.drain();
}

fn owner_may_keep_the_keys_of_who_goes(world: &World) {
    let party = world.buyer();
    let (person, _, key) = colleague(world, &party);
    let owner = world.browser(&party.email);
    let page = format!("/account/members/{person}/remove");
    owner.submit(&page, &page, &[("keys", "keep")]).sent_to();
    key.get("/me").expect(200);
    // It is the owner's now, and ends with them.
    let (_, email) = world.member(party.company, Role::Owner);
    let page = format!("/account/members/{}/remove", party.person);
    world.browser(&email).submit(&page, &page, &[]).sent_to();
    key.get("/me").expect(401);
    world.drain();
}

fn key_made_by_a_key_ends_with_its_person(world: &World) {
    let party = world.buyer();
    let (person, _, key) = colleague(world, &party);
    let made = key.post("/api-keys", &json!({"name": "child", "scopes": ["account:read"]})).expect(201);
    let child = Client::new(&world.base, Some(made.text("/key")));
    child.get("/me").expect(200);
    party.delete(&format!("/companies/{}/members/{person}", party.company)).expect(204);
    child.get("/me").expect(401);
    world.drain();
}

fn making_a_key_takes_the_password_or_a_fresh_sign_in(world: &World) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    let fields = [("name", "ERP"), ("scopes", "rfqs:read")];
    assert!(!browser.page("/account").body.contains("name=\"current_password\""));
    browser.submit("/account", "/account/api-keys", &fields).expect(200);
    world.clock.advance(Duration::minutes(11));
    assert!(browser.page("/account").body.contains("name=\"current_password\""));
    let refused = browser.submit("/account", "/account/api-keys", &fields).expect(422);
    let keys = |body: &str| body.matches("tp_live_").count();
    assert_eq!(keys(&refused.body), keys(&browser.page("/account").body), "no key is made");
    assert!(refused.body.contains("e-current_password"), "{}", refused.body);
    let with = |password| [fields[0], fields[1], ("current_password", password)];
    browser.submit("/account", "/account/api-keys", &with("not the password")).expect(422);
    let made = browser.submit("/account", "/account/api-keys", &with(PASSWORD)).expect(200);
    assert!(!key_of(&made.body).is_empty() && !made.body.contains(PASSWORD));
}

fn number_of_keys_of_a_company_is_bounded(world: &World) {
    let party = world.buyer();
    let make = || party.post("/api-keys", &json!({"name": "k", "scopes": ["rfqs:read"]})).status;
    let statuses: Vec<u16> = (0..100).map(|_| make()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 99, "one was there");
    assert_eq!(statuses.last(), Some(&409));
    let first = party.get("/api-keys").json()["data"][0]["id"].as_str().unwrap().to_owned();
    party.call("DELETE", &format!("/api-keys/{first}")).header("If-Match", "\"v1\"").send().expect(204);
    assert_eq!(make(), 201);
}
