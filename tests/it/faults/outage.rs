//! A mail server that hangs up on everybody while others trade on a real node: nobody who trades notices, and once it is back every
//! e-mail goes.

use diesel::prelude::*;
use tradepost::accounts::events::SendEmail;
use tradepost::outbox::Job;
use tradepost::store::schema::jobs;

use super::ledger::{Ledger, trade};
use super::site::Site;
use crate::support::{PATIENCE, wait_for};

both!(emails_wait_for_an_unreachable_mail_server);

/// So many e-mails are on their way at once, and may have arrived when the server hangs up before it says so.
const AT_ONCE: usize = 2;

fn emails_wait_for_an_unreachable_mail_server(site: &Site) {
    let ledger = Ledger::default();
    // A conversation that the server's end cuts off is given up after this time, and nothing goes on before.
    let mut node = site.node("served", &["serve"]).with("MAIL__SMTP__TIMEOUT_MS", "3000");
    node.start();
    std::thread::scope(|scope| {
        let callers = trade(scope, site, &ledger, &[node.base()], "away", 1);
        ledger.await_steps(10, PATIENCE);
        wait_for("the first e-mail", || !site.post.emails().is_empty());
        site.post.close();
        *site.kills.lock().unwrap() += AT_ONCE;
        ledger.await_steps(20, PATIENCE);
        // What goes on being traded while the server is away is sent in the end, so that is not much.
        drop(callers);
        wait_for("e-mails to wait", || {
            let (open, refused) = waiting(site);
            open > 2 && refused > 0
        });
    });
    assert_eq!(ledger.refusals().len(), 0, "whoever trades is held up");
    site.check_database(&ledger);
    site.post.reopen();
    wait_for("every e-mail that was refused to have its turn", || {
        site.end_waits();
        waiting(site).1 == 0
    });
    site.check_settled(&ledger, &mut [&mut node]);
}

/// How many e-mails wait, and how many of them were tried in vain.
fn waiting(site: &Site) -> (usize, usize) {
    let open = jobs::table.filter(jobs::kind.eq(SendEmail::KIND)).filter(jobs::done_at.is_null());
    let errors: Vec<Option<String>> = site.app.db.read(|conn| Ok(open.select(jobs::last_error).load(conn)?)).unwrap();
    (errors.len(), errors.iter().flatten().count())
}
