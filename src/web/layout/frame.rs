//! What stands around every page: the header with search and menu, what the viewer must know, the footer.

// A template of its own, rendered into the page: as a part of the parent template askama wrote all of it out in the code of each of seventy
// pages, and checking that took the compiler longer than all the rest of the crate.

use askama::Template;

use super::Page;
use crate::locale::in_language;
use crate::markup::Markup;

/// A part of the frame, by its place in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FramePart {
    /// The link to the main part, and the header.
    Header,
    /// What the viewer has to do.
    AboveCrumbs,
    /// What the viewer has to know.
    BelowCrumbs,
    /// The footer.
    Footer,
}

#[derive(Template)]
#[template(path = "web/templates/frame.html")]
struct Frame<'p> {
    page: &'p Page,
    part: FramePart,
}

impl Page {
    /// A part of the frame; empty where the viewer needs none.
    ///
    /// # Errors
    /// None that a page can mend: those of writing into memory.
    pub fn frame(&self, part: FramePart) -> Result<Markup, askama::Error> {
        in_language(self.language, || Frame { page: self, part }.render()).map(Markup::of_escaped)
    }
}
