//! Mail servers that refuse, stall, hang up and go away: what becomes of the e-mail, and of the address.

use std::time::Duration as StdDuration;

use chrono::Duration;
use tradepost::actor::Role;
use tradepost::mail::Stream;
use tradepost::outbox::queue_stats;

use crate::mail::Post;
use crate::support::{Party, Reply};

both!(
    temporary_mail_failure_is_retried,
    unknown_address_is_suppressed,
    rejected_content_does_not_suppress_the_address,
    full_mailbox_is_suppressed_for_a_week,
    bad_recipient_delays_no_other,
    unreachable_mail_server_loses_no_email,
    resent_email_keeps_its_message_id,
);

/// How many e-mails wait, and how many were given up.
fn waiting(post: &Post) -> (i64, i64) {
    let state = post.world.app.db.read(queue_stats).unwrap();
    (state.open, state.dead)
}

/// The e-mails that were taken.
fn taken(post: &Post) -> usize {
    post.server.emails().iter().filter(|email| email.taken).count()
}

fn temporary_mail_failure_is_retried(post: &Post) {
    let supplier = post.world.supplier();
    let replies = [
        Reply::RefuseRecipient(421),
        Reply::RefuseRecipient(450),
        Reply::RefuseRecipient(451),
        Reply::RefuseLetter(421),
        Reply::RefuseLetter(451),
        Reply::RefuseLetter(452),
        Reply::HangUp,
        Reply::HangUpEarly,
        Reply::Silence(StdDuration::from_millis(1_500)),
    ];
    for (number, reply) in replies.into_iter().enumerate() {
        post.server.answer(&[reply]);
        post.tell(&supplier, Stream::Matches, &format!("match {number}"));
        post.world.drain();
        assert_eq!((taken(post), waiting(post)), (number, (1, 0)), "{reply:?}: not now");
        post.world.pass(Duration::seconds(10));
        assert_eq!((taken(post), waiting(post)), (number + 1, (0, 0)), "{reply:?}: later");
        let emails = post.server.emails();
        let ids: Vec<_> = emails.iter().rev().take(2).map(|email| email.header("Message-ID")).collect();
        if emails.len() >= 2 && !emails[emails.len() - 2].taken {
            assert_eq!(ids[0], ids[1], "{reply:?}: it is the same e-mail");
        }
    }
}

/// Refuses the next e-mail of the stream and lets it be given up.
fn refuse(post: &Post, party: &Party, reply: Reply, event: &str) {
    post.server.answer(&[reply]);
    post.tell(party, Stream::Matches, event);
    post.world.drain();
}

fn unknown_address_is_suppressed(post: &Post) {
    post.world.expect_failed_jobs();
    let (gone, other) = (post.world.supplier(), post.world.buyer());
    for (number, code) in [550, 551, 553].into_iter().enumerate() {
        let dead = i64::try_from(number).unwrap() + 1;
        refuse(post, &gone, Reply::RefuseRecipient(code), &format!("match {code}"));
        assert_eq!(waiting(post), (0, dead), "{code}: nobody asks again");
        let before = taken(post);
        post.tell(&gone, Stream::Matches, &format!("match after {code}"));
        post.tell(&other, Stream::Matches, &format!("match after {code}"));
        post.world.drain();
        assert_eq!((taken(post), waiting(post)), (before + 1, (0, dead)), "{code}: only the other's e-mail is sent");
        // An e-mail that somebody waits for is tried all the same, and shows that the address is there again.
        post.email(&gone, Stream::Transactional, &format!("quote after {code}"));
        post.email(&gone, Stream::Matches, &format!("match again after {code}"));
    }
    refuse(post, &gone, Reply::RefuseRecipient(550), "the last match");
    post.world.pass(Duration::days(89));
    let before = taken(post);
    post.tell(&gone, Stream::Matches, "match in three months");
    post.world.drain();
    assert_eq!(taken(post), before);
    post.world.pass(Duration::days(1));
    post.email(&gone, Stream::Matches, "match later still");
}

fn rejected_content_does_not_suppress_the_address(post: &Post) {
    post.world.expect_failed_jobs();
    let supplier = post.world.supplier();
    let refusals = [Reply::RefuseLetter(554), Reply::RefuseByPolicy(550)];
    for (number, reply) in refusals.into_iter().enumerate() {
        refuse(post, &supplier, reply, &format!("match {number}"));
        assert_eq!(waiting(post), (0, i64::try_from(number).unwrap() + 1), "{reply:?}");
        post.email(&supplier, Stream::Matches, &format!("match after {number}"));
    }
}

fn full_mailbox_is_suppressed_for_a_week(post: &Post) {
    let supplier = post.world.supplier();
    for number in 0..3 {
        refuse(post, &supplier, Reply::RefuseRecipient(452), &format!("match {number}"));
    }
    assert_eq!(waiting(post), (3, 0), "they are tried again");
    // By then it counts as full, so the e-mails that waited are let go.
    post.world.pass(Duration::seconds(10));
    assert_eq!((taken(post), waiting(post)), (0, (0, 0)));
    post.world.pass(Duration::days(8));
    post.email(&supplier, Stream::Matches, "match in a week");
}

fn bad_recipient_delays_no_other(post: &Post) {
    post.world.expect_failed_jobs();
    let supplier = post.world.supplier();
    let people: Vec<String> = (0..12).map(|_| post.world.member(supplier.company, Role::Trader).1).collect();
    post.server.refuse(&people[0], 550);
    post.server.refuse(&people[1], 452);
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 1"), 13);
    post.world.drain();
    assert_eq!((taken(post), waiting(post)), (11, (1, 1)));
}

/// The server hangs up on everybody for an hour. Whoever trades meanwhile notices nothing; then every e-mail goes once.
fn unreachable_mail_server_loses_no_email(post: &Post) {
    let supplier = post.world.supplier();
    post.server.close();
    for number in 0..20 {
        post.tell(&supplier, Stream::Matches, &format!("match {number}"));
        post.world.pass(Duration::minutes(3));
        supplier.get("/listings").expect(200);
    }
    assert_eq!((taken(post), waiting(post)), (0, (20, 0)));
    post.server.reopen();
    post.world.pass(Duration::hours(2));
    assert_eq!((taken(post), waiting(post)), (20, (0, 0)));
    let emails = post.server.emails();
    let ids: std::collections::BTreeSet<_> = emails.iter().map(|email| email.header("Message-ID")).collect();
    assert_eq!(ids.len(), 20);
}

/// The one case in which an e-mail comes twice: the server kept it and its word was lost.
fn resent_email_keeps_its_message_id(post: &Post) {
    let supplier = post.world.supplier();
    post.server.answer(&[Reply::TakeAndHangUp]);
    post.tell(&supplier, Stream::Matches, "match 1");
    post.world.drain();
    post.world.pass(Duration::seconds(10));
    let ids: Vec<_> = post.server.emails().iter().map(|email| email.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}
