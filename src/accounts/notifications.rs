//! The texts of the e-mails about an account. They say nothing that somebody else has typed: whoever signs up with a foreign address
//! must not be able to send words of their own there.

use crate::actor::Role;
use crate::locale::{Language, text};
use crate::mail::NotificationText;

/// Each text is given as its key.
fn content(
    language: Language,
    subject: &'static str,
    paragraphs: &[&'static str],
    action: Option<(&'static str, &str)>,
) -> NotificationText {
    let of = |key: &'static str| text(language, key).to_owned();
    NotificationText {
        subject: of(subject),
        paragraphs: paragraphs.iter().map(|key| of(key)).collect(),
        facts: Vec::new(),
        action: action.map(|(key, path)| (of(key), path.to_owned())),
        because: of("accounts-mail-because"),
    }
}

fn company_fact(language: Language, company: &str) -> (String, String) {
    (text(language, "accounts-company").to_owned(), company.to_owned())
}

fn role_fact(language: Language, role: Role) -> (String, String) {
    (text(language, "accounts-role").to_owned(), role.label(language).to_owned())
}

/// To somebody new. The link's secret is put behind the path when the e-mail is sent.
pub(super) fn confirm_address(language: Language) -> NotificationText {
    content(
        language,
        "accounts-confirm-title",
        &["accounts-mail-confirm", "accounts-mail-not-you"],
        Some(("accounts-confirm-button", "/confirm/")),
    )
}

/// To somebody who has an account, after somebody tried to make another one with their address.
pub(super) fn account_exists(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-exists-subject",
        &["accounts-mail-exists", "accounts-mail-exists-next", "accounts-mail-not-you"],
        Some(("accounts-choose-new-password", "/new-password/")),
    )
}

/// To somebody who forgot their password.
pub(super) fn new_password(language: Language) -> NotificationText {
    content(
        language,
        "accounts-choose-new-password",
        &["accounts-mail-reset", "accounts-mail-not-you"],
        Some(("accounts-choose-new-password", "/new-password/")),
    )
}

/// After the password was changed, in whatever way.
pub(super) fn password_changed(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-password-changed-subject",
        &["accounts-mail-password-changed", "accounts-mail-not-you-password"],
        Some(("accounts-choose-new-password", "/forgotten-password")),
    )
}

/// To the address that is to become a person's.
pub(super) fn new_address(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-new-address-subject",
        &["accounts-mail-new-address", "accounts-mail-not-you"],
        Some(("accounts-use-address", "/confirm-email/")),
    )
}

/// To the person whose address somebody else wanted to use.
pub(super) fn address_taken(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-address-taken-subject",
        &["accounts-mail-address-taken", "accounts-mail-address-taken-next"],
        Some(("accounts-sign-in", "/sign-in")),
    )
}

/// To the address that was a person's before.
pub(super) fn address_changed(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-address-changed-subject",
        &["accounts-mail-address-changed", "accounts-mail-address-changed-next"],
        None,
    )
}

/// To somebody who is asked to join a company. The company's name is a public text, checked as such.
pub(super) fn invitation(language: Language, company: &str, role: Role) -> NotificationText {
    NotificationText {
        facts: vec![company_fact(language, company), role_fact(language, role)],
        because: text(language, "accounts-mail-invitation-because").to_owned(),
        ..content(
            language,
            "accounts-mail-invitation-subject",
            &["accounts-mail-invitation"],
            Some(("accounts-mail-invitation-join", "/invitations/")),
        )
    }
}

/// To a member whose role is another one now.
pub(super) fn role_changed(language: Language, company: &str, role: Role) -> NotificationText {
    NotificationText {
        facts: vec![company_fact(language, company), role_fact(language, role)],
        ..content(language, "accounts-mail-role-subject", &["accounts-mail-role"], None)
    }
}

/// To somebody who is no member any more.
pub(super) fn removed(language: Language, company: &str) -> NotificationText {
    NotificationText {
        facts: vec![company_fact(language, company)],
        ..content(language, "accounts-mail-removed-subject", &["accounts-mail-removed"], None)
    }
}

/// After two-step verification was turned on.
pub(super) fn second_factor_on(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-two-step-on-subject",
        &["accounts-mail-two-step-on"],
        Some(("accounts-mail-to-security", "/account/security")),
    )
}

/// After two-step verification was turned off.
pub(super) fn second_factor_off(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-two-step-off-subject",
        &["accounts-mail-two-step-off", "accounts-mail-not-you-password"],
        Some(("accounts-choose-new-password", "/forgotten-password")),
    )
}

/// After a recovery code was used in place of the authenticator.
pub(super) fn recovery_code_used(language: Language) -> NotificationText {
    content(
        language,
        "accounts-mail-recovery-subject",
        &["accounts-mail-recovery", "accounts-mail-not-you-password"],
        Some(("accounts-choose-new-password", "/forgotten-password")),
    )
}

/// To the address of an account that was deleted.
pub(super) fn account_closed(language: Language) -> NotificationText {
    content(language, "accounts-mail-deleted-subject", &["accounts-mail-deleted", "accounts-mail-deleted-next"], None)
}
