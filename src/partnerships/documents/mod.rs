//! The documents of a trade record: what the two sides show for it, and a moderator's review of them.
//!
//! Either side attaches documents of its own with their kind; the ledger keeps the SHA-256, both sides may read them. A document can be
//! attached to a record in any state but `superseded`. It raises the evidence grade of what both confirmed, and waits for the confirmation
//! otherwise: a dispute leaves it where it is, for it is what the dispute is about. A correction takes the documents over, since it is the
//! same shipment, but not a review, which was of the old figures.

pub mod actions;
pub mod review;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::documents::Document;
use crate::ids::{CompanyId, DocumentId, RecordId};
use crate::{labelled, wire_enum};

/// A record has so many documents at most.
pub const MAX_RECORD_DOCUMENTS: usize = 20;

wire_enum! {
    /// What a document of a shipment is.
    pub enum DocumentKind {
        /// The seller's invoice.
        Invoice = "invoice",
        /// The packing list.
        PackingList = "packing_list",
        /// Bill of lading, air waybill, CMR or railway note.
        TransportDocument = "transport_document",
        /// A copy of the customs declaration.
        CustomsDeclaration = "customs_declaration",
        /// The certificate of origin.
        CertificateOfOrigin = "certificate_of_origin",
        /// Anything else: inspection, insurance, quality.
        Other = "other",
    }
}

labelled!(DocumentKind, "partnerships-document-kind");

/// A document of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDocument {
    /// The record.
    pub record: RecordId,
    /// The file.
    pub document: Document,
    /// What it is.
    pub kind: DocumentKind,
    /// The side that attached it.
    pub attached_by: CompanyId,
    /// When it was attached.
    pub attached_at: Time,
}

/// A moderator's review of the documents of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The record.
    pub record: RecordId,
    /// What the moderator says of them; both sides read it.
    pub note: String,
    /// When.
    pub reviewed_at: Time,
}

/// A document to be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachDocument {
    /// One of the company's own documents, uploaded before.
    pub document: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
}
