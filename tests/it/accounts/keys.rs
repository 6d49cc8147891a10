//! API keys on the account page: what can be given, and what each permission allows.

use serde_json::json;

use crate::support::World;

both!(page_offers_only_permissions_that_gate_something);

/// They gate nothing yet; the API and the command line accept them already.
const WITHOUT_EFFECT: &[&str] = &["messages:read", "messages:write", "alerts:write", "webhooks:write", "events:read"];

fn page_offers_only_permissions_that_gate_something(world: &World) {
    let party = world.buyer();
    let page = world.browser(&party.email).page("/account").expect(200).body;
    for (_, name) in tradepost::actor::Permission::ALL {
        let offered = page.split_once(&format!("name=\"scopes\" value=\"{name}\"")).map(|(_, rest)| rest);
        assert_eq!(offered.is_none(), WITHOUT_EFFECT.contains(name), "{name}");
        let label = offered.and_then(|rest| rest.split_once("</code> ")?.1.split("</label>").next());
        assert!(offered.is_none() || label.is_some_and(|label| label.trim().len() > 10), "{name}: {label:?}");
        party.post("/api-keys", &json!({"name": "any", "scopes": [name]})).expect(201);
    }
}
