//! The same trade by hand: pages and forms over HTTP, without JavaScript, each page reached from the one before.

use diesel::prelude::*;
use tradepost::ids::CompanyId;
use tradepost::store::schema;

use crate::scenario_rest::{emails, ship};
use crate::support::{Answer, Client, PASSWORD, PageForm, Party, World};

both!(
    complete_trade_through_the_site_without_javascript,
    forms_of_other_sites_are_refused,
    signed_out_session_is_ended_on_the_server,
    failed_sign_in_reveals_nothing_and_keeps_the_input,
    rfq_can_be_edited_questioned_and_withdrawn,
);

/// Somebody new, with a company.
fn join(world: &World, person: &str, email: &str, company: &str, country: &str) -> Client {
    let browser = world.anonymous();
    let typed =
        [("name", person), ("email", email), ("password", PASSWORD), ("company", company), ("country", country)];
    assert_eq!(browser.fill_in("/sign-up", "/sign-up", &typed).sent_to(), "/sign-up/sent");
    let confirm = world.link_to(email);
    browser.fill_in(&confirm, &confirm, &[]).expect(200);
    browser.sign_in(email, PASSWORD);
    let account = browser.page("/account").expect(200);
    assert!(account.body.contains(company) && account.body.contains(email));
    browser
}

/// The page, after a look at whether the page before leads there.
#[track_caller]
fn follow(browser: &Client, from: &str, to: &str) -> Answer {
    let page = browser.page(from).expect(200);
    assert!(page.links_to(to), "{from} does not link to {to}: {}", page.body);
    browser.page(to).expect(200)
}

#[track_caller]
fn says(page: &Answer, words: &[&str]) {
    // A number and its unit are kept on one line.
    let body = page.body.replace('\u{a0}', " ");
    for word in words {
        assert!(body.contains(word), "the page does not say {word:?}: {}", page.body);
    }
}

/// The page without the marks of the words found, which escape in their own way.
fn unmarked(page: Answer) -> Answer {
    let pairs = [("<mark>", ""), ("</mark>", ""), ("&lt;", "&#60;"), ("&gt;", "&#62;")];
    let body = pairs.iter().fold(page.body.clone(), |body, (marked, plain)| body.replace(marked, plain));
    Answer { body, ..page }
}

fn complete_trade_through_the_site_without_javascript(world: &World) {
    let supplier = join(world, "Liu Wenjie", "liu@sunrise.example", "Ningbo Sunrise Valve", "CN");
    let buyer = join(world, "Sanne Verkooij", "sanne@nordwind.example", "Nordwind Import", "DE");
    publish_listing(world, &supplier);
    let rfq = post_rfq(world, &buyer);
    let quote = quote(world, &supplier, &rfq);
    accept(world, &buyer, &rfq, &quote);
    let partnership = form_partnership(&buyer, &supplier, &quote);
    record_shipment(world, &buyer, &supplier, &partnership);
}

fn publish_listing(world: &World, supplier: &Client) {
    follow(supplier, "/desk/selling", "/desk/selling/listings");
    follow(supplier, "/desk/selling/listings", "/desk/selling/listings/new");
    let new = "/desk/selling/listings/new";
    let wrong = [
        ("name", "Brass ball valve DN20 <PN25>"),
        ("sku", "NSV-20"),
        ("price.min.amount", "cheap"),
        ("hs_code", "8481 80"),
    ];
    let refused = supplier.fill_in(new, new, &wrong);
    assert_eq!(refused.status, 422);
    says(
        &refused,
        &[
            "class=\"summary\" role=\"alert\"",
            "href=\"#f-price.min",
            "aria-invalid",
            "cheap",
            "Brass ball valve DN20 &#60;PN25&#62;",
        ],
    );
    let right = [
        ("price.min.amount", "3.20"),
        ("description", "Full-bore ball valve of forged brass.\nTested with air at 6 bar."),
        ("origin_country", "CN"),
        ("category", "Fittings / Valves / Ball valves"),
        ("moq.value", "500"),
        ("lead_time_days", "30"),
        ("incoterms", "FOB Ningbo CNNGB"),
        ("attributes", "Size: DN20\nMaterial: CW617N"),
        ("certifications", "ISO 9001; ; ; 2028-05-31"),
        ("then", "publish"),
    ];
    let sent = supplier.fill_in_again(&refused, new, new, &right).sent_to();
    assert!(sent.starts_with("/desk/selling/listings"), "{sent}");
    world.drain();
    let nobody = world.anonymous();
    let results = unmarked(nobody.page("/search?q=brass+ball+valve&scope=products").expect(200));
    says(&results, &["Brass ball valve DN20 &#60;PN25&#62;", "Ningbo Sunrise Valve"]);
    let path = results.body.split("href=\"/listings/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let listing = nobody.page(&format!("/listings/{path}")).expect(200);
    says(&listing, &["Tested with air", "CW617N", "ISO 9001", "8481"]);
    let suppliers = unmarked(nobody.page("/search?q=sunrise&scope=suppliers").expect(200));
    says(&suppliers, &["Ningbo Sunrise Valve"]);
}

fn post_rfq(world: &World, buyer: &Client) -> String {
    let new = "/desk/buying/rfqs/new";
    follow(buyer, "/desk/buying", new);
    let wrong =
        [("title", "Brass ball valves \"DN20\""), ("quantity.value", "many"), ("hs_code", "848180"), ("sealed", "yes")];
    let refused = buyer.fill_in(new, new, &wrong);
    assert_eq!(refused.status, 422);
    says(&refused, &["There is a problem", "many", "href=\"#f-quantity"]);
    let form = PageForm::of(&refused.body, new);
    let kept =
        ["title", "quantity.value", "hs_code", "sealed"].map(|name| form.value(name).unwrap_or_default().to_owned());
    assert_eq!(kept, ["Brass ball valves \"DN20\"", "many", "848180", "yes"]);
    assert!(
        buyer.page("/desk/buying").expect(200).body.matches("/desk/buying/rfqs/rfq_").count() == 0,
        "nothing was stored"
    );
    let right = [
        ("quantity.value", "5000"),
        ("quantity.unit", "C62"),
        ("specification", "With lever handle."),
        ("incoterm", "FOB"),
    ];
    let again = buyer.fill_in_again(&refused, new, new, &right);
    let desk = again.sent_to();
    let rfq = desk.strip_prefix("/desk/buying/rfqs/").unwrap().to_owned();
    // Without a destination it cannot be published, and the form says so.
    let lacking = buyer.page(&format!("{desk}/publish"));
    assert_eq!(lacking.status, 422);
    says(&lacking, &["Destination country", "is required"]);
    let edit = format!("{desk}/edit");
    let typed = [("destination_country", "DE"), ("target_price.amount", "3.50"), ("target_price.currency", "USD")];
    assert_eq!(buyer.fill_in_again(&lacking, &edit, &edit, &typed).sent_to(), desk);
    let confirm = follow(buyer, &desk, &format!("{desk}/publish"));
    says(&confirm, &["What will happen", "Who will be notified"]);
    buyer.say_yes(&format!("{desk}/publish")).sent_to();
    world.drain();
    says(&world.anonymous().page("/rfqs").expect(200), &["Brass ball valves"]);
    let public = world.anonymous().page(&format!("/rfqs/{rfq}")).expect(200);
    says(&public, &["With lever handle.", "5000", "Germany"]);
    assert!(!public.body.contains("Nordwind"), "the buyer did not want to be named");
    says(&buyer.page(&format!("{desk}/matches")).expect(200), &["Ningbo Sunrise Valve", "HS code"]);
    rfq
}

fn quote(world: &World, supplier: &Client, rfq: &str) -> String {
    let email = world
        .mails_to("liu@sunrise.example")
        .into_iter()
        .find(|sent| sent.email.content.subject.contains("RFQ that fits"));
    let (_, path) = email.expect("an e-mail about the match").email.content.action.unwrap();
    assert_eq!(path, format!("/rfqs/{rfq}"));
    let inbox = supplier.page("/desk/selling").expect(200);
    says(&inbox, &["Brass ball valves", "HS code", "%"]);
    let write = format!("/rfqs/{rfq}/quote");
    let page = follow(supplier, &format!("/rfqs/{rfq}"), &write);
    says(&page, &["No place is for sale", "With lever handle."]);
    let form = PageForm::of(&page.body, &write);
    assert_eq!(
        (form.value("unit_price.amount"), form.value("incoterm")),
        (Some("3.2"), Some("FOB")),
        "from the own listing"
    );
    let refused =
        supplier.fill_in(&write, &write, &[("unit_price.amount", "0"), ("message", "We can ship in five weeks.")]);
    assert_eq!(refused.status, 422);
    says(&refused, &["greater than 0", "We can ship in five weeks."]);
    let review = supplier
        .fill_in_again(&refused, &write, &write, &[("unit_price.amount", "3.30"), ("lead_time_days", "35")])
        .expect(200);
    says(&review, &["USD 3.30 / pcs, FOB Ningbo", "USD 16\u{202f}500.00 for 5000", "We can ship in five weeks."]);
    let none = supplier.page("/desk/selling/quotes").expect(200);
    assert!(!none.body.contains("Brass ball valves"), "nothing is sent yet: {}", none.body);
    let changed = supplier.fill_in_again(&review, &write, &write, &[("step", "change")]).expect(200);
    let form = PageForm::of(&changed.body, &write);
    assert_eq!((form.value("unit_price.amount"), form.value("lead_time_days")), (Some("3.30"), Some("35")));
    let sent = supplier.fill_in_again(&review, &write, &write, &[("step", "send")]).sent_to();
    let quote = sent.strip_prefix("/quotes/").unwrap().to_owned();
    says(&supplier.page(&sent).expect(200), &["3.30", "35 days"]);
    says(&supplier.page("/desk/selling/quotes").expect(200), &["Brass ball valves"]);
    assert_eq!(supplier.page(&write).sent_to(), sent, "there is one quote for each supplier");
    let revise = format!("{sent}/revise");
    let review = supplier.fill_in(&revise, &revise, &[("unit_price.amount", "3.25")]).expect(200);
    says(&review, &["USD 16\u{202f}250.00 for 5000"]);
    assert_eq!(supplier.fill_in_again(&review, &revise, &revise, &[("step", "send")]).sent_to(), sent);
    world.drain();
    quote
}

fn accept(world: &World, buyer: &Client, rfq: &str, quote: &str) {
    let desk = format!("/desk/buying/rfqs/{rfq}");
    let (page, accept) = (format!("/quotes/{quote}"), format!("/quotes/{quote}/accept"));
    // The RFQ is sealed: the quote is there, its price is not, until it takes no more.
    let sealed = follow(buyer, &desk, &format!("{desk}/quotes"));
    says(&sealed, &["Ningbo Sunrise Valve"]);
    assert!(!sealed.body.contains("3.25"), "{}", sealed.body);
    buyer.say_yes(&format!("{desk}/close")).sent_to();
    let quotes = follow(buyer, &desk, &format!("{desk}/quotes"));
    says(&quotes, &["3.25"]);
    assert!(quotes.links_to(&accept));
    says(&buyer.page(&format!("{desk}/compare")).expect(200), &["Ningbo Sunrise Valve", "3.25"]);
    let confirm = follow(buyer, &page, &accept);
    says(
        &confirm,
        &["What will happen", "version 2", "Ningbo Sunrise Valve", "USD 16\u{202f}250.00 for 5000", "35 days"],
    );
    assert_eq!(buyer.say_yes(&accept).sent_to(), page);
    world.drain();
    let told = world.mails_to("liu@sunrise.example");
    assert!(told.iter().any(|sent| sent.email.content.subject.starts_with("Accepted:")));
    says(&buyer.page(&page).expect(200), &["ccepted"]);
    assert_eq!(buyer.page(&accept).status, 409, "and no page asks for it");
    assert_eq!(buyer.submit(&page, &accept, &[]).sent_to(), page, "once more changes nothing");
}

fn form_partnership(buyer: &Client, supplier: &Client, quote: &str) -> String {
    let propose = format!("/partnerships/propose?quote={quote}");
    let page = follow(buyer, &format!("/quotes/{quote}"), &propose);
    says(&page, &["Ningbo Sunrise Valve"]);
    let sent = buyer.fill_in(&propose, "/partnerships/propose", &[("note", "After the award of November.")]).sent_to();
    assert!(
        !buyer.page(&sent).expect(200).links_to(&format!("{sent}/confirm")),
        "one does not confirm one's own proposal"
    );
    assert!(matches!(buyer.page(&format!("{sent}/confirm")).status, 403 | 409));
    let own = buyer.submit(&sent, &format!("{sent}/confirm"), &[]);
    assert!(matches!(own.status, 403 | 409), "{}", own.status);
    says(&supplier.page("/partnerships").expect(200), &["Nordwind Import"]);
    says(&supplier.page(&sent).expect(200), &["After the award of November."]);
    follow(supplier, &sent, &format!("{sent}/confirm"));
    assert_eq!(supplier.say_yes(&format!("{sent}/confirm")).sent_to(), sent);
    says(&buyer.page(&sent).expect(200), &["ctive"]);
    sent
}

/// Takes every company for identified, and answers the public page of the statistics on the day of the next release.
fn statistics_of_november(world: &World) -> String {
    let companies = world.app.db.read(|conn| Ok(schema::companies::table.select(schema::companies::id).load(conn)?));
    let companies: Vec<i64> = companies.unwrap();
    world.identify(&companies.into_iter().map(CompanyId).collect::<Vec<_>>());
    let tenth = "2026-12-10T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    world.clock.advance(tenth - world.app.clock.now());
    tradepost::workers::sweep(&world.app).unwrap();
    world.anonymous().page("/statistics").expect(200).body
}

fn record_shipment(world: &World, buyer: &Client, supplier: &Client, partnership: &str) {
    for number in 1..=3 {
        let pair = [("CN", "Jinhua Metal"), ("DE", "Hanse Armaturen")]
            .map(|(country, name)| world.party(&format!("{name} {number}"), country));
        ship(&pair[0], &pair[1], number);
    }
    let new = format!("{partnership}/records/new");
    let form = PageForm::of(&follow(supplier, partnership, &new).body, &new);
    let filled = ["direction", "reporter_country", "partner_country"]
        .map(|name| form.value(name).unwrap_or_default().to_owned());
    assert_eq!(filled, ["export", "CN", "DE"]);
    let typed = [
        ("hs_code", "848180"),
        ("description", "Brass ball valves DN20"),
        ("quantity.value", "5000"),
        ("quantity.unit", "C62"),
        ("net_kg", "1250"),
        ("value.amount", "16250"),
        ("incoterm", "FOB"),
        ("invoice_date", "2026-11-10"),
        ("declared_on", "2026-11-18"),
        ("released_on", "2026-11-31"),
        ("transport_mode", "sea"),
    ];
    let refused = supplier.fill_in(&new, &new, &typed);
    assert_eq!(refused.status, 422, "November has 30 days");
    let record = supplier.fill_in_again(&refused, &new, &new, &[("released_on", "2026-11-19")]).sent_to();
    add_reference(supplier, &record);
    let confirm = format!("{record}/confirm");
    assert!(!supplier.page(&record).expect(200).links_to(&confirm), "the other side confirms");
    assert!(matches!(supplier.page(&confirm).status, 403 | 409));
    let own = supplier.submit(&record, &confirm, &[]);
    assert!(matches!(own.status, 403 | 409), "{}", own.status);
    follow(buyer, &record, &confirm);
    assert_eq!(buyer.say_yes(&confirm).sent_to(), record);
    says(&buyer.page(&record).expect(200), &["onfirmed", "3104 2026 0 000000888"]);
    says(&buyer.page(partnership).expect(200), &["onfirmed"]);
    let page = statistics_of_november(world);
    assert!(page.contains("3-5 records are counted in these tables.") && page.contains("66\u{202f}000"), "{page}");
    world.drain();
}

fn add_reference(supplier: &Client, record: &str) {
    let new = format!("{record}/customs-references/new");
    follow(supplier, record, &new);
    let query = |number: &str| {
        format!("{new}?scheme=cn_declaration&number={number}&item=1&regime.system=cn_supervision&regime.code=0110")
    };
    let wrong = supplier.page(&query("3104202600000008889999"));
    says(&wrong, &["3104202600000008889999"]);
    let checked = supplier.page(&query("310420260000000888")).expect(200);
    let form = PageForm::of(&checked.body, &new);
    assert_eq!(form.value("number"), Some("310420260000000888"));
    assert_eq!(supplier.fill_in(&query("310420260000000888"), &new, &[]).sent_to(), record);
    says(&supplier.page(record).expect(200), &["3104 2026 0 000000888"]);
    assert_eq!(
        supplier.submit(record, &new, &[("scheme", "cn_declaration"), ("number", "310420260000000888")]).status,
        422,
        "twice"
    );
}

fn forms_of_other_sites_are_refused(world: &World) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    let account = browser.page("/account").expect(200);
    let token = PageForm::of(&account.body, "/sign-out").value("csrf").unwrap().to_owned();
    assert!(token.len() >= 32);
    let send = |headers: &[(&str, &str)], body: String| {
        let call = browser
            .browser("POST", "/desk/buying/rfqs/new")
            .header("Content-Type", "application/x-www-form-urlencoded");
        headers.iter().fold(call, |call, (name, value)| call.header(name, value)).bytes(body.into_bytes()).send()
    };
    let rfq = |token: &str| format!("title=Forged&csrf={token}");
    let base = world.base.as_str();
    assert_eq!(send(&[("Origin", base)], "title=Forged".to_owned()).status, 403, "no token");
    assert_eq!(send(&[("Origin", base)], rfq("0123456789abcdef0123456789abcdef")).status, 403, "a made-up token");
    let other = world.browser(&world.supplier().email);
    let others = PageForm::of(&other.page("/account").body, "/sign-out").value("csrf").unwrap().to_owned();
    assert_eq!(send(&[("Origin", base)], rfq(&others)).status, 403, "the token of another session");
    assert_eq!(send(&[("Origin", "https://evil.example")], rfq(&token)).status, 403, "another site");
    assert_eq!(send(&[("Origin", "null")], rfq(&token)).status, 403, "a sandboxed frame");
    assert_eq!(send(&[], rfq(&token)).status, 403, "nobody knows from where");
    assert_eq!(send(&[("Sec-Fetch-Site", "cross-site"), ("Origin", base)], rfq(&token)).status, 403);
    assert_eq!(send(&[("Sec-Fetch-Site", "same-site"), ("Origin", base)], rfq(&token)).status, 403);
    assert!(party.get("/rfqs").json()["data"].as_array().unwrap().is_empty(), "none of them did anything");
    assert_eq!(send(&[("Sec-Fetch-Site", "same-origin")], rfq(&token)).status, 303);
    assert_eq!(send(&[("Origin", base)], rfq(&token)).status, 303);
    // The cookie is of no use to the API.
    let answer = browser
        .browser("POST", "/api/v1/rfqs")
        .header("Content-Type", "application/json")
        .bytes(b"{\"title\":\"x\"}".to_vec())
        .send();
    assert_eq!(answer.status, 401);
    assert_eq!(browser.browser("GET", "/api/v1/me").send().status, 401);
    // And a key is of no use to the site.
    let key = world.key(party.company, &[tradepost::actor::Permission::AccountRead]);
    assert_eq!(
        world.anonymous().browser("GET", "/account").header("Authorization", &format!("Bearer {key}")).send().status,
        401
    );
}

fn session_cookie(world: &World, party: &Party) -> (Answer, String) {
    let answer = world
        .anonymous()
        .submit("/sign-in", "/sign-in", &[("email", &party.email), ("password", PASSWORD)])
        .expect(303);
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    let pair = cookie.split(';').next().unwrap().to_owned();
    (answer, pair)
}

fn signed_out_session_is_ended_on_the_server(world: &World) {
    let party = world.buyer();
    let (answer, cookie) = session_cookie(world, &party);
    let flags = answer.header("set-cookie").unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(flags.contains(flag), "{flags}");
    }
    assert!(!flags.contains("Domain="), "{flags}");
    let (_, second) = session_cookie(world, &party);
    assert_ne!(cookie, second, "every signing in is a new session");
    let nobody = world.anonymous();
    let with = |cookie: &str| nobody.browser("GET", "/account").header("Cookie", cookie).send();
    let page = with(&cookie).expect(200);
    let token = PageForm::of(&page.body, "/sign-out").value("csrf").unwrap().to_owned();
    let out = nobody
        .browser("POST", "/sign-out")
        .header("Cookie", &cookie)
        .header("Origin", &world.base)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .bytes(format!("csrf={token}").into_bytes())
        .send()
        .expect(303);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"), "{out:?}");
    assert_eq!(with(&cookie).status, 401, "the copy of the cookie is worth nothing");
    assert_eq!(with(&second).status, 200, "the other device stays signed in");
    let forged = format!("{}x", &second[..second.len() - 1]);
    assert_eq!(with(&forged).status, 401);
    world.clock.advance(chrono::Duration::days(400));
    assert_eq!(with(&second).status, 401, "no session is for ever");
}

fn failed_sign_in_reveals_nothing_and_keeps_the_input(world: &World) {
    let party = world.buyer();
    let browser = world.anonymous();
    let attempt = |email: &str, password: &str| {
        browser.submit("/sign-in", "/sign-in", &[("email", email), ("password", password)])
    };
    let (wrong, unknown) =
        (attempt(&party.email, "wrong password here"), attempt("nobody@company.example", "wrong password here"));
    assert_eq!((wrong.status, unknown.status), (422, 422));
    let neutral = |answer: &Answer, email: &str| answer.body.replace(email, "EMAIL");
    assert_eq!(neutral(&wrong, &party.email), neutral(&unknown, "nobody@company.example"), "no word on which it was");
    assert!(!wrong.body.contains("wrong password here"));
    assert!(wrong.body.contains(&party.email));
    // Going on leads to the page that was asked for, and never off the site.
    let asked = browser.page("/desk/buying");
    assert_eq!(asked.status, 401);
    assert!(asked.body.contains("/sign-in?next="), "{}", asked.body);
    for (next, place) in [("/desk/buying", "/desk/buying"), ("https://evil.example/", "/"), ("//evil.example", "/")] {
        let fields = [("email", party.email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(world.anonymous().submit("/sign-in", "/sign-in", &fields).sent_to(), place, "{next}");
    }
    let again = world.anonymous();
    let weak = [
        ("name", "Somebody"),
        ("email", "new@company.example"),
        ("password", "short"),
        ("company", "Weak Ltd"),
        ("country", "DE"),
    ];
    let weak = again.fill_in("/sign-up", "/sign-up", &weak);
    assert_eq!(weak.status, 422);
    says(&weak, &["href=\"#f-password\"", "Weak Ltd"]);
}

fn rfq_can_be_edited_questioned_and_withdrawn(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&crate::support::market::rfq("Valves to be discussed"));
    let (by, asker) = (world.browser(&buyer.email), world.browser(&supplier.email));
    let (page, desk) = (format!("/rfqs/{rfq}"), format!("/desk/buying/rfqs/{rfq}"));
    let ask = format!("{page}/questions");
    let loud = asker.fill_in(&page, &ask, &[("question", "Call +49 421 5551234 please")]);
    assert_eq!(loud.status, 422);
    says(&loud, &["Call +49 421 5551234 please"]);
    asker.fill_in(&page, &ask, &[("question", "Is a butterfly handle acceptable?")]).sent_to();
    let tab = by.page(&format!("{desk}?tab=questions")).expect(200);
    let answer = tab
        .body
        .split("action=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|action| action.contains("/questions/"));
    let answer = answer.expect("a form for the answer").to_owned();
    by.fill_in(&format!("{desk}?tab=questions"), &answer, &[("answer", "Lever handles only.")]).sent_to();
    says(&world.anonymous().page(&page).expect(200), &["butterfly handle", "Lever handles only."]);
    let edit = format!("{desk}/edit");
    let old = by.page(&edit).expect(200);
    by.fill_in(&edit, &edit, &[("destination_place", "Bremen")]).sent_to();
    assert_eq!(
        by.fill_in_again(&old, &edit, &edit, &[("title", "Overwritten")]).status,
        422,
        "it was changed in between"
    );
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).text("/title"), "Valves to be discussed");
    let confirm = by.page(&format!("{desk}/withdraw")).expect(200);
    says(&confirm, &["danger", "cannot be undone"]);
    by.say_yes(&format!("{desk}/withdraw")).sent_to();
    assert_eq!(world.anonymous().page(&page).status, 404);
    world.drain();
    assert_eq!(emails(world, &buyer, "question").len(), 1);
    assert_eq!(emails(world, &supplier, "answered").len(), 1);
}
