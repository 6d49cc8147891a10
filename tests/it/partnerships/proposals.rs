//! Proposing a partnership from a quote: the buyer of an RFQ that does not show its name is named to nobody before it accepts.

use serde_json::{Value, json};

use crate::support::{Client, Party, World, market};

both!(
    proposal_page_names_the_buyer_only_to_who_may_know,
    guessing_the_buyer_of_a_quote_learns_nothing,
    list_of_accepted_quotes_names_no_anonymous_buyer,
);

const BUYER: &str = "Nordwind Import";

/// An RFQ that shows the name of its buyer or does not, and a quote on it.
fn quoted(buyer: &Party, supplier: &Party, shows_name: bool) -> String {
    let mut rfq = market::rfq("Valves for a quiet buyer");
    rfq["show_buyer_name"] = json!(shows_name);
    let rfq = buyer.publish_rfq(&rfq);
    supplier.submit_quote(&rfq, &market::quote("3.4"))
}

fn page(browser: &Client, quote: &str) -> (u16, bool) {
    let answer = browser.page(&format!("/partnerships/propose?quote={quote}"));
    (answer.status, answer.body.contains(BUYER))
}

fn proposal_page_names_the_buyer_only_to_who_may_know(world: &World) {
    let (buyer, supplier, third) = (world.buyer(), world.supplier(), world.party("Anatolia Valves", "TR"));
    let [of_supplier, of_third, of_buyer] = [&supplier, &third, &buyer].map(|party| world.browser(&party.email));
    let (anonymous, shown) = (quoted(&buyer, &supplier, false), quoted(&buyer, &supplier, true));
    assert_eq!(page(&of_supplier, &anonymous), (409, false), "who quoted does not learn who asks");
    assert_eq!(page(&of_supplier, &shown).0, 409, "nothing was accepted");
    assert_eq!(page(&of_buyer, &anonymous).0, 409);
    assert_eq!([page(&of_third, &anonymous), page(&of_third, &shown)], [(404, false), (404, false)]);
    assert!(!world.anonymous().page(&format!("/partnerships/propose?quote={anonymous}")).body.contains(BUYER));
    buyer.act(&format!("/quotes/{anonymous}/shortlist")).expect(200);
    let sent = of_supplier.submit(
        "/account",
        "/partnerships/propose",
        &[("quote", &anonymous), ("with", &buyer.company.to_string()), ("role", "supplier")],
    );
    assert!(sent.status == 409 && !sent.body.contains(BUYER), "{} {}", sent.status, sent.body);
    buyer.act(&format!("/quotes/{anonymous}/accept")).expect(200);
    assert_eq!(page(&of_supplier, &anonymous), (200, true), "the two have to find each other now");
    assert_eq!(page(&of_buyer, &anonymous).0, 200);
    assert_eq!(page(&of_third, &anonymous), (404, false));
}

fn guessing_the_buyer_of_a_quote_learns_nothing(world: &World) {
    let (buyer, supplier, third) = (world.buyer(), world.supplier(), world.party("Anatolia Valves", "TR"));
    let quote = quoted(&buyer, &supplier, false);
    let propose = |by: &Party, with: &Party, quote: &str| {
        let proposal = json!({"supplier": by.company, "buyer": with.company, "quote": quote});
        let answer = by.post("/partnerships", &proposal);
        let mut problem: Value = answer.json();
        problem
            .as_object_mut()
            .unwrap()
            .retain(|name, _| matches!(name.as_str(), "status" | "code" | "detail" | "errors"));
        (answer.status, problem.to_string())
    };
    let right = propose(&supplier, &buyer, &quote);
    assert_eq!(right.0, 422, "{}", right.1);
    assert_eq!(right, propose(&supplier, &third, &quote), "the buyer is answered like any other company");
    assert_eq!(right, propose(&third, &buyer, &quote), "and so is a supplier who did not quote");
    assert_eq!(right, propose(&supplier, &buyer, "quo_0000000000001"), "and a quote that is not there");
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    assert_eq!(propose(&third, &buyer, &quote), right, "an accepted quote tells third parties nothing");
    assert_eq!(propose(&supplier, &third, &quote), right);
    assert_eq!(propose(&supplier, &buyer, &quote).0, 201);
}

fn list_of_accepted_quotes_names_no_anonymous_buyer(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let quote = quoted(&buyer, &supplier, false);
    let choices = || world.browser(&supplier.email).page("/partnerships/propose").expect(200).body.contains(BUYER);
    assert!(!choices());
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    assert!(!choices());
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    assert!(choices());
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company, "quote": quote});
    supplier.post("/partnerships", &proposal).expect(201);
    assert!(!choices(), "there is a live partnership now");
}
