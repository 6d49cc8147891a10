//! Accounts as people meet them: joining, links from e-mails, passwords, and what strangers cannot learn.

mod audit;
mod closing;
mod joining;
mod keys;
mod members;
mod recovery;
mod roles;
pub mod second_factor;
mod security;
pub mod throttle;
mod timing;

use crate::support::{Answer, Client, PASSWORD, World};

/// What somebody fills in who signs up.
pub fn newcomer(email: &str) -> [(&str, &str); 6] {
    [
        ("name", "Somebody New"),
        ("email", email),
        ("password", PASSWORD),
        ("company", "Novo Trading"),
        ("country", "DE"),
        ("form", "importer"),
    ]
}

/// Signs up and leaves the address unconfirmed; the account is there, if there can be one.
#[track_caller]
pub fn sign_up(world: &World, email: &str) -> Answer {
    let answer = world.anonymous().submit("/sign-up", "/sign-up", &newcomer(email));
    world.drain();
    answer
}

/// Signs in and answers what came back.
pub fn attempt(browser: &Client, email: &str, password: &str) -> Answer {
    browser.submit("/sign-in", "/sign-in", &[("email", email), ("password", password)])
}

/// Everything of an answer that a stranger sees, without what differs for every request.
pub fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let differs = ["x-request-id", "date", "set-cookie"];
    let headers = answer.headers.iter().filter(|(name, _)| !differs.contains(&name.as_str())).cloned().collect();
    let (before, after) = answer.body.split_once("name=\"csrf\" value=\"").unwrap_or((&answer.body, ""));
    let after = after.split_once('"').map_or("", |(_, rest)| rest);
    (answer.status, headers, format!("{before}{after}"))
}
