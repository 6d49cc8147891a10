//! Every route of API and site, every kind of actor, own, foreign and absent ids. A new route fails here until its rule is written
//! into the table.

mod canary;
mod actors;
mod markup;
pub mod pages;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tradepost::actor::Permission;

pub use self::actors::{Actors, MARKERS, Thing};

use self::actors::but_instance;
use crate::support::{Answer, Client, World, market};

both!(every_route_keeps_its_access_rule, account_page_offers_exactly_the_scopes_that_routes_need);

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Everyone.
    Public,
    /// Everyone for what is published; the owner with the scope for what is not.
    Shown(&'static str),
    /// A key with the scope, or with any of several with spaces between, of which the first is the one that new keys are given; where there
    /// is an id, only of the company that it belongs to.
    Scope(&'static str),
    /// A key with all of these scopes, with spaces between; where there is an id, only of the company that it belongs to.
    Every(&'static str),
    /// A person, never a key.
    Person,
    /// The operator's mail server, by its secret, and no actor.
    MailServer,
}

use Rule::{Every, MailServer, Person, Public, Scope, Shown};

struct Row(&'static str, Rule, Thing, fn() -> Value);

fn none() -> Value {
    json!({})
}

fn reason() -> Value {
    json!({"reason": "The quantity is another one"})
}

/// The scopes of whoever takes everything at once.
const READING: &str =
    "account:read alerts:read catalog:read documents:read messages:read partnerships:read quotes:read rfqs:read";

/// Every route of the API.
const TABLE: &[Row] = &[
    Row("GET /me", Scope("account:read"), Thing::Nothing, none),
    Row("GET /api-keys", Scope("account:read"), Thing::Nothing, none),
    Row("POST /api-keys", Scope("account:write"), Thing::Nothing, || json!({"name": "x", "scopes": ["account:write"]})),
    Row("GET /notification-preferences", Person, Thing::Nothing, none),
    Row("PATCH /notification-preferences", Person, Thing::Nothing, || json!({"matches": false})),
    Row("POST /documents", Scope("documents:write"), Thing::Nothing, none),
    Row("GET /documents", Scope("documents:read"), Thing::Nothing, none),
    Row("GET /documents/{id}", Shown("documents:read"), Thing::Document, none),
    Row("GET /documents/{id}/content", Shown("documents:read"), Thing::Document, none),
    Row("GET /companies/{id}", Public, Thing::Company, none),
    Row("PATCH /companies/{id}", Scope("account:write"), Thing::Company, || json!({"year": 1990})),
    Row("GET /companies/{id}/identifiers", Public, Thing::Company, none),
    Row("GET /companies/{id}/certifications", Public, Thing::Company, none),
    Row("GET /companies/{id}/verification", Public, Thing::Company, none),
    Row("GET /companies/{id}/members", Scope("account:read"), Thing::Company, none),
    Row("GET /companies/{id}/contacts", Scope("account:read"), Thing::Company, none),
    Row(
        "POST /companies/{id}/contacts",
        Scope("account:write"),
        Thing::Company,
        || json!({"name": "Li Wei", "phone": "+86 574 87654321"}),
    ),
    Row(
        "PATCH /companies/{id}/contacts/{contact}",
        Scope("account:write"),
        Thing::Company,
        || json!({"role": "sales"}),
    ),
    Row(
        "POST /companies/{id}/members",
        Scope("account:write"),
        Thing::Company,
        || json!({"email": "somebody@company.example", "role": "trader"}),
    ),
    Row("GET /companies/{id}/members/{member}", Scope("account:read"), Thing::Company, none),
    Row("GET /companies/{id}/invitations/{invitation}", Scope("account:write"), Thing::Company, none),
    Row("PATCH /companies/{id}/members/{member}", Scope("account:write"), Thing::Company, || json!({"role": "viewer"})),
    Row("GET /companies/{id}/invitations", Scope("account:write"), Thing::Company, none),
    Row(
        "POST /companies/identifiers/check",
        Public,
        Thing::Nothing,
        || json!({"kind": "gln", "value": "4006381333931"}),
    ),
    Row("GET /listings", Scope("catalog:read"), Thing::Nothing, none),
    Row("POST /listings", Scope("catalog:write"), Thing::Nothing, || market::listing("NEW-1")),
    Row("PUT /listings/by-sku/{sku}", Scope("catalog:write"), Thing::Nothing, || market::listing("OPEN-1")),
    Row(
        "POST /listings/batch",
        Scope("catalog:write"),
        Thing::Nothing,
        || json!({"listings": [market::listing("NEW-2")]}),
    ),
    Row("GET /listings/by-sku/{sku}", Scope("catalog:read"), Thing::Nothing, none),
    Row("PATCH /listings/by-sku/{sku}", Scope("catalog:write"), Thing::Nothing, || json!({"brand": "Aldra"})),
    Row("GET /listings/{id}", Shown("catalog:read"), Thing::DraftListing, none),
    Row("PATCH /listings/{id}", Scope("catalog:write"), Thing::DraftListing, || json!({"brand": "Aldra"})),
    Row("POST /listings/{id}/publish", Scope("catalog:write"), Thing::DraftListing, none),
    Row("POST /listings/{id}/pause", Scope("catalog:write"), Thing::DraftListing, none),
    Row("POST /listings/{id}/renew", Scope("catalog:write"), Thing::DraftListing, none),
    Row("POST /imports", Scope("catalog:write"), Thing::Nothing, none),
    Row("GET /imports", Scope("catalog:write"), Thing::Nothing, none),
    Row("GET /imports/{id}", Scope("catalog:write"), Thing::Import, none),
    Row("GET /imports/{id}/errors.csv", Scope("catalog:write"), Thing::Import, none),
    Row("GET /exports/catalog", Scope("catalog:read"), Thing::Nothing, none),
    Row("POST /exports/everything", Every(READING), Thing::Nothing, none),
    Row("GET /exports", Scope("account:read"), Thing::Nothing, none),
    Row("GET /exports/{id}", Scope("account:read"), Thing::Export, none),
    Row("GET /exports/{id}/content", Every(READING), Thing::Export, none),
    Row("GET /rfqs", Scope("rfqs:read"), Thing::Nothing, none),
    Row("POST /rfqs", Scope("rfqs:write"), Thing::Nothing, || market::rfq("More valves")),
    Row("GET /rfqs/{id}", Shown("rfqs:read"), Thing::DraftRfq, none),
    Row("PATCH /rfqs/{id}", Scope("rfqs:write"), Thing::OpenRfq, || json!({"destination_place": "Hamburg"})),
    Row("POST /rfqs/{id}/publish", Scope("rfqs:write"), Thing::DraftRfq, none),
    Row("POST /rfqs/{id}/extend", Scope("rfqs:write"), Thing::OpenRfq, || json!({"deadline": "2027-03-01T00:00:00Z"})),
    Row("POST /rfqs/{id}/reopen", Scope("rfqs:write"), Thing::OpenRfq, || json!({"max_quotes": 20})),
    Row("POST /rfqs/{id}/copy", Scope("rfqs:write"), Thing::OpenRfq, none),
    Row("GET /rfqs/{id}/completeness", Scope("rfqs:read"), Thing::OpenRfq, none),
    Row("GET /rfqs/{id}/questions", Shown("rfqs:read"), Thing::DraftRfq, none),
    Row("POST /rfqs/{id}/questions", Scope("rfqs:write"), Thing::SeenRfq, || json!({"question": "Which port?"})),
    Row(
        "POST /rfqs/{id}/questions/{question}/answer",
        Scope("rfqs:write"),
        Thing::OpenRfq,
        || json!({"answer": "It is."}),
    ),
    Row("GET /rfqs/{id}/matches", Scope("rfqs:read"), Thing::OpenRfq, none),
    Row("GET /rfqs/{id}/why-not", Scope("rfqs:read"), Thing::SeenRfq, none),
    Row("GET /rfqs/{id}/invitations", Scope("rfqs:read"), Thing::OpenRfq, none),
    Row(
        "POST /rfqs/{id}/invitations",
        Scope("rfqs:write"),
        Thing::OpenRfq,
        || json!({"companies": ["cmp_0000000000001"]}),
    ),
    Row("POST /rfqs/{id}/decline-invitation", Scope("rfqs:write"), Thing::SeenRfq, none),
    Row("GET /rfq-invitations", Scope("rfqs:read"), Thing::Nothing, none),
    Row("GET /matches", Scope("rfqs:read"), Thing::Nothing, none),
    Row("POST /matches/{id}/dismiss", Scope("rfqs:write"), Thing::Match, || json!({"reason": "other"})),
    Row("POST /rfqs/{id}/quotes", Scope("quotes:write"), Thing::SeenRfq, || market::quote("3.1")),
    Row("GET /rfqs/{id}/quotes", Scope("quotes:read"), Thing::SeenRfq, none),
    Row("GET /rfqs/{id}/comparison", Scope("quotes:read"), Thing::OpenRfq, none),
    Row("GET /quotes", Scope("quotes:read"), Thing::Nothing, none),
    Row("GET /quotes/{id}", Scope("quotes:read"), Thing::QuoteReceived, none),
    Row("POST /quotes/{id}/revise", Scope("quotes:write"), Thing::QuoteGiven, || market::quote("3.0")),
    Row("POST /quotes/{id}/shortlist", Scope("quotes:write"), Thing::QuoteReceived, none),
    Row("POST /quotes/{id}/decline", Scope("quotes:write"), Thing::QuoteReceived, reason),
    Row("POST /quotes/{id}/accept", Scope("quotes:write"), Thing::QuoteReceived, none),
    Row("POST /quotes/{id}/withdraw", Scope("quotes:write"), Thing::QuoteGiven, none),
    Row("POST /rfqs/{id}/close", Scope("rfqs:write"), Thing::OpenRfq, none),
    Row("POST /rfqs/{id}/withdraw", Scope("rfqs:write"), Thing::OpenRfq, none),
    Row("GET /partnerships", Scope("partnerships:read"), Thing::Nothing, none),
    Row(
        "POST /partnerships",
        Scope("partnerships:write"),
        Thing::Nothing,
        || json!({"supplier": "cmp_0000000000001", "buyer": "cmp_0000000000002"}),
    ),
    Row("GET /partnerships/{id}", Scope("partnerships:read"), Thing::Partnership, none),
    Row("GET /partnerships/{id}/ledger", Scope("partnerships:read"), Thing::Partnership, none),
    Row("GET /partnerships/{id}/records", Scope("partnerships:read"), Thing::Partnership, none),
    Row("POST /partnerships/{id}/records", Scope("partnerships:write"), Thing::Partnership, market::record),
    Row("GET /records/{id}", Scope("partnerships:read"), Thing::Record, none),
    Row("POST /records/{id}/customs-references", Scope("partnerships:write"), Thing::Record, || {
        market::declaration(77)
    }),
    Row("GET /records/{id}/documents", Scope("partnerships:read"), Thing::Record, none),
    Row(
        "POST /records/{id}/documents",
        Scope("partnerships:write"),
        Thing::Record,
        || json!({"document": "doc_0000000000001", "kind": "invoice"}),
    ),
    Row("POST /records/{id}/dispute", Scope("partnerships:write"), Thing::Record, reason),
    Row("POST /records/{id}/confirm", Scope("partnerships:write"), Thing::Record, none),
    Row("POST /records/{id}/correct", Scope("partnerships:write"), Thing::Record, market::record),
    Row("GET /retail-records", Scope("partnerships:read"), Thing::Nothing, none),
    Row("POST /retail-records", Scope("partnerships:write"), Thing::Nothing, market::retail),
    Row(
        "POST /retail-records/batch",
        Scope("partnerships:write"),
        Thing::Nothing,
        || json!({"records": [market::retail()]}),
    ),
    Row("POST /retail-records/csv", Scope("partnerships:write"), Thing::Nothing, none),
    Row("GET /retail-records/{id}", Scope("partnerships:read"), Thing::RetailRecord, none),
    Row("POST /retail-records/{id}/correct", Scope("partnerships:write"), Thing::RetailRecord, market::retail),
    Row("POST /retail-records/{id}/withdraw", Scope("partnerships:write"), Thing::RetailRecord, none),
    Row("POST /partnerships/{id}/confirm", Scope("partnerships:write"), Thing::Partnership, none),
    Row("POST /partnerships/{id}/decline", Scope("partnerships:write"), Thing::Partnership, reason),
    Row("POST /partnerships/{id}/end", Scope("partnerships:write"), Thing::Partnership, reason),
    Row(
        "POST /customs/check",
        Public,
        Thing::Nothing,
        || json!({"scheme": "cn_declaration", "number": "310420260000000001", "direction": "export"}),
    ),
    Row("GET /customs/schemes", Public, Thing::Nothing, none),
    Row("GET /reference/hs", Public, Thing::Nothing, none),
    Row("GET /reference/hs/{code}", Public, Thing::Nothing, none),
    Row("GET /reference/countries", Public, Thing::Nothing, none),
    Row("GET /reference/currencies", Public, Thing::Nothing, none),
    Row("GET /reference/units", Public, Thing::Nothing, none),
    Row("GET /reference/incoterms", Public, Thing::Nothing, none),
    Row("GET /reference/regimes", Public, Thing::Nothing, none),
    Row("GET /reference/categories", Public, Thing::Nothing, none),
    Row("GET /reference/rates", Public, Thing::Nothing, none),
    Row("GET /reference/payment-terms", Public, Thing::Nothing, none),
    Row("GET /reference/transport-modes", Public, Thing::Nothing, none),
    Row("GET /reference/ports", Public, Thing::Nothing, none),
    Row("GET /statistics/general-trade", Public, Thing::Nothing, none),
    Row("GET /statistics/general-trade.csv", Public, Thing::Nothing, none),
    Row("GET /statistics/retail", Public, Thing::Nothing, none),
    Row("GET /ledger-key", Public, Thing::Nothing, none),
    Row("GET /statistics/own", Scope("partnerships:read"), Thing::Nothing, none),
    Row("POST /inbound/mail", MailServer, Thing::Nothing, none),
    Row("GET /statistics/releases", Public, Thing::Nothing, none),
    Row("GET /statistics/structure", Public, Thing::Nothing, none),
    Row("GET /statistics/releases/{number}", Public, Thing::Nothing, none),
    Row("GET /search/listings", Public, Thing::Nothing, none),
    Row("GET /search/companies", Public, Thing::Nothing, none),
    Row("GET /search/rfqs", Public, Thing::Nothing, none),
    Row("GET /search/suggest", Public, Thing::Nothing, none),
    Row("POST /companies/{id}/verification", Scope("account:write"), Thing::Company, || json!({"level": "documented"})),
    Row("POST /companies/{id}/reveal-contact", Scope("contacts:reveal"), Thing::HiddenCompany, none),
    Row("GET /contact-reveals", Scope("account:read"), Thing::Nothing, none),
    Row("GET /events", Scope("events:read"), Thing::Nothing, none),
    Row("GET /webhook-endpoints", Scope("webhooks:write"), Thing::Nothing, none),
    Row(
        "POST /webhook-endpoints",
        Scope("webhooks:write"),
        Thing::Nothing,
        || json!({"url": "https://1.1.1.1/hook", "enabled": false}),
    ),
    Row("GET /webhook-endpoints/{id}", Scope("webhooks:write"), Thing::Webhook, none),
    Row("PATCH /webhook-endpoints/{id}", Scope("webhooks:write"), Thing::Webhook, || json!({"description": "Another"})),
    Row("GET /webhook-endpoints/{id}/deliveries", Scope("webhooks:write"), Thing::Webhook, none),
    Row("POST /webhook-endpoints/{id}/rotate-secret", Scope("webhooks:write"), Thing::Webhook, none),
    Row(
        "POST /webhook-endpoints/{id}/replay",
        Scope("webhooks:write"),
        Thing::Webhook,
        || json!({"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}),
    ),
    Row("POST /webhook-endpoints/{id}/ping", Scope("webhooks:write"), Thing::Webhook, none),
    Row("GET /notifications", Scope("account:read"), Thing::Nothing, none),
    Row("GET /notifications/unread", Scope("account:read"), Thing::Nothing, none),
    Row("POST /notifications/read", Scope("account:read"), Thing::Nothing, || json!({"all": true, "kind": "company"})),
    Row("GET /saved-searches", Scope("alerts:read"), Thing::Nothing, none),
    Row(
        "POST /saved-searches",
        Scope("alerts:write"),
        Thing::Nothing,
        || json!({"name": "Valves", "query": "q=ball+valve&country=CN"}),
    ),
    Row("GET /saved-searches/{id}", Scope("alerts:read"), Thing::SavedSearch, none),
    Row("GET /saved-searches/{id}/preview", Scope("alerts:read"), Thing::SavedSearch, none),
    Row("GET /saved-searches/{id}/alerts", Scope("alerts:read"), Thing::SavedSearch, none),
    Row("PATCH /saved-searches/{id}", Scope("alerts:write"), Thing::SavedSearch, || json!({"paused": true})),
    Row("GET /threads", Scope("messages:read"), Thing::Nothing, none),
    Row(
        "POST /threads",
        Scope("messages:write"),
        Thing::Nothing,
        || json!({"subject": {"kind": "company", "id": "cmp_0000000000001"}, "text": "Do you export to Chile?"}),
    ),
    Row("GET /threads/{id}", Scope("messages:read"), Thing::Thread, none),
    Row("GET /threads/{id}/messages", Scope("messages:read"), Thing::Thread, none),
    Row("POST /threads/{id}/messages", Scope("messages:write"), Thing::Thread, || json!({"text": "In two weeks."})),
    Row("POST /threads/{id}/read", Scope("messages:read"), Thing::Thread, none),
    Row("POST /threads/{id}/archive", Scope("messages:write"), Thing::Thread, none),
    Row("POST /threads/{id}/unarchive", Scope("messages:write"), Thing::Thread, none),
    Row("POST /threads/{id}/assign", Scope("messages:write"), Thing::Thread, none),
    Row("GET /blocked-companies", Scope("messages:read"), Thing::Nothing, none),
    Row("POST /blocked-companies", Scope("messages:write"), Thing::Nothing, || json!({"company": "cmp_0000000000001"})),
    Row("DELETE /blocked-companies/{id}", Scope("messages:write"), Thing::BlockedCompany, none),
    Row("GET /reports", Scope("account:read reports:write messages:read"), Thing::Nothing, none),
    Row(
        "POST /reports",
        Scope("reports:write"),
        Thing::Nothing,
        || json!({"about": "cmp_0000000000001", "kind": "fraud"}),
    ),
    Row("GET /reports/{id}", Scope("account:read reports:write messages:read"), Thing::Report, none),
    Row("GET /listings/{id}/images", Shown("catalog:read"), Thing::DraftListing, none),
    Row("POST /listings/{id}/images", Scope("catalog:write"), Thing::DraftListing, none),
    Row("GET /listings/{id}/images/{image}", Shown("catalog:read"), Thing::DraftListing, none),
    Row("DELETE /listings/{id}/images/{image}", Scope("catalog:write"), Thing::DraftListing, none),
    Row("DELETE /listings/{id}", Scope("catalog:write"), Thing::DraftListing, none),
    Row("DELETE /companies/{id}/contacts/{contact}", Scope("account:write"), Thing::Company, none),
    Row("DELETE /rfqs/{id}/invitations/{company}", Scope("rfqs:write"), Thing::OpenRfq, none),
    Row("DELETE /documents/{id}", Scope("documents:write"), Thing::Document, none),
    Row("DELETE /companies/{id}/members/{member}", Scope("account:write"), Thing::Company, none),
    Row("DELETE /companies/{id}/invitations/{invitation}", Scope("account:write"), Thing::Company, none),
    Row("DELETE /saved-searches/{id}", Scope("alerts:write"), Thing::SavedSearch, none),
    Row("DELETE /listings/by-sku/{sku}", Scope("catalog:write"), Thing::Nothing, none),
    Row("DELETE /webhook-endpoints/{id}", Scope("webhooks:write"), Thing::Webhook, none),
    Row("DELETE /api-keys/{id}", Scope("account:write"), Thing::ApiKey, none),
];

/// The routes that anyone may call, for the test of what the document says of them.
pub fn is_public(call: &str) -> bool {
    TABLE.iter().any(|Row(known, rule, ..)| *known == call && matches!(rule, Public | Shown(_)))
}

/// A route of the table, for tests that walk all of them.
pub struct Walked {
    pub call: &'static str,
    pub thing: Thing,
    pub body: Value,
    pub is_public: bool,
    /// What is published is shown to everyone.
    pub is_shown: bool,
    /// Only a person may use it, which the API knows none of.
    pub is_a_persons: bool,
}

/// Every route with a body that it takes.
pub fn walked() -> Vec<Walked> {
    let walked = |Row(call, rule, thing, body): &Row| Walked {
        call,
        thing: *thing,
        body: body(),
        is_public: *rule == Public,
        is_shown: matches!(rule, Shown(_)),
        is_a_persons: *rule == Person,
    };
    TABLE.iter().map(walked).collect()
}

/// The requests that make something, of the OpenAPI document: a POST that answers 201.
pub fn creations() -> BTreeSet<String> {
    let document = tradepost::web::routes::openapi().unwrap();
    let paths = document["paths"].as_object().unwrap();
    let makes = |item: &&Value| item.pointer("/post/responses/201").is_some();
    let making = paths.iter().filter(|(_, item)| makes(item)).map(|(path, _)| path.as_str());
    making.map(|path| format!("POST {}", path.strip_prefix("/api/v1").unwrap_or(path))).collect()
}

/// The routes of the OpenAPI document, `GET /rfqs/{id}`.
pub fn documented() -> BTreeSet<String> {
    let document = tradepost::web::routes::openapi().unwrap();
    let mut calls = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let methods = item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "put", "patch", "delete"].contains(&key.as_str()));
        calls.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    calls
}

#[test]
fn access_table_lists_every_route() {
    let table: BTreeSet<String> = TABLE.iter().map(|Row(call, ..)| (*call).to_owned()).collect();
    assert_eq!(table.len(), TABLE.len(), "a route stands in the table twice");
    let routes = documented();
    let missing: Vec<_> = routes.difference(&table).collect();
    let unknown: Vec<_> = table.difference(&routes).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "not in the table: {missing:?}; no route: {unknown:?}");
}

fn ask(actors: &Actors, client: &Client, row: &Row, id: &str) -> Answer {
    let Row(call, _, _, body) = row;
    let (method, path) = call.split_once(' ').unwrap();
    let call = client.call(method, &actors.fill(path, id));
    match method {
        "GET" => call.send(),
        "DELETE" => call.header("If-Match", "\"v1\"").send(),
        "PATCH" => call.header("If-Match", "\"v1\"").merge_patch(&body()).send(),
        _ => call.json(&body()).send(),
    }
}

/// Gathers what is wrong, so that one run shows all of it.
struct Complaints(Vec<String>);

impl Complaints {
    fn status(&mut self, row: &Row, who: &str, answer: &Answer, wanted: u16) {
        if answer.status != wanted {
            self.0.push(format!("{} by {who}: {} instead of {wanted}: {}", row.0, answer.status, answer.body));
        } else if wanted >= 400 {
            answer.problem();
        }
    }

    /// Whoever has the right gets through to what the request is about; the state may still refuse it.
    fn let_in(&mut self, row: &Row, who: &str, answer: &Answer) {
        if matches!(answer.status, 400 | 401 | 403 | 404 | 405 | 415 | 500..) {
            self.0.push(format!("{} by {who}: {}: {}", row.0, answer.status, answer.body));
        }
    }

    fn equal(&mut self, row: &Row, who: &str, hidden: &Answer, absent: &Answer) {
        self.status(row, who, hidden, 404);
        self.status(row, who, absent, 404);
        if hidden.status == 404 && absent.status == 404 && but_instance(hidden) != but_instance(absent) {
            self.0.push(format!("{} tells {who} that it exists: {} / {}", row.0, hidden.body, absent.body));
        }
    }
}

fn every_route_keeps_its_access_rule(world: &World) {
    let actors = Actors::enter(world);
    let mut complaints = Complaints(Vec::new());
    let before = actors.state();
    for row in TABLE {
        refused(world, &actors, row, &mut complaints);
    }
    assert!(before == actors.state(), "a refused request changed something; {:#?}", complaints.0);
    for row in TABLE {
        allowed(world, &actors, row, &mut complaints);
    }
    assert!(complaints.0.is_empty(), "{:#?}", complaints.0);
}

/// A scope that gates nothing yet is accepted, because the API names it, and offered to nobody.
fn account_page_offers_exactly_the_scopes_that_routes_need(world: &World) {
    let needed: BTreeSet<&str> = TABLE
        .iter()
        .filter_map(|Row(_, rule, ..)| match rule {
            Scope(scope) | Shown(scope) => scope.split(' ').next(),
            Every(_) | Public | Person | MailServer => None,
        })
        .collect();
    let buyer = world.buyer();
    let page = world.browser(&buyer.email).page("/account").expect(200);
    for (_, name) in Permission::ALL {
        let is_offered = page.body.contains(&format!("name=\"scopes\" value=\"{name}\""));
        assert_eq!(is_offered, needed.contains(name), "{name}");
        buyer.post("/api-keys", &json!({"name": "Any", "scopes": [name]})).expect(201);
    }
}

fn refused(world: &World, actors: &Actors, row: &Row, complaints: &mut Complaints) {
    let Row(_, rule, thing, _) = row;
    let (nobody, own, hidden) = (world.anonymous(), actors.own_id(*thing), actors.hidden_id(*thing));
    let absent = actors.absent_id(*thing);
    match rule {
        Public => {}
        MailServer => {
            complaints.status(row, "nobody", &ask(actors, &nobody, row, &own), 401);
            complaints.status(row, "a key", &ask(actors, &actors.own, row, &own), 401);
        }
        Every(scopes) => refused_every(world, actors, row, scopes, complaints),
        Person => {
            complaints.status(row, "nobody", &ask(actors, &nobody, row, &own), 401);
            complaints.status(row, "a key", &ask(actors, &actors.own, row, &own), 403);
        }
        Shown(_) => {
            complaints.equal(row, "nobody", &ask(actors, &nobody, row, &hidden), &ask(actors, &nobody, row, &absent));
            complaints.equal(
                row,
                "a foreign key",
                &ask(actors, &actors.foreign, row, &hidden),
                &ask(actors, &actors.foreign, row, &absent),
            );
        }
        Scope(scope) => {
            complaints.status(row, "nobody", &ask(actors, &nobody, row, &own), 401);
            let forged =
                Client::new(&world.base, Some("tp_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG".to_owned()));
            complaints.status(row, "a forged key", &ask(actors, &forged, row, &own), 401);
            let without = actors.without(world, scope);
            complaints.status(row, "a key without the scope", &ask(actors, &without, row, &own), 403);
            if *thing != Thing::Nothing {
                let (hidden, absent) =
                    (ask(actors, &actors.foreign, row, &hidden), ask(actors, &actors.foreign, row, &absent));
                complaints.equal(row, "a foreign key", &hidden, &absent);
            }
        }
    }
}

/// A key lacks each of the scopes in turn.
fn refused_every(world: &World, actors: &Actors, row: &Row, scopes: &str, complaints: &mut Complaints) {
    let Row(_, _, thing, _) = row;
    let (nobody, own) = (world.anonymous(), actors.own_id(*thing));
    complaints.status(row, "nobody", &ask(actors, &nobody, row, &own), 401);
    for scope in scopes.split(' ') {
        let without = actors.without(world, scope);
        complaints.status(row, &format!("a key without {scope}"), &ask(actors, &without, row, &own), 403);
    }
    if *thing != Thing::Nothing {
        let hidden = ask(actors, &actors.foreign, row, &actors.hidden_id(*thing));
        complaints.equal(row, "a foreign key", &hidden, &ask(actors, &actors.foreign, row, &actors.absent_id(*thing)));
    }
}

fn allowed(world: &World, actors: &Actors, row: &Row, complaints: &mut Complaints) {
    let Row(_, rule, thing, _) = row;
    match rule {
        Public => {
            complaints.status(row, "nobody", &ask(actors, &world.anonymous(), row, &actors.public_id(*thing)), 200);
            if *thing != Thing::Nothing {
                let absent = ask(actors, &world.anonymous(), row, &actors.absent_id(*thing));
                complaints.status(row, "nobody, for an absent id,", &absent, 404);
            }
        }
        Shown(scope) => {
            complaints.status(row, "nobody", &ask(actors, &world.anonymous(), row, &actors.public_id(*thing)), 200);
            let own = actors.with_only(world, scope);
            complaints.status(row, "the owner", &ask(actors, &own, row, &actors.own_id(*thing)), 200);
        }
        Scope(scope) => {
            let own = actors.with_only(world, scope);
            complaints.let_in(row, "the owner", &ask(actors, &own, row, &actors.own_id(*thing)));
        }
        Every(scopes) => {
            let own = actors.with_all(world, scopes);
            complaints.let_in(row, "the owner", &ask(actors, &own, row, &actors.own_id(*thing)));
        }
        Person | MailServer => {}
    }
}
