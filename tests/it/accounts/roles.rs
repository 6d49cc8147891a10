//! Roles: what is stored of them is read back or refused, never guessed.

use diesel::prelude::*;
use tradepost::store::schema::company_members;

use crate::support::World;

both!(unknown_role_is_an_error_and_no_viewer);

fn unknown_role_is_an_error_and_no_viewer(world: &World) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    browser.page("/account").expect(200);
    let theirs = company_members::table.filter(company_members::user_id.eq(party.person.0));
    let set = company_members::role.eq("commander");
    world.app.db.write(|tx| Ok(diesel::update(theirs).set(set).execute(tx.conn())?)).unwrap();
    browser.page("/account").expect(500);
}
