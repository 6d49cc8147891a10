//! Deleting one's account: the person goes, the ledger stays.

use serde_json::json;
use tradepost::actor::Role;

use super::attempt;
use crate::support::{PASSWORD, World, market};

both!(
    deleted_account_keeps_the_ledger,
    link_requested_before_deletion_is_not_sent,
    last_owner_of_others_cannot_delete_the_account,
    account_can_be_deleted_only_by_its_user,
);

fn deleted_account_keeps_the_ledger(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company, "note": "as agreed"});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
    let browser = world.browser(&supplier.email);
    let other = world.browser(&supplier.email);
    let close = |password: &str| browser.submit("/account/close", "/account/close", &[("current_password", password)]);
    close("not the password").expect(422);
    assert_eq!(close(PASSWORD).sent_to(), "/");
    world.drain();
    for session in [&browser, &other] {
        session.page("/account").expect(401);
    }
    attempt(&world.anonymous(), &supplier.email, PASSWORD).expect(422);
    supplier.get("/me").expect(401);
    let told = world.mails_to(&supplier.email).last().unwrap().email.content.subject.clone();
    assert_eq!(told, "Your account was deleted");
    // The company had nobody else: it is seen by nobody, and its partner's ledger is whole.
    world.anonymous().get(&format!("/listings/{listing}")).expect(404);
    world.anonymous().get(&format!("/companies/{}", supplier.company)).expect(404);
    let found = world.anonymous().get("/search/listings?q=ball+valve").expect(200).json();
    assert_eq!(found["total"], 0, "{found}");
    buyer.get(&format!("/records/{record}")).expect(200);
    let ledger = buyer.get(&format!("/partnerships/{partnership}/ledger")).expect(200);
    assert!(ledger.json()["data"].as_array().unwrap().len() >= 3, "{}", ledger.body);
    let page = world.browser(&buyer.email).page(&format!("/partnerships/{partnership}")).expect(200);
    assert!(page.body.contains("Ningbo Sunrise Valve"), "the company's name stays");
    // The address is free again, and nothing of the person is left.
    super::sign_up(world, &supplier.email).sent_to();
    world.drain();
    world.browser(&supplier.email).page("/account").expect(200);
    assert_no_trace(world, &supplier.email);
}

/// The job that would send it comes to its turn when the account is gone.
fn link_requested_before_deletion_is_not_sent(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    world.drain();
    let before = world.mails().len();
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &buyer.email)]).sent_to();
    assert_eq!(browser.submit("/account/close", "/account/close", &[("current_password", PASSWORD)]).sent_to(), "/");
    world.drain();
    let since: Vec<String> = world.mails().drain(before..).map(|sent| sent.email.content.subject).collect();
    assert_eq!(since, ["Your account was deleted"]);
}

/// The address is only where somebody new typed it.
fn assert_no_trace(world: &World, email: &str) {
    use diesel::prelude::*;
    use tradepost::store::schema::{account_tokens, invitations, users};
    world.clock.advance(chrono::Duration::hours(27));
    tradepost::workers::sweep(&world.app).unwrap();
    let (people, tokens, invited): (i64, i64, i64) = world
        .app
        .db
        .read(|conn| {
            Ok((
                users::table.filter(users::email.eq(email)).count().get_result(conn)?,
                account_tokens::table.filter(account_tokens::email.eq(email)).count().get_result(conn)?,
                invitations::table.filter(invitations::email.eq(email)).count().get_result(conn)?,
            ))
        })
        .unwrap();
    assert_eq!((people, tokens, invited), (1, 0, 0));
}

fn last_owner_of_others_cannot_delete_the_account(world: &World) {
    let buyer = world.buyer();
    let (_, trader) = world.member(buyer.company, Role::Trader);
    let close = |email: &str| {
        let browser = world.browser(email);
        browser.submit("/account/close", "/account/close", &[("current_password", PASSWORD)]).status
    };
    assert_eq!(close(&buyer.email), 409, "the others would have no owner");
    assert_eq!(close(&trader), 303);
    let members = buyer.get(&format!("/companies/{}/members", buyer.company)).expect(200).json();
    assert_eq!(members["data"].as_array().unwrap().len(), 1, "{members}");
    world.anonymous().get(&format!("/companies/{}", buyer.company)).expect(200);
    world.drain();
}

fn account_can_be_deleted_only_by_its_user(world: &World) {
    let buyer = world.buyer();
    world.anonymous().page("/account/close").expect(401);
    let key = buyer.call("GET", "/account/close").at_root().send();
    assert_eq!(key.status, 401, "a key opens no page");
}
