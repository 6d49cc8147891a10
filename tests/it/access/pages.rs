//! The same for the pages of the site: nobody, somebody who may only look, and people of another company.

use std::collections::BTreeSet;
use std::path::Path;

use tradepost::actor::Role;

use super::actors::{Actors, Thing};
use crate::support::{Answer, Client, World};

both!(every_page_keeps_its_access_rule);

/// Who may use a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Everyone.
    Public,
    /// Everyone for what is published.
    Shown,
    /// Whoever has the signed address.
    Signed,
    /// Everyone of the company.
    Looks,
    /// Traders and owners of the company.
    Trades,
    /// The person of the company whose it is; for colleagues it is not there.
    Keeps,
    /// Owners of the company.
    Owns,
    /// Moderators of the platform; for everybody else there is no such page.
    Moderates,
}

use Rule::{Keeps, Looks, Moderates, Owns, Public, Shown, Signed, Trades};

struct Row(&'static str, Rule, Thing, &'static [(&'static str, &'static str)]);

const LISTING: &[(&str, &str)] = &[("sku", "FORM-1"), ("name", "Brass ball valve")];
const RFQ: &[(&str, &str)] = &[("title", "Brass ball valves")];
const REASON: &[(&str, &str)] = &[("reason", "It was another quantity")];
const DECISION: &[(&str, &str)] = &[("decision", "suspend"), ("reason", "It is not so")];
const VERDICT: &[(&str, &str)] =
    &[("verdict", "accept"), ("reason", "It is so"), ("kind", "gln"), ("value", "4006381333931")];
const QUOTE: &[(&str, &str)] = &[("unit_price.amount", "3.2"), ("unit_price.currency", "USD"), ("price_unit", "C62")];
const REFERENCE: &[(&str, &str)] = &[("scheme", "cn_declaration"), ("number", "310420260000000099"), ("item", "1")];
const CONTACT: &[(&str, &str)] = &[("name", "Li Wei"), ("phone", "+86 574 87654321")];
const NOTE: &[(&str, &str)] = &[("note", "The invoice agrees")];
const RECORD: &[(&str, &str)] = &[
    ("direction", "export"),
    ("reporter_country", "CN"),
    ("partner_country", "DE"),
    ("hs_code", "848180"),
    ("quantity.value", "10"),
    ("quantity.unit", "C62"),
    ("net_kg", "12"),
    ("value.amount", "100"),
    ("value.currency", "USD"),
    ("invoice_date", "2026-11-10"),
];

const PARCELS: &[(&str, &str)] = &[
    ("direction", "export"),
    ("party_form", "b2c"),
    ("goods_route", "post"),
    ("reporter_country", "CN"),
    ("consumer_country", "DE"),
    ("hs_code", "610910"),
    ("quantity.value", "40"),
    ("quantity.unit", "C62"),
    ("net_kg", "8"),
    ("value.amount", "480"),
    ("value.currency", "USD"),
    ("parcels", "25"),
    ("period", "2026-10"),
];

/// Every page and every form of the site.
const TABLE: &[Row] = &[
    Row("GET /", Public, Thing::Nothing, &[]),
    Row("GET /search", Public, Thing::Nothing, &[]),
    Row("GET /search/suggest", Public, Thing::Nothing, &[]),
    Row("GET /listings/{id}", Shown, Thing::DraftListing, &[]),
    Row("GET /companies/{id}", Shown, Thing::Company, &[]),
    Row("GET /rfqs", Public, Thing::Nothing, &[]),
    Row("GET /rfqs/{id}", Shown, Thing::DraftRfq, &[]),
    Row("GET /customs", Public, Thing::Nothing, &[]),
    Row("GET /hs", Public, Thing::Nothing, &[]),
    Row("GET /hs/{code}", Public, Thing::Nothing, &[]),
    Row("GET /statistics", Public, Thing::Nothing, &[]),
    Row("GET /statistics/retail", Public, Thing::Nothing, &[]),
    // Absent until the operator fills it in.
    Row("GET /about/imprint", Signed, Thing::Nothing, &[]),
    Row("GET /about/privacy", Signed, Thing::Nothing, &[]),
    Row("GET /about/terms", Signed, Thing::Nothing, &[]),
    Row("GET /about/contact", Signed, Thing::Nothing, &[]),
    Row("GET /robots.txt", Public, Thing::Nothing, &[]),
    Row("GET /sitemap.xml", Public, Thing::Nothing, &[]),
    Row("GET /sitemaps/{kind}/{after}.xml", Public, Thing::Nothing, &[]),
    Row("GET /rfqs.atom", Public, Thing::Nothing, &[]),
    Row("GET /about/ranking", Public, Thing::Nothing, &[]),
    Row("GET /about/verification", Public, Thing::Nothing, &[]),
    Row("GET /about/statistics", Public, Thing::Nothing, &[]),
    Row("GET /api/docs", Public, Thing::Nothing, &[]),
    Row("GET /api/problems", Public, Thing::Nothing, &[]),
    Row("GET /api/v1/openapi.json", Public, Thing::Nothing, &[]),
    Row("GET /livez", Public, Thing::Nothing, &[]),
    Row("GET /readyz", Public, Thing::Nothing, &[]),
    Row("GET /sign-in", Public, Thing::Nothing, &[]),
    Row("POST /sign-in", Public, Thing::Nothing, &[]),
    Row("GET /sign-up", Public, Thing::Nothing, &[]),
    Row("POST /sign-up", Public, Thing::Nothing, &[]),
    Row("GET /sign-up/sent", Public, Thing::Nothing, &[]),
    Row("GET /confirm/{secret}", Signed, Thing::Nothing, &[]),
    Row("POST /confirm/{secret}", Signed, Thing::Nothing, &[]),
    Row("GET /forgotten-password", Public, Thing::Nothing, &[]),
    Row("POST /forgotten-password", Public, Thing::Nothing, &[("email", "nobody@company.example")]),
    Row("GET /forgotten-password/sent", Public, Thing::Nothing, &[]),
    Row("GET /new-password/{secret}", Signed, Thing::Nothing, &[]),
    Row("POST /new-password/{secret}", Signed, Thing::Nothing, &[("password", "quiet harbour 28 lanterns")]),
    Row("POST /account/confirmation", Looks, Thing::Nothing, &[]),
    Row("POST /sign-out", Public, Thing::Nothing, &[]),
    Row("GET /unsubscribe/{token}", Signed, Thing::Nothing, &[]),
    Row("POST /unsubscribe/{token}", Signed, Thing::Nothing, &[]),
    Row("GET /unsubscribe/search/{token}", Signed, Thing::Nothing, &[]),
    Row("POST /unsubscribe/search/{token}", Signed, Thing::Nothing, &[]),
    Row("GET /account", Looks, Thing::Nothing, &[]),
    Row("POST /account/notifications", Looks, Thing::Nothing, &[("matches", "on")]),
    Row("POST /account/api-keys", Owns, Thing::Nothing, &[("name", "mine"), ("scopes", "rfqs:read")]),
    Row("POST /account/api-keys/{id}/revoke", Owns, Thing::ApiKey, &[]),
    Row("GET /notifications", Looks, Thing::Nothing, &[]),
    Row("POST /notifications/read", Looks, Thing::Nothing, &[("kind", "company")]),
    Row("GET /account/saved-searches", Looks, Thing::Nothing, &[]),
    Row("POST /account/saved-searches", Trades, Thing::Nothing, &[("name", "Valves"), ("q", "ball valve")]),
    Row("GET /account/saved-searches/{id}", Keeps, Thing::SavedSearch, &[]),
    Row(
        "POST /account/saved-searches/{id}",
        Keeps,
        Thing::SavedSearch,
        &[("name", "Quixotic saved search 70450"), ("frequency", "daily")],
    ),
    Row("POST /account/saved-searches/{id}/delete", Keeps, Thing::SavedSearch, &[]),
    Row("GET /account/webhooks", Owns, Thing::Nothing, &[]),
    Row(
        "POST /account/webhooks",
        Owns,
        Thing::Nothing,
        &[("url", "https://1.1.1.1/hook"), ("types", "record.disputed")],
    ),
    Row("GET /account/webhooks/{id}", Owns, Thing::Webhook, &[]),
    Row("POST /account/webhooks/{id}/rotate-secret", Owns, Thing::Webhook, &[]),
    Row("POST /account/webhooks/{id}/ping", Owns, Thing::Webhook, &[]),
    Row("POST /account/webhooks/{id}/replay", Owns, Thing::Webhook, &[("event", "evt_0000000000001")]),
    Row("POST /account/webhooks/{id}/disable", Owns, Thing::Webhook, &[]),
    Row("POST /account/webhooks/{id}/enable", Owns, Thing::Webhook, &[]),
    Row("POST /account/webhooks/{id}/delete", Owns, Thing::Webhook, &[]),
    Row("GET /account/exports", Owns, Thing::Nothing, &[]),
    Row("POST /account/exports", Owns, Thing::Nothing, &[]),
    Row("GET /account/exports/{id}/content", Owns, Thing::Export, &[]),
    Row("GET /desk/selling/imports", Trades, Thing::Nothing, &[]),
    Row("POST /desk/selling/imports", Trades, Thing::Nothing, &[("format", "csv"), ("mode", "upsert")]),
    Row("GET /desk/selling/imports/{id}", Trades, Thing::Import, &[]),
    Row("GET /desk/selling/imports/{id}/errors.csv", Trades, Thing::Import, &[]),
    Row("POST /desk/selling/imports/{id}/repeat", Trades, Thing::Import, &[("mode", "upsert"), ("dry_run", "true")]),
    Row("GET /desk/selling/exports/catalog", Looks, Thing::Nothing, &[]),
    Row("GET /documents/{id}", Shown, Thing::Document, &[]),
    Row("GET /listings/{id}/images/{image}", Shown, Thing::DraftListing, &[]),
    Row("GET /listings/{id}/images/{image}/small", Shown, Thing::DraftListing, &[]),
    Row("GET /invitations/{secret}", Signed, Thing::Nothing, &[]),
    Row(
        "POST /invitations/{secret}",
        Signed,
        Thing::Nothing,
        &[("name", "X"), ("password", "quiet harbour 28 lanterns")],
    ),
    Row("GET /confirm-email/{secret}", Signed, Thing::Nothing, &[]),
    Row("POST /confirm-email/{secret}", Signed, Thing::Nothing, &[]),
    Row("GET /account/security", Looks, Thing::Nothing, &[]),
    Row("POST /account/password", Looks, Thing::Nothing, &[("current_password", "x"), ("password", "y")]),
    Row("POST /account/email", Looks, Thing::Nothing, &[("current_password", "x"), ("email", "y@company.example")]),
    Row("POST /account/sessions/revoke", Looks, Thing::Nothing, &[("session", "ses_0000000000001")]),
    Row("POST /sign-in/code", Public, Thing::Nothing, &[]),
    Row("GET /account/second-factor", Looks, Thing::Nothing, &[]),
    Row("POST /account/second-factor", Looks, Thing::Nothing, &[("current_password", "x")]),
    Row("POST /account/second-factor/confirm", Looks, Thing::Nothing, &[("code", "123456")]),
    Row("POST /account/second-factor/recovery-codes", Looks, Thing::Nothing, &[("current_password", "x")]),
    Row("POST /account/second-factor/remove", Looks, Thing::Nothing, &[("current_password", "x")]),
    Row("GET /account/close", Looks, Thing::Nothing, &[]),
    Row("POST /account/close", Looks, Thing::Nothing, &[("current_password", "x")]),
    Row("POST /account/act-for", Looks, Thing::Company, &[("company", "{id}")]),
    Row("GET /account/members", Looks, Thing::Nothing, &[]),
    Row("POST /account/members", Owns, Thing::Nothing, &[("email", "x@company.example"), ("role", "viewer")]),
    Row("POST /account/members/{id}", Owns, Thing::Member, &[("role", "viewer")]),
    Row("GET /account/members/{id}/remove", Owns, Thing::Member, &[]),
    Row("POST /account/members/{id}/remove", Owns, Thing::Member, &[]),
    Row("POST /account/invitations/{id}/revoke", Owns, Thing::Invitation, &[]),
    Row("GET /account/company", Looks, Thing::Nothing, &[]),
    Row("POST /account/company", Owns, Thing::Nothing, &[("name", "Another name"), ("country", "DE")]),
    Row("GET /account/moderation", Looks, Thing::Nothing, &[]),
    Row("GET /account/verification", Looks, Thing::Nothing, &[]),
    Row("GET /account/verification/request?level=documented", Owns, Thing::Nothing, &[]),
    Row("POST /account/verification/request", Owns, Thing::Nothing, &[("level", "documented")]),
    Row("GET /messages", Looks, Thing::Nothing, &[]),
    Row("GET /messages/new?about={id}", Trades, Thing::QuoteReceived, &[]),
    Row("POST /messages/new", Trades, Thing::QuoteReceived, &[("about", "{id}"), ("text", "Which packing?")]),
    Row("GET /messages/{id}", Looks, Thing::Thread, &[]),
    Row("POST /messages/{id}", Trades, Thing::Thread, &[("text", "In two weeks.")]),
    Row("POST /messages/{id}/archive", Trades, Thing::Thread, &[]),
    Row("POST /messages/{id}/unarchive", Trades, Thing::Thread, &[]),
    Row("POST /messages/{id}/unread", Looks, Thing::Thread, &[]),
    Row("POST /messages/{id}/assign", Trades, Thing::Thread, &[]),
    Row("GET /messages/{id}/block", Trades, Thing::Thread, &[]),
    Row("POST /messages/{id}/block", Trades, Thing::Thread, &[]),
    Row("GET /account/blocked-companies", Looks, Thing::Nothing, &[]),
    Row("POST /account/blocked-companies/{id}/remove", Trades, Thing::BlockedCompany, &[]),
    Row("GET /account/contact-reveals", Looks, Thing::Nothing, &[]),
    Row("GET /companies/{id}/reveal-contact", Trades, Thing::HiddenCompany, &[]),
    Row("POST /companies/{id}/reveal-contact", Trades, Thing::HiddenCompany, &[]),
    Row("GET /companies/{id}/contacts", Trades, Thing::HiddenCompany, &[]),
    Row("GET /moderation/verification", Moderates, Thing::Nothing, &[]),
    Row("GET /moderation/verification/{id}", Moderates, Thing::Request, &[]),
    Row("POST /moderation/verification/{id}", Moderates, Thing::Request, VERDICT),
    Row("GET /moderation/claims", Moderates, Thing::Nothing, &[]),
    Row("GET /moderation/claims/{id}?kind=gln&value=4006381333931", Moderates, Thing::Claim, &[]),
    Row("POST /moderation/claims/{id}", Moderates, Thing::Claim, VERDICT),
    Row("GET /report?about={id}", Trades, Thing::QuoteReceived, &[]),
    Row("POST /report", Trades, Thing::QuoteReceived, &[("about", "{id}"), ("kind", "fraud")]),
    Row("GET /moderation", Moderates, Thing::Nothing, &[]),
    Row("GET /moderation/history", Moderates, Thing::Nothing, &[]),
    Row("GET /moderation/reports/{id}", Moderates, Thing::Report, &[]),
    Row("POST /moderation/reports/{id}", Moderates, Thing::Report, DECISION),
    Row("GET /moderation/companies/{id}", Moderates, Thing::Company, &[]),
    Row("POST /moderation/companies/{id}/suspend", Moderates, Thing::Company, DECISION),
    Row("POST /moderation/companies/{id}/lift", Moderates, Thing::Company, DECISION),
    Row("GET /account/company/certificates", Looks, Thing::Nothing, &[]),
    Row("POST /account/company/certificates", Owns, Thing::Nothing, &[("certificate", "0"), ("remove", "yes")]),
    Row("GET /account/company/contacts", Looks, Thing::Nothing, &[]),
    Row("POST /account/company/contacts", Owns, Thing::Nothing, CONTACT),
    Row("GET /account/company/contacts/{id}", Owns, Thing::Contact, &[]),
    Row("POST /account/company/contacts/{id}", Owns, Thing::Contact, CONTACT),
    Row("POST /account/company/contacts/{id}/remove", Owns, Thing::Contact, &[]),
    Row("GET /desk/selling", Looks, Thing::Nothing, &[]),
    Row("GET /desk/selling/matches/{id}", Looks, Thing::Match, &[]),
    Row("GET /desk/selling/matches/{id}/dismiss", Looks, Thing::Match, &[]),
    Row("POST /desk/selling/matches/{id}/dismiss", Trades, Thing::Match, &[("reason", "other")]),
    Row("POST /desk/selling/invitations/{id}/decline", Trades, Thing::SeenRfq, &[]),
    Row("GET /desk/selling/listings", Looks, Thing::Nothing, &[]),
    Row("GET /desk/selling/listings/new", Trades, Thing::Nothing, &[]),
    Row("POST /desk/selling/listings/new", Trades, Thing::Nothing, LISTING),
    Row("GET /desk/selling/listings/{id}/edit", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/edit", Trades, Thing::DraftListing, LISTING),
    Row("POST /desk/selling/listings/{id}/publish", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/pause", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/renew", Trades, Thing::DraftListing, &[]),
    Row("GET /desk/selling/listings/{id}/images", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/images", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/images/{image}/remove", Trades, Thing::DraftListing, &[]),
    Row("GET /desk/selling/listings/{id}/remove", Trades, Thing::DraftListing, &[]),
    Row("POST /desk/selling/listings/{id}/remove", Trades, Thing::DraftListing, &[]),
    Row("GET /desk/selling/quotes", Looks, Thing::Nothing, &[]),
    Row("GET /rfqs/{id}/quote", Trades, Thing::SeenRfq, &[]),
    Row("POST /rfqs/{id}/quote", Trades, Thing::SeenRfq, QUOTE),
    Row("POST /rfqs/{id}/questions", Trades, Thing::SeenRfq, &[("question", "Which port?")]),
    Row("GET /desk/buying", Looks, Thing::Nothing, &[]),
    Row("GET /desk/buying/rfqs/new", Trades, Thing::Nothing, &[]),
    Row("POST /desk/buying/rfqs/new", Trades, Thing::Nothing, RFQ),
    Row("GET /desk/buying/rfqs/{id}", Looks, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/matches", Looks, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/invitations", Looks, Thing::OpenRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/invitations", Trades, Thing::OpenRfq, &[("companies", "cmp_0000000000001")]),
    Row("POST /desk/buying/rfqs/{id}/invitations/{company}/remove", Trades, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/quotes", Looks, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/compare", Looks, Thing::OpenRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/copy", Trades, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/edit", Trades, Thing::DraftRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/edit", Trades, Thing::DraftRfq, RFQ),
    Row("POST /desk/buying/rfqs/{id}/questions/{question}", Trades, Thing::OpenRfq, &[("answer", "It is.")]),
    Row("GET /desk/buying/rfqs/{id}/publish", Trades, Thing::DraftRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/publish", Trades, Thing::DraftRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/extend", Trades, Thing::OpenRfq, &[("deadline", "2027-03-01T12:00")]),
    Row("POST /desk/buying/rfqs/{id}/reopen", Trades, Thing::OpenRfq, &[("max_quotes", "20")]),
    Row("GET /desk/buying/rfqs/{id}/close", Trades, Thing::OpenRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/close", Trades, Thing::OpenRfq, &[]),
    Row("GET /desk/buying/rfqs/{id}/withdraw", Trades, Thing::OpenRfq, &[]),
    Row("POST /desk/buying/rfqs/{id}/withdraw", Trades, Thing::OpenRfq, &[]),
    Row("GET /quotes/{id}", Looks, Thing::QuoteGiven, &[]),
    Row("GET /quotes/{id}/revise", Trades, Thing::QuoteGiven, &[]),
    Row("POST /quotes/{id}/revise", Trades, Thing::QuoteGiven, QUOTE),
    Row("GET /quotes/{id}/withdraw", Trades, Thing::QuoteGiven, &[]),
    Row("POST /quotes/{id}/withdraw", Trades, Thing::QuoteGiven, &[]),
    Row("GET /quotes/{id}/shortlist", Trades, Thing::QuoteReceived, &[]),
    Row("POST /quotes/{id}/shortlist", Trades, Thing::QuoteReceived, &[]),
    Row("GET /quotes/{id}/accept", Trades, Thing::QuoteReceived, &[]),
    Row("POST /quotes/{id}/accept", Trades, Thing::QuoteReceived, &[]),
    Row("GET /quotes/{id}/decline", Trades, Thing::QuoteReceived, &[]),
    Row("POST /quotes/{id}/decline", Trades, Thing::QuoteReceived, &[]),
    Row("GET /partnerships", Looks, Thing::Nothing, &[]),
    Row("GET /partnerships/propose", Trades, Thing::Nothing, &[]),
    Row("GET /partnerships/propose?quote={id}", Trades, Thing::QuoteReceived, &[]),
    Row("POST /partnerships/propose", Trades, Thing::QuoteReceived, &[("quote", "{id}")]),
    Row("GET /partnerships/{id}", Looks, Thing::Partnership, &[]),
    Row("GET /partnerships/{id}/confirm", Trades, Thing::Partnership, &[]),
    Row("POST /partnerships/{id}/confirm", Trades, Thing::Partnership, &[]),
    Row("GET /partnerships/{id}/decline", Trades, Thing::Partnership, &[]),
    Row("POST /partnerships/{id}/decline", Trades, Thing::Partnership, REASON),
    Row("GET /partnerships/{id}/end", Trades, Thing::Partnership, &[]),
    Row("POST /partnerships/{id}/end", Trades, Thing::Partnership, REASON),
    Row("GET /partnerships/{id}/records/new", Trades, Thing::Partnership, &[]),
    Row("POST /partnerships/{id}/records/new", Trades, Thing::Partnership, RECORD),
    Row("GET /records/{id}", Looks, Thing::Record, &[]),
    Row("GET /records/{id}/confirm", Trades, Thing::Record, &[]),
    Row("POST /records/{id}/confirm", Trades, Thing::Record, &[]),
    Row("GET /records/{id}/dispute", Trades, Thing::Record, &[]),
    Row("POST /records/{id}/dispute", Trades, Thing::Record, REASON),
    Row("GET /records/{id}/correct", Trades, Thing::Record, &[]),
    Row("POST /records/{id}/correct", Trades, Thing::Record, RECORD),
    Row("GET /records/{id}/customs-references/new", Trades, Thing::Record, &[]),
    Row("POST /records/{id}/customs-references/new", Trades, Thing::Record, REFERENCE),
    Row("GET /records/{id}/documents/new", Trades, Thing::Record, &[]),
    Row("POST /records/{id}/documents/new", Trades, Thing::Record, &[("kind", "invoice")]),
    Row("GET /retail-records", Looks, Thing::Nothing, &[]),
    Row("GET /retail-records/new", Trades, Thing::Nothing, &[]),
    Row("POST /retail-records/new", Trades, Thing::Nothing, PARCELS),
    Row("GET /retail-records/upload", Trades, Thing::Nothing, &[]),
    Row("POST /retail-records/upload", Trades, Thing::Nothing, &[]),
    Row("GET /retail-records/{id}", Looks, Thing::RetailRecord, &[]),
    Row("GET /retail-records/{id}/correct", Trades, Thing::RetailRecord, &[]),
    Row("POST /retail-records/{id}/correct", Trades, Thing::RetailRecord, PARCELS),
    Row("GET /retail-records/{id}/withdraw", Trades, Thing::RetailRecord, &[]),
    Row("POST /retail-records/{id}/withdraw", Trades, Thing::RetailRecord, &[]),
    Row("GET /moderation/records", Moderates, Thing::Nothing, &[]),
    Row("GET /records/{id}/review", Moderates, Thing::Record, &[]),
    Row("POST /records/{id}/review", Moderates, Thing::Record, NOTE),
];

/// The addresses of all pages.
pub fn addresses() -> Vec<String> {
    TABLE.iter().filter_map(|row| row.0.strip_prefix("GET ")).map(signed).collect()
}

/// The addresses of all pages, and what they are about.
pub fn addressed() -> Vec<(String, Thing)> {
    let get = |row: &Row| Some((signed(row.0.strip_prefix("GET ")?), row.2));
    TABLE.iter().filter_map(get).collect()
}

/// A form of the site, for tests that send all of them.
pub struct SiteForm {
    pub path: &'static str,
    pub thing: Thing,
    fields: &'static [(&'static str, &'static str)],
}

impl SiteForm {
    /// The form filled in, with this token.
    pub fn body(&self, id: &str, token: Option<&str>) -> String {
        let fields = self.fields.iter().map(|(name, value)| (*name, if *value == "{id}" { id } else { *value }));
        let token = token.map(|token| ("csrf", token));
        serde_urlencoded::to_string(fields.chain(token).collect::<Vec<_>>()).unwrap()
    }
}

/// Every form of the site.
pub fn forms() -> Vec<SiteForm> {
    let form = |row: &Row| Some(SiteForm { path: row.0.strip_prefix("POST ")?, thing: row.2, fields: row.3 });
    TABLE.iter().filter_map(form).collect()
}

/// The routes that the sources of pages and frame declare.
pub fn declared() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn read_folder(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("api") {
                read_folder(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("api.rs") {
            read_file(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

fn read_file(text: &str, found: &mut BTreeSet<String>) {
    for line in text.lines() {
        for (attribute, method) in [("#[get(\"", "GET"), ("#[post(\"", "POST")] {
            let Some(path) = line.strip_prefix(attribute).and_then(|rest| rest.split('"').next()) else { continue };
            found.extend(spelled_out(path).map(|path| format!("{method} {path}")));
        }
    }
}

/// `/records/{id}/{step:confirm|dispute}` stands for two addresses.
fn spelled_out(path: &str) -> impl Iterator<Item = String> {
    let (before, choices) = path.split_once(':').unwrap_or((path, ""));
    let before = before.rsplit_once('{').filter(|_| !choices.is_empty()).map_or(before, |(before, _)| before);
    let choices = choices.trim_end_matches('}').split('|').map(|choice| format!("{before}{choice}"));
    choices.collect::<Vec<_>>().into_iter()
}

#[test]
fn access_table_lists_every_page() {
    let table: BTreeSet<String> = TABLE.iter().map(|row| row.0.split('?').next().unwrap().to_owned()).collect();
    let pages = declared();
    let missing: Vec<_> = pages.difference(&table).collect();
    let unknown: Vec<_> = table.difference(&pages).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "not in the table: {missing:?}; no page: {unknown:?}");
}

/// Opens the page, or sends its form with the token of the one who asks.
fn ask(actors: &Actors, browser: &Client, row: &Row, id: &str) -> Answer {
    let (method, path) = row.0.split_once(' ').unwrap();
    let path = signed(&actors.fill(path, id));
    if method == "GET" {
        return local(browser.page(&path));
    }
    let fields: Vec<(&str, &str)> =
        row.3.iter().map(|(name, value)| (*name, if *value == "{id}" { id } else { *value })).collect();
    let form_page = if path == "/sign-up" || path == "/forgotten-password" { path.as_str() } else { "/sign-in" };
    local(browser.submit(form_page, &path, &fields))
}

/// The same answer, if it sends nobody off the site.
#[track_caller]
pub fn local(answer: Answer) -> Answer {
    let to = answer.header("location").unwrap_or("/");
    assert!(to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\t']), "sent to {to}");
    answer
}

/// An address with a secret of nobody's in it.
pub fn signed(path: &str) -> String {
    let path = path.replace("{kind}", "listings").replace("{after}", "0");
    path.replace("{token}", "a.b").replace("{secret}", "AAAA")
}

struct Complaints(Vec<String>);

impl Complaints {
    fn status(&mut self, row: &Row, who: &str, answer: &Answer, wanted: u16) {
        if answer.status != wanted {
            let heading =
                answer.body.split("<h1").nth(1).and_then(|rest| rest.split("</h1").next()).unwrap_or_default();
            self.0.push(format!("{} by {who}: {} instead of {wanted} ({heading})", row.0, answer.status));
        }
    }

    fn let_in(&mut self, row: &Row, who: &str, answer: &Answer) {
        if matches!(answer.status, 401 | 403 | 404 | 405 | 500..) {
            self.status(row, who, answer, 200);
        }
    }
}

fn every_page_keeps_its_access_rule(world: &World) {
    let actors = Actors::enter(world);
    let nobody = world.anonymous();
    let viewer = actors.browser(world, Role::Viewer);
    let trader = actors.browser(world, Role::Trader);
    let stranger = world.browser(&actors.foreign.email);
    let keeper = world.browser(&actors.own.email);
    let moderator = world.moderator();
    let mut complaints = Complaints(Vec::new());
    let before = actors.state();
    for row in TABLE.iter().filter(|row| row.0 != "POST /sign-out") {
        let Row(call, rule, thing, _) = row;
        let (own, hidden, absent) = (actors.own_id(*thing), actors.hidden_id(*thing), actors.absent_id(*thing));
        match rule {
            Public => complaints.let_in(row, "nobody", &ask(&actors, &nobody, row, "")),
            Signed => complaints.status(row, "nobody", &ask(&actors, &nobody, row, ""), 404),
            Shown => {
                complaints.status(row, "nobody", &ask(&actors, &nobody, row, &actors.public_id(*thing)), 200);
                complaints.status(row, "nobody, for an absent id,", &ask(&actors, &nobody, row, &absent), 404);
                if *thing != Thing::Company {
                    complaints.status(row, "nobody", &ask(&actors, &nobody, row, &hidden), 404);
                    complaints.status(row, "a stranger", &ask(&actors, &stranger, row, &hidden), 404);
                }
                complaints.status(row, "a viewer", &ask(&actors, &viewer, row, &own), 200);
            }
            Moderates => {
                for (who, browser) in
                    [("nobody", &nobody), ("a viewer", &viewer), ("a trader", &trader), ("a stranger", &stranger)]
                {
                    complaints.status(row, who, &ask(&actors, browser, row, &own), 404);
                }
                if call.starts_with("GET") {
                    complaints.status(row, "a moderator", &ask(&actors, &moderator, row, &own), 200);
                }
            }
            Keeps => {
                complaints.status(row, "nobody", &ask(&actors, &nobody, row, &own), 401);
                complaints.status(row, "a colleague", &ask(&actors, &trader, row, &own), 404);
                complaints.status(row, "a stranger", &ask(&actors, &stranger, row, &hidden), 404);
                complaints.status(row, "a stranger, for an absent id,", &ask(&actors, &stranger, row, &absent), 404);
                if call.starts_with("GET") {
                    complaints.status(row, "its person", &ask(&actors, &keeper, row, &own), 200);
                }
            }
            Looks | Trades | Owns => {
                complaints.status(row, "nobody", &ask(&actors, &nobody, row, &own), 401);
                let seen = ask(&actors, &viewer, row, &own);
                if *rule == Looks {
                    complaints.let_in(row, "a viewer", &seen);
                } else {
                    complaints.status(row, "a viewer", &seen, 403);
                }
                if *rule == Owns {
                    complaints.status(row, "a trader", &ask(&actors, &trader, row, &own), 403);
                } else if call.starts_with("GET") {
                    complaints.let_in(row, "a trader", &ask(&actors, &trader, row, &own));
                }
                if *thing != Thing::Nothing {
                    let (hidden, absent) =
                        (ask(&actors, &stranger, row, &hidden), ask(&actors, &stranger, row, &absent));
                    complaints.status(row, "a stranger", &hidden, 404);
                    complaints.status(row, "a stranger, for an absent id,", &absent, 404);
                }
            }
        }
    }
    assert!(complaints.0.is_empty(), "{:#?}", complaints.0);
    assert!(before == actors.state(), "a refused form changed something");
}
