//! E-mails of verification: a decision with its reason, disputed identifiers, and evidence that ends.

use super::rules::{evidence_label, level_name};
use super::{Claim, Request, Verdict};
use crate::companies::Verification;
use crate::companies::evidence::{EvidenceItem, kind_name};
use crate::mail::NotificationText;

const PAGE: &str = "/account/verification";

fn content_of(subject: String, paragraphs: Vec<String>, facts: Vec<(String, String)>) -> NotificationText {
    NotificationText {
        subject,
        paragraphs,
        facts,
        action: Some(("Verification of your company".to_owned(), PAGE.to_owned())),
        because: "This is a service message about your company.".to_owned(),
    }
}

/// The decision about a request.
pub(super) fn decided(
    request: &Request,
    verdict: Verdict,
    level: Verification,
    until: Option<String>,
) -> NotificationText {
    let wanted = level_name(request.level);
    let (subject, sentence) = match verdict {
        Verdict::Accept => (
            format!("Your company is {level}"),
            format!("A moderator accepted your application for {wanted}. The level of your company is now {level}."),
        ),
        Verdict::Refuse => (
            format!("Your application for {wanted} was refused"),
            format!("A moderator refused your application for {wanted}. Nothing changes; you can apply again."),
        ),
    };
    let reason = request.reason.clone().unwrap_or_default();
    let mut facts = vec![("Request".to_owned(), request.id.to_string())];
    facts.extend(until.map(|day| ("Counts until".to_owned(), day)));
    content_of(subject, vec![sentence, format!("Reason: {reason}")], facts)
}

/// The decision about a disputed identifier, to the claimant.
pub(super) fn claim_decided(claim: &Claim, verdict: Verdict, reason: &str) -> NotificationText {
    let (subject, sentence) = match verdict {
        Verdict::Accept => {
            ("An identifier is now your company's", "A moderator decided that your company holds this identifier.")
        }
        Verdict::Refuse => (
            "Your claim to an identifier was refused",
            "A moderator decided that your company does not hold this identifier, so it grants nothing.",
        ),
    };
    of_claim(claim, subject, sentence, reason)
}

/// To the former holder of an identifier that the claimant holds now.
pub(super) fn identifier_lost(claim: &Claim, reason: &str) -> NotificationText {
    let sentence = "Another company claimed this identifier, and a moderator decided that it is theirs. It stays in your profile, but \
        grants nothing, and your register entry no longer counts.";
    of_claim(claim, "An identifier is another company's", sentence, reason)
}

fn of_claim(claim: &Claim, subject: &str, sentence: &str, reason: &str) -> NotificationText {
    let identifier = format!("{} {}", kind_name(&claim.kind), claim.value);
    let paragraphs = vec![sentence.to_owned(), format!("Reason: {reason}")];
    content_of(subject.to_owned(), paragraphs, vec![("Identifier".to_owned(), identifier)])
}

/// Evidence that ends in `days` days or less.
pub(super) fn ends_soon(item: &EvidenceItem, days: i32) -> NotificationText {
    let what = evidence_label(item.kind);
    let last = item.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let sentence = format!(
        "The evidence that a moderator checked ({what}) counts until {last}. Send newer documents before then to keep the level."
    );
    let facts = vec![("Counts until".to_owned(), last)];
    content_of(format!("Expires in {days} days or less: your {what}"), vec![sentence], facts)
}

/// Evidence that has ended, and the level that is left.
pub(super) fn ended(item: &EvidenceItem, level: Verification) -> NotificationText {
    let what = evidence_label(item.kind);
    let sentence = format!(
        "The evidence that a moderator checked ({what}) has expired. The level of your company is now {level}."
    );
    let facts = vec![("Counted until".to_owned(), item.expires_on.map(|day| day.to_string()).unwrap_or_default())];
    content_of(format!("Expired: your {what}"), vec![sentence], facts)
}
