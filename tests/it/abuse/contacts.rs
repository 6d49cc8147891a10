//! Contact details in public texts, in the disguises that people think of when the plain ones are refused: ten of each kind.

use serde_json::json;
use tradepost::text::{ContactKind, find_contact};

use crate::support::{World, market};

both!(disguised_contact_details_are_refused_wherever_everyone_reads);

const EXIT_CODES: [&str; 11] = [
    "0086 755 8888 1234",
    "00 86 138 0013 8000",
    "00-44-20-7946-0018",
    "(0086) 138-0013-8000",
    "0086.138.0013.8000",
    "0091 98765 43210",
    "ring 00971 50 123 4567",
    "００８６ １３８ ００１３ ８０００",
    "0084_912_345_678",
    "0049 (0)30 1234567",
    "fax 0033 1 23 45 67 89",
];

const MESSENGERS: [&str; 12] = [
    "wechat = anna8888",
    "WhatsApp#anna_trade",
    "Telegram: trade2026",
    "viber id trade_anna",
    "Zalo: trade2026",
    "kakaotalk id hanok88",
    "vx: anna8888",
    "加V信anna8888",
    "qq群 123456789",
    "LINE ID: annatrade",
    "telegram (@annatrade)",
    "WeChatID: anna8888",
];

const LETTERS: [&str; 11] = [
    "anna [a] trade-house.net",
    "info{a}acme.org",
    "info<a>acme.de",
    "anna(a)acme.co.uk",
    "anna ( a ) acme.com.tr",
    "ANNA(A)ACME.COM",
    "anna（a）acme.com",
    "anna(a)acme(dot)com",
    "anna.li(a)acme.info",
    "export(a)acme.biz",
    "offers to (x) or sales(a)gmail.com",
];

const LINKS: [&str; 11] = [
    "https://wa.me/8613800138000",
    "WA.ME/8613800138000",
    "wa.me/qr/ABCDEF",
    "wa.me/message/ABC123",
    "ｗａ．ｍｅ／８６１３８００１３８０００",
    "(wa.me/8613800138000)",
    "wa(.)me/8613800138000",
    "wa[dot]me/8613800138000",
    "wa.me\u{200b}/8613800138000",
    "chat.whatsapp.com/AbCdEf123",
    "wa.link/abc123",
];

#[test]
fn ten_disguises_of_each_kind_are_found() {
    let kinds: [(&[&str], ContactKind); 4] = [
        (&EXIT_CODES, ContactKind::Phone),
        (&MESSENGERS, ContactKind::Messenger),
        (&LETTERS, ContactKind::Email),
        (&LINKS, ContactKind::Messenger),
    ];
    let missed: Vec<&str> = kinds
        .iter()
        .flat_map(|(texts, kind)| texts.iter().filter(move |text| find_contact(text) != Some(*kind)).copied())
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn codes_of_trade_that_look_like_them_are_none() {
    for text in [
        "sizes 00, 0 and 1; mesh 00 44 type",
        "part no. 00-3456-789",
        "valve 00 41 159",
        "link chain, wa 12",
        "(a) body brass (b) seat PTFE",
        "dog chew, 00 size",
        "v信号灯",
    ] {
        assert_eq!(find_contact(text), None, "{text}");
    }
}

/// The rule is one, and every field that everyone reads asks it.
fn disguised_contact_details_are_refused_wherever_everyone_reads(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    for (number, text) in [EXIT_CODES[1], MESSENGERS[0], LETTERS[1], LINKS[10]].into_iter().enumerate() {
        let mut listing = market::listing(&format!("DISGUISED-{number}"));
        listing["description"] = json!(text);
        assert_eq!(supplier.post("/listings", &listing).expect(422).wrong_fields(), ["/description"], "{text}");
        let mut wanted = market::rfq("Brass ball valves");
        wanted["specification"] = json!(text);
        assert_eq!(buyer.post("/rfqs", &wanted).expect(422).wrong_fields(), ["/specification"], "{text}");
        let asked = supplier.post(&format!("/rfqs/{rfq}/questions"), &json!({"question": text}));
        assert_eq!(asked.expect(422).wrong_fields(), ["/question"], "{text}");
        let profile = supplier.patch(&format!("/companies/{}", supplier.company), &json!({"profile": text}));
        assert_eq!(profile.expect(422).wrong_fields(), ["/profile"], "{text}");
    }
    world.drain();
}
