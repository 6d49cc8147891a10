//! The people of a company: invitations, roles, leaving, one person in several companies.

use std::thread;

use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;
use tradepost::accounts::actions::{self as accounts, NewInvitee};
use tradepost::actor::{Actor, Permission, Role};
use tradepost::store::schema::company_members;

use super::seen;
use crate::support::{Client, PASSWORD, World, market};

both!(
    new_user_joins_by_invitation,
    user_can_join_a_second_company_and_switch,
    invitation_does_not_reveal_existing_accounts,
    invitation_works_once_and_can_be_cancelled,
    removed_member_loses_access_immediately,
    role_limits_what_a_member_can_do,
    company_always_keeps_an_owner,
    operator_can_invite_the_first_owner,
    unknown_stored_role_is_an_error,
);

const NEW: &str = "another 42 quiet anchors";

fn invite(browser: &Client, email: &str, role: &str) -> crate::support::Answer {
    browser.submit("/account/members", "/account/members", &[("email", email), ("role", role)])
}

fn new_user_joins_by_invitation(world: &World) {
    let buyer = world.buyer();
    let owner = world.browser(&buyer.email);
    assert_eq!(invite(&owner, "kim@nordwind.example", "trader").sent_to(), "/account/members?invited");
    let link = world.link_to("kim@nordwind.example");
    assert!(owner.page("/account/members").body.contains("kim@nordwind.example"));
    let kim = world.anonymous();
    let page = kim.page(&link).expect(200);
    assert!(page.body.contains("Nordwind Import") && page.body.contains("trader"), "{}", page.body);
    let weak = kim.submit(&link, &link, &[("name", "Kim"), ("password", "short")]).expect(422);
    assert!(weak.body.contains("href=\"#f-password\"") && weak.body.contains("value=\"Kim\""), "{}", weak.body);
    assert_eq!(kim.submit(&link, &link, &[("name", "Kim"), ("password", NEW)]).sent_to(), "/sign-in?after=joined");
    kim.sign_in("kim@nordwind.example", NEW);
    assert!(!kim.page("/").body.contains("/account/confirmation"), "the e-mail confirmed the address");
    assert!(kim.page("/account/security").expect(200).body.contains("joined a company"));
    kim.submit("/desk/buying/rfqs/new", "/desk/buying/rfqs/new", &[("title", "Brass elbows")]).sent_to();
    kim.submit("/", "/account/members", &[("email", "x@y.example"), ("role", "viewer")]).expect(403);
    let members = buyer.get(&format!("/companies/{}/members", buyer.company)).expect(200).json();
    assert_eq!(members["data"][1]["name"], "Kim");
    assert_eq!(members["data"][1]["role"], "trader");
    assert!(!members.to_string().contains('@'), "no address in a list: {members}");
    assert_eq!(buyer.get(&format!("/companies/{}/invitations", buyer.company)).json()["data"], json!([]));
}

fn user_can_join_a_second_company_and_switch(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    invite(&world.browser(&buyer.email), &supplier.email, "viewer").sent_to();
    let link = world.link_to(&supplier.email);
    let nobody = world.anonymous();
    let page = nobody.page(&link).expect(200).body;
    assert!(page.contains("/sign-in?next=%2Finvitations%2F") && !page.contains("name=\"password\""), "{page}");
    let person = world.browser(&supplier.email);
    let before = person.cookie("sid").unwrap();
    assert_eq!(person.submit(&link, &link, &[]).sent_to(), "/account/members");
    let joined = person.cookie("sid").unwrap();
    assert_ne!(joined, before, "another company, another session");
    let old = world.anonymous().browser("GET", "/account").header("Cookie", &format!("sid={before}")).send();
    assert_eq!(old.status, 401, "the old cookie is worth nothing");
    assert!(person.page("/desk/buying").expect(200).body.contains("Nordwind Import"));
    person.submit("/", "/desk/buying/rfqs/new", &[("title", "x")]).expect(403);
    let own = supplier.company.to_string();
    assert_eq!(person.submit("/account", "/account/act-for", &[("company", &own)]).sent_to(), "/");
    assert_ne!(person.cookie("sid").unwrap(), joined);
    person.submit("/", "/desk/selling/listings/new", &[("sku", "S-1"), ("name", "Elbow")]).sent_to();
    let foreign = world.party("Anatolia Valves", "TR").company.to_string();
    person.submit("/account", "/account/act-for", &[("company", &foreign)]).expect(404);
}

/// The same answer whether the address has an account, belongs to a member already, or is nobody's.
fn invitation_does_not_reveal_existing_accounts(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let owner = world.browser(&buyer.email);
    let path = format!("/companies/{}/members", buyer.company);
    let mut pages = Vec::new();
    for email in ["free@nobody.example", supplier.email.as_str(), buyer.email.as_str()] {
        pages.push(seen(&invite(&owner, email, "viewer")));
        let made = buyer.post(&path, &json!({"email": email, "role": "trader"})).expect(201).json();
        assert_eq!(made["email"], email);
        assert_eq!(made.as_object().unwrap().len(), 5, "{made}");
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    world.drain();
    let link = world.link_to(&buyer.email);
    let member = owner.submit(&link, &link, &[]).expect(422);
    assert!(member.body.contains("a member of the company already"), "{}", member.body);
    let wrong = buyer.post(&path, &json!({"email": "nobody", "role": "trader"})).expect(422);
    assert_eq!(wrong.wrong_fields(), ["/email"]);
    buyer.post(&path, &json!({"email": "boss@nobody.example", "role": "owner"})).expect(403);
}

fn invitation_works_once_and_can_be_cancelled(world: &World) {
    let buyer = world.buyer();
    let owner = world.browser(&buyer.email);
    let path = format!("/companies/{}/members", buyer.company);
    let made = buyer.post(&path, &json!({"email": "kim@nordwind.example", "role": "trader"})).expect(201);
    let first = world.link_to("kim@nordwind.example");
    buyer.delete(&format!("/companies/{}/invitations/{}", buyer.company, made.id())).expect(204);
    world.anonymous().page(&first).expect(404);
    invite(&owner, "kim@nordwind.example", "trader").sent_to();
    let second = world.link_to("kim@nordwind.example");
    invite(&owner, "kim@nordwind.example", "viewer").sent_to();
    let third = world.link_to("kim@nordwind.example");
    world.anonymous().page(&second).expect(404);
    world.clock.advance(Duration::days(8));
    world.anonymous().page(&third).expect(404);
    invite(&world.browser(&buyer.email), "kim@nordwind.example", "viewer").sent_to();
    let fourth = world.link_to("kim@nordwind.example");
    let statuses: Vec<u16> = thread::scope(|scope| {
        let one = |number: usize| {
            let link = &fourth;
            scope.spawn(move || {
                let fields = [("name", format!("Kim {number}")), ("password", NEW.to_owned())];
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                world.anonymous().submit("/sign-in", link, &fields).status
            })
        };
        let all: Vec<_> = (0..8).map(one).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    let members = buyer.get(&path).json();
    assert_eq!(members["data"].as_array().unwrap().len(), 2, "{members}");
}

fn removed_member_loses_access_immediately(world: &World) {
    let buyer = world.buyer();
    let (person, email) = world.member(buyer.company, Role::Trader);
    let (browser, owner) = (world.browser(&email), world.browser(&buyer.email));
    browser.page("/account").expect(200);
    let page = format!("/account/members/{person}/remove");
    assert!(owner.page(&page).expect(200).body.contains("Who will be notified"));
    assert_eq!(owner.submit(&page, &page, &[]).sent_to(), "/account/members");
    browser.page("/account").expect(401);
    world.drain();
    assert_eq!(world.mails_to(&email).last().unwrap().email.content.subject, "You no longer belong to a company");
    super::attempt(&world.anonymous(), &email, PASSWORD).expect(422);
    // A viewer may leave, and takes nobody else along.
    let (viewer, email) = world.member(buyer.company, Role::Viewer);
    let browser = world.browser(&email);
    browser.submit("/", &format!("/account/members/{}/remove", buyer.person), &[]).expect(403);
    let page = format!("/account/members/{viewer}/remove");
    assert_eq!(browser.submit(&page, &page, &[]).sent_to(), "/");
    browser.page("/account").expect(401);
}

fn role_limits_what_a_member_can_do(world: &World) {
    let buyer = world.buyer();
    let (person, email) = world.member(buyer.company, Role::Viewer);
    let path = format!("/companies/{}/members/{person}", buyer.company);
    let change = |role: &str| buyer.patch(&path, &json!({"role": role}));
    let browser = world.browser(&email);
    let draft = |browser: &Client| browser.submit("/", "/desk/buying/rfqs/new", &[("title", "Brass elbows")]).status;
    assert_eq!(draft(&browser), 403);
    assert_eq!(change("trader").expect(200).text("/role"), "trader");
    browser.page("/account").expect(401);
    let browser = world.browser(&email);
    assert_eq!(draft(&browser), 303);
    browser.submit("/", "/account/api-keys", &[("name", "k"), ("scopes", "rfqs:read")]).expect(403);
    assert_eq!(change("emperor").expect(422).wrong_fields(), ["/role"]);
    change("owner").expect(403);
    let owner = world.browser(&buyer.email);
    owner.submit("/account/members", &format!("/account/members/{person}"), &[("role", "owner")]).sent_to();
    world.browser(&email).submit("/", "/account/api-keys", &[("name", "k"), ("scopes", "rfqs:read")]).expect(200);
    let key = world.key(buyer.company, &[Permission::RfqsRead]);
    let limited = Client::new(&world.base, Some(key));
    limited.call("PATCH", &path).merge_patch(&json!({"role": "viewer"})).send().expect(403);
    world.drain();
}

fn company_always_keeps_an_owner(world: &World) {
    let buyer = world.buyer();
    let path = format!("/companies/{}/members/{}", buyer.company, buyer.person);
    buyer.patch(&path, &json!({"role": "viewer"})).expect(409);
    buyer.delete(&path).expect(409);
    let page = format!("/account/members/{}/remove", buyer.person);
    world.browser(&buyer.email).submit(&page, &page, &[]).expect(409);
    world.member(buyer.company, Role::Owner);
    // Two owners who leave at once: one of them stays.
    let second = world.member(buyer.company, Role::Owner).0;
    let third = buyer.get(&format!("/companies/{}/members", buyer.company)).json()["data"][1]["id"].clone();
    let third = format!("/companies/{}/members/{}", buyer.company, third.as_str().unwrap());
    buyer.call("DELETE", &third).header("If-Match", "\"v7\"").send().expect(412);
    buyer.call("DELETE", &third).header("If-Match", "*").send().expect(204);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let leave = |person: String| {
            let buyer = &buyer;
            scope.spawn(move || {
                let path = format!("/companies/{}/members/{person}", buyer.company);
                buyer.delete(&path).status
            })
        };
        let both = [leave(buyer.person.to_string()), leave(second.to_string())];
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
    buyer.publish_rfq(&market::rfq("Valves"));
    world.drain();
}

fn operator_can_invite_the_first_owner(world: &World) {
    let company = world.party("Delta Import", "NL").company;
    let new = NewInvitee { email: "first@delta.example".to_owned(), role: Role::Owner };
    accounts::invite_for(&world.app, &Actor::Operator, company, &new).unwrap();
    let link = world.link_to("first@delta.example");
    world.anonymous().submit(&link, &link, &[("name", "First"), ("password", NEW)]).sent_to();
    let first = world.anonymous();
    first.sign_in("first@delta.example", NEW);
    invite(&first, "second@delta.example", "owner").sent_to();
}

/// A role of a newer version, after a downgrade: who has it is not quietly made a viewer.
fn unknown_stored_role_is_an_error(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    browser.page("/account/members").expect(200);
    let write = |tx: &mut tradepost::store::Tx| {
        let mine = company_members::table.filter(company_members::company_id.eq(buyer.company.0));
        diesel::update(mine).set(company_members::role.eq("auditor")).execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(write).unwrap();
    browser.page("/account/members").expect(500);
}
