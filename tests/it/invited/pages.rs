//! Invited suppliers on the site: the buyer picks them, and they find the RFQ on their desk.

use serde_json::json;

use super::{hidden, invited, pair};
use crate::support::{PageForm, World, market};

both!(
    buyer_picks_suppliers_on_the_page_of_the_rfq,
    suggested_supplier_is_invited_from_the_matches,
    supplier_finds_and_declines_an_invitation_on_its_desk,
    form_of_an_rfq_says_who_sees_it,
    quote_is_asked_for_on_the_page_of_a_listing,
    quote_is_asked_for_on_the_page_of_a_company,
);

fn buyer_picks_suppliers_on_the_page_of_the_rfq(world: &World) {
    let (buyer, partner, other) = (world.buyer(), world.supplier(), world.party("Second Foundry", "TR"));
    let proposal = json!({"supplier": partner.company, "buyer": buyer.company});
    let partnership = buyer.post("/partnerships", &proposal).expect(201).id();
    partner.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let rfq = buyer.post("/rfqs", &hidden("Brass tees")).expect(201).id();
    let browser = world.browser(&buyer.email);
    let tab = format!("/desk/buying/rfqs/{rfq}/invitations");
    assert!(browser.page(&format!("/desk/buying/rfqs/{rfq}")).expect(200).links_to(&tab));
    assert!(browser.page(&tab).expect(200).body.contains("No invited suppliers"));
    let written = format!("{}/companies/{}", world.base, other.company);
    let partner_id = partner.company.to_string();
    let fields = [("partners", partner_id.as_str()), ("companies", written.as_str())];
    let sent = browser.fill_in(&tab, &tab, &fields).sent_to();
    assert!(browser.page(&sent).expect(200).body.contains("as soon as you publish"));
    assert_eq!(invited(&buyer, &rfq), [pair(&other, "pending"), pair(&partner, "pending")]);
    assert!(!browser.page(&tab).expect(200).body.contains("name=\"partners\""), "all partners are invited");
    // What is wrong is said at the field, with what was typed kept.
    let own = buyer.company.to_string();
    let typed = format!("{own}, nonsense");
    let refused = browser.fill_in(&tab, &tab, &[("companies", typed.as_str())]).expect(422);
    assert!(refused.body.contains("must be a company that takes part") && refused.body.contains(&typed));
    let refused = browser.fill_in(&tab, &tab, &[("companies", own.as_str())]).expect(422);
    assert!(refused.body.contains("must be another company"));
    browser.fill_in(&tab, &tab, &[("companies", "")]).expect(422);
    let remove = format!("{tab}/{}/remove", other.company);
    let sent = browser.fill_in(&tab, &remove, &[]).sent_to();
    assert!(browser.page(&sent).expect(200).body.contains("was cancelled"));
    assert_eq!(invited(&buyer, &rfq), [pair(&partner, "pending")]);
    let publish = format!("/desk/buying/rfqs/{rfq}/publish");
    let asked = browser.page(&publish).expect(200).body;
    assert!(asked.contains("Only the suppliers you invite can read the RFQ"), "{asked}");
    assert!(asked.contains("The supplier you invited: that you ask for a quote"), "{asked}");
    browser.say_yes(&publish).sent_to();
    assert_eq!(invited(&buyer, &rfq), [pair(&partner, "invited")]);
    // Others find neither tab nor form.
    let stranger = world.browser(&other.email);
    stranger.page(&tab).expect(404);
    stranger.submit("/account", &tab, &[("companies", "nonsense")]).expect(404);
    world.drain();
}

fn suggested_supplier_is_invited_from_the_matches(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("PICK-1"));
    world.drain();
    let rfq = buyer.publish_rfq(&hidden("Brass ball valves DN20"));
    world.drain();
    let browser = world.browser(&buyer.email);
    let (matches, tab) = (format!("/desk/buying/rfqs/{rfq}/matches"), format!("/desk/buying/rfqs/{rfq}/invitations"));
    assert!(browser.page(&matches).expect(200).body.contains("learn of it when you invite them"));
    let sent = browser.fill_in(&matches, &tab, &[]).sent_to();
    assert!(browser.page(&sent).expect(200).body.contains("The suppliers are invited."));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "invited")]);
    let again = browser.page(&matches).expect(200).body;
    assert!(!again.contains(&format!("action=\"{tab}\"")) && again.contains("Invited"), "{again}");
    world.drain();
}

fn supplier_finds_and_declines_an_invitation_on_its_desk(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&hidden("Brass couplings"));
    super::invite(&buyer, &rfq, &[&supplier]).expect(200);
    let browser = world.browser(&supplier.email);
    assert!(browser.page("/").expect(200).body.contains("invitation to quote"));
    let desk = browser.page("/desk/selling").expect(200);
    assert!(desk.links_to(&format!("/rfqs/{rfq}")) && desk.body.contains("Brass couplings"));
    assert!(!desk.body.contains(&buyer.name), "the RFQ does not show who asks");
    let page = browser.page(&format!("/rfqs/{rfq}")).expect(200).body;
    assert!(page.contains("invites your company to quote") && page.contains("Only invited suppliers see this RFQ"));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "seen")]);
    let decline = format!("/desk/selling/invitations/{rfq}/decline");
    assert_eq!(browser.fill_in("/desk/selling", &decline, &[]).sent_to(), "/desk/selling");
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "declined")]);
    assert!(!browser.page("/desk/selling").expect(200).body.contains("Brass couplings"));
    world.drain();
}

fn form_of_an_rfq_says_who_sees_it(world: &World) {
    let buyer = world.buyer();
    let browser = world.browser(&buyer.email);
    let new = "/desk/buying/rfqs/new";
    let sent = browser.fill_in(new, new, &[("title", "Brass rings"), ("visibility", "invited")]).sent_to();
    let rfq = sent.rsplit('/').next().unwrap().to_owned();
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/visibility"), "invited");
    let settings = browser.page(&format!("{sent}?tab=settings")).expect(200).body;
    assert!(settings.contains("the suppliers you invite"), "{settings}");
    let edit = format!("{sent}/edit");
    browser.fill_in(&edit, &edit, &[("specification", "With a groove.")]).sent_to();
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/visibility"), "invited", "as the form showed it");
    let public = buyer.publish_rfq(&market::rfq("Brass rings for all"));
    let edit = format!("/desk/buying/rfqs/{public}/edit");
    let refused = browser.fill_in(&edit, &edit, &[("visibility", "invited")]).expect(422);
    assert!(refused.body.contains("must stay public"), "{}", refused.body);
    world.drain();
}

fn quote_is_asked_for_on_the_page_of_a_listing(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let listing = supplier.publish_listing(&market::listing("ASK-1"));
    let browser = world.browser(&buyer.email);
    let page = format!("/desk/buying/rfqs/new?listing={listing}");
    assert!(browser.page(&format!("/listings/{listing}")).expect(200).links_to(&page));
    let shown = browser.page(&page).expect(200);
    assert!(shown.body.contains(&format!("invites {} to quote", supplier.name)), "{}", shown.body);
    let new = "/desk/buying/rfqs/new";
    let form = PageForm::of(&shown.body, new);
    for (name, value) in [
        ("title", "Brass ball valve ASK-1"),
        ("hs_code", "848180"),
        ("category", "Fittings / Valves / Ball valves"),
        ("quantity.unit", "C62"),
        ("target_price.currency", "USD"),
        ("incoterm", "FOB"),
        ("visibility", "invited"),
    ] {
        assert_eq!(form.value(name), Some(value), "{name}");
    }
    let refused = browser.fill_in(&page, new, &[("destination_country", "DE"), ("hs_code", "x")]).expect(422);
    assert!(refused.body.contains(&format!("invites {} to quote", supplier.name)), "{}", refused.body);
    let typed = [("quantity.value", "500"), ("destination_country", "DE")];
    let sent = browser.fill_in(&page, new, &typed).sent_to();
    let rfq = sent.rsplit('/').next().unwrap().to_owned();
    let draft = buyer.get(&format!("/rfqs/{rfq}")).expect(200);
    assert_eq!(draft.text("/visibility"), "invited");
    assert_eq!(draft.json()["payment_terms"], json!(["TT_DEPOSIT"]));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "pending")]);
    // Of one's own listing nobody is invited.
    let own = world.browser(&supplier.email).page(&page).expect(200).body;
    assert!(!own.contains("name=\"invite\""), "{own}");
}

fn quote_is_asked_for_on_the_page_of_a_company(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let browser = world.browser(&buyer.email);
    let page = format!("/desk/buying/rfqs/new?supplier={}", supplier.company);
    assert!(browser.page(&format!("/companies/{}", supplier.company)).expect(200).links_to(&page));
    let new = "/desk/buying/rfqs/new";
    let sent = browser.fill_in(&page, new, &[("title", "Something of yours")]).sent_to();
    let rfq = sent.rsplit('/').next().unwrap().to_owned();
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "pending")]);
    browser.page("/desk/buying/rfqs/new?supplier=cmp_0000000000001").expect(404);
    // A company that takes nothing from the buyer is refused, and no draft is left behind.
    supplier.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    let before = buyer.get("/rfqs").expect(200).json()["data"].as_array().unwrap().len();
    let refused = browser.fill_in(&page, new, &[("title", "Something else of yours")]).expect(422);
    assert!(refused.body.contains("takes invitations from yours"), "{}", refused.body);
    assert_eq!(buyer.get("/rfqs").expect(200).json()["data"].as_array().unwrap().len(), before);
}
