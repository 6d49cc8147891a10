//! Secrets: a key from a file, a changed key, and what production refuses to start without.

use std::path::Path;

use super::node::{Place, publish};
use crate::support::{Client, wait_for};

both!(signatures_of_the_previous_secret_key_stay_valid);

const FIRST: &str = "the first secret key of the platform, long enough";
const SECOND: &str = "the second secret key of the platform, long enough";
const OTHER: &str = "a secret key that this platform never had, long enough";

/// A cursor and an unsubscribe address made under one key, tried under the next one and under a strange one.
fn signatures_of_the_previous_secret_key_stay_valid(place: &Place) {
    let folder = place.database.folder();
    let file = |name: &str, key: &str| {
        let path = folder.join(name);
        std::fs::write(&path, format!("{key}\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (first, second, other) = (file("first", FIRST), file("second", SECOND), file("other", OTHER));
    let key = place.register();
    place.run(&["admin", "create", "anna@forge.example", "--company", "Forge of Trials"]);
    let client = Client::new(&place.base(), Some(key));

    let server = place.serve(&[("TRADEPOST__SECRETS__KEY_FILE", &first)]);
    for sku in ["K-1", "K-2", "K-3"] {
        publish(&client, sku);
    }
    let page = client.get("/listings?limit=1").expect(200).json();
    let next = format!("/listings?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    client.get(&next).expect(200);
    wait_for("the listings to be found", || super::node::total(&client, "/search/listings") == 3);
    place.ask_for_valves();
    wait_for("the e-mail", || unsubscribe_path(&place.data).is_some());
    let unsubscribe = unsubscribe_path(&place.data).unwrap();
    drop(server);

    let rotated =
        [("TRADEPOST__SECRETS__KEY_FILE", second.as_str()), ("TRADEPOST__SECRETS__PREVIOUS_KEY_FILE", first.as_str())];
    let server = place.serve(&rotated);
    client.get(&next).expect(200);
    assert_eq!(one_click(&client, &unsubscribe), 200);
    drop(server);

    let _server = place.serve(&[("TRADEPOST__SECRETS__KEY_FILE", &other)]);
    assert_eq!(client.get(&next).expect(400).problem(), "bad_cursor");
    assert_eq!(one_click(&client, &unsubscribe), 404);
}

/// The path of the one-click address in the first letter of the folder.
fn unsubscribe_path(data: &Path) -> Option<String> {
    let emails = std::fs::read_dir(data.join("mail")).ok()?.flatten().map(|entry| entry.path());
    emails.into_iter().find_map(|email| {
        let raw = std::fs::read(email).ok()?;
        let parsed = mail_parser::MessageParser::new().parse(&raw)?;
        let (_, header) = parsed.headers_raw().find(|(name, _)| name.eq_ignore_ascii_case("List-Unsubscribe"))?;
        let url: String = header.split(['<', '>']).nth(1)?.split_whitespace().collect();
        let (_, path) = url.split_once("/unsubscribe/")?;
        Some(format!("/unsubscribe/{path}"))
    })
}

fn one_click(client: &Client, path: &str) -> u16 {
    let call = client.browser("POST", path).header("Content-Type", "application/x-www-form-urlencoded");
    call.bytes(b"List-Unsubscribe=One-Click".to_vec()).send().status
}

/// Everything that production needs, and then each thing left out or made weak in turn.
#[test]
fn production_refuses_to_start_with_unsafe_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, FIRST).unwrap();
    let password_file = folder.path().join("password");
    std::fs::write(&password_file, "secret\n").unwrap();
    let complete = [
        ("SERVER__PUBLIC_URL", "https://trade.example"),
        ("SECRETS__KEY_FILE", key_file.to_str().unwrap()),
        ("MAIL__SMTP__HOST", "127.0.0.1"),
        ("MAIL__SMTP__PORT", "1"),
        ("MAIL__SMTP__PASSWORD_FILE", password_file.to_str().unwrap()),
    ];
    let run = |command: &str, change: &[(&str, &str)]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_tradepost"));
        program.args([command, "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data"));
        program.env("TRADEPOST_ENV", "production").env("RUST_LOG", "error");
        for (key, value) in complete.iter().chain(change) {
            program.env(format!("TRADEPOST__{key}"), value);
        }
        let output = program.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let (_, said) = run("check", &[]);
    assert!(said.lines().any(|line| line.starts_with("ok") && line.contains("production, ")), "{said}");
    assert!(!folder.path().join("data/secret_key").exists(), "no key is made in production");

    let refusals: [(&[(&str, &str)], &str); 12] = [
        (&[("SERVER__PUBLIC_URL", "http://trade.example")], "public_url"),
        (&[("SERVER__PUBLIC_URL", "trade.example")], "public_url"),
        (&[("SECRETS__KEY_FILE", "")], "secrets/key"),
        (&[("SECRETS__KEY", "too short")], "secrets/key"),
        (&[("SECRETS__KEY_FILE", "/nowhere/at/all")], "key_file"),
        (&[("MAIL__TRANSPORT", "file")], "mail/transport"),
        (&[("MAIL__SMTP__HOST", "")], "mail/smtp/host"),
        (&[("MAIL__SMTP__TLS", "none")], "mail/transport"),
        (&[("LIMITS__ENABLED", "false")], "limits/enabled"),
        (&[("LIMITS__PER_ADDRESS_MINUTE", "0")], "limits/per_address_minute"),
        (&[("LIMITS__MAILS_PER_PERSON_DAY", "0")], "limits/mails_per_person_day"),
        (&[("LIMITS__CONNECTIONS_PER_ADDRESS", "1024")], "limits/connections_per_address"),
    ];
    for (change, named) in refusals {
        let (code, said) = run("serve", change);
        assert_eq!(code, Some(1), "{change:?}: {said}");
        assert!(said.contains(named), "{change:?}: {said}");
    }
    let (code, said) = run("serve", &[("MAIL__SMTP__PASSWORD_FILE", "/nowhere/at/all")]);
    assert!(code == Some(1) && said.contains("/nowhere/at/all"), "{said}");
}
