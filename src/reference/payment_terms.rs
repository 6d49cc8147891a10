//! Payment terms with a short note each, and what has to be said with them.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::PaymentTerm;

/// One payment term of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentTermInfo {
    /// The code.
    pub code: PaymentTerm,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// What it means, in our words.
    #[schema(value_type = String)]
    pub note: &'static str,
    /// Whether a number of days belongs to it.
    pub has_tenor: bool,
    /// Whether a share paid beforehand belongs to it.
    pub has_deposit: bool,
}

const fn term(code: PaymentTerm, name: &'static str, note: &'static str) -> PaymentTermInfo {
    let has_tenor = matches!(code, PaymentTerm::LcUsance | PaymentTerm::Da | PaymentTerm::Oa);
    let has_deposit = matches!(code, PaymentTerm::TtDeposit);
    PaymentTermInfo { code, name, note, has_tenor, has_deposit }
}

/// Every payment term, the safest for the seller first.
pub static ALL: [PaymentTermInfo; 10] = [
    term(PaymentTerm::TtAdvance, "Transfer in advance", "The whole price by bank transfer before shipment."),
    term(
        PaymentTerm::TtDeposit,
        "Transfer, deposit and balance",
        "A deposit by bank transfer with the order, the balance against the documents, often 30 and 70 %.",
    ),
    term(
        PaymentTerm::LcSight,
        "Letter of credit at sight",
        "The buyer's bank pays against conforming documents at once.",
    ),
    term(
        PaymentTerm::LcUsance,
        "Letter of credit, deferred",
        "The buyer's bank pays some days after conforming documents.",
    ),
    term(PaymentTerm::Dp, "Documents against payment", "The bank hands the documents to the buyer when he pays."),
    term(
        PaymentTerm::Da,
        "Documents against acceptance",
        "The bank hands the documents to the buyer when he accepts a bill payable some days later.",
    ),
    term(PaymentTerm::Cad, "Cash against documents", "The buyer pays when the documents are presented."),
    term(PaymentTerm::Oa, "Open account", "The seller ships and the buyer pays some days after the invoice."),
    term(PaymentTerm::Consignment, "Consignment", "The buyer pays when he has sold the goods."),
    term(PaymentTerm::Other, "Other", "Anything else, said in words."),
];

/// Every payment term.
pub fn all() -> &'static [PaymentTermInfo] {
    &ALL
}
