//! The lines of each kind of thing, by the lists and views of the API.

use serde::Serialize;

use super::{PublishedRfq, Writing};
use crate::accounts::api as accounts_api;
use crate::accounts::{NotificationFilter, actions as accounts};
use crate::alerts::{self, api as alerts_api};
use crate::companies::{self, api as companies_api, contacts};
use crate::documents::{self, MediaType, api::DocumentView};
use crate::error::Result;
use crate::exports::ExportKind;
use crate::ids::{ListingId, RfqId};
use crate::imports::{self, ImportFormat, api::ImportView};
use crate::listings::images::api::ImageView;
use crate::listings::rules::OwnFilter;
use crate::listings::{self, ListingState, api as listings_api};
use crate::matching::api::{InboxMatch, MatchedSupplier};
use crate::matching::{self, store::InboxFilter};
use crate::messages::store::ThreadFilter;
use crate::messages::views::{BlockView, MessageView, ThreadView};
use crate::messages::{self, queries as message_queries};
use crate::moderation::{self, api::ReportView};
use crate::partnerships::views::RecordView;
use crate::partnerships::{api as partnerships_api, records};
use crate::quotes::api::QuoteDetail;
use crate::quotes::{queries as quote_queries, store::QuoteFilter};
use crate::retail::views::RetailRecordView;
use crate::retail::{self, RetailFilter};
use crate::reveals::{self, api::RevealView};
use crate::rfqs::store::RfqFilter;
use crate::rfqs::views::{InvitationToQuoteView, QuestionView, ReceivedInvitationView};
use crate::rfqs::{RfqState, api as rfqs_api, queries as rfq_queries};
use crate::store::cursor::{ListPage, Paging};
use crate::verification::{self, api::RequestView};
use crate::webhooks::{self, api::WebhookEndpoint};

/// An image, and where it is in the archive.
#[derive(Serialize)]
struct ImageLine {
    listing: ListingId,
    #[serde(flatten)]
    image: ImageView,
    sha256: String,
    file: String,
}

/// A document, and where it is in the archive.
#[derive(Serialize)]
pub(super) struct DocumentLine {
    #[serde(flatten)]
    pub document: DocumentView,
    pub file: String,
}

/// A supplier, and the RFQ that it is matched to.
#[derive(Serialize)]
struct MatchedSupplierLine {
    rfq: RfqId,
    #[serde(flatten)]
    supplier: MatchedSupplier,
}

/// A supplier, and the RFQ that invites it.
#[derive(Serialize)]
struct InvitedSupplierLine {
    rfq: RfqId,
    #[serde(flatten)]
    invitation: InvitationToQuoteView,
}

impl Writing<'_> {
    /// Writes all lines of a kind.
    pub(super) fn write_lines(&mut self, kind: ExportKind) -> Result<()> {
        match kind {
            ExportKind::Company
            | ExportKind::Members
            | ExportKind::Invitations
            | ExportKind::Contacts
            | ExportKind::Identifiers
            | ExportKind::Certifications
            | ExportKind::VerificationRequests => self.about_company(kind),
            ExportKind::Listings => self.catalogue(),
            ExportKind::RemovedListings => self.removed_listings(),
            ExportKind::Images => self.images(),
            ExportKind::Rfqs => self.rfqs(),
            ExportKind::Questions => self.questions(),
            ExportKind::MatchedSuppliers => self.matched_suppliers(),
            ExportKind::InvitedSuppliers => self.invited_suppliers(),
            ExportKind::QuotesReceived => self.quotes_received(),
            ExportKind::QuotesGiven => self.quotes_given(),
            ExportKind::Partnerships => self.partnerships(),
            ExportKind::Ledgers => self.ledgers(),
            ExportKind::Records => self.records(),
            ExportKind::Threads => self.threads(),
            ExportKind::Messages => self.messages(),
            ExportKind::Documents => self.documents(),
            ExportKind::ReceivedDocuments => self.received_documents(),
            ExportKind::QuestionsAsked
            | ExportKind::Matches
            | ExportKind::RfqInvitations
            | ExportKind::RetailRecords
            | ExportKind::BlockedCompanies
            | ExportKind::SavedSearches
            | ExportKind::Notifications
            | ExportKind::NotificationPreferences
            | ExportKind::ApiKeys
            | ExportKind::WebhookEndpoints
            | ExportKind::ContactReveals
            | ExportKind::Reports
            | ExportKind::Imports => self.plain_list(kind),
        }
    }

    fn about_company(&mut self, kind: ExportKind) -> Result<()> {
        let (app, actor, company) = (self.app, self.actor, self.company);
        match kind {
            ExportKind::Members => {
                self.all(accounts::list_members(app, actor, company)?, accounts_api::members::MemberView::from)
            }
            ExportKind::Invitations => {
                let waiting = accounts::list_invitations(app, actor, company)?;
                self.all(waiting, accounts_api::members::InvitationView::from)
            }
            ExportKind::Contacts => self.all(contacts::list(app, actor, company)?, contacts::api::ContactView::from),
            ExportKind::Identifiers => {
                let identifiers = companies::actions::list_identifiers(app, actor, company)?;
                self.all(identifiers, companies_api::IdentifierView::from)
            }
            ExportKind::Certifications => {
                let today = app.clock.today();
                let certificates = companies::actions::list_certificates(app, actor, company)?;
                self.all(certificates, |(one, sha256)| companies_api::certification(one, sha256, today))
            }
            ExportKind::VerificationRequests => {
                self.all(verification::actions::list_requests(app, actor)?, RequestView::from)
            }
            _ => {
                let profile = companies::actions::show(app, actor, company)?;
                self.archive.line(&companies_api::CompanyView::from(profile))
            }
        }
    }

    /// What is one list of the API, item for item.
    fn plain_list(&mut self, kind: ExportKind) -> Result<()> {
        let (app, actor) = (self.app, self.actor);
        match kind {
            ExportKind::Matches => self.lines(
                |app, actor, paging: Paging| matching::actions::list_inbox(app, actor, InboxFilter::All, None, paging),
                InboxMatch::from,
            ),
            ExportKind::QuestionsAsked => self.lines(rfq_queries::list_asked, QuestionView::from),
            ExportKind::RfqInvitations => {
                self.lines(rfq_queries::invitations::list_received, ReceivedInvitationView::from)
            }
            ExportKind::RetailRecords => self.lines(
                |app, actor, paging: Paging| retail::queries::list(app, actor, &RetailFilter::default(), &paging),
                RetailRecordView::from,
            ),
            ExportKind::BlockedCompanies => self.lines(messages::actions::list_blocks, BlockView::from),
            ExportKind::SavedSearches => self.lines(alerts::actions::list, alerts_api::SavedSearch::from),
            ExportKind::Notifications => self.lines(
                |app, actor, paging| accounts::list_notifications(app, actor, NotificationFilter::default(), paging),
                accounts_api::notifications::Notification::from,
            ),
            ExportKind::ApiKeys => self.all(accounts::list_keys(app, actor)?, accounts_api::ApiKeyView::from),
            ExportKind::WebhookEndpoints => {
                self.all(webhooks::actions::list(app, actor)?, |endpoint| WebhookEndpoint::of(app, endpoint))
            }
            ExportKind::ContactReveals => self.lines(reveals::actions::list_own, RevealView::from),
            ExportKind::Reports => self.lines(moderation::actions::list_own, ReportView::from),
            ExportKind::Imports => self.lines(imports::actions::list, ImportView::from),
            _ => {
                let person = self.export.person;
                self.archive.line(&accounts_api::preferences(app, person)?)
            }
        }
    }

    /// The catalogue as an import takes it, by the one who writes that form.
    fn catalogue(&mut self) -> Result<()> {
        let mut after = None;
        loop {
            self.ensure_running()?;
            let (lines, next) = imports::actions::catalog_part(self.app, self.actor, ImportFormat::Ndjson, after)?;
            self.archive.made_lines(&lines)?;
            match next {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }

    // Beside the catalogue and not in it: imported again, they would be there again.
    fn removed_listings(&mut self) -> Result<()> {
        let removed = OwnFilter { state: Some(ListingState::Removed), ..OwnFilter::default() };
        self.lines(
            |app, actor, paging: Paging| {
                listings_api::own_views(app, listings::actions::list_own(app, actor, &removed, paging)?)
            },
            |view| view,
        )
    }

    fn images(&mut self) -> Result<()> {
        let every = OwnFilter::default();
        self.each(
            |app, actor, paging: Paging| listings::actions::list_own(app, actor, &every, paging),
            |writing, listing| {
                for image in &listing.images {
                    let file = writing.file_of(&image.large.blob(), MediaType::Jpeg);
                    let view = ImageView::new(listing.id, image);
                    let sha256 = image.large.sha256.clone();
                    writing.archive.line(&ImageLine { listing: listing.id, image: view, sha256, file })?;
                }
                Ok(())
            },
        )
    }

    fn rfqs(&mut self) -> Result<()> {
        self.each(
            |app, actor, paging: Paging| rfqs_api::own_views(app, actor, RfqFilter::default(), paging),
            |writing, view| {
                if view.public.state != RfqState::Draft {
                    let (id, has_questions) = (view.public.id, view.public.questions > 0);
                    writing.rfqs.push(PublishedRfq { id, has_questions });
                }
                writing.archive.line(&view)
            },
        )
    }

    /// Does something for each published RFQ.
    fn for_each_rfq(&mut self, mut work: impl FnMut(&mut Self, &PublishedRfq) -> Result<()>) -> Result<()> {
        let rfqs = std::mem::take(&mut self.rfqs);
        let done = rfqs.iter().try_for_each(|rfq| work(self, rfq));
        self.rfqs = rfqs;
        done
    }

    fn questions(&mut self) -> Result<()> {
        self.for_each_rfq(|writing, rfq| {
            if !rfq.has_questions {
                return Ok(());
            }
            let list = |app: &_, actor: &_, paging| rfq_queries::list_questions(app, actor, rfq.id, paging);
            writing.lines(list, QuestionView::from)
        })
    }

    fn matched_suppliers(&mut self) -> Result<()> {
        self.for_each_rfq(|writing, rfq| {
            let list = |app: &_, actor: &_, paging| matching::actions::list_for_rfq(app, actor, rfq.id, paging);
            writing.lines(list, |found| MatchedSupplierLine { rfq: rfq.id, supplier: found.into() })
        })
    }

    fn invited_suppliers(&mut self) -> Result<()> {
        self.for_each_rfq(|writing, rfq| {
            let list = |app: &_, actor: &_, paging| rfq_queries::invitations::list(app, actor, rfq.id, paging);
            writing.lines(list, |invited| InvitedSupplierLine { rfq: rfq.id, invitation: invited.into() })
        })
    }

    fn quotes_received(&mut self) -> Result<()> {
        self.for_each_rfq(|writing, rfq| {
            let list = |app: &_, actor: &_, paging| {
                let page = quote_queries::list_for_rfq(app, actor, rfq.id, paging)?;
                let items = quote_queries::with_versions(app, page.items)?;
                Ok(ListPage { items, next: page.next, prev: page.prev })
            };
            writing.each(list, |writing, quote| writing.quote(&QuoteDetail::from(quote)))
        })
    }

    fn quotes_given(&mut self) -> Result<()> {
        let list = |app: &_, actor: &_, paging: Paging| {
            let page = quote_queries::list_own(app, actor, QuoteFilter::default(), paging)?;
            let items = quote_queries::with_versions(app, page.items)?;
            Ok(ListPage { items, next: page.next, prev: page.prev })
        };
        self.each(list, |writing, quote| writing.quote(&QuoteDetail::from(quote)))
    }

    fn quote(&mut self, quote: &QuoteDetail) -> Result<()> {
        let versions = quote.versions.iter().flat_map(|version| version.fields.attachments.iter().copied());
        self.attached.extend(versions);
        self.archive.line(quote)
    }

    fn partnerships(&mut self) -> Result<()> {
        let list = |app: &_, actor: &_, paging: Paging| partnerships_api::own_views(app, actor, None, paging);
        self.each(list, |writing, partnership| {
            writing.partnerships.push(partnership.id);
            writing.archive.line(&partnership)
        })
    }

    fn ledgers(&mut self) -> Result<()> {
        for id in self.partnerships.clone() {
            self.ensure_running()?;
            let ledger = partnerships_api::ledger_view(self.app, self.actor, id)?;
            self.archive.line(&ledger)?;
        }
        Ok(())
    }

    fn records(&mut self) -> Result<()> {
        for id in self.partnerships.clone() {
            let list = |app: &_, actor: &_, paging: Paging| records::list(app, actor, id, None, &paging);
            self.each(list, |writing, record| {
                let view = RecordView::from(record);
                writing.attached.extend(view.documents.iter().map(|document| document.id));
                writing.archive.line(&view)
            })?;
        }
        Ok(())
    }

    fn threads(&mut self) -> Result<()> {
        for is_archived in [false, true] {
            let filter = ThreadFilter { is_archived, ..ThreadFilter::default() };
            // Twice: a conversation that somebody writes to meanwhile goes to the beginning, over which the first pass has gone.
            for _ in 0..2 {
                let list = |app: &_, actor: &_, paging| message_queries::list(app, actor, &filter, paging);
                self.each(list, |writing, thread| {
                    let view = ThreadView::from(thread);
                    if writing.threads.insert(view.id) { writing.archive.line(&view) } else { Ok(()) }
                })?;
            }
        }
        Ok(())
    }

    fn messages(&mut self) -> Result<()> {
        for id in self.threads.clone() {
            let list = |app: &_, actor: &_, paging| message_queries::list_messages(app, actor, id, paging);
            self.each(list, |writing, message| {
                let view = MessageView::from(message);
                writing.attached.extend(view.attachments.iter().copied());
                writing.archive.line(&view)
            })?;
        }
        Ok(())
    }

    fn documents(&mut self) -> Result<()> {
        self.each(documents::actions::list, |writing, document| {
            let file = writing.file_of(&document.blob, document.media_type);
            writing.archive.line(&DocumentLine { document: document.into(), file })
        })
    }
}
