//! A server without a `public_url` names the address that it listens on, wherever an address is named.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::node::{Place, Process};
use crate::support::{Client, wait_for};

both!(another_port_is_named_in_links_and_problems, a_port_that_the_system_chose_is_named);

fn another_port_is_named_in_links_and_problems(place: &Place) {
    let _server = place.serve(&[]);
    assert_named(place, &place.base());
}

fn a_port_that_the_system_chose_is_named(place: &Place) {
    let mut command = place.program(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = Process(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.split_whitespace().last().unwrap().to_owned();
    assert!(!base.ends_with(":0"), "{line}");
    assert_named(place, &base);
}

#[track_caller]
fn assert_named(place: &Place, base: &str) {
    let nobody = Client::new(base, None);
    let problem = nobody.get("/me").expect(401);
    assert_eq!(problem.text("/type"), format!("{base}/api/problems#unauthenticated"));
    let fields = [
        ("name", "Somebody New"),
        ("email", "newcomer@novo.example"),
        ("password", crate::support::PASSWORD),
        ("company", "Novo Trading"),
        ("country", "DE"),
        ("form", "importer"),
    ];
    // The origin is this server's, and its form is taken though the browser names another host.
    let browser = Client::new(base, None);
    browser.submit("/sign-up", "/sign-up", &fields).sent_to();
    let folder = place.data.join("mail");
    let files = || std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mail = || files().find(|file| file.extension().is_some_and(|kind| kind == "eml"));
    wait_for("an e-mail", || mail().is_some());
    let raw = std::fs::read(mail().unwrap()).unwrap();
    let mail = mail_parser::MessageParser::new().parse(&raw).unwrap();
    assert!(mail.body_text(0).unwrap().contains(&format!("{base}/confirm/")), "{}", String::from_utf8_lossy(&raw));
    assert!(mail.message_id().unwrap().ends_with("@127.0.0.1"), "{:?}", mail.message_id());
}
