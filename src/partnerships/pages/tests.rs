//! Every page renders, and the forms lead where they should.

use actix_web::dev::Service;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpMessage, test};

use crate::actor::{Actor, Role};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies::{CompanyFields, actions::register};
use crate::config::{Config, Overrides};
use crate::ids::{CompanyId, SessionId, UserId};
use crate::partnerships::{PartnershipFields, PartnershipStep, actions};
use crate::web::actor::Identity;
use crate::web::layout::Viewer;

fn member(company: CompanyId) -> Actor {
    Actor::Member {
        user: UserId(1),
        company,
        role: Role::Owner,
        session: SessionId(1),
        moderator: false,
        suspended: false,
        confirmed: true,
    }
}

fn identity(company: CompanyId) -> Identity {
    let viewer = Viewer {
        person_name: "Anna".into(),
        company_name: "Ruide".into(),
        moderator: false,
        suspended: false,
        confirmed: true,
        unread: 0,
        notifications: 0,
    };
    Identity { actor: member(company), viewer: Some(viewer), csrf: "token".into() }
}

const SHIPMENT: &str = "direction=export&reporter_country=CN&partner_country=NL&hs_code=7304.41&description=Pipe+316L&quantity.value=2\
    &quantity.unit=TNE&net_kg=2000&value.amount=8700&value.currency=USD&incoterm=FOB&freight.amount=&freight.currency=USD\
    &invoice_date=2026-11-18&declared_on=2026-11-20&released_on=2026-11-21&party_form=b2b&deal_locus=offline&goods_route=general_cargo";
const NUMBER: &str =
    "scheme=cn_declaration&number=020220260881640275&item=1&regime.system=cn_supervision&regime.code=0110";

#[actix_web::test]
async fn pages_render_and_forms_lead_on() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::load(&Overrides { data: folder.path().to_owned(), ..Overrides::default() }).unwrap();
    let clock = Clock::fake("2026-11-23T12:00:00Z".parse().unwrap());
    let app = App::migrate_and_build(config, clock, IndexPlace::Memory).unwrap();
    let company = |name: &str, country: &str| {
        let fields = CompanyFields::new(name, country.parse().unwrap());
        app.db.write(|tx| register(tx, &fields, None)).unwrap()
    };
    let (supplier, buyer) = (company("Ruide Pipe", "CN"), company("Delta <Import>", "NL"));
    let fields = PartnershipFields { supplier, buyer, quote: None, note: None };
    let id = actions::propose(&app, &member(buyer), &fields, None).unwrap().id();
    let app = Data::new(app);
    let service = test::init_service(
        ActixApp::new()
            .app_data(Data::clone(&app))
            .wrap_fn(move |request, service| {
                request.extensions_mut().insert(identity(supplier));
                service.call(request)
            })
            .configure(super::routes)
            .configure(crate::customs::pages::routes),
    )
    .await;
    let get = async |path: String| {
        let answer = test::call_service(&service, test::TestRequest::get().uri(&path).to_request()).await;
        let status = answer.status();
        (status, String::from_utf8(test::read_body(answer).await.to_vec()).unwrap())
    };
    let post = async |path: String, body: &str| {
        let request = test::TestRequest::post().uri(&path).set_payload(format!("{body}&csrf=token"));
        let answer = test::call_service(&service, request.to_request()).await;
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (answer.status(), location.unwrap_or_default())
    };
    let (status, list) = get("/partnerships".into()).await;
    assert!(
        status == StatusCode::OK && list.contains("Needs you") && list.contains("Delta &#60;Import&#62;"),
        "{list}"
    );
    assert_eq!(get(format!("/partnerships/{id}/confirm")).await.0, StatusCode::OK);
    assert_eq!(get(format!("/partnerships/propose?with={buyer}")).await.0, StatusCode::OK);
    actions::step(&app, &member(supplier), id, PartnershipStep::Confirm, None, None).unwrap();
    assert!(get(format!("/partnerships/{id}/records/new")).await.1.contains("Declare shipment"));
    let new = format!("/partnerships/{id}/records/new");
    assert_eq!(post(new.clone(), "direction=export&hs_code=x").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, record) = post(new, SHIPMENT).await;
    assert_eq!((status, &record[..9]), (StatusCode::SEE_OTHER, "/records/"));
    let references = format!("{record}/customs-references/new");
    assert!(get(references.clone()).await.1.contains("Check number"));
    assert!(get(format!("{references}?{NUMBER}")).await.1.contains("Add this reference"));
    assert!(!get(format!("{references}?scheme=cn_declaration&number=12")).await.1.contains("Add this reference"));
    assert_eq!(post(references.clone(), NUMBER).await, (StatusCode::SEE_OTHER, record.clone()));
    assert_eq!(post(references, NUMBER).await.0, StatusCode::UNPROCESSABLE_ENTITY, "twice");
    let (_, page) = get(record.clone()).await;
    assert!(page.contains("well-formed") && page.contains("not confirmed by both sides"), "{page}");
    assert!(get(format!("{record}/correct")).await.1.contains("value=\"2026-11-18\""));
    assert_eq!(post(format!("{record}/correct"), SHIPMENT).await.0, StatusCode::SEE_OTHER);
    assert!(get(format!("{record}/dispute")).await.0.is_client_error(), "it is one's own declaration");
    let (status, show) = get(format!("/partnerships/{id}")).await;
    assert!(status == StatusCode::OK && show.contains("All 5 entries verified"), "{show}");
    assert!(
        get(format!("/customs?direction=export&{}", NUMBER.replace("&regime", "&x")))
            .await
            .1
            .contains("Parts of the number")
    );
}
