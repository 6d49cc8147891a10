//! The words of the letters about an account. They say nothing that somebody else has typed: whoever signs up with a foreign address
//! must not be able to send words of their own there.

use crate::mail::Content;

const ABOUT_ACCOUNT: &str = "You get this letter because of an account at Tradepost; it cannot be refused.";
const NOT_YOU: &str =
    "If it was not you, do nothing: without this link nothing happens. The link holds for an hour and works once.";

fn content(subject: &str, paragraphs: &[&str], action: Option<(&str, &str)>) -> Content {
    Content {
        subject: subject.to_owned(),
        paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
        facts: Vec::new(),
        action: action.map(|(label, path)| (label.to_owned(), path.to_owned())),
        because: ABOUT_ACCOUNT.to_owned(),
    }
}

/// To somebody new. The link's secret is put behind the path when the letter is sent.
pub(super) fn confirm_address() -> Content {
    content(
        "Confirm your e-mail address",
        &["Welcome to Tradepost. Confirm that this is your e-mail address, and your company takes part.", NOT_YOU],
        Some(("Confirm the address", "/confirm/")),
    )
}

/// To somebody who has an account, after somebody tried to make another one with their address.
pub(super) fn account_exists() -> Content {
    content(
        "You have an account already",
        &[
            "Somebody wanted to join Tradepost with this e-mail address, which has an account already.",
            "If it was you, sign in as always, or choose a new password by this link.",
            NOT_YOU,
        ],
        Some(("Choose a new password", "/new-password/")),
    )
}

/// To somebody who forgot their password.
pub(super) fn new_password() -> Content {
    content(
        "Choose a new password",
        &["Somebody asked for a new password for the account of this e-mail address.", NOT_YOU],
        Some(("Choose a new password", "/new-password/")),
    )
}

/// After the password was changed, in whatever way.
pub(super) fn password_changed() -> Content {
    content(
        "Your password was changed",
        &[
            "The password of your account at Tradepost was changed a moment ago, and all other sessions were ended.",
            "If it was not you, choose a new password at once.",
        ],
        Some(("Choose a new password", "/forgotten-password")),
    )
}
