//! Addresses that are never called: at save, and when a name says something else later.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use serde_json::json;

use super::deliveries;
use super::receiver::Receiver;
use crate::support::{World, market};

both!(
    private_addresses_are_refused_at_save_in_every_spelling,
    a_name_is_looked_up_at_save_and_at_every_delivery,
    what_was_checked_is_what_is_connected_to,
);

const PUBLIC: &str = "93.184.215.14";

fn private_addresses_are_refused_at_save_in_every_spelling(world: &World) {
    let supplier = world.supplier();
    world.app.outbound.resolve_with(|host| match host {
        "private.example" => vec!["10.1.2.3".parse().unwrap()],
        "mixed.example" => vec![PUBLIC.parse().unwrap(), "127.0.0.1".parse().unwrap()],
        "mapped.example" => vec!["::ffff:169.254.169.254".parse().unwrap()],
        "public.example" => vec![PUBLIC.parse().unwrap()],
        _ => Vec::new(),
    });
    let refused = "https://127.0.0.1/ https://localhost/ https://2130706433/ https://0x7f000001/ https://0177.0.0.1/ https://127.1/ \
        https://10.0.0.1/ https://172.16.9.9/ https://192.168.0.1/ https://169.254.169.254/latest/meta-data https://100.64.0.1/ https://0.0.0.0/ \
        https://[::1]/ https://[::]/ https://[::ffff:127.0.0.1]/ https://[fd00:ec2::254]/ https://[fe80::1]/ https://[64:ff9b::7f00:1]/ \
        https://[2002:7f00:1::]/ https://224.0.0.1/ https://255.255.255.255/ https://198.18.0.1/ https://private.example/ https://mixed.example/ \
        https://mapped.example/ https://absent.example/ http://public.example/ https://user:word@public.example/ ftp://public.example/ public.example";
    for url in refused.split_whitespace() {
        let answer = supplier.post("/webhook-endpoints", &json!({"url": url}));
        assert_eq!((answer.status, answer.wrong_fields()), (422, vec!["/url".to_owned()]), "{url}: {}", answer.body);
    }
    let made = supplier.post("/webhook-endpoints", &json!({"url": "https://public.example/hook"})).expect(201).id();
    let path = format!("/webhook-endpoints/{made}");
    supplier.patch(&path, &json!({"url": "https://private.example/hook"})).expect(422);
    supplier.patch(&path, &json!({"description": "ERP"})).expect(200);
}

/// The name is public when it is saved, and private when the event is sent.
fn a_name_is_looked_up_at_save_and_at_every_delivery(world: &World) {
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let port = receiver.url.split(':').nth(2).unwrap().split('/').next().unwrap().to_owned();
    world.app.outbound.resolve_with(|_| vec![PUBLIC.parse().unwrap()]);
    let url = format!("https://rebinding.example:{port}/hook");
    let endpoint = supplier.post("/webhook-endpoints", &json!({"url": url})).expect(201).id();
    world.app.outbound.resolve_with(|_| vec!["127.0.0.1".parse().unwrap()]);
    supplier.publish_listing(&market::listing("A"));
    world.drain();
    let log = deliveries(&supplier, &endpoint)[0].clone();
    assert_eq!((&log["state"], &log["fault"], &log["attempts"]), (&json!("pending"), &json!("not_public"), &json!(1)));
    // So is one whose name has a private address beside the public one.
    world.app.outbound.resolve_with(|_| vec![PUBLIC.parse().unwrap(), "::1".parse().unwrap()]);
    world.pass(Duration::seconds(6));
    let log = deliveries(&supplier, &endpoint)[0].clone();
    assert_eq!((&log["fault"], &log["attempts"]), (&json!("not_public"), &json!(2)));
    assert_eq!(receiver.count(), 0);
}

/// A name that answers every question differently is asked once for a call.
fn what_was_checked_is_what_is_connected_to(world: &World) {
    let receiver = Receiver::start();
    let outbound = tradepost::outbound::Outbound::new(true);
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&asked);
    outbound.resolve_with(move |_| {
        let first = counting.fetch_add(1, Ordering::SeqCst) == 0;
        vec![(if first { "127.0.0.1" } else { "192.0.2.1" }).parse::<IpAddr>().unwrap()]
    });
    let url = receiver.url.replace("127.0.0.1", "rebinding.example");
    let target = outbound.target(&url).unwrap();
    assert_eq!(outbound.post_json(&target, &[], "{}").unwrap().status, 204);
    assert_eq!((asked.load(Ordering::SeqCst), receiver.count()), (1, 1));
    assert!(world.failed_jobs().is_empty());
}
