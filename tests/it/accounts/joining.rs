//! Signing up, confirming the address, and what an unconfirmed person can do.

use chrono::Duration;

use tradepost::accounts::actions::{self as accounts, NewInvitee};
use tradepost::actor::{Actor, Role};

use super::{attempt, newcomer, seen, sign_up};
use crate::support::{Client, PASSWORD, World};

both!(
    unconfirmed_user_can_read_and_prepare_drafts,
    confirmed_address_lets_company_publish,
    confirmation_link_works_once_within_an_hour,
    sign_up_does_not_reveal_existing_accounts,
    page_that_was_asked_for_is_reached_after_joining,
    crash_during_sign_up_creates_no_second_account,
    unconfirmed_account_is_deleted_after_30_days,
    unconfirmed_last_owner_of_others_is_kept,
    owner_of_the_address_takes_over_unconfirmed_account,
    anonymous_forms_carry_a_csrf_token,
);

const EMAIL: &str = "new@novo.example";

fn joined(world: &World) -> Client {
    assert_eq!(sign_up(world, EMAIL).sent_to(), "/sign-up/sent");
    world.browser(EMAIL)
}

const LISTING: &[(&str, &str)] = &[("sku", "N-1"), ("name", "Brass elbow")];

fn unconfirmed_user_can_read_and_prepare_drafts(world: &World) {
    let supplier = world.supplier();
    let browser = joined(world);
    let front = browser.page("/").expect(200);
    assert!(front.body.contains("Confirm your e-mail address") && front.body.contains("/account/confirmation"));
    for page in ["/account", "/desk/buying", "/desk/selling", "/partnerships", "/rfqs", "/search?q=valve"] {
        browser.page(page).expect(200);
    }
    browser.submit("/desk/selling/listings/new", "/desk/selling/listings/new", LISTING).sent_to();
    browser.submit("/desk/buying/rfqs/new", "/desk/buying/rfqs/new", &[("title", "Brass elbows")]).sent_to();
    let id = first_id(&browser.page("/desk/selling/listings").expect(200).body, "lst_");
    let rfq = first_id(&browser.page("/desk/buying").expect(200).body, "rfq_");
    let open = supplier.publish_rfq(&crate::support::market::rfq("Valves"));
    world.drain();
    for (action, fields) in [
        (format!("/desk/selling/listings/{id}/publish"), vec![]),
        (format!("/desk/buying/rfqs/{rfq}/publish"), vec![]),
        (format!("/rfqs/{open}/questions"), vec![("question", "Which port?")]),
        (format!("/rfqs/{open}/quote"), vec![("unit_price.amount", "3")]),
        ("/partnerships/propose".to_owned(), vec![]),
        ("/account/api-keys".to_owned(), vec![("name", "erp"), ("scopes", "rfqs:read")]),
    ] {
        let refused = browser.submit("/", &action, &fields).expect(403);
        assert!(refused.body.contains("Send the e-mail again"), "{action}: {}", refused.body);
    }
    let company = company_of(&browser);
    world.anonymous().get(&format!("/companies/{company}")).expect(404);
    world.anonymous().page(&format!("/companies/{company}")).expect(404);
    world.drain();
    assert!(!world.anonymous().get("/search/companies?q=Novo").expect(200).body.contains(&company));
}

/// The first id of the kind on the page.
fn first_id(page: &str, prefix: &str) -> String {
    let at = page.find(prefix).unwrap_or_else(|| panic!("no {prefix} on {page}"));
    page[at..at + prefix.len() + 13].to_owned()
}

fn company_of(browser: &Client) -> String {
    let account = browser.page("/account").expect(200).body;
    let (_, after) = account.split_once("href=\"/companies/").unwrap();
    after.split('"').next().unwrap().to_owned()
}

fn confirmed_address_lets_company_publish(world: &World) {
    let browser = joined(world);
    let company = company_of(&browser);
    let link = world.link_to(EMAIL);
    let email = &world.mails_to(EMAIL)[0].email;
    assert!(email.to_name.is_empty(), "no word of the sender's choice");
    let words = String::from_utf8_lossy(&world.mails_to(EMAIL)[0].raw).into_owned();
    assert!(words.contains(&world.base) && !words.contains("Novo") && !words.contains("Somebody"), "{words}");
    // A scanner opens the link; that alone changes nothing.
    for _ in 0..3 {
        world.anonymous().page(&link).expect(200);
    }
    world.anonymous().get(&format!("/companies/{company}")).expect(404);
    let page = world.anonymous().page(&link).expect(200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(!page.body.contains("next=%2Fconfirm"), "the secret is in no link of the page");
    // On another device, where nobody is signed in.
    world.anonymous().fill_in(&link, &link, &[]).expect(200);
    world.anonymous().get(&format!("/companies/{company}")).expect(200);
    world.drain();
    assert!(world.anonymous().get("/search/companies?q=Novo").expect(200).body.contains(&company));
    assert!(!browser.page("/").expect(200).body.contains("/account/confirmation"));
    browser.submit("/", "/account/confirmation", &[]).expect(409);
    browser.submit("/desk/selling/listings/new", "/desk/selling/listings/new", LISTING).sent_to();
}

fn confirmation_link_works_once_within_an_hour(world: &World) {
    let browser = joined(world);
    let first = world.link_to(EMAIL);
    assert_eq!(browser.submit("/", "/account/confirmation", &[]).sent_to(), "/account?sent");
    let second = world.link_to(EMAIL);
    assert_ne!(first, second);
    world.anonymous().page(&first).expect(404);
    world.anonymous().submit("/sign-in", &first, &[]).expect(404);
    world.clock.advance(Duration::minutes(61));
    world.anonymous().page(&second).expect(404);
    world.anonymous().submit("/sign-in", &second, &[]).expect(404);
    browser.submit("/", "/account/confirmation", &[]).sent_to();
    let third = world.link_to(EMAIL);
    let nobody = world.anonymous();
    nobody.submit(&third, &third, &[]).expect(200);
    nobody.submit("/sign-in", &third, &[]).expect(404);
    // A link is for what it was made for.
    let other = third.replace("/confirm/", "/new-password/");
    nobody.page(&other).expect(404);
}

/// A visitor who wants to post an RFQ joins and arrives at the form of the RFQ, not at the front page.
fn page_that_was_asked_for_is_reached_after_joining(world: &World) {
    let browser = world.anonymous();
    let wanted = "/desk/buying/rfqs/new";
    let asked = browser.page(wanted).expect(401);
    assert!(!asked.body.contains("API key") && asked.body.contains("Sign in to continue"), "{}", asked.body);
    let join = "/sign-up?next=%2Fdesk%2Fbuying%2Frfqs%2Fnew";
    assert!(asked.links_to(join) && asked.links_to(&join.replace("sign-up", "sign-in")), "{}", asked.body);
    assert!(browser.page(&join.replace("sign-up", "sign-in")).expect(200).links_to(join));
    assert_eq!(browser.fill_in(join, "/sign-up", &newcomer(EMAIL)).sent_to(), "/sign-up/sent");
    world.drain();
    let link = world.link_to(EMAIL);
    browser.fill_in(&link, &link, &[]).expect(200);
    assert_eq!(attempt(&browser, EMAIL, PASSWORD).sent_to(), wanted);
    // Once: the next sign-in is one like any other.
    browser.submit("/", "/sign-out", &[]).sent_to();
    assert_eq!(attempt(&browser, EMAIL, PASSWORD).sent_to(), "/");
    // And never off the site, whatever somebody has put into the link or the cookie.
    let other = world.anonymous();
    let hostile = "/sign-up?next=https%3A%2F%2Fevil.example%2F";
    assert!(!other.page(hostile).expect(200).body.contains("evil.example"));
}

/// The same answer, byte for byte, whether the address is free, has an account, or has one that waits.
fn sign_up_does_not_reveal_existing_accounts(world: &World) {
    let known = world.buyer();
    let before = world.app.hasher.computed();
    let mut answers = Vec::new();
    for email in ["free@novo.example", known.email.as_str(), "free@novo.example"] {
        let start = world.app.hasher.computed();
        answers.push(seen(&sign_up(world, email)));
        assert_eq!(world.app.hasher.computed() - start, 1, "{email}: one hash, whoever it is");
    }
    assert!(world.app.hasher.computed() > before);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    world.drain();
    let subject = |email: &str| world.mails_to(email).last().unwrap().email.content.subject.clone();
    assert_eq!(subject(&known.email), "You already have an account");
    world.browser(&known.email).page("/account").expect(200);
    for _ in 0..6 {
        sign_up(world, &known.email);
        world.drain();
    }
    assert_eq!(world.mails_to(&known.email).len(), 3, "nobody fills another's mailbox");
    assert_eq!(seen(&sign_up(world, &known.email)), answers[0]);
}

/// The job that makes the account runs once more, as after a crash before its end was noted: no second person, and no e-mail that
/// tells the first one of an account that they have already.
fn crash_during_sign_up_creates_no_second_account(world: &World) {
    use diesel::prelude::*;
    use tradepost::store::schema::{companies, jobs, users};
    let browser = joined(world);
    let counts = || {
        let count = |conn: &mut tradepost::store::Conn| -> tradepost::error::Result<(i64, i64)> {
            Ok((users::table.count().get_result(conn)?, companies::table.count().get_result(conn)?))
        };
        (world.app.db.read(count).unwrap(), world.mails_to(EMAIL).len())
    };
    let before = counts();
    assert_eq!(before.1, 1);
    let forget = |tx: &mut tradepost::store::Tx| {
        let answers = diesel::update(jobs::table.filter(jobs::kind.eq("answer")));
        let open = (jobs::done_at.eq(None::<chrono::NaiveDateTime>), jobs::attempts.eq(0));
        Ok(answers.set(open).execute(tx.conn())?)
    };
    assert_eq!(world.app.db.write(forget).unwrap(), 1);
    world.drain();
    assert_eq!(counts(), before);
    browser.page("/account").expect(200);
}

fn unconfirmed_account_is_deleted_after_30_days(world: &World) {
    let browser = joined(world);
    let company = company_of(&browser);
    world.drain();
    let emails = world.mails_to(EMAIL).len();
    for (days, status) in [(29, 200), (2, 401)] {
        world.clock.advance(Duration::days(days));
        tradepost::workers::sweep(&world.app).unwrap();
        world.drain();
        let again = world.anonymous();
        if status == 200 {
            again.sign_in(EMAIL, PASSWORD);
        } else {
            attempt(&again, EMAIL, PASSWORD).expect(422);
        }
        again.page("/account").expect(status);
    }
    assert_eq!(world.mails_to(EMAIL).len(), emails, "whose address it is has been told enough");
    world.anonymous().get(&format!("/companies/{company}")).expect(404);
    // It is free for its owner, and who confirms stays.
    sign_up(world, EMAIL).sent_to();
    let link = world.link_to(EMAIL);
    world.anonymous().submit(&link, &link, &[]).expect(200);
    world.clock.advance(Duration::days(40));
    tradepost::workers::sweep(&world.app).unwrap();
    world.anonymous().sign_in(EMAIL, PASSWORD);
}

/// The operator lets a second person into a company whose owner never confirms: nothing is left without an owner, and nothing else waits.
fn unconfirmed_last_owner_of_others_is_kept(world: &World) {
    let company = company_of(&joined(world)).parse().unwrap();
    let invited = NewInvitee { email: "second@novo.example".to_owned(), role: Role::Trader };
    accounts::invite_for(&world.app, &Actor::Operator, company, &invited).unwrap();
    let link = world.link_to("second@novo.example");
    world.anonymous().submit(&link, &link, &[("name", "Second"), ("password", "another 42 quiet anchors")]).sent_to();
    sign_up(world, "alone@novo.example").sent_to();
    world.clock.advance(Duration::days(31));
    tradepost::workers::sweep(&world.app).unwrap();
    world.anonymous().sign_in(EMAIL, PASSWORD);
    attempt(&world.anonymous(), "alone@novo.example", PASSWORD).expect(422);
}

/// Somebody signs up with an address that is not theirs; then its owner does.
fn owner_of_the_address_takes_over_unconfirmed_account(world: &World) {
    let squatter = joined(world);
    sign_up(world, EMAIL).sent_to();
    let link = world.link_to(EMAIL);
    assert!(link.starts_with("/new-password/"), "{link}");
    let fields = [("password", "another 42 quiet anchors")];
    assert_eq!(world.anonymous().submit(&link, &link, &fields).sent_to(), "/sign-in?after=password");
    squatter.page("/account").expect(401);
    attempt(&world.anonymous(), EMAIL, PASSWORD).expect(422);
    let owner = world.anonymous();
    owner.sign_in(EMAIL, "another 42 quiet anchors");
    assert!(!owner.page("/").body.contains("/account/confirmation"), "who reads the e-mails owns the address");
}

fn anonymous_forms_carry_a_csrf_token(world: &World) {
    let party = world.buyer();
    let fields = format!("email={}&password={}", party.email, PASSWORD.replace(' ', "+"));
    let victim = world.anonymous();
    let form = victim.page("/sign-in").expect(200);
    let cookie = form.header("set-cookie").unwrap();
    assert!(cookie.starts_with("form=") && cookie.contains("HttpOnly; SameSite=Lax; Path=/"), "{cookie}");
    let other = world.anonymous().page("/sign-in").body;
    let token = other.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for csrf in ["", "&csrf=", &format!("&csrf={token}")] {
        let sent = victim
            .browser("POST", "/sign-in")
            .header("Origin", &world.base)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .bytes(format!("{fields}{csrf}").into_bytes())
            .send();
        assert_eq!(sent.status, 403, "{csrf:?} signs nobody in");
    }
    victim.sign_in(&party.email, PASSWORD);
}
