//! Exports of everything: what stands in the archive, what does not, and who gets it.

mod contents;
mod running;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tradepost::actor::Permission;
use tradepost::exports::rules::READING;
use tradepost::secrets::sha256_hex;
use zip::ZipArchive;

use crate::support::{Answer, Client, World};

both!(
    only_keys_that_read_everything_take_an_archive,
    one_archive_is_made_at_a_time_and_once_for_a_key,
    owners_export_on_the_site_and_hear_of_it,
);

/// The files of an archive, unpacked.
pub struct Unpacked(BTreeMap<String, Vec<u8>>);

impl Unpacked {
    fn of(bytes: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = BTreeMap::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            let name = file.name().unwrap().into_owned();
            assert!(!files.contains_key(&name), "{name} stands twice in the archive");
            files.insert(name, content);
        }
        Self(files)
    }

    fn text(&self, file: &str) -> &str {
        std::str::from_utf8(self.0.get(file).unwrap_or_else(|| panic!("no {file}"))).unwrap()
    }

    /// The lines of a kind, each as JSON.
    pub fn lines(&self, kind: &str) -> Vec<Value> {
        let file = if kind == "company" { "company.json".to_owned() } else { format!("{kind}.ndjson") };
        self.text(&file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn manifest(&self) -> Value {
        serde_json::from_str(self.text("manifest.json")).unwrap()
    }

    /// Everything that can be read in it, names of files too.
    pub fn whole(&self) -> String {
        let files = self.0.iter().map(|(name, content)| format!("{name}\n{}\n", String::from_utf8_lossy(content)));
        files.collect()
    }
}

fn ask(client: &Client) -> Answer {
    client.post("/exports/everything", &json!({}))
}

fn shown(client: &Client, id: &str) -> Value {
    client.get(&format!("/exports/{id}")).expect(200).json()
}

/// Has an archive made, and answers what is said of it and what is in it.
#[track_caller]
pub fn export(world: &World, client: &Client) -> (Value, Unpacked) {
    let asked = ask(client).expect(202);
    let id = asked.id();
    assert_eq!(asked.header("location").unwrap(), format!("/api/v1/exports/{id}"));
    assert_eq!((asked.text("/state").as_str(), &asked.json()["progress"]), ("queued", &json!(0)));
    assert_eq!(client.get(&format!("/exports/{id}/content")).expect(409).problem(), "conflict");
    world.drain();
    let over = shown(client, &id);
    assert_eq!((over["state"].as_str(), &over["progress"]), (Some("finished"), &json!(100)), "{over}");
    let archive = client.get(&format!("/exports/{id}/content")).expect(200);
    assert_eq!(archive.header("content-type"), Some("application/zip"));
    assert_eq!(archive.header("content-disposition"), Some(format!("attachment; filename=\"{id}.zip\"").as_str()));
    assert_eq!(archive.header("content-length"), Some(over["bytes"].to_string().as_str()));
    assert_eq!(over["sha256"], sha256_hex(&archive.bytes));
    (over, Unpacked::of(&archive.bytes))
}

fn only_keys_that_read_everything_take_an_archive(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    let (over, _) = export(world, &supplier);
    let id = over["id"].as_str().unwrap();
    let (status, content) = (format!("/exports/{id}"), format!("/exports/{id}/content"));
    let keyed = |scopes: &[Permission]| Client::new(&world.base, Some(world.key(supplier.company, scopes)));
    keyed(&READING).get(&content).expect(200);
    for missing in READING {
        let rest: Vec<Permission> = READING.into_iter().filter(|scope| *scope != missing).collect();
        let key = keyed(&rest);
        for refused in [ask(&key), key.get(&content)] {
            assert!(refused.status == 403 && refused.body.contains(missing.as_str()), "{}", refused.body);
        }
        let is_seen = if missing == Permission::AccountRead { 403 } else { 200 };
        key.get(&status).expect(is_seen);
        key.get("/exports").expect(is_seen);
    }
    for path in [&status, &content] {
        assert_eq!(other.get(path).expect(404).problem(), "not_found");
        world.anonymous().get(path).expect(401);
    }
    assert_eq!(other.get("/exports").expect(200).json()["data"], json!([]));
    assert_eq!(supplier.get("/exports").expect(200).json()["data"][0]["id"], id);
    ask(&world.anonymous()).expect(401);
    // Whoever is suspended has their data all the same.
    let company = supplier.company;
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, company, "It is a test")).unwrap();
    export(world, &supplier);
}

fn one_archive_is_made_at_a_time_and_once_for_a_key(world: &World) {
    let supplier = world.supplier();
    let keyed = |key: &str| {
        supplier.call("POST", "/exports/everything").header("Idempotency-Key", key).json(&json!({})).send().expect(202)
    };
    let first = keyed("first");
    assert_eq!(ask(&supplier).expect(202).id(), first.id(), "the one that is under way");
    let joined = keyed("second");
    assert_eq!(joined.id(), first.id());
    world.drain();
    let again = keyed("first");
    assert_eq!((again.id(), again.header("idempotent-replayed")), (first.id(), Some("true")));
    assert_eq!(again.text("/state"), "finished");
    let next = keyed("third");
    assert_ne!(next.id(), first.id());
    let other = world.party("Another Supplier", "TR");
    assert_ne!(ask(&other).expect(202).id(), next.id(), "a company does not wait for another one");
    world.drain();
    assert_eq!(supplier.get("/exports").expect(200).json()["data"].as_array().unwrap().len(), 2);
}

fn owners_export_on_the_site_and_hear_of_it(world: &World) {
    let supplier = world.supplier();
    let here = world.browser(&supplier.email);
    assert!(here.page("/account").expect(200).links_to("/account/exports"));
    assert!(here.page("/account/exports").expect(200).body.contains("You have not exported your data yet."));
    assert_eq!(here.submit("/account/exports", "/account/exports", &[]).sent_to(), "/account/exports?done=asked");
    let waiting = here.page("/account/exports?done=asked").expect(200).body;
    assert!(waiting.contains("You get an e-mail when it is ready.") && waiting.contains("Queued"), "{waiting}");
    assert!(!waiting.contains("action=\"/account/exports\""), "nothing to press while one is made");
    let id = supplier.get("/exports").expect(200).text("/data/0/id");
    let content = format!("/account/exports/{id}/content");
    assert!(!waiting.contains(&content));
    here.page(&content).expect(409);
    world.drain();
    let ready = here.page("/account/exports").expect(200);
    assert!(ready.links_to(&content) && ready.body.contains("Ready"), "{}", ready.body);
    let unpacked = Unpacked::of(&here.page(&content).expect(200).bytes);
    assert_eq!(unpacked.lines("company")[0]["id"], supplier.company.to_string());
    let mails = world.mails_to(&supplier.email);
    let subjects: Vec<&str> = mails.iter().map(|sent| sent.email.content.subject.as_str()).collect();
    assert_eq!(subjects, ["Your data export is ready"]);
    assert_eq!(mails[0].email.content.action.as_ref().unwrap().1, "/account/exports");
    let activity = here.page("/account/security").expect(200).body;
    assert!(activity.contains("data export requested") && activity.contains("data export downloaded"), "{activity}");
    let other = world.browser(&world.party("Another Supplier", "TR").email);
    other.page(&content).expect(404);
    world.anonymous().page(&content).expect(401);
    world.clock.advance(chrono::Duration::days(7));
    let over = world.browser(&supplier.email);
    let page = over.page("/account/exports").expect(200);
    assert!(page.body.contains("Deleted") && !page.links_to(&content), "{}", page.body);
    over.page(&content).expect(410);
}
