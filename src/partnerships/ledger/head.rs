//! The head of a ledger: its newest entry, signed, so that whoever keeps it can prove later what the ledger said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::PartnershipId;
use crate::secrets::{Purpose, Secrets, is_public_signature};

/// The newest entry of a ledger with the platform's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerHead {
    /// The number of the newest entry.
    pub number: u32,
    /// Its hash.
    pub hash: String,
    /// The Ed25519 signature over `tradepost ledger`, the partnership, the number and the hash, a line each; 128 hexadecimal digits.
    pub signature: String,
    /// The platform's public key, 64 hexadecimal digits; published at `/api/v1/ledger-key`.
    pub public_key: String,
}

fn statement(partnership: PartnershipId, number: u32, hash: &str) -> String {
    format!("tradepost ledger\n{partnership}\n{number}\n{hash}\n")
}

impl LedgerHead {
    /// Signs the newest entry.
    pub fn sign(secrets: &Secrets, partnership: PartnershipId, number: u32, hash: &str) -> Self {
        let statement = statement(partnership, number, hash);
        Self {
            number,
            hash: hash.to_owned(),
            signature: secrets.sign_publicly(Purpose::LedgerHead, statement.as_bytes()),
            public_key: secrets.public_key(Purpose::LedgerHead),
        }
    }

    /// Whether the signature is of the key that it names.
    pub fn holds(&self, partnership: PartnershipId) -> bool {
        let statement = statement(partnership, self.number, &self.hash);
        is_public_signature(&self.public_key, statement.as_bytes(), &self.signature)
    }
}
