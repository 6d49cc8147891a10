//! E-mails of verification: a decision with its reason, disputed identifiers, and evidence that ends.

use super::rules::{evidence_label, level_name};
use super::{Claim, Request, Verdict};
use crate::accounts::notify::tell_company;
use crate::companies::Verification;
use crate::companies::evidence::{EvidenceItem, kind_name};
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{Content, Stream};
use crate::store::Tx;

const PAGE: &str = "/account/verification";

fn notify(tx: &mut Tx, company: CompanyId, event: &str, content: &Content) -> Result<()> {
    tell_company(tx, company, Stream::Transactional, event, content).map(drop)
}

fn content_of(subject: String, paragraphs: Vec<String>, facts: Vec<(String, String)>) -> Content {
    Content {
        subject,
        paragraphs,
        facts,
        action: Some(("Verification of your company".to_owned(), PAGE.to_owned())),
        because: "This is a service message about your company.".to_owned(),
    }
}

/// The decision about a request.
pub(super) fn decided(
    tx: &mut Tx,
    request: &Request,
    verdict: Verdict,
    level: Verification,
    until: Option<String>,
) -> Result<()> {
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
    let content = content_of(subject, vec![sentence, format!("Reason: {reason}")], facts);
    notify(tx, request.company, &format!("verification decided {}", request.id), &content)
}

/// The decision about a disputed identifier: to the claimant, and to the former holder where it moved.
pub(super) fn claim_decided(tx: &mut Tx, claim: &Claim, verdict: Verdict, reason: &str) -> Result<()> {
    let number = format!("{} {}", kind_name(&claim.kind), claim.value);
    let facts = || vec![("Identifier".to_owned(), number.clone())];
    let at = tx.now().timestamp_millis();
    let said = format!("Reason: {reason}");
    let (subject, sentence) = match verdict {
        Verdict::Accept => (
            "An identifier is now your company's".to_owned(),
            "A moderator decided that your company holds this identifier.",
        ),
        Verdict::Refuse => (
            "Your claim to an identifier was refused".to_owned(),
            "A moderator decided that your company does not hold this identifier, so it grants nothing.",
        ),
    };
    let content = content_of(subject, vec![sentence.to_owned(), said.clone()], facts());
    let event = format!("claim {} {} {at}", claim.kind, claim.value);
    notify(tx, claim.claimant.id, &format!("{event} claimant"), &content)?;
    match (&claim.holder, verdict) {
        (Some(holder), Verdict::Accept) => {
            let sentence = "Another company claimed this identifier, and a moderator decided that it is theirs. It stays in your profile, but \
                grants nothing, and your register entry no longer counts.";
            let content =
                content_of("An identifier is another company's".to_owned(), vec![sentence.to_owned(), said], facts());
            notify(tx, holder.id, &format!("{event} holder"), &content)
        }
        _ => Ok(()),
    }
}

/// Evidence that ends in `days` days or less.
pub(super) fn ends_soon(tx: &mut Tx, item: &EvidenceItem, days: i32) -> Result<()> {
    let what = evidence_label(item.kind);
    let last = item.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let sentence = format!(
        "The evidence that a moderator checked ({what}) counts until {last}. Send newer documents before then to keep the level."
    );
    let facts = vec![("Counts until".to_owned(), last)];
    let content = content_of(format!("Expires in {days} days or less: your {what}"), vec![sentence], facts);
    notify(tx, item.company, &format!("evidence ends {} {days}", item.id), &content)
}

/// Evidence that has ended, and the level that is left.
pub(super) fn ended(tx: &mut Tx, item: &EvidenceItem, level: Verification) -> Result<()> {
    let what = evidence_label(item.kind);
    let sentence = format!(
        "The evidence that a moderator checked ({what}) has expired. The level of your company is now {level}."
    );
    let facts = vec![("Counted until".to_owned(), item.expires_on.map(|day| day.to_string()).unwrap_or_default())];
    let content = content_of(format!("Expired: your {what}"), vec![sentence], facts);
    notify(tx, item.company, &format!("evidence ended {}", item.id), &content)
}
