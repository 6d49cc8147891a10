//! `tradepost check`: one line for each thing, and exit 1 when one is wrong.

use std::os::unix::fs::PermissionsExt;

use diesel::prelude::*;
use tradepost::ids::UserId;
use tradepost::secrets::{Purpose, Secrets};
use tradepost::store::schema::{second_factors, users};
use tradepost::store::{Conn, Engine};

use super::node::{Place, publish};
use crate::support::{Client, SmtpPeer, wait_for};

both!(
    check_passes_on_a_sound_platform,
    check_names_what_is_wrong,
    check_counts_authenticators_that_need_the_previous_key
);

/// The line about a thing.
#[track_caller]
fn line<'o>(output: &'o str, about: &str) -> &'o str {
    let found = output.lines().find(|line| line.get(7..).is_some_and(|rest| rest.starts_with(about)));
    found.unwrap_or_else(|| panic!("no line about {about} in\n{output}"))
}

fn check_passes_on_a_sound_platform(place: &Place) {
    let before = place.run(&["check"]);
    assert!(line(&before, "configuration").starts_with("ok "), "{before}");
    assert!(line(&before, "server").starts_with("note "), "{before}");

    let key = place.register();
    let _server = place.serve(&[]);
    publish(&Client::new(&place.base(), Some(key)), "C-1");
    let mut output = String::new();
    wait_for("the index to be current", || {
        output = place.run(&["check"]);
        line(&output, "index").contains(" 0 changes behind")
    });
    let abouts = [
        "configuration",
        "secret key",
        "data folder",
        "database",
        "schema",
        "jobs",
        "second factors",
        "index",
        "server",
        "mail",
    ];
    for about in abouts {
        assert!(line(&output, about).starts_with("ok "), "{about}:\n{output}");
    }
    assert!(line(&output, "versions").contains("tantivy"), "{output}");
    let database = line(&output, "database");
    assert!(database.contains("SQLite 3.") || database.contains("PostgreSQL 1"), "{database}");
}

fn check_names_what_is_wrong(place: &Place) {
    place.register();
    let key = place.data.join("secret_key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let segment = place.data.join("index/companies").read_dir().unwrap().flatten().map(|entry| entry.path());
    let segment = segment.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "store")).unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&segment, bytes).unwrap();

    let mut command = place.program(&["check"]);
    let nobody = super::node::free_port().to_string();
    command.env("TRADEPOST__MAIL__TRANSPORT", "smtp").env("TRADEPOST__MAIL__SMTP__HOST", "127.0.0.1");
    command.env("TRADEPOST__MAIL__SMTP__TLS", "none").env("TRADEPOST__MAIL__SMTP__PORT", &nobody);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let (said, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    for (about, word) in [("secret key", "chmod 600"), ("index", "companies"), ("mail", nobody.as_str())] {
        let line = line(&said, about);
        assert!(line.starts_with("ERROR ") && line.contains(word), "{line}");
    }
    assert!(line(&said, "database").starts_with("ok "), "{said}");
    assert!(errors.contains("3 checks failed"), "{errors}");

    let post = SmtpPeer::start();
    let mut command = place.program(&["check"]);
    command.env("TRADEPOST__MAIL__TRANSPORT", "smtp").env("TRADEPOST__MAIL__SMTP__HOST", "127.0.0.1");
    command.env("TRADEPOST__MAIL__SMTP__TLS", "none").env("TRADEPOST__MAIL__SMTP__PORT", post.port.to_string());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(line(&said, "mail").starts_with("ok "), "{said}");
    assert!(post.emails().is_empty(), "nothing was sent");

    let mut command = place.program(&["check"]);
    let output = command.env("TRADEPOST__LIMITS__PER_KEI_MINUTE", "3").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    let line = line(&said, "configuration");
    assert!(line.starts_with("ERROR ") && line.contains("per_kei_minute"), "{line}");
}

fn check_counts_authenticators_that_need_the_previous_key(place: &Place) {
    let (first, second) =
        ("the first secret key of the platform, long enough", "the second one, which is long enough too");
    place.register();
    place.run(&["admin", "create", "anna@forge.example", "--company", "Forge of Trials"]);
    let engine = Engine::from_url(&place.database.url).unwrap();
    let seal = |conn: &mut Conn| {
        let person: UserId = users::table.select(users::id).first::<i64>(conn)?.into();
        let secrets = Secrets::new(first, "")?;
        let row = (
            second_factors::user_id.eq(person.0),
            second_factors::sealed_key.eq(secrets.seal(Purpose::SecondFactor, &person.to_string(), &[7; 20])?),
            second_factors::last_step.eq(0_i64),
            second_factors::created_at.eq(chrono::Utc::now().naive_utc()),
        );
        Ok(diesel::insert_into(second_factors::table).values(row).execute(conn).map(drop)?)
    };
    engine.look(seal).unwrap();
    for (key, previous, verdict, words) in [
        (first, "", "ok ", "the secret key decrypts 1"),
        (second, first, "note ", "the secret key decrypts 0, the previous one 1 more"),
        (second, "", "ERROR ", "neither 1"),
    ] {
        let mut command = place.program(&["check"]);
        command.env("TRADEPOST__SECRETS__KEY", key).env("TRADEPOST__SECRETS__PREVIOUS_KEY", previous);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let line = line(&said, "second factors");
        assert!(line.starts_with(verdict) && line.contains(words), "{line}");
    }
}
