//! API keys on the account page: what can be given, and what each permission allows.

use diesel::prelude::*;
use serde_json::json;

use tradepost::actor::Permission;

use crate::support::{Client, World};

both!(
    page_offers_every_permission_in_words,
    own_reports_are_read_with_each_scope_that_ever_read_them,
    scopes_of_older_keys_keep_what_they_allowed,
);

fn page_offers_every_permission_in_words(world: &World) {
    let party = world.buyer();
    let page = world.browser(&party.email).page("/account").expect(200).body;
    for (_, name) in Permission::ALL {
        let offered = page.split_once(&format!("name=\"scopes\" value=\"{name}\"")).map(|(_, rest)| rest);
        let label = offered.and_then(|rest| rest.split_once("</code> ")?.1.split("</label>").next());
        assert!(label.is_some_and(|label| label.trim().len() > 10), "{name}: {label:?}");
        party.post("/api-keys", &json!({"name": "any", "scopes": [name]})).expect(201);
    }
}

fn own_reports_are_read_with_each_scope_that_ever_read_them(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let report = buyer.post("/reports", &json!({"about": supplier.company, "kind": "fraud"})).expect(201).id();
    for (permission, name) in Permission::ALL {
        let key = Client::new(&world.base, Some(world.key(buyer.company, &[*permission])));
        let status = if ["account:read", "reports:write", "messages:read"].contains(name) { 200 } else { 403 };
        key.get("/reports").expect(status);
        key.get(&format!("/reports/{report}")).expect(status);
    }
}

/// As an earlier version stored it: one scope was for messages, contacts and reports together.
fn scopes_of_older_keys_keep_what_they_allowed(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let secret = world.key(buyer.company, &[Permission::MessagesWrite]);
    let key = Client::new(&world.base, Some(secret));
    let report = json!({"about": supplier.company, "kind": "fraud"});
    key.post("/reports", &report).expect(403);
    // The same statement for both databases.
    let migration = include_str!("../../../migrations/sqlite/2026-11-29-170200_scopes_that_say_what_they_allow/up.sql");
    world.app.db.write(|tx| Ok(diesel::sql_query(migration).execute(tx.conn())?)).unwrap();
    key.post("/reports", &report).expect(201);
}
