//! Who names another company's register number first gains nothing by it, and keeps nothing from its owner.

use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema::companies;

use crate::accounts::sign_up;
use crate::support::{Client, Party, World};
use crate::verification::{decide, entry, level, named};

both!(
    ghost_holds_no_number_and_keeps_its_owner_from_nothing,
    number_that_its_owner_gives_up_falls_to_nobody,
    number_of_a_closed_company_is_free,
    unconfirmed_company_claims_nothing,
);

const GLN: &str = "4006381333931";

fn numbers(party: &Party, who: &Client) -> Vec<(String, String)> {
    let answer = who.get(&format!("/companies/{}/identifiers", party.company)).expect(200).json();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    answer["data"].as_array().unwrap().iter().map(|row| (text(row, "value"), text(row, "state"))).collect()
}

fn found(world: &World) -> Vec<String> {
    world.drain();
    let answer = world.anonymous().get(&format!("/search/companies?q={GLN}")).expect(200).json();
    answer["data"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap().to_owned()).collect()
}

fn identify(world: &World, moderator: &Client, party: &Party) {
    named(party, GLN);
    let request = party.post(&format!("/companies/{}/verification", party.company), &entry()).expect(201).id();
    decide(moderator, &request, &[("verdict", "accept"), ("reason", "The entry names the company")]);
    assert_eq!(level(world, party), "identified");
}

fn ghost_holds_no_number_and_keeps_its_owner_from_nothing(world: &World) {
    let (ghost, owner, moderator) = (world.supplier(), world.party("The Real Owner", "CN"), world.moderator());
    named(&ghost, GLN);
    assert_eq!(numbers(&ghost, &ghost), [(GLN.to_owned(), "stated".to_owned())]);
    assert_eq!(numbers(&ghost, &world.anonymous()), [], "nobody looked");
    let shown = world.anonymous().get(&format!("/companies/{}", ghost.company)).expect(200);
    assert!(
        !shown.body.contains(GLN)
            && !world.anonymous().page(&format!("/companies/{}", ghost.company)).body.contains(GLN)
    );
    assert_eq!(found(world), [""; 0], "what a profile does not show is not found by it");
    identify(world, &moderator, &owner);
    assert_eq!(numbers(&owner, &world.anonymous()), [(GLN.to_owned(), "held".to_owned())]);
    assert_eq!(found(world), ["The Real Owner"]);
    assert_eq!(numbers(&ghost, &ghost), [(GLN.to_owned(), "claimed".to_owned())], "from now on a moderator decides");
    assert!(moderator.page("/moderation/claims").expect(200).body.contains(&ghost.name));
    // Saving the profile once more takes nothing from who holds it.
    ghost.patch(&format!("/companies/{}", ghost.company), &json!({"year": 2001})).expect(200);
    assert_eq!(numbers(&ghost, &ghost)[0].1, "claimed");
    // A company that becomes another one holds nothing, and the claim is no dispute any more.
    owner.patch(&format!("/companies/{}", owner.company), &json!({"name": "Somebody Else"})).expect(200);
    assert_eq!((numbers(&owner, &owner)[0].1.as_str(), numbers(&ghost, &ghost)[0].1.as_str()), ("stated", "stated"));
    assert_eq!(found(world), [""; 0]);
}

/// An identified company claims the number of another one beside its own, and waits for the day when that one renames itself.
fn number_that_its_owner_gives_up_falls_to_nobody(world: &World) {
    let (owner, waiting, moderator) = (world.supplier(), world.party("Patient Trading", "CN"), world.moderator());
    identify(world, &moderator, &owner);
    let both = json!({"identifiers": [{"kind": "gln", "value": GLN}, {"kind": "gln", "value": "5412345000013"}]});
    waiting.patch(&format!("/companies/{}", waiting.company), &both).expect(200);
    let request = waiting.post(&format!("/companies/{}/verification", waiting.company), &entry()).expect(201).id();
    decide(&moderator, &request, &[("verdict", "accept"), ("reason", "The entry names its own number")]);
    let states = |party: &Party| numbers(party, party).into_iter().map(|(_, state)| state).collect::<Vec<_>>();
    assert_eq!(
        (level(world, &waiting).as_str(), states(&waiting)),
        ("identified", vec!["claimed".into(), "held".into()])
    );
    owner.patch(&format!("/companies/{}", owner.company), &json!({"name": "The Owner Renamed"})).expect(200);
    waiting.patch(&format!("/companies/{}", waiting.company), &json!({"year": 1999})).expect(200);
    assert_eq!((states(&waiting), states(&owner)), (vec!["stated".into(), "held".into()], vec!["stated".into()]));
    identify(world, &moderator, &owner);
    assert_eq!((states(&waiting), states(&owner)), (vec!["claimed".into(), "held".into()], vec!["held".into()]));
}

fn number_of_a_closed_company_is_free(world: &World) {
    let (first, second, moderator) = (world.supplier(), world.party("The Next Owner", "CN"), world.moderator());
    identify(world, &moderator, &first);
    named(&second, GLN);
    assert_eq!(numbers(&second, &second)[0].1, "claimed");
    world.app.db.write(|tx| tradepost::companies::actions::close(tx, first.company)).unwrap();
    world.drain();
    assert_eq!(numbers(&second, &second)[0].1, "stated");
    assert_eq!(found(world), [""; 0]);
    identify(world, &moderator, &second);
    assert_eq!(found(world), ["The Next Owner"]);
}

fn unconfirmed_company_claims_nothing(world: &World) {
    let (owner, moderator) = (world.supplier(), world.moderator());
    identify(world, &moderator, &owner);
    sign_up(world, "ghost@company.example").expect(303);
    let browser = world.browser("ghost@company.example");
    let id: i64 = world
        .app
        .db
        .read(|conn| {
            Ok(companies::table.filter(companies::state.eq("unconfirmed")).select(companies::id).first(conn)?)
        })
        .unwrap();
    let typed = [("identifiers", format!("gln {GLN}"))];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(browser.fill_in("/account/company", "/account/company", &typed).status < 400);
    let stated =
        world.app.db.read(|conn| tradepost::companies::store::list_identifiers(conn, tradepost::ids::CompanyId(id)));
    assert_eq!(stated.unwrap()[0].state.as_str(), "stated");
    assert!(moderator.page("/moderation/claims").expect(200).body.contains("No disputed identifiers"));
    world.drain();
}
