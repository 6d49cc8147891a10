//! The operator's pages: a text file as headings and paragraphs.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use crate::app::App;
use crate::error::{Problem, Result};
use crate::locale::{Language, label};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::Page;
use crate::web::run;

/// A part of a text.
enum Block {
    Heading(String),
    Paragraph(Vec<String>),
}

/// Empty lines end a paragraph; a line that begins with `#` is a heading. Everything else is text as it stands.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        let heading = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim());
        if (line.is_empty() || heading.is_some()) && !lines.is_empty() {
            blocks.push(Block::Paragraph(std::mem::take(&mut lines)));
        }
        match heading {
            Some(words) => blocks.push(Block::Heading(words.to_owned())),
            None if !line.is_empty() => lines.push(line.to_owned()),
            None => {}
        }
    }
    blocks
}

#[derive(Template)]
#[template(path = "site/operator/templates/page.html")]
struct TextPage {
    page: Page,
    blocks: Vec<Block>,
}

#[get("/about/{page:imprint|privacy|terms|contact}")]
async fn show(http: HttpRequest, app: Data<App>, name: Path<String>) -> Result<HttpResponse> {
    let found = app.config.operator.provided().into_iter().find(|(known, _)| *known == *name);
    let (name, file) = found.ok_or_else(|| Problem::not_found("page"))?;
    let file = file.to_owned();
    // At each look and not once: what the operator changes is there at once, and few look.
    let text = run(&app, move |_| std::fs::read_to_string(&file).map_err(Problem::internal)).await?;
    html(&TextPage { page: page_of(&http, label(Language::English, "operator-page", name)), blocks: blocks(&text) })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_headings_and_paragraphs() {
        let said: Vec<String> = blocks("# Imprint\nExample Ltd\nHigh Street 1\n\n\n## Register\n\n<b>12</b>\n")
            .iter()
            .map(|block| match block {
                Block::Heading(words) => format!("h {words}"),
                Block::Paragraph(lines) => format!("p {}", lines.join("|")),
            })
            .collect();
        assert_eq!(said, ["h Imprint", "p Example Ltd|High Street 1", "h Register", "p <b>12</b>"]);
        assert!(blocks("\n \n").is_empty());
    }
}
