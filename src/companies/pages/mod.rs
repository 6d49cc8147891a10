//! The pages on which a company edits its own profile. Its public page stands with its catalogue, in `listings`.

mod certificates;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::{Map, Value};

use super::{
    Company, CompanyFields, Form as CompanyForm, StaffBand, actions, certification_lines, identifier_lines,
    parse_certification_lines, parse_identifier_lines, with_certificate_files,
};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::Result;
use crate::locale::{self, Language};
use crate::text::area;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::FormData;
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[
    ("name", "companies-name"),
    ("legal_name", "companies-legal-name"),
    ("trade_names", "companies-trade-names"),
    ("country", "companies-country"),
    ("form", "companies-kind"),
    ("identifiers", "companies-identifiers"),
    ("website", "companies-website"),
    ("year", "companies-founded"),
    ("staff_band", "companies-employees"),
    ("markets", "companies-markets"),
    ("languages", "companies-languages"),
    ("profile", "companies-description"),
    ("certifications", "companies-certificates"),
];

#[derive(Template)]
#[template(path = "companies/templates/edit.html")]
struct EditPage {
    page: Page,
    form: Form,
    id: String,
    verification: &'static str,
    version: String,
    may_write: bool,
}

/// The kinds of company with their words, for selects.
pub fn form_options() -> Vec<(&'static str, &'static str)> {
    CompanyForm::ALL.iter().map(|form| (form.as_str(), form.label(Language::English))).collect()
}

fn staff_options() -> Vec<(&'static str, &'static str)> {
    StaffBand::TEXTS.iter().map(|text| (*text, *text)).collect()
}

fn own(app: &App, actor: &Actor) -> Result<Company> {
    let scope = actor.authorize(Permission::AccountRead)?;
    actions::find(app, actor, scope.company())
}

fn shown(fields: &CompanyFields) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Form::new(FIELDS)
        .with("name", &fields.name)
        .with("legal_name", text(&fields.legal_name))
        .with("trade_names", fields.trade_names.join("\n"))
        .with("country", fields.country.as_str())
        .with("form", fields.form.as_str())
        .with("identifiers", identifier_lines(&fields.identifiers))
        .with("website", text(&fields.website))
        .with("year", fields.year.map(|year| year.to_string()).unwrap_or_default())
        .with("staff_band", fields.staff_band.map(StaffBand::as_str).unwrap_or_default())
        .with("markets", fields.markets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        .with("languages", fields.languages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        .with("profile", text(&fields.profile))
        .with("certifications", certification_lines(&fields.certifications))
}

/// The form as a merge patch: an empty field is cleared.
fn patch_of(form: &FormData) -> Value {
    let text = |name: &str| form.text(name).unwrap_or_default();
    let plain = ["name", "legal_name", "country", "form", "website", "staff_band", "profile"];
    let mut patch: Map<String, Value> =
        plain.iter().map(|name| ((*name).to_owned(), form.text(name).map_or(Value::Null, Value::from))).collect();
    let year = form.text("year").map(|year| year.parse::<u16>().map_or_else(|_| Value::from(year), Value::from));
    let lists = [
        ("year", year.unwrap_or(Value::Null)),
        ("trade_names", area::to_list(area::lines(text("trade_names")))),
        ("identifiers", parse_identifier_lines(text("identifiers"))),
        ("markets", area::to_list(area::items(text("markets")))),
        ("languages", area::to_list(area::items(text("languages")))),
        ("certifications", parse_certification_lines(text("certifications"))),
    ];
    patch.extend(lists.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(patch)
}

fn edit_page(page: Page, actor: &Actor, company: &Company, form: Form) -> EditPage {
    EditPage {
        page: page.under(Section::Account),
        form,
        id: company.id.to_string(),
        verification: company.verification.as_str(),
        version: company.version.to_string(),
        may_write: actor.authorize_draft(Permission::AccountWrite).is_ok(),
    }
}

#[get("/account/company")]
async fn edit_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    let company = run(&app, move |app| own(app, &viewer)).await?;
    let mut page = page_of(&http, locale::text(Language::English, "companies-company-profile"));
    if http.query_string() == "saved" {
        page = page.with_notice(NoticeKind::Done, locale::text(Language::English, "companies-saved"));
    }
    let form = shown(&company.fields);
    html(&edit_page(page, &actor, &company, form))
}

#[post("/account/company")]
async fn edit(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::AccountWrite)?;
    let (viewer, patch) = (actor.clone(), patch_of(&form));
    let seen = form.text("version").and_then(|version| version.parse().ok());
    let (company, outcome) = run(&app, move |app| {
        let company = own(app, &viewer)?;
        let patch = with_certificate_files(patch, &company.fields.certifications);
        let outcome = actions::change(app, &viewer, company.id, seen, &patch);
        Ok((company, outcome))
    })
    .await?;
    match outcome {
        Ok(_) => Ok(see_other("/account/company?saved")),
        Err(problem) => {
            let form = Form::new(FIELDS).typed(form.typed()).refused(&problem);
            let view = edit_page(
                page_of(&http, locale::text(Language::English, "companies-company-profile")),
                &actor,
                &company,
                form,
            );
            refused_html(&view, &view.form)
        }
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(edit_form).service(edit).configure(certificates::routes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire;

    #[test]
    fn what_the_form_shows_comes_back_as_it_was() {
        let mut fields = CompanyFields::new("Delta Import BV", "NL".parse().unwrap());
        fields.year = Some(1998);
        fields.staff_band = Some(StaffBand::UpTo50);
        fields.markets = vec!["DE".parse().unwrap(), "BE".parse().unwrap()];
        fields.profile = Some("Imports pipe.\n\nAnd fittings.".to_owned());
        let form = shown(&fields);
        let sent = FIELDS.iter().map(|(name, _)| ((*name).to_owned(), form.value(name).to_owned())).collect();
        let patch = patch_of(&FormData(sent));
        let read: CompanyFields = wire::merge_patch(&fields, patch, super::super::READ_ONLY).unwrap();
        assert_eq!(read, fields);
    }
}
