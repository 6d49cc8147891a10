//! The frame of the site: what every page carries ([`Page`]) and the small views that its templates show.
//!
//! A page is an askama struct with a field `page: Page` whose template extends `web/templates/base.html` and takes its parts from
//! `web/templates/macros.html`, where the use of each part is written down:
//!
//! ```text
//! #[derive(askama::Template)]
//! #[template(path = "rfqs/templates/open_rfqs.html")]
//! struct Board { page: Page, rows: Vec<BoardRow>, pager: Pager }
//! ```
//! ```html
//! {% extends "web/templates/base.html" %}
//! {% import "web/templates/macros.html" as ui %}
//! {% block main %} <h1>{{ page.title }}</h1> ... {{ ui::pager(pager) }} {% endblock %}
//! ```
//!
//! Every text is escaped. The one text that brings markup of its own is [`Highlighted`], which lets nothing through but `<mark>`.

mod field;
mod form;
mod frame;
mod lists;
mod options;
pub mod parts;
#[cfg(test)]
pub mod samples;

// What pages show besides parts of the frame; those who write pages find all of it here.
pub use crate::formats::{PriceLine, When, absolute, days, hs_dotted, hs_named, moq, plain_quantity, relative};
pub use crate::locale::grouped;
pub use crate::markup::Highlighted;
pub use form::{ErrorSummary, Form, SummaryItem};
pub use frame::FramePart;
pub use lists::{Bar, FacetValue, FacetView, FileLink, Pager, Reason, Reasons};
pub use options::{country_options, currency_options, incoterm_options, payment_options, unit_options};

use askama::Template;

use crate::error::{Code, Problem};
use crate::locale::{Language, text};
use crate::text::beginning;
use crate::web::redirect::next_query;
use crate::{labelled, wire_enum};

wire_enum! {
    /// What the search box of the header searches.
    pub enum SearchScope {
        /// Listings.
        Products = "products",
        /// Companies.
        Suppliers = "suppliers",
        /// Open RFQs.
        Rfqs = "rfqs",
    }
}

labelled!(SearchScope, "search-scope");

impl SearchScope {
    /// Whether this is the scope with the text `name`; for the select's `selected`.
    pub fn is(self, name: &str) -> bool {
        self.as_str() == name
    }
}

/// The entry of the header's menu under which a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Section {
    /// None of them: the front page, public pages, errors.
    #[default]
    None,
    /// The board of open RFQs.
    Rfqs,
    /// The buyer's desk.
    Buying,
    /// The supplier's desk.
    Selling,
    /// Partnerships and their ledgers.
    Partnerships,
    /// Conversations with other companies.
    Messages,
    /// What happened.
    Notifications,
    /// The moderators' queue.
    Moderation,
    /// General-trade statistics.
    Statistics,
    /// The person's own account, and signing in or up.
    Account,
}

/// One link of the header's menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavEntry {
    /// Where it leads.
    pub href: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Whether the page stands under it.
    pub current: bool,
    /// How many things of it wait for the viewer.
    pub waiting: usize,
    /// The icon that stands for its words, which are read out only; empty where the words are shown.
    pub icon: &'static str,
}

impl NavEntry {
    /// The number behind its words; empty for none.
    pub fn count(&self) -> String {
        match self.waiting {
            0 => String::new(),
            waiting @ 1..=99 => waiting.to_string(),
            // Nobody counts further, neither here nor in the query.
            _ => "99+".to_owned(),
        }
    }
}

/// Who looks at the page, if signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The person's name as they wrote it.
    pub person_name: String,
    /// The company they act for.
    pub company_name: String,
    /// Whether they are a moderator of the platform.
    pub moderator: bool,
    /// Whether the company is suspended: every page says so.
    pub suspended: bool,
    /// Whether they have confirmed their e-mail address.
    pub confirmed: bool,
    /// How many conversations they have not read, up to 100.
    pub unread: usize,
    /// How many notifications they have not read, up to 100.
    pub notifications: usize,
}

/// What kind of notice stands above a page; each has its own icon and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It was done.
    Done,
    /// Something to know.
    Info,
    /// Something that waits for the viewer.
    NeedsYou,
    /// It was refused or failed.
    Error,
}

impl NoticeKind {
    /// The class suffix in `site.css`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Info => "info",
            Self::NeedsYou => "needs",
            Self::Error => "error",
        }
    }

    /// The icon of the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Done => "check",
            Self::Info => "info",
            Self::NeedsYou => "flag",
            Self::Error => "alert",
        }
    }

    /// The key of the word that says the kind without colour.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "layout-notice-done",
            Self::Info => "layout-notice-info",
            Self::NeedsYou => "layout-notice-needs-you",
            Self::Error => "layout-notice-error",
        }
    }
}

/// One sentence above a page: what just happened, or what waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its kind.
    pub kind: NoticeKind,
    /// A whole sentence.
    pub text: String,
}

/// What search engines and other sites show of a public page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Its one address, with the host.
    pub address: String,
    /// What it is about, in a sentence or two.
    pub description: String,
    /// The address of its picture; empty where it has none.
    pub image: String,
    /// The Open Graph type.
    pub kind: &'static str,
}

impl Sharing {
    /// A page at a path of the site. Of the description the first sentences are shown.
    pub fn new(site: &str, path: &str, description: &str) -> Self {
        // Search engines show about as many characters.
        let description = beginning(description, 200);
        Self { address: format!("{site}{path}"), description, image: String::new(), kind: "website" }
    }

    /// The same with a picture at a path of the site.
    #[must_use]
    pub fn with_image(mut self, site: &str, path: Option<&str>) -> Self {
        self.image = path.map(|path| format!("{site}{path}")).unwrap_or_default();
        self
    }
}

/// What the frame of every page needs; the field `page` of every page's template.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page's title: the `<title>` without the site's name, and usually the heading.
    pub title: String,
    /// The current entry of the menu.
    pub section: Section,
    /// Who looks at it; `None` for nobody signed in.
    pub viewer: Option<Viewer>,
    /// The form token; empty when not signed in.
    pub csrf: String,
    /// What stands in the search box.
    pub query: String,
    /// What the search box searches.
    pub scope: SearchScope,
    /// Sentences above the page, the first one first.
    pub notices: Vec<Notice>,
    /// The language of its texts.
    pub language: Language,
    /// Path and query of the request, for `next=` after signing in and for prints.
    pub path: String,
    /// The pages that the operator has filled in: their names under /about, and for people.
    pub operator_pages: Vec<(&'static str, &'static str)>,
    /// What others may show of it; `None` for a page that is nobody else's business.
    pub sharing: Option<Sharing>,
}

impl Page {
    /// A public page for nobody in particular.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            section: Section::None,
            viewer: None,
            csrf: String::new(),
            query: String::new(),
            scope: SearchScope::Products,
            notices: Vec::new(),
            language: Language::English,
            path: "/".to_owned(),
            operator_pages: Vec::new(),
            sharing: None,
        }
    }

    /// The same page under an entry of the menu.
    #[must_use]
    pub fn under(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    /// The same page for a signed-in viewer with their form token.
    #[must_use]
    pub fn seen_by(mut self, viewer: Viewer, csrf: impl Into<String>) -> Self {
        self.viewer = Some(viewer);
        self.csrf = csrf.into();
        self
    }

    /// The same page with a query in the search box.
    #[must_use]
    pub fn searching(mut self, query: impl Into<String>, scope: SearchScope) -> Self {
        self.query = query.into();
        self.scope = scope;
        self
    }

    /// The same page with one more sentence above it.
    #[must_use]
    pub fn with_notice(mut self, kind: NoticeKind, text: impl Into<String>) -> Self {
        self.notices.push(Notice { kind, text: text.into() });
        self
    }

    /// The same page with the path and query it was asked under.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same page with what others may show of it.
    #[must_use]
    pub fn shared(mut self, sharing: Sharing) -> Self {
        self.sharing = Some(sharing);
        self
    }

    /// The header's menu for this viewer.
    pub fn nav(&self) -> Vec<NavEntry> {
        const PUBLIC: &[(Section, &str, &str)] = &[
            (Section::Rfqs, "/rfqs", "layout-nav-rfqs"),
            (Section::Statistics, "/statistics", "layout-nav-statistics"),
        ];
        const DESK: &[(Section, &str, &str)] = &[
            (Section::Buying, "/desk/buying", "layout-nav-buying"),
            (Section::Selling, "/desk/selling", "layout-nav-selling"),
            (Section::Partnerships, "/partnerships", "layout-nav-partnerships"),
            (Section::Messages, "/messages", "layout-nav-messages"),
            (Section::Notifications, "/notifications", "layout-nav-notifications"),
        ];
        const MODERATOR: &[(Section, &str, &str)] = &[(Section::Moderation, "/moderation", "layout-nav-moderation")];
        let desk = if self.viewer.is_some() { DESK } else { &[] };
        let waiting = |section: Section| match (&self.viewer, section) {
            (Some(viewer), Section::Messages) => viewer.unread,
            (Some(viewer), Section::Notifications) => viewer.notifications,
            _ => 0,
        };
        let moderates = self.viewer.as_ref().is_some_and(|viewer| viewer.moderator);
        // Who is signed in has a desk in the menu, and the statistics at the foot: with both the search box has no room.
        let public = if self.viewer.is_some() { &PUBLIC[..1] } else { PUBLIC };
        let entries = desk.iter().chain(if moderates { MODERATOR } else { &[] }).chain(public);
        entries
            .map(|&(section, href, key)| NavEntry {
                href,
                label: text(self.language, key),
                current: section == self.section,
                waiting: waiting(section),
                icon: match section {
                    Section::Messages => "mail",
                    Section::Notifications => "bell",
                    _ => "",
                },
            })
            .collect()
    }

    /// The link to sign in and come back to this page.
    pub fn sign_in_href(&self) -> String {
        format!("/sign-in?{}", next_query(&self.path))
    }

    /// The link to join and come back to this page.
    pub fn join_href(&self) -> String {
        format!("/sign-up?{}", next_query(&self.path))
    }

    /// The version in the footer.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// A page that says why a request was not answered.
#[derive(Template)]
#[template(path = "web/templates/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// The HTTP status.
    pub status: u16,
    /// One sentence of what happened.
    pub detail: String,
    /// What the log knows the request by.
    pub request_id: String,
    /// Whether it is because the reader has not confirmed their address.
    pub unconfirmed: bool,
}

impl ErrorPage {
    /// The page of a problem; `page` brings the frame, its title is replaced by the problem's.
    pub fn new(mut page: Page, problem: &Problem, request_id: impl Into<String>) -> Self {
        // Whoever is not signed in has done nothing wrong: the page says what to do and not what failed.
        let title = match problem.code {
            Code::Unauthenticated => text(page.language, "layout-sign-in-to-continue"),
            code => code.title(page.language),
        };
        title.clone_into(&mut page.title);
        Self {
            page,
            status: problem.code.status(),
            detail: problem.detail.clone(),
            request_id: request_id.into(),
            unconfirmed: problem.code == Code::Unconfirmed,
        }
    }

    /// What the reader can do now.
    pub fn next_step(&self) -> &'static str {
        let key = match self.status {
            403 if self.unconfirmed => "layout-next-unconfirmed",
            401 => "layout-next-sign-in",
            403 => "layout-next-forbidden",
            404 => "layout-next-not-found",
            409 | 412 => "layout-next-conflict",
            429 | 503 => "layout-next-wait",
            400..=499 => "layout-next-correct",
            _ => "layout-next-fault",
        };
        text(self.page.language, key)
    }
}

/// The page before something of which others will be notified, or that cannot be undone: what will happen, who will be notified, one form.
#[derive(Template)]
#[template(path = "web/templates/confirm.html")]
pub struct ConfirmPage {
    /// The frame; its title is the question: "Accept the quote of Izmir Celik AS?".
    pub page: Page,
    /// What will happen, one sentence each.
    pub happens: Vec<String>,
    /// What is decided on, as label and value.
    pub facts: Vec<(String, String)>,
    /// Who will be notified, and of what: "Izmir Celik AS: that you accept, with your name and contact details".
    pub notified: Vec<String>,
    /// Where the form posts to.
    pub action: String,
    /// Hidden fields of the form.
    pub fields: Vec<(String, String)>,
    /// The button's words, a verb and a noun: "Accept quote".
    pub button: String,
    /// Whether it refuses or removes something; the button is then red.
    pub destructive: bool,
    /// Where "Go back" leads.
    pub back: String,
    /// The label of an optional text field `reason`; empty for none.
    pub reason_label: String,
    /// A box to tick: name, value and label.
    pub offer: Option<(&'static str, &'static str, &'static str)>,
}

impl ConfirmPage {
    /// A page with one button and no further fields.
    pub fn new(page: Page, action: impl Into<String>, button: impl Into<String>, back: impl Into<String>) -> Self {
        Self {
            page,
            happens: Vec::new(),
            facts: Vec::new(),
            notified: Vec::new(),
            action: action.into(),
            fields: Vec::new(),
            button: button.into(),
            destructive: false,
            back: back.into(),
            reason_label: String::new(),
            offer: None,
        }
    }

    /// Adds a sentence of what will happen.
    #[must_use]
    pub fn happens(mut self, sentence: impl Into<String>) -> Self {
        self.happens.push(sentence.into());
        self
    }

    /// Adds what is decided on.
    #[must_use]
    pub fn facts(mut self, facts: Vec<(String, String)>) -> Self {
        self.facts.extend(facts);
        self
    }

    /// Adds who will be notified of what.
    #[must_use]
    pub fn notifies(mut self, whom_and_what: impl Into<String>) -> Self {
        self.notified.push(whom_and_what.into());
        self
    }

    /// Adds a hidden field to the form.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Marks it as something that refuses or removes.
    #[must_use]
    pub fn destructive(mut self) -> Self {
        self.destructive = true;
        self
    }

    /// Adds a box that may be ticked.
    #[must_use]
    pub fn offers(mut self, name: &'static str, value: &'static str, label: &'static str) -> Self {
        self.offer = Some((name, value, label));
        self
    }

    /// Adds the text field `reason` under this label.
    #[must_use]
    pub fn asks_reason(mut self, label: impl Into<String>) -> Self {
        self.reason_label = label.into();
        self
    }
}

#[cfg(test)]
mod tests;
