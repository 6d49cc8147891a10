//! Many records of a CSV file at once, and what became of each row.

use std::io::Read;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::list::LANGUAGE;
use crate::actor::Permission;
use crate::app::App;
use crate::error::{FieldError, Problem, Result};
use crate::locale::{Message, text};
use crate::retail::batch::{RowResult, Written, record_all};
use crate::retail::intake::{COLUMNS, MOST_ROWS, rows_of_csv};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html};
use crate::web::envelope::page_of;
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::run;
use crate::web::upload::{FormWithFiles, SentFile};

const FIELDS: &[(&str, &str)] = &[("file", "retail-file")];

/// A row that was refused.
struct RefusedRow {
    /// The line of the file that it begins on.
    line: u64,
    reference: String,
    errors: Vec<String>,
}

#[derive(Template)]
#[template(path = "retail/templates/upload.html")]
struct UploadPage {
    page: Page,
    form: Form,
    hint: String,
    columns: String,
    refused: Vec<RefusedRow>,
}

fn upload_page(page: Page, form: Form, refused: Vec<RefusedRow>) -> UploadPage {
    let hint = Message::new("retail-file-hint").with("most", MOST_ROWS).text(LANGUAGE);
    UploadPage { page, form, hint, columns: COLUMNS.join(", "), refused }
}

#[get("/retail-records/upload")]
pub(super) async fn upload_form(
    http: HttpRequest,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    actor.authorize(Permission::PartnershipsWrite)?;
    let page = page_of(&http, text(LANGUAGE, "retail-upload")).under(Section::Partnerships);
    html(&upload_page(page, Form::new(FIELDS), Vec::new()))
}

fn refused_row((line, result): (u64, &RowResult)) -> Option<RefusedRow> {
    let problem = result.outcome.as_ref().err()?;
    let named = |error: &FieldError| {
        let field = error.pointer.trim_start_matches('/').replace('/', ".");
        format!("{field}: {}", error.message)
    };
    let errors: Vec<String> = problem.fields.iter().map(named).collect();
    Some(RefusedRow {
        line,
        reference: result.reference.clone().unwrap_or_default(),
        errors: if errors.is_empty() { vec![problem.detail.clone()] } else { errors },
    })
}

fn content_of(file: Option<&SentFile>) -> Result<Vec<u8>> {
    let file = file.ok_or_else(|| Problem::invalid(vec![FieldError::required("/file")]))?;
    let mut bytes = Vec::new();
    file.received.reader()?.read_to_end(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}

#[post("/retail-records/upload")]
pub(super) async fn upload(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-upload")).under(Section::Partnerships);
    let stored = run(&app, move |app| {
        actor.authorize(Permission::PartnershipsWrite)?;
        let rows = content_of(sent.files.first()).and_then(|bytes| rows_of_csv(&bytes));
        Ok(rows.and_then(|rows| {
            let (lines, rows): (Vec<u64>, Vec<_>) = rows.into_iter().unzip();
            Ok((lines, record_all(app, &actor, rows)?))
        }))
    })
    .await?;
    let (lines, results) = match stored {
        Ok(stored) => stored,
        Err(problem) => {
            let view = upload_page(page, Form::new(FIELDS).refused(&problem), Vec::new());
            return refused_html(&view, &view.form);
        }
    };
    let count = |wanted: Written| {
        results.iter().filter(|result| matches!(result.outcome, Ok((written, _)) if written == wanted)).count()
    };
    let refused: Vec<RefusedRow> = lines.into_iter().zip(&results).filter_map(refused_row).collect();
    let says = Message::new("retail-uploaded")
        .with("made", count(Written::Made))
        .with("same", count(Written::Same))
        .with("refused", refused.len());
    let kind = if refused.is_empty() { NoticeKind::Done } else { NoticeKind::NeedsYou };
    let page = page.with_notice(kind, says.text(LANGUAGE));
    html(&upload_page(page, Form::new(FIELDS), refused))
}
