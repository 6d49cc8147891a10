//! Documents on the site: the file itself, and the part of a form with which files are attached.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};

use super::{AccessPolicies, Document, actions, api, attachments};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::DocumentId;
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{FormData, Id};
use crate::web::layout::{FileLink, Form};
use crate::web::run;
use crate::web::upload::{FormWithFiles, SentFile};

#[get("/documents/{id}")]
async fn show(
    app: Data<App>,
    policies: Data<AccessPolicies>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<DocumentId>,
) -> Result<HttpResponse> {
    let document = run(&app, move |app| actions::find(app, &policies, &actor, id)).await?;
    api::content(&app, &document).await
}

/// A document as a link, without its hash.
pub fn link(document: &Document) -> FileLink {
    FileLink {
        id: document.id.to_string(),
        href: format!("/documents/{}", document.id),
        name: document.name.clone(),
        about: format!("{}, {}", document.media_type.label(), size(document.bytes)),
        sha256: String::new(),
    }
}

/// A number of bytes as people write it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..=1_023 => format!("{bytes}\u{a0}bytes"),
        1_024..=1_048_575 => format!("{}\u{a0}KiB", bytes.div_ceil(1_024)),
        _ => format!("{}.{}\u{a0}MiB", bytes >> 20, (bytes % (1 << 20)) * 10 / (1 << 20)),
    }
}

/// The documents that a thing has attached, as links; for who may see the thing.
pub fn links(app: &App, ids: &[DocumentId]) -> Result<Vec<FileLink>> {
    Ok(attachments::list_attached(app, ids)?.iter().map(link).collect())
}

/// The files that a form of the actor's has attached already: those of the thing that it changes, and those of an earlier sending.
pub fn files_of(app: &App, actor: &Actor, form: &Form, name: &str) -> Result<Vec<FileLink>> {
    let ids: Vec<DocumentId> = form.values(name).iter().filter_map(|id| id.parse().ok()).collect();
    let documents = attachments::list_attached(app, &ids)?;
    // The ids come out of a form: of another company's not even the name is shown.
    Ok(documents.iter().filter(|document| actor.company() == Some(document.company)).map(link).collect())
}

/// Keeps the files that came with a form as documents and puts their ids among its values, so that a form that is refused for something
/// else still has them. The second answer is what was refused about the files, at the field `name`.
pub fn take_files(app: &App, actor: &Actor, sent: FormWithFiles, name: &str) -> (FormData, Result<()>) {
    let FormWithFiles { mut form, files } = sent;
    let field = format!("{name}.file");
    let files: Vec<SentFile> = files.into_iter().filter(|file| file.field == field).collect();
    if files.is_empty() {
        return (form, Ok(()));
    }
    let outcome = keep_files(app, actor, files).and_then(|outcomes| {
        let mut refused = Ok(());
        for (file, outcome) in outcomes {
            match outcome {
                Ok(id) => form.0.push((name.to_owned(), id.to_string())),
                Err(problem) => refused = refused.and(Err(at_field(problem, &file, name))),
            }
        }
        refused
    });
    (form, outcome)
}

/// The names of the files with the documents that they became, or why they did not. After any fault but a refusal none is stored.
fn keep_files(app: &App, actor: &Actor, files: Vec<SentFile>) -> Result<Vec<(String, Result<DocumentId>)>> {
    let owner = actor.authorize(Permission::DocumentsWrite)?.company();
    // A thread of the shared pool waits here; the slots of the queue bound how many do.
    let slot = app.document_queue.reserve(owner.0)?;
    let inspecting = slot.run(move || {
        let inspected = files.into_iter().map(|file| (actions::inspect(&file.name, file.received), file.name));
        Ok(inspected.map(|(outcome, name)| (name, outcome)).collect::<Vec<_>>())
    });
    let mut outcomes = Vec::new();
    let (mut names, mut good) = (Vec::new(), Vec::new());
    for (name, outcome) in inspecting.wait()? {
        match outcome {
            Ok(file) => {
                names.push(name);
                good.push(file);
            }
            Err(refusal) if refusal.code == Code::Invalid => outcomes.push((name, Err(refusal))),
            Err(fault) => return Err(fault),
        }
    }
    outcomes.extend(names.into_iter().zip(actions::upload_all(app, actor, &good)?));
    Ok(outcomes)
}

/// The refusal of one of several files, in the words of the form.
fn at_field(problem: Problem, file: &str, name: &str) -> Problem {
    let messages: Vec<&str> = problem.fields.iter().map(|field| field.message.as_str()).collect();
    if messages.is_empty() {
        return problem;
    }
    let message = format!("{file}: {}", messages.join("; "));
    Problem::invalid_field(&format!("/{name}"), FieldCode::Format, message)
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!(size(17), "17\u{a0}bytes");
        assert_eq!(size(1_025), "2\u{a0}KiB");
        assert_eq!(size(10 << 20), "10.0\u{a0}MiB");
        assert_eq!(size((2 << 20) + (1 << 19)), "2.5\u{a0}MiB");
    }
}
