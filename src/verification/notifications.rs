//! E-mails of verification: a decision with its reason, disputed identifiers, and evidence that ends.

use super::rules::{evidence_label, level_name};
use super::{Claim, Request, Verdict};
use crate::companies::Verification;
use crate::companies::evidence::{EvidenceItem, kind_name};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;

const PAGE: &str = "/account/verification";

fn notification(
    language: Language,
    subject: String,
    paragraphs: Vec<String>,
    facts: Vec<(&'static str, String)>,
) -> NotificationText {
    NotificationText {
        subject,
        paragraphs,
        facts: facts.into_iter().map(|(key, value)| (text(language, key).to_owned(), value)).collect(),
        action: Some((text(language, "verification-mail-action").to_owned(), PAGE.to_owned())),
        because: text(language, "verification-mail-because").to_owned(),
    }
}

fn because(language: Language, reason: &str) -> String {
    Message::new("verification-because").with("reason", reason).text(language)
}

/// The decision about a request; `until` is the last day on which its evidence counts.
pub(super) fn decided(
    language: Language,
    request: &Request,
    verdict: Verdict,
    level: Verification,
    until: Option<String>,
) -> NotificationText {
    let of = |key: &'static str| {
        Message::new(key).with("wanted", level_name(request.level)).with("level", level.as_str()).text(language)
    };
    let (subject, sentence) = match verdict {
        Verdict::Accept => {
            let subject = Message::new("verification-mail-accepted-subject").with("level", level.as_str());
            (subject.text(language), of("verification-mail-accepted"))
        }
        Verdict::Refuse => {
            let wanted = |key: &'static str| Message::new(key).with("wanted", level_name(request.level)).text(language);
            (wanted("verification-mail-refused-subject"), wanted("verification-mail-refused"))
        }
    };
    let reason = request.reason.clone().unwrap_or_default();
    let mut facts = vec![("verification-mail-request", request.id.to_string())];
    facts.extend(until.map(|day| ("verification-mail-until", day)));
    notification(language, subject, vec![sentence, because(language, &reason)], facts)
}

/// The decision about a disputed identifier, to the claimant.
pub(super) fn claim_decided(language: Language, claim: &Claim, verdict: Verdict, reason: &str) -> NotificationText {
    match verdict {
        Verdict::Accept => of_claim(
            language,
            claim,
            text(language, "verification-mail-claim-accepted-subject"),
            text(language, "verification-mail-claim-accepted"),
            reason,
        ),
        Verdict::Refuse => of_claim(
            language,
            claim,
            text(language, "verification-mail-claim-refused-subject"),
            text(language, "verification-mail-claim-refused"),
            reason,
        ),
    }
}

/// To the former holder of an identifier that the claimant holds now.
pub(super) fn identifier_lost(language: Language, claim: &Claim, reason: &str) -> NotificationText {
    let subject = text(language, "verification-mail-lost-subject");
    of_claim(language, claim, subject, text(language, "verification-mail-lost"), reason)
}

fn of_claim(language: Language, claim: &Claim, subject: &str, sentence: &str, reason: &str) -> NotificationText {
    let identifier = format!("{} {}", kind_name(&claim.kind), claim.value);
    let paragraphs = vec![sentence.to_owned(), because(language, reason)];
    notification(language, subject.to_owned(), paragraphs, vec![("verification-identifier", identifier)])
}

/// Evidence that ends in `days` days or less.
pub(super) fn ends_soon(language: Language, item: &EvidenceItem, days: i32) -> NotificationText {
    let what = evidence_label(item.kind);
    let last = item.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let subject = Message::new("verification-mail-expires-subject").with("days", days).with("what", what);
    let sentence = Message::new("verification-mail-expires").with("what", what).with("day", &last).text(language);
    notification(language, subject.text(language), vec![sentence], vec![("verification-mail-until", last)])
}

/// Evidence that has ended, and the level that is left.
pub(super) fn ended(language: Language, item: &EvidenceItem, level: Verification) -> NotificationText {
    let what = evidence_label(item.kind);
    let last = item.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let subject = Message::new("verification-mail-expired-subject").with("what", what).text(language);
    let sentence = Message::new("verification-mail-expired").with("what", what).with("level", level.as_str());
    notification(language, subject, vec![sentence.text(language)], vec![("verification-mail-counted-until", last)])
}
