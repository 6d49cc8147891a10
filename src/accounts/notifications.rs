//! The words of the e-mails about an account. They say nothing that somebody else has typed: whoever signs up with a foreign address
//! must not be able to send words of their own there.

use crate::actor::Role;
use crate::mail::NotificationText;

const NOT_YOU: &str =
    "If it was not you, do nothing: without this link nothing happens. The link is valid for an hour and works once.";

fn content(subject: &str, paragraphs: &[&str], action: Option<(&str, &str)>) -> NotificationText {
    NotificationText {
        subject: subject.to_owned(),
        paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
        facts: Vec::new(),
        action: action.map(|(label, path)| (label.to_owned(), path.to_owned())),
        because: "This is a service message about your account.".to_owned(),
    }
}

/// To somebody new. The link's secret is put behind the path when the e-mail is sent.
pub(super) fn confirm_address() -> NotificationText {
    content(
        "Confirm your e-mail address",
        &["Welcome to Tradepost. Confirm that this is your e-mail address to make your company visible.", NOT_YOU],
        Some(("Confirm e-mail address", "/confirm/")),
    )
}

/// To somebody who has an account, after somebody tried to make another one with their address.
pub(super) fn account_exists() -> NotificationText {
    content(
        "You already have an account",
        &[
            "Somebody tried to join Tradepost with this e-mail address, which already has an account.",
            "If it was you, sign in as usual, or choose a new password with this link.",
            NOT_YOU,
        ],
        Some(("Choose a new password", "/new-password/")),
    )
}

/// To somebody who forgot their password.
pub(super) fn new_password() -> NotificationText {
    content(
        "Choose a new password",
        &["Somebody asked for a new password for the account of this e-mail address.", NOT_YOU],
        Some(("Choose a new password", "/new-password/")),
    )
}

/// After the password was changed, in whatever way.
pub(super) fn password_changed() -> NotificationText {
    content(
        "Your password was changed",
        &[
            "The password of your account at Tradepost was changed a moment ago, and all other sessions were ended.",
            "If it was not you, choose a new password immediately.",
        ],
        Some(("Choose a new password", "/forgotten-password")),
    )
}

/// To the address that is to become a person's.
pub(super) fn new_address() -> NotificationText {
    content(
        "Confirm your new e-mail address",
        &["Somebody wants to use this e-mail address for their account at Tradepost.", NOT_YOU],
        Some(("Use this address", "/confirm-email/")),
    )
}

/// To the person whose address somebody else wanted to use.
pub(super) fn address_taken() -> NotificationText {
    let says = [
        "Somebody tried to use this e-mail address for another account at Tradepost. It belongs to yours, so nothing was changed.",
        "If it was you, sign in with this address, or use another one for the other account.",
    ];
    content("Your e-mail address already has an account", &says, Some(("Sign in", "/sign-in")))
}

/// To the address that was a person's before.
pub(super) fn address_changed() -> NotificationText {
    let says = [
        "Your account at Tradepost now has another e-mail address; this one is no longer used.",
        "If it was not you, somebody knows your password. Tell the operator of the site immediately.",
    ];
    content("Your e-mail address was changed", &says, None)
}

/// To somebody who is asked to join a company. The company's name is a public text, checked as such.
pub(super) fn invitation(company: &str, role: Role) -> NotificationText {
    NotificationText {
        facts: vec![("Company".to_owned(), company.to_owned()), ("Role".to_owned(), role.as_str().to_owned())],
        because: "You receive this e-mail because an owner of the company entered your address.".to_owned(),
        ..content(
            "You are invited to a company at Tradepost",
            &["You are invited to trade for a company at Tradepost. The link is valid for seven days and works once."],
            Some(("Join the company", "/invitations/")),
        )
    }
}

/// To a member whose role is another one now.
pub(super) fn role_changed(company: &str, role: Role) -> NotificationText {
    NotificationText {
        facts: vec![("Company".to_owned(), company.to_owned()), ("Role".to_owned(), role.as_str().to_owned())],
        ..content("Your role was changed", &["An owner of the company has given you another role."], None)
    }
}

/// To somebody who is no member any more.
pub(super) fn removed(company: &str) -> NotificationText {
    NotificationText {
        facts: vec![("Company".to_owned(), company.to_owned())],
        ..content("You no longer belong to a company", &["You are no longer a member of this company."], None)
    }
}

/// After two-step verification was turned on.
pub(super) fn second_factor_on() -> NotificationText {
    let says = ["Signing in to your account at Tradepost now takes a code of your authenticator app."];
    content("Two-step verification is on", &says, Some(("Security of your account", "/account/security")))
}

/// After two-step verification was turned off.
pub(super) fn second_factor_off() -> NotificationText {
    let says = [
        "Signing in to your account at Tradepost now takes the password alone.",
        "If it was not you, choose a new password immediately.",
    ];
    content("Two-step verification is off", &says, Some(("Choose a new password", "/forgotten-password")))
}

/// After a recovery code was used in place of the authenticator.
pub(super) fn recovery_code_used() -> NotificationText {
    let says = [
        "Somebody signed in to your account at Tradepost with a recovery code instead of the authenticator app.",
        "If it was not you, choose a new password immediately.",
    ];
    content("A recovery code was used", &says, Some(("Choose a new password", "/forgotten-password")))
}

/// To the address of an account that was deleted.
pub(super) fn account_closed() -> NotificationText {
    let says = [
        "Your account at Tradepost was deleted. Your name, address and password have been removed from it.",
        "If it was not you, somebody knew your password. Tell the operator of the site.",
    ];
    content("Your account was deleted", &says, None)
}
