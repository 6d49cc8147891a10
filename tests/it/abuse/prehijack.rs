//! Somebody signs up with an address that is not theirs, and prepares the account for the day when its owner comes.

use crate::accounts::second_factor::{switch_on, switch_on_with};
use crate::accounts::{attempt, sign_up};
use crate::support::{Client, PASSWORD, World};

both!(
    reset_by_the_owner_of_an_unconfirmed_address_leaves_the_stranger_nothing,
    second_factor_of_a_confirmed_account_survives_a_reset,
    sixth_change_of_address_does_not_tell_whether_it_has_an_account,
);

const VICTIM: &str = "victim@company.example";
const NEW: &str = "another 42 quiet anchors";

fn reset(world: &World, email: &str) -> Client {
    let owner = world.anonymous();
    owner.submit("/forgotten-password", "/forgotten-password", &[("email", email)]);
    let link = world.link_to(email);
    owner.submit(&link, &link, &[("password", NEW)]).expect(303);
    owner
}

fn reset_by_the_owner_of_an_unconfirmed_address_leaves_the_stranger_nothing(world: &World) {
    sign_up(world, VICTIM).expect(303);
    let stranger = world.browser(VICTIM);
    let (_, codes) = switch_on(world, &stranger);
    stranger.submit("/", "/account/api-keys", &[("name", "k"), ("scopes", "rfqs:read")]).expect(403);
    let owner = reset(world, VICTIM);
    owner.sign_in(VICTIM, NEW);
    owner.page("/account").expect(200);
    assert!(owner.page("/account/security").body.contains("Off: your password alone"), "no second factor is left");
    stranger.page("/account").expect(401);
    attempt(&world.anonymous(), VICTIM, PASSWORD).expect(422);
    // Nor is the way through the recovery codes.
    owner.submit("/account", "/sign-out", &[]);
    let browser = world.anonymous();
    browser.sign_in(VICTIM, NEW);
    let (_, fresh) = switch_on_with(world, &browser, NEW);
    assert!(codes.iter().all(|code| !fresh.contains(code)));
    world.drain();
}

fn second_factor_of_a_confirmed_account_survives_a_reset(world: &World) {
    let party = world.buyer();
    switch_on(world, &world.browser(&party.email));
    reset(world, &party.email);
    let browser = world.anonymous();
    attempt(&browser, &party.email, NEW).expect(200);
    assert!(browser.cookie("sid").is_none(), "who reads the mailbox still needs the code");
    world.drain();
}

fn sixth_change_of_address_does_not_tell_whether_it_has_an_account(world: &World) {
    let (party, other) = (world.buyer(), world.supplier());
    let answers = |email: &str| -> Vec<u16> {
        let browser = world.browser(&party.email);
        let ask = || {
            let fields = [("current_password", PASSWORD), ("email", email)];
            browser.submit("/account/security", "/account/email", &fields).status
        };
        (0..7).map(|_| ask()).collect()
    };
    let taken = answers(&other.email);
    world.pass(chrono::Duration::hours(25));
    let free = answers("nobody-yet@company.example");
    assert_eq!(taken, free);
    assert_eq!(taken[4..6], [303, 429], "{taken:?}");
    world.drain();
}
