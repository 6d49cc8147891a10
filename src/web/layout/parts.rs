//! The small parts of pages: icons, badges, times, the way up, pages of lists, what is wrong with a form. `macros.html` brings them to templates.

// Templates of their own, rendered into the page. A macro's body is written out in the code of each page for each use, and what a function
// of a thousand expressions costs the compiler is five times what ten functions of a hundred cost.

use askama::Template;

use super::{ErrorSummary, FacetView, FileLink, Notice, Pager, Reasons, When};
use crate::formats::Pill;
use crate::markup::Markup;
use crate::web::assets::asset_path;

macro_rules! parts {
    ($($(#[$doc:meta])* $function:ident($($field:ident: $type:ty),*) = $name:ident, $block:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = "web/templates/parts.html", block = $block)]
        struct $name<'a> {
            $($field: $type,)*
        }

        $(#[$doc])*
        ///
        /// # Errors
        /// None that a page can mend: those of writing into memory.
        pub fn $function<'a>($($field: $type),*) -> Result<Markup, askama::Error> {
            Ok(Markup::of_escaped($name { $($field),* }.render()?))
        }
    )*};
}

parts! {
    /// What is wrong with a form, with links to the fields; nothing where it is right.
    error_summary(summary: &'a ErrorSummary) = SummaryPart, "summary";
    /// The button of a form, and a link out of it where `back` is not empty.
    actions(words: &'a str, back: &'a str, back_words: &'a str) = ActionsPart, "actions";
    /// The badge of a verification level, with its date unless that is empty.
    verification(level: &'a str, date: &'a str) = VerificationPart, "verification";
    /// A code in monospace that can be copied.
    code(text: &'a str) = CodePart, "code";
    /// A state with its icon and colour.
    state(pill: &'a Pill) = StatePart, "state";
    /// What waits for the viewer.
    needs(words: &'a str) = NeedsPart, "needs";
    /// A time as it lies from now; the absolute time on hover.
    time(when: &'a When) = TimePart, "time";
    /// An absolute time, and how it lies from now.
    deadline(when: &'a When) = DeadlinePart, "deadline";
    /// A sentence above a page.
    notice(notice: &'a Notice) = NoticePart, "notice";
    /// The links to the pages before and after this one; nothing where there are none.
    pager(pager: &'a Pager) = PagerPart, "pager";
    /// One filter of a list; nothing where it has no values.
    facet(facet: &'a FacetView) = FacetPart, "facet";
    /// Why something matches.
    reasons(reasons: &'a Reasons) = ReasonsPart, "reasons";
    /// What stands in the place of an empty list, with a link unless `href` is empty.
    empty(title: &'a str, text: &'a str, href: &'a str, action: &'a str) = EmptyPart, "empty";
    /// The link to the page above.
    crumb(href: &'a str, words: &'a str) = CrumbPart, "crumb";
    /// Links to files.
    files(files: &'a [FileLink]) = FilesPart, "files";
}

/// An icon of the sprite; it always stands beside a word.
pub fn icon(name: &str) -> Markup {
    let sprite = asset_path("icons.svg");
    let mut html = format!("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{sprite}#");
    crate::markup::push_escaped(&mut html, name);
    html.push_str("\"></use></svg>");
    Markup::of_escaped(html)
}
