//! The life of quotes through the pages and REST, on an empty database: seats, versions, decisions, sealing, expiry.

use actix_web::dev::Service as _;
use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{App as Site, HttpMessage, test as calls};
use chrono::Duration;
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::User;
use crate::accounts::actions::{Origin, SignIn, add_member, sign_in};
use crate::accounts::authentication::authenticate_session;
use crate::actor::{Actor, Role};
use crate::app::{App, IndexPlace};
use crate::clock::{Clock, Time};
use crate::companies::actions::register;
use crate::companies::{CompanyFields, Form};
use crate::config::{Config, Overrides};
use crate::ids::{RfqId, UserId};
use crate::quotes::actions::expire_due;
use crate::rfqs;
use crate::web::actor::Identity;

fn now() -> Time {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

struct Market {
    _folder: tempfile::TempDir,
    app: Data<App>,
}

impl Market {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let overrides = Overrides { data: folder.path().to_path_buf(), ..Overrides::default() };
        let config = Config::load(&overrides).unwrap();
        let app = App::migrate_and_build(config, Clock::fake(now()), IndexPlace::Memory).unwrap();
        Self { _folder: folder, app: Data::new(app) }
    }

    fn join(&self, company: &str, country: &str) -> Actor {
        let fields =
            CompanyFields { form: Form::Manufacturer, ..CompanyFields::new(company, country.parse().unwrap()) };
        let id = self.app.db.write(|tx| register(tx, &fields, None)).unwrap();
        let email = format!("trade@{}.example", company.to_lowercase().replace(' ', "-"));
        let (name, password) = ("Someone".to_owned(), "quiet harbour 27 lanterns");
        let person = User { id: UserId(0), email, name, moderator: false };
        add_member(&self.app, &Actor::Operator, id, &person, password, Role::Owner).unwrap();
        let origin = Origin { user_agent: "test".to_owned(), network: "192.0.2.1".to_owned(), device: None };
        let opened = sign_in(&self.app, &person.email, password, &origin).unwrap();
        let SignIn::Session(opened) = opened else { panic!("a code is asked for") };
        authenticate_session(&self.app, &opened.secret).unwrap().unwrap().actor
    }

    fn publish(&self, buyer: &Actor, more: &Value) -> RfqId {
        let mut rfq = json!({"title": "Stainless pipe 316L", "quantity": {"value": "2000", "unit": "KGM"},
            "destination_country": "NL", "required_certifications": ["EN 10204 3.1"]});
        rfq.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let fields = serde_json::from_value(rfq).unwrap();
        let id = rfqs::actions::create(&self.app, buyer, fields, None).unwrap().id();
        rfqs::actions::publish(&self.app, buyer, id, None).unwrap();
        id
    }

    /// Status, body and where it leads.
    fn send(&self, actor: &Actor, request: calls::TestRequest) -> (u16, String, String) {
        actix_web::rt::System::new().block_on(async {
            let actor = actor.clone();
            let site = Site::new()
                .app_data(self.app.clone())
                .wrap_fn(move |request, next| {
                    let identity = Identity { actor: actor.clone(), viewer: None, csrf: String::new() };
                    request.extensions_mut().insert(identity);
                    next.call(request)
                })
                .configure(super::routes)
                .service(
                    web::scope("/api/v1").configure(|cfg| crate::quotes::api::routes(&mut ServiceConfig::new(cfg))),
                );
            let answer = calls::call_service(&calls::init_service(site).await, request.to_request()).await;
            let status = answer.status().as_u16();
            let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let body = calls::read_body(answer).await;
            (status, String::from_utf8(body.to_vec()).unwrap(), to.unwrap_or_default())
        })
    }

    fn get(&self, actor: &Actor, path: &str) -> (u16, String) {
        let (status, body, _) = self.send(actor, calls::TestRequest::get().uri(path));
        (status, body)
    }

    fn page(&self, actor: &Actor, path: &str) -> String {
        let (status, body) = self.get(actor, path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn json(&self, actor: &Actor, path: &str) -> Value {
        serde_json::from_str(&self.page(actor, &format!("/api/v1{path}"))).unwrap()
    }

    fn post(&self, actor: &Actor, path: &str, body: &Value) -> (u16, Value) {
        let request = calls::TestRequest::post().uri(&format!("/api/v1{path}")).set_json(body);
        let (status, body, _) = self.send(actor, request);
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    fn type_in(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        self.send(actor, calls::TestRequest::post().uri(path).set_form(fields))
    }

    fn quote(&self, actor: &Actor, rfq: RfqId, price: &str) -> String {
        let body = json!({"unit_price": {"amount": price, "currency": "EUR"}, "incoterm": "DAP",
            "incoterm_place": "Rotterdam", "valid_until": "2026-12-20"});
        let (status, made) = self.post(actor, &format!("/rfqs/{rfq}/quotes"), &body);
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    fn state_of(&self, actor: &Actor, quote: &str) -> String {
        self.json(actor, &format!("/quotes/{quote}"))["state"].as_str().unwrap().to_owned()
    }

    fn rfq_state(&self, id: RfqId) -> &'static str {
        self.app.db.read(|conn| rfqs::store::find(conn, id)).unwrap().unwrap().state.as_str()
    }
}

#[test]
fn one_is_accepted_and_the_others_are_declined() {
    let market = Market::new();
    let buyer = market.join("Rijn Import", "NL");
    let (ruide, izmir) = (market.join("Hebei Ruide", "CN"), market.join("Izmir Celik", "TR"));
    let rfq = market.publish(&buyer, &json!({}));
    let form = market.page(&ruide, &format!("/rfqs/{rfq}/quote"));
    assert!(form.contains("EN 10204 3.1") && form.contains("value=\"2000\""));
    let typed = [
        ("unit_price.amount", "4.22"),
        ("unit_price.currency", "EUR"),
        ("price_unit", "KGM"),
        ("incoterm", "FOB"),
        ("incoterm_place", "Ningbo"),
        ("answers.0.requirement", "EN 10204 3.1"),
        ("answers.0.met", "no"),
        ("message", "<b>Hello</b>"),
    ];
    let (status, again, _) = market.type_in(&ruide, &format!("/rfqs/{rfq}/quote"), &typed[1..]);
    assert!(status == 422 && again.contains("Unit price") && again.contains("Ningbo"));
    let (status, body, path) = market.type_in(&ruide, &format!("/rfqs/{rfq}/quote"), &typed);
    assert_eq!(status, 303, "{body}");
    let page = market.page(&buyer, &path);
    assert!(page.contains("EUR 4.22 / kg, FOB Ningbo") && page.contains("&#60;b&#62;Hello") && page.contains("Accept"));
    let first = path.rsplit('/').next().unwrap();
    let second = market.quote(&izmir, rfq, "4.05");
    assert_eq!(
        market
            .post(&izmir, &format!("/rfqs/{rfq}/quotes"), &json!({"unit_price": {"amount": "1", "currency": "EUR"}}))
            .0,
        409
    );
    assert_eq!(
        market
            .post(&buyer, &format!("/rfqs/{rfq}/quotes"), &json!({"unit_price": {"amount": "1", "currency": "EUR"}}))
            .0,
        409
    );

    let compare = market.page(&buyer, &format!("/desk/buying/rfqs/{rfq}/compare"));
    assert!(compare.contains("not comparable: no freight stated") && compare.contains("4.05 lowest"), "{compare}");
    let table = market.page(&buyer, &format!("/desk/buying/rfqs/{rfq}/quotes"));
    assert!(table.find("Izmir Celik").unwrap() < table.find("Hebei Ruide").unwrap());
    assert!(market.page(&izmir, "/desk/selling/quotes").contains("Stainless pipe 316L"));
    assert_eq!(market.json(&izmir, &format!("/rfqs/{rfq}/quotes"))["data"].as_array().unwrap().len(), 1);
    assert_eq!(market.json(&buyer, &format!("/rfqs/{rfq}/quotes"))["data"].as_array().unwrap().len(), 2);
    assert_eq!(market.get(&izmir, &format!("/quotes/{first}")).0, 404);
    assert_eq!(market.get(&izmir, &format!("/api/v1/rfqs/{rfq}/comparison")).0, 404);
    assert_eq!(market.get(&Actor::Anonymous, &format!("/api/v1/quotes/{first}")).0, 401);

    let revised = json!({"unit_price": {"amount": "4.00", "currency": "EUR"}, "incoterm": "DAP"});
    let (status, view) = market.post(&izmir, &format!("/quotes/{second}/revise"), &revised);
    assert_eq!((status, view["revision"].as_u64(), view["versions"].as_array().unwrap().len()), (200, Some(2), 2));
    assert!(view["buyer"].is_null());
    let (status, _) = market.post(&buyer, &format!("/quotes/{second}/accept"), &json!({"revision": 1}));
    assert_eq!(status, 412);
    assert_eq!(market.post(&izmir, &format!("/quotes/{second}/accept"), &json!({})).0, 403);
    assert_eq!(market.post(&buyer, &format!("/quotes/{second}/shortlist"), &json!({})).0, 200);
    let confirm = market.page(&buyer, &format!("/quotes/{second}/accept"));
    assert!(confirm.contains("You accept version 2") && confirm.contains("1 other supplier"));
    let (status, body, _) =
        market.type_in(&buyer, &format!("/quotes/{second}/accept"), &[("revision", "2"), ("split", "no")]);
    assert_eq!(status, 303, "{body}");
    assert_eq!(
        (market.state_of(&izmir, &second), market.state_of(&ruide, first)),
        ("accepted".into(), "declined".into())
    );
    assert_eq!(market.rfq_state(rfq), "awarded");
    assert!(
        market.page(&buyer, &format!("/quotes/{second}")).contains(&format!("/partnerships/propose?quote={second}"))
    );
    assert_eq!(market.json(&izmir, &format!("/quotes/{second}"))["buyer"]["name"], "Rijn Import");
    assert_eq!(market.post(&buyer, &format!("/quotes/{first}/accept"), &json!({})).0, 409);
}

#[test]
fn seats_are_kept_for_a_day_and_the_last_one_closes() {
    let market = Market::new();
    let buyer = market.join("Rijn Import", "NL");
    let suppliers = ["Alpha", "Beta", "Gamma", "Delta"].map(|name| market.join(name, "CN"));
    let rfq = market.publish(&buyer, &json!({"closing": {"max_quotes": 3}}));
    market.quote(&suppliers[0], rfq, "4");
    let withdrawn_quote = market.quote(&suppliers[1], rfq, "5");
    let body = json!({"unit_price": {"amount": "6", "currency": "EUR"}});
    let (status, refused) = market.post(&suppliers[2], &format!("/rfqs/{rfq}/quotes"), &body);
    assert_eq!(status, 409, "{refused}");
    assert!(market.page(&suppliers[2], &format!("/rfqs/{rfq}/quote")).contains("quote at the moment"));
    assert_eq!(market.post(&suppliers[1], &format!("/quotes/{withdrawn_quote}/withdraw"), &json!({})).0, 200);
    market.quote(&suppliers[2], rfq, "6");
    market.app.clock.advance(Duration::hours(25));
    assert_eq!(market.rfq_state(rfq), "open");
    market.quote(&suppliers[1], rfq, "5");
    assert_eq!(market.rfq_state(rfq), "closed");
    assert_eq!(market.post(&suppliers[3], &format!("/rfqs/{rfq}/quotes"), &body).0, 409);
}

#[test]
fn sealed_quotes_are_read_once_no_more_can_come() {
    let market = Market::new();
    let (buyer, supplier) = (market.join("Rijn Import", "NL"), market.join("Alpha", "CN"));
    let rfq = market.publish(&buyer, &json!({"sealed": true, "closing": {"max_quotes": 2}}));
    let quote = market.quote(&supplier, rfq, "4.4321");
    let view = market.json(&buyer, &format!("/quotes/{quote}"));
    assert_eq!((view["sealed"].as_bool(), view["versions"].as_array().unwrap().len()), (Some(true), 0));
    assert!(view.get("unit_price").is_none());
    assert_eq!(market.json(&supplier, &format!("/quotes/{quote}"))["unit_price"]["amount"], "4.432100");
    assert_eq!(market.get(&buyer, &format!("/api/v1/rfqs/{rfq}/comparison")).0, 409);
    assert_eq!(market.post(&buyer, &format!("/quotes/{quote}/accept"), &json!({})).0, 409);
    for path in [
        format!("/quotes/{quote}"),
        format!("/desk/buying/rfqs/{rfq}/quotes"),
        format!("/desk/buying/rfqs/{rfq}/compare"),
    ] {
        assert!(!market.page(&buyer, &path).contains("4.4321"), "{path}");
    }
    rfqs::actions::close(&market.app, &buyer, rfq, None, None, None).unwrap();
    assert!(market.page(&buyer, &format!("/quotes/{quote}")).contains("EUR 4.4321 / kg"));
    assert_eq!(market.post(&buyer, &format!("/quotes/{quote}/accept"), &json!({"split": true})).0, 200);
    assert_eq!(market.rfq_state(rfq), "awarded");
}

#[test]
fn what_is_past_expires_and_may_come_back() {
    let market = Market::new();
    let (buyer, supplier) = (market.join("Rijn Import", "NL"), market.join("Alpha", "CN"));
    let rfq = market.publish(&buyer, &json!({}));
    let quote = market.quote(&supplier, rfq, "4");
    assert_eq!(expire_due(&market.app).unwrap(), 0);
    market.app.clock.advance(Duration::days(28));
    assert_eq!((expire_due(&market.app).unwrap(), expire_due(&market.app).unwrap()), (1, 0));
    assert_eq!(market.state_of(&buyer, &quote), "expired");
    assert_eq!(market.post(&buyer, &format!("/quotes/{quote}/accept"), &json!({})).0, 409);
    let form = market.page(&supplier, &format!("/quotes/{quote}/revise"));
    assert!(form.contains("Rotterdam"));
    let typed = [("unit_price.amount", "3.9"), ("unit_price.currency", "EUR"), ("version", "2")];
    let (status, body, _) = market.type_in(&supplier, &format!("/quotes/{quote}/revise"), &typed);
    assert_eq!(status, 303, "{body}");
    assert!(market.page(&buyer, &format!("/quotes/{quote}")).contains("Earlier versions"));
    let refusal = json!({"reason": "Another grade", "off_target": true});
    let (status, view) = market.post(&buyer, &format!("/quotes/{quote}/decline"), &refusal);
    assert_eq!((status, view["off_target"].as_bool()), (200, Some(true)));
    assert!(market.page(&supplier, &format!("/quotes/{quote}")).contains("Another grade"));
    let page = market.page(&buyer, &format!("/desk/buying/rfqs/{rfq}/quotes"));
    assert!(page.contains("declined"));
}
