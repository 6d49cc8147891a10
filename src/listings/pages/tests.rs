//! The pages rendered from a full listing, and the form there and back.

use askama::Template;

use super::form;
use super::manage::{EditPage, ListingsPage, Row};
use super::public::ListingPage;
use super::supplier::{Supplier, SupplierPage};
use crate::actor::Actor;
use crate::clock::Time;
use crate::companies::{Company, CompanyFields, CompanyState, Identifier, IdentifierState, Verification};
use crate::ids::{CompanyId, ListingId};
use crate::listings::actions::Offered;
use crate::listings::{Listing, ListingFields, ListingState};
use crate::reference::outcome::Outcome;
use crate::web::input::FormData;
use crate::web::layout::{Page, Pager};

fn now() -> Time {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn pipe() -> ListingFields {
    let text = r#"{"sku":"RP-316L-50","name":"Stainless steel pipe 316L, seamless, DN50","description":"Cold drawn.\n\nEvery heat is tested <here>.",
        "hs_code":"730441","category":"Metals / Pipes","attributes":{"Grade":"316L","Tests":"hydrostatic\neddy current"},"origin_country":"CN","language":"en",
        "price":{"min":{"amount":"4.1","currency":"USD"},"max":{"amount":"4.6","currency":"USD"},"unit":"KGM","tiers":[{"from":"500","amount":{"amount":"4.6","currency":"USD"}},{"from":"20000","amount":{"amount":"4.1","currency":"USD"}}]},
        "moq":{"value":"500","unit":"KGM"},"supply_per_month":{"value":"120000","unit":"KGM"},"lead_time_days":25,
        "incoterms":[{"rule":"FOB","place":"Ningbo","locode":"CNNGB"},{"rule":"EXW","place":"Cangzhou works"}],"payment_terms":["TT_DEPOSIT","LC_SIGHT"],
        "certifications":[{"scheme":"ISO 9001","number":"NB-QM-40117","issuer":"Nordkap","valid_until":"2025-05-31"}],
        "packaging":"Bundles","image_urls":["https://ruide.example/a.jpg"],"keywords":["ss pipe","inox tube"],"expires_on":"2027-03-31"}"#;
    let mut fields: ListingFields = serde_json::from_str(text).unwrap();
    fields.check().unwrap();
    fields
}

fn listing() -> Listing {
    Listing {
        id: ListingId(7),
        company: CompanyId(3),
        state: ListingState::Published,
        fields: pipe(),
        version: 2,
        created_at: now(),
        updated_at: now(),
        published_at: Some(now()),
        expires_at: Some("2027-04-01T00:00:00Z".parse().unwrap()),
        removed_reason: None,
        images: Vec::new(),
    }
}

fn company() -> Company {
    let mut fields = CompanyFields::new("Hebei Ruide Pipe Co., Ltd.", "CN".parse().unwrap());
    fields.profile = Some("Draws stainless pipe.".to_owned());
    fields.website = Some("https://ruide.example".to_owned());
    fields.certifications = pipe().certifications;
    Company {
        id: CompanyId(3),
        reference: None,
        state: CompanyState::Active,
        suspended_reason: None,
        verification: Verification::Registered,
        fields,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

/// Where the pages are left to be looked at, when the variable names a folder.
fn keep(name: &str, html: &str) {
    if let Ok(folder) = std::env::var("TRADEPOST_TEST_PAGES") {
        std::fs::write(format!("{folder}/{name}.html"), html).unwrap();
    }
}

#[test]
fn a_listing_says_price_terms_and_supplier() {
    let offered = Offered { listing: listing(), company: company() };
    let page = ListingPage::new(Page::new("Stainless steel pipe"), &offered, &Actor::Anonymous, now());
    let html = page.render().unwrap();
    keep("listing", &html);
    for part in [
        "USD 4.10-4.60 / kg",
        "FOB Ningbo (CNNGB)",
        "MOQ\u{a0}500\u{a0}kg",
        "25\u{a0}days",
        "7304.41",
        "/desk/buying/rfqs/new?listing=lst_",
        "/companies/cmp_",
        "registered",
        "eddy current",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("<here>"));
    assert!(!html.contains("/edit"), "a visitor has nothing to edit");
}

fn certificate() -> crate::companies::Certification {
    serde_json::from_value(serde_json::json!({"scheme": "ISO 9001", "number": "NB-1"})).unwrap()
}

#[test]
fn a_supplier_shows_what_was_checked_and_its_catalogue() {
    let supplier = Supplier {
        company: company(),
        held: vec![Identifier {
            kind: "uscc".to_owned(),
            value: "91330304MA82597939".to_owned(),
            outcome: Outcome::Valid,
            state: IdentifierState::Held,
            since: now(),
        }],
        seen: Vec::new(),
        certificates: vec![(certificate(), Some("9f86d081".repeat(8)))],
        offers: vec![listing()],
        pager: Pager::default(),
        is_own: false,
        answering: None,
        today: now().date_naive(),
    };
    let html = SupplierPage::new(Page::new("Hebei Ruide Pipe"), &supplier).render().unwrap();
    keep("supplier", &html);
    for part in [
        "Not checked",
        "91330304MA82597939",
        "RP-316L-50",
        "No moderator has checked its documents.",
        "file held by Tradepost",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn own_listings_offer_the_steps_of_their_state() {
    let rows = ListingState::ALL.iter().map(|state| Row::new(&Listing { state: *state, ..listing() }, now()));
    let page = ListingsPage {
        page: Page::new("Your listings"),
        tabs: Vec::new(),
        rows: rows.collect(),
        pager: Pager::default(),
        may_write: true,
        is_new: false,
    };
    let html = page.render().unwrap();
    keep("manage", &html);
    assert_eq!(html.matches("/publish\"").count(), 2, "draft and paused");
    assert_eq!(html.matches("/renew\"").count(), 2, "published and expired");
    assert_eq!(html.matches("/remove\"").count(), 4, "all but removed");
}

#[test]
fn what_the_form_shows_comes_back_as_it_was() {
    let shown = form::filled(&pipe());
    let mut sent: Vec<(String, String)> = Vec::new();
    let others = [
        "price.min.amount",
        "price.min.currency",
        "moq.value",
        "moq.unit",
        "supply_per_month.value",
        "supply_per_month.unit",
    ];
    for name in form::FIELDS.iter().map(|(name, _)| *name).chain(others) {
        sent.extend(shown.values(name).iter().map(|value| (name.to_owned(), (*value).to_owned())));
    }
    let mut read = form::read(&FormData(sent)).unwrap();
    read.check().unwrap();
    assert_eq!(read, pipe());
}

#[test]
fn a_mistake_is_shown_at_its_field() {
    let typed = vec![
        ("sku".to_owned(), "A".to_owned()),
        ("price.min.amount".to_owned(), "12,50".to_owned()),
        ("price.min.currency".to_owned(), "USD".to_owned()),
        ("price.unit".to_owned(), "KGM".to_owned()),
        ("incoterms".to_owned(), "FOX Ningbo".to_owned()),
        ("lead_time_days".to_owned(), "soon".to_owned()),
    ];
    let problem = form::read(&FormData(typed.clone())).unwrap_err();
    let form = crate::web::layout::Form::new(form::FIELDS).typed(typed).refused(&problem);
    for name in ["price.min", "incoterms", "lead_time_days"] {
        assert!(form.is_wrong(name), "{name}: {problem}");
    }
    let page = EditPage {
        page: Page::new("New listing"),
        form,
        action: "/desk/selling/listings/new".to_owned(),
        version: String::new(),
        id: String::new(),
        can_publish: true,
        hs: crate::classification::pages::HsHelp::default(),
    };
    let html = page.render().unwrap();
    keep("edit", &html);
    assert!(html.contains("12,50") && html.contains("FOX Ningbo"));
}
