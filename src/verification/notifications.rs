//! The letters of verification: a decision with its reason, claims of numbers, and evidence that ends.

use super::{Claim, Request, Verdict};
use crate::accounts::notify::tell_company;
use crate::companies::Verification;
use crate::companies::evidence::{EvidenceKind, Seen, kind_name};
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{Content, Stream};
use crate::store::Tx;

const PAGE: &str = "/account/verification";

fn tell(tx: &mut Tx, company: CompanyId, event: &str, content: &Content) -> Result<()> {
    tell_company(tx, company, Stream::Transactional, event, content).map(drop)
}

fn content(subject: String, paragraphs: Vec<String>, facts: Vec<(String, String)>) -> Content {
    Content {
        subject,
        paragraphs,
        facts,
        action: Some(("Verification of your company".to_owned(), PAGE.to_owned())),
        because: "You get this letter because it is about your company.".to_owned(),
    }
}

/// The name of a kind of evidence in a sentence.
pub(super) fn evidence_words(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Register => "register entry",
        EvidenceKind::Documents => "documents",
        EvidenceKind::Identity => "identity document",
        EvidenceKind::Report => "third party's report",
    }
}

/// What became of a request.
pub(super) fn decided(
    tx: &mut Tx,
    request: &Request,
    verdict: Verdict,
    level: Verification,
    until: Option<String>,
) -> Result<()> {
    let wanted = request.level;
    let (subject, sentence) = match verdict {
        Verdict::Accept => (
            format!("Your company is {level}"),
            format!("A moderator agreed to your request to be {wanted}. The level of your company is {level} now."),
        ),
        Verdict::Refuse => (
            format!("Your request to be {wanted} was refused"),
            format!("A moderator did not agree to your request to be {wanted}. Nothing changes; you can ask again."),
        ),
    };
    let reason = request.reason.clone().unwrap_or_default();
    let mut facts = vec![("Request".to_owned(), request.id.to_string())];
    facts.extend(until.map(|day| ("Counts until".to_owned(), day)));
    let content = content(subject, vec![sentence, format!("The reason given: {reason}")], facts);
    tell(tx, request.company, &format!("verification decided {}", request.id), &content)
}

/// What became of a claim: to the claimant, and to the other side where a number moved.
pub(super) fn claim_decided(tx: &mut Tx, claim: &Claim, verdict: Verdict, reason: &str) -> Result<()> {
    let number = format!("{} {}", kind_name(&claim.kind), claim.value);
    let facts = || vec![("Number".to_owned(), number.clone())];
    let at = tx.now().timestamp_millis();
    let said = format!("The reason given: {reason}");
    let (subject, sentence) = match verdict {
        Verdict::Accept => ("A number is your company's".to_owned(), "A moderator decided that your company holds it."),
        Verdict::Refuse => (
            "Your claim of a number was refused".to_owned(),
            "A moderator decided that your company does not hold it; it grants nothing.",
        ),
    };
    let letter = content(subject, vec![sentence.to_owned(), said.clone()], facts());
    let event = format!("claim {} {} {at}", claim.kind, claim.value);
    tell(tx, claim.claimant.id, &format!("{event} claimant"), &letter)?;
    match (&claim.holder, verdict) {
        (Some(holder), Verdict::Accept) => {
            let sentence = "Another company claimed this number, and a moderator decided that it is theirs. It stays in your profile, but \
                grants nothing, and your register entry counts no more.";
            let letter = content("A number is another company's".to_owned(), vec![sentence.to_owned(), said], facts());
            tell(tx, holder.id, &format!("{event} holder"), &letter)
        }
        _ => Ok(()),
    }
}

/// Evidence ends soon.
pub(super) fn ends_soon(tx: &mut Tx, seen: &Seen, days: i32) -> Result<()> {
    let what = evidence_words(seen.kind);
    let last = seen.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let sentence = format!(
        "What a moderator saw ({what}) counts until {last}. Send newer papers before then, and the level stays."
    );
    let facts = vec![("Counts until".to_owned(), last)];
    let letter = content(format!("Ends in {days} days or less: your {what}"), vec![sentence], facts);
    tell(tx, seen.company, &format!("evidence ends {} {days}", seen.id), &letter)
}

/// Evidence has ended.
pub(super) fn ended(tx: &mut Tx, seen: &Seen, level: Verification) -> Result<()> {
    let what = evidence_words(seen.kind);
    let sentence =
        format!("The last day of what a moderator saw ({what}) has passed. The level of your company is {level} now.");
    let facts = vec![("Counted until".to_owned(), seen.expires_on.map(|day| day.to_string()).unwrap_or_default())];
    let letter = content(format!("Ended: your {what}"), vec![sentence], facts);
    tell(tx, seen.company, &format!("evidence ended {}", seen.id), &letter)
}
