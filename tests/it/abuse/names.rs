//! Names that pass for another company's: what nobody sees is refused, and what looks alike is shown to the moderators.

use serde_json::json;

use crate::accounts::sign_up;
use crate::support::World;

both!(
    name_with_characters_that_nobody_sees_is_refused,
    name_that_looks_like_anothers_is_shown_to_moderators_once,
    name_of_an_identified_company_is_shown_and_that_of_any_other_is_not,
    unconfirmed_company_is_looked_at_when_it_is_confirmed,
);

/// How many open reports of the kind the moderators see.
fn doubts(world: &World) -> usize {
    world.drain();
    let queue = world.moderator().page("/moderation").expect(200);
    queue.body.matches("href=\"/moderation/reports/").count()
}

fn name_with_characters_that_nobody_sees_is_refused(world: &World) {
    let supplier = world.supplier();
    let path = format!("/companies/{}", supplier.company);
    let hidden = json!({"name": "Nordkap\u{200b} Pumps", "legal_name": "spmuP \u{202e}paKdroN", "trade_names": ["Nordkap", "N\u{ad}ordkap"]});
    let refused = supplier.patch(&path, &hidden);
    assert_eq!(
        (refused.status, refused.wrong_fields()),
        (422, vec!["/name".into(), "/legal_name".into(), "/trade_names/1".into()])
    );
    assert_eq!(supplier.get(&path).expect(200).text("/name"), supplier.name);
    supplier.patch(&path, &json!({"name": "شرکت می\u{200c}خواهم"})).expect(200);
}

fn name_that_looks_like_anothers_is_shown_to_moderators_once(world: &World) {
    world.party("Nordkap Pumps", "NO");
    let (twin, mixed) = (world.supplier(), world.buyer());
    assert_eq!(doubts(world), 0);
    // A Cyrillic о in each.
    twin.patch(&format!("/companies/{}", twin.company), &json!({"trade_names": ["Honest", "NORDKAP Pumps Ltd"]}))
        .expect(200);
    assert_eq!(doubts(world), 0, "another word is another name");
    twin.patch(&format!("/companies/{}", twin.company), &json!({"name": "Nоrdkap Pumps"})).expect(200);
    assert_eq!(doubts(world), 1);
    twin.patch(&format!("/companies/{}", twin.company), &json!({"name": "Nordkap Purnps"})).expect(200);
    assert_eq!(doubts(world), 1, "one report of a company is enough");
    mixed.patch(&format!("/companies/{}", mixed.company), &json!({"legal_name": "Gаmma Export"})).expect(200);
    assert_eq!(doubts(world), 2);
    let queue = world.moderator().page("/moderation").expect(200);
    assert!(queue.body.contains("Nordkap Purnps"), "{}", queue.body);
}

fn name_of_an_identified_company_is_shown_and_that_of_any_other_is_not(world: &World) {
    let first = world.party("Vallis Tools", "AT");
    world.party("VALLIS Tools", "DE");
    assert_eq!(doubts(world), 0, "two honest companies may have one name");
    world.identify(&[first.company]);
    world.party("Vallis-Tools", "FR");
    assert_eq!(doubts(world), 1);
}

fn unconfirmed_company_is_looked_at_when_it_is_confirmed(world: &World) {
    world.party("Nоvо Trading", "NL");
    let before = doubts(world);
    sign_up(world, "new@company.example").expect(303);
    assert_eq!(doubts(world), before, "nobody sees it yet");
    let link = world.link_to("new@company.example");
    let browser = world.anonymous();
    browser.fill_in(&link, &link, &[]).expect(200);
    assert_eq!(doubts(world), before + 1);
}
