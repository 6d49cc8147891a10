//! `tradepost check`: one line for each thing, and exit 1 when one is wrong.

use std::os::unix::fs::PermissionsExt;

use super::node::{Place, publish, wait_for};
use crate::support::{Client, SmtpPeer};

both!(a_sound_platform_is_found_sound, what_is_wrong_is_named);

/// The line about a thing.
#[track_caller]
fn line<'o>(output: &'o str, about: &str) -> &'o str {
    let found = output.lines().find(|line| line.get(7..).is_some_and(|rest| rest.starts_with(about)));
    found.unwrap_or_else(|| panic!("no line about {about} in\n{output}"))
}

fn a_sound_platform_is_found_sound(place: &Place) {
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
    for about in ["configuration", "secret key", "data folder", "database", "schema", "jobs", "index", "server", "mail"]
    {
        assert!(line(&output, about).starts_with("ok "), "{about}:\n{output}");
    }
    assert!(line(&output, "versions").contains("tantivy"), "{output}");
    let database = line(&output, "database");
    assert!(database.contains("SQLite 3.") || database.contains("PostgreSQL 1"), "{database}");
}

fn what_is_wrong_is_named(place: &Place) {
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
        assert!(line.starts_with("WRONG ") && line.contains(word), "{line}");
    }
    assert!(line(&said, "database").starts_with("ok "), "{said}");
    assert!(errors.contains("3 things are wrong"), "{errors}");

    let post = SmtpPeer::start();
    let mut command = place.program(&["check"]);
    command.env("TRADEPOST__MAIL__TRANSPORT", "smtp").env("TRADEPOST__MAIL__SMTP__HOST", "127.0.0.1");
    command.env("TRADEPOST__MAIL__SMTP__TLS", "none").env("TRADEPOST__MAIL__SMTP__PORT", post.port.to_string());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(line(&said, "mail").starts_with("ok "), "{said}");
    assert!(post.letters().is_empty(), "nothing was sent");

    let mut command = place.program(&["check"]);
    let output = command.env("TRADEPOST__LIMITS__PER_KEI_MINUTE", "3").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    let line = line(&said, "configuration");
    assert!(line.starts_with("WRONG ") && line.contains("per_kei_minute"), "{line}");
}
