//! Uploaded documents: who may have which, what is taken, and that nothing is left of what was not finished.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use chrono::Duration;
use serde_json::Value;
use tradepost::actor::Permission;
use tradepost::workers::sweep;

use crate::support::{Answer, Client, Database, Kind, World};

both!(
    download_equals_the_upload,
    refused_upload_names_the_reason,
    upload_accepts_multipart_forms,
    repeated_upload_creates_one_document,
    interrupted_upload_leaves_nothing,
    unreferenced_blobs_are_deleted,
    shared_blobs_reveal_nothing_between_companies,
    unattached_document_is_deleted_after_a_month,
    storage_per_company_is_limited,
);

/// A file that is a PDF by its content.
pub fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\n%%EOF\n").into_bytes()
}

/// Sends a file as the body.
pub fn send(client: &Client, name: &str, bytes: Vec<u8>) -> Answer {
    let query = serde_urlencoded::to_string([("name", name)]).unwrap();
    let call = client.call("POST", &format!("/documents?{query}"));
    call.header("Content-Type", "application/octet-stream").bytes(bytes).send()
}

/// The files in the folder of the blobs and in that of unfinished uploads.
fn files(world: &World) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![world.app.config.data.join("blobs"), world.app.config.data.join("incoming")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let is_folder = entry.file_type().unwrap().is_dir();
            if is_folder { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found
}

fn own_documents(client: &Client) -> usize {
    client.get("/documents").expect(200).json()["data"].as_array().unwrap().len()
}

fn download_equals_the_upload(world: &World) {
    let supplier = world.supplier();
    let bytes = pdf("packing list 17");
    let made = send(&supplier, "装箱单 17.pdf", bytes.clone()).expect(201);
    let view = made.json();
    assert_eq!(view["media_type"], "application/pdf");
    assert_eq!(view["bytes"], bytes.len());
    assert_eq!(view["sha256"], tradepost::secrets::sha256_hex(&bytes));
    let seen = supplier.get(&format!("/documents/{}", made.id())).expect(200);
    assert_eq!(seen.json(), view);
    assert_eq!(seen.header("etag"), made.header("etag"));
    let content = supplier.get(&format!("/documents/{}/content", made.id())).expect(200);
    assert_eq!(content.body.as_bytes(), bytes);
    assert_eq!(content.header("content-type"), Some("application/pdf"));
    assert_eq!(content.header("content-length"), Some(bytes.len().to_string().as_str()));
    assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(content.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    let disposition = content.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"___ 17.pdf\""), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''%E8%A3%85%E7%AE%B1%E5%8D%95%2017.pdf"), "{disposition}");
    let page = world.browser(&supplier.email).page(&format!("/documents/{}", made.id())).expect(200);
    assert_eq!(page.body.as_bytes(), bytes, "the site has the same file under the address that pages link to");
    assert!(page.header("content-disposition").unwrap().starts_with("attachment"));
}

fn refused_upload_names_the_reason(world: &World) {
    let supplier = world.supplier();
    for (name, bytes, field) in [
        ("invoice.pdf", b"MZ\x90\0\x03\0\0\0".to_vec(), "/content"),
        ("invoice.html", b"<html><script>alert(1)</script>".to_vec(), "/content"),
        ("invoice.pdf", Vec::new(), "/content"),
        ("", pdf("no name"), "/name"),
    ] {
        let refused = send(&supplier, name, bytes).expect(422);
        assert_eq!((refused.problem().as_str(), refused.wrong_fields()), ("invalid", vec![field.to_owned()]));
    }
    let small = World::with(Database::fresh(world.kind()).unwrap(), |config| config.limits.upload_bytes = 1_000);
    let supplier = small.supplier();
    let refused = send(&supplier, "large.txt", vec![b'x'; 1_001]).expect(413);
    assert_eq!((refused.problem().as_str(), refused.wrong_fields()), ("too_large", vec!["/content".to_owned()]));
    send(&supplier, "large.txt", vec![b'x'; 1_000]).expect(201);
    assert_eq!(own_documents(&supplier), 1);
}

fn upload_accepts_multipart_forms(world: &World) {
    let supplier = world.supplier();
    let body = "--frontier\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--frontier\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"terms.txt\"\r\nContent-Type: text/plain\r\n\r\n\
        FOB Ningbo\r\n--frontier--\r\n";
    let call = supplier.call("POST", "/documents").header("Content-Type", "multipart/form-data; boundary=frontier");
    let made = call.bytes(body.as_bytes().to_vec()).send().expect(201);
    assert_eq!((made.text("/name").as_str(), made.text("/media_type").as_str()), ("terms.txt", "text/plain"));
    assert_eq!(supplier.get(&format!("/documents/{}/content", made.id())).expect(200).body, "FOB Ningbo");
    let empty = "--frontier\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--frontier--\r\n";
    let call = supplier.call("POST", "/documents").header("Content-Type", "multipart/form-data; boundary=frontier");
    assert_eq!(call.bytes(empty.as_bytes().to_vec()).send().expect(422).wrong_fields(), ["/content"]);
}

fn repeated_upload_creates_one_document(world: &World) {
    let supplier = world.supplier();
    let upload = |words: &str| {
        let call = supplier.call("POST", "/documents").header("Content-Disposition", "attachment; filename=\"a.pdf\"");
        call.header("Idempotency-Key", "once").bytes(pdf(words)).send()
    };
    let (first, again) = (upload("one").expect(201), upload("one").expect(201));
    assert_eq!(first.id(), again.id());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(upload("another").expect(422).problem(), "idempotency_mismatch");
    assert_eq!(own_documents(&supplier), 1);
}

/// Sends the head of an upload and a part of its body, and answers what the server says when no more comes.
fn broken_off(world: &World, key: &str) -> String {
    let mut stream = TcpStream::connect(world.base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /api/v1/documents?name=a.pdf HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Length: 600000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // More than is gathered before it is written, so that a file has been begun.
    stream.write_all(&pdf(&"x".repeat(400_000))).unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

fn interrupted_upload_leaves_nothing(world: &World) {
    let quick = World::with(Database::fresh(world.kind()).unwrap(), |config| {
        (config.limits.body_ms, config.limits.upload_ms) = (100, 300);
    });
    let supplier = quick.supplier();
    let answer = broken_off(&quick, &quick.key(supplier.company, &[Permission::DocumentsWrite]));
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!((own_documents(&supplier), files(&quick)), (0, Vec::new()));
}

/// What a crash between storing the bytes and storing the row leaves behind.
fn unreferenced_blobs_are_deleted(world: &World) {
    let mut incoming = world.app.blobs.receive(1_000).unwrap();
    incoming.take(&pdf("never stored")).unwrap();
    let received = incoming.finish();
    world.app.blobs.put(&world.app.db, &received).unwrap();
    assert_eq!(files(world).len(), 1);
    let leftover = PathBuf::from(format!("{}#1", files(world)[0].display()));
    std::fs::write(&leftover, "cut off").unwrap();
    world.clock.advance(Duration::minutes(59));
    sweep(&world.app).unwrap();
    assert_eq!(files(world).len(), 2, "an upload that is under way is left alone");
    world.clock.advance(Duration::minutes(2));
    sweep(&world.app).unwrap();
    assert_eq!(files(world), Vec::<PathBuf>::new());
    let supplier = world.supplier();
    let again = send(&supplier, "a.pdf", pdf("never stored")).expect(201).id();
    sweep(&world.app).unwrap();
    supplier.get(&format!("/documents/{again}/content")).expect(200);
}

fn shared_blobs_reveal_nothing_between_companies(world: &World) {
    let (supplier, other) = (world.supplier(), world.buyer());
    let ours = send(&supplier, "ours.pdf", pdf("the same")).expect(201).id();
    let theirs = send(&other, "theirs.pdf", pdf("the same")).expect(201).id();
    assert_eq!(files(world).len(), 1);
    assert_ne!(ours, theirs);
    assert_eq!((own_documents(&supplier), own_documents(&other)), (1, 1));
    other.get(&format!("/documents/{ours}/content")).expect(404);
    supplier.delete(&format!("/documents/{ours}")).expect(204);
    supplier.get(&format!("/documents/{ours}")).expect(404);
    world.clock.advance(Duration::hours(2));
    sweep(&world.app).unwrap();
    assert_eq!(other.get(&format!("/documents/{theirs}/content")).expect(200).body.as_bytes(), pdf("the same"));
    other.delete(&format!("/documents/{theirs}")).expect(204);
    world.clock.advance(Duration::hours(2));
    sweep(&world.app).unwrap();
    assert_eq!(files(world), Vec::<PathBuf>::new());
}

fn unattached_document_is_deleted_after_a_month(world: &World) {
    let supplier = world.supplier();
    let id = send(&supplier, "a.pdf", pdf("forgotten")).expect(201).id();
    world.clock.advance(Duration::days(29));
    sweep(&world.app).unwrap();
    supplier.get(&format!("/documents/{id}")).expect(200);
    world.clock.advance(Duration::days(2));
    sweep(&world.app).unwrap();
    supplier.get(&format!("/documents/{id}")).expect(404);
    world.clock.advance(Duration::hours(2));
    sweep(&world.app).unwrap();
    assert_eq!(files(world), Vec::<PathBuf>::new());
}

fn storage_per_company_is_limited(world: &World) {
    let tight = World::with(Database::fresh(world.kind()).unwrap(), |config| {
        config.limits.enabled = true;
        config.limits.company_upload_bytes = 1_500;
    });
    let (supplier, other) = (tight.supplier(), tight.buyer());
    let kept = send(&supplier, "a.txt", vec![b'a'; 1_000]).expect(201).id();
    assert_eq!(send(&supplier, "b.txt", vec![b'b'; 501]).expect(422).wrong_fields(), ["/content"]);
    send(&other, "b.txt", vec![b'b'; 501]).expect(201);
    supplier.delete(&format!("/documents/{kept}")).expect(204);
    send(&supplier, "b.txt", vec![b'b'; 501]).expect(201);
}

/// The kinds are named in the refusal, so that nobody has to guess.
#[test]
fn refused_upload_names_the_accepted_types() {
    let Some(database) = Database::fresh(Kind::Sqlite) else { return };
    let world = World::with(database, |_| {});
    let refused = send(&world.supplier(), "a.gif", b"GIF89a\x01\0\x01\0".to_vec()).expect(422).json();
    let message = refused.pointer("/errors/0/message").and_then(Value::as_str).unwrap_or_default();
    assert!(message.contains("PDF, PNG, JPEG"), "{message}");
}
