//! Tests of cleaning, contact details and the checker.

use super::*;

#[test]
fn contact_details_are_found_in_their_usual_disguises() {
    for (text, kind) in [
        ("write to sales@acme.com", ContactKind::Email),
        ("Sales.Dept+eu@sub.acme.co.uk!", ContactKind::Email),
        ("ｓａｌｅｓ＠ａｃｍｅ．ｃｏｍ", ContactKind::Email),
        ("请联系sales@acme.cn谢谢", ContactKind::Email),
        ("sales (at) acme.com", ContactKind::Email),
        ("sales[AT]acme[dot]com", ContactKind::Email),
        ("sales （at） acme (dot) com", ContactKind::Email),
        ("sales at acme dot com", ContactKind::Email),
        ("sales @ acme.com", ContactKind::Email),
        ("sa\u{200b}les@ac\u{200b}me.com", ContactKind::Email),
        ("call +86 138 0013 8000", ContactKind::Phone),
        ("+1 (415) 555-0132", ContactKind::Phone),
        ("+49.30.1234567", ContactKind::Phone),
        ("Tel+8613800138000", ContactKind::Phone),
        ("电话：＋８６ １３８００１３８０００", ContactKind::Phone),
        ("微信+8613800138000", ContactKind::Phone),
        ("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", ContactKind::Phone),
        ("+ (44) 20 7946 0018", ContactKind::Phone),
        ("sales(a)acme.com", ContactKind::Email),
        ("sales [a] acme.cn, thanks", ContactKind::Email),
        ("sales(@)acme(.)com", ContactKind::Email),
        ("sales&#64;acme.com", ContactKind::Email),
        ("sales%40acme.com", ContactKind::Email),
        ("sales@acme dot com", ContactKind::Email),
        ("write to anna at acme.com", ContactKind::Email),
        ("s a l e s @ a c m e . c o m", ContactKind::Email),
        ("sa\u{202e}les@acme.com", ContactKind::Email),
        ("008613800138000", ContactKind::Phone),
        ("0086 138 0013 8000", ContactKind::Phone),
        ("0086-755-88881234", ContactKind::Phone),
        ("(0049) 30 1234567", ContactKind::Phone),
        ("(plus)86 138 0013 8000", ContactKind::Phone),
        ("+86_138_0013_8000", ContactKind::Phone),
        ("tel: 0755-8888 1234", ContactKind::Phone),
        ("Phone 13800138000", ContactKind::Phone),
        ("call 1800 123 4567 now", ContactKind::Phone),
        ("电话：13800138000", ContactKind::Phone),
        ("手机 138 0013 8000", ContactKind::Phone),
        ("тел. 8 912 345 67 89", ContactKind::Phone),
        ("one three eight zero zero one three eight", ContactKind::Phone),
        ("一三八零零一三八零零零", ContactKind::Phone),
        ("+\u{2460}③\u{20e3}⑧⓪ 0013 8000", ContactKind::Phone),
        ("order on wa.me/8613800138000", ContactKind::Messenger),
        ("https://t.me/annatrade", ContactKind::Messenger),
        ("https://api.whatsapp.com/send?phone=86138", ContactKind::Messenger),
        ("WeChat: anna88", ContactKind::Messenger),
        ("wechat id anna_trade", ContactKind::Messenger),
        ("微信：anna88", ContactKind::Messenger),
        ("微信号 anna_88", ContactKind::Messenger),
        ("请加微信anna88联系", ContactKind::Messenger),
        ("QQ号是123456789", ContactKind::Messenger),
        ("QQ 123456789", ContactKind::Messenger),
        ("Skype: live_anna", ContactKind::Messenger),
        ("telegram @annatrade", ContactKind::Messenger),
        ("LINE id annatrade", ContactKind::Messenger),
    ] {
        assert_eq!(find_contact(text), Some(kind), "{text}");
    }
}

#[test]
fn product_texts_are_no_contact_details() {
    for text in [
        "006R90321 toner cartridge",
        "EAN 4006381333931",
        "8613800138000",
        "RX+20031234567",
        "ribbon for DX-500/+/8000/8500",
        "paper A3+/330 x 483 mm",
        "Kit + 1000 pieces + 20000 screws",
        "10+20000000",
        "+5 V / +12 V / -12 V",
        "-20 to +70 C",
        "+0.05 -0.05 100 200 300 400",
        "500 pcs @ 3.50 USD",
        "0.5A@12.5V",
        "5V (at) 2A, rated at 10 W",
        "A++ energy class, 1920x1080@60Hz",
        "C++17",
        "made at our plant, 2 dot matrix printers",
        "Price (at least) 12.50",
        "HS 8542.31.0000",
        "UPC 0049000006346",
        "00012345678905",
        "OEM 0041 159 602",
        "part no. 00-3456-789",
        "(a) steel pipe.The second (b) copper pipe",
        "grade (A) plates, 00 mesh, 0000 steel wool",
        "WeChat Pay terminal, WhatsApp supported",
        "WhatsApp: supported",
        "微信支付终端",
        "production line: filling 5000 bottles",
        "line no. 12, mobile crane 50 t, phone cases 11/12/13/14",
        "one or two or three layers",
        "call for tender 2026",
        "available at 12.50 USD",
        "sold at best.The rest follows",
        "pressure 0-600 bar, 00 86 type",
    ] {
        assert_eq!(find_contact(text), None, "{text}");
    }
}

#[test]
fn links_are_found_in_texts_and_codes_are_none() {
    for text in ["https://evil.example/x", "see www.evil.example", "go to evil.com/pay now", "(evil.ru)", "evil．com"]
    {
        assert!(has_link(text), "{text}");
    }
    for text in [
        "HS 7307.19",
        "FOB Ningbo. Second sentence.",
        "approx. 3.5 mm",
        "No.4 pipe",
        "Valves Co. Ltd.",
        "a.b",
        "2026-11-30 08:00 UTC",
    ] {
        assert!(!has_link(text), "{text}");
    }
}

#[test]
fn texts_are_trimmed_normalised_and_free_of_control_characters() {
    assert_eq!(clean("  Cafe\u{301}\tau\nlait ", Lines::One).unwrap(), "Caf\u{e9} au lait");
    assert_eq!(clean("a\r\nb\tc\rd\n", Lines::Many).unwrap(), "a\nb\tc\nd");
    assert_eq!(clean("4\u{97}6 mm", Lines::One).unwrap(), "4 6 mm");
    for text in ["a\0b", "\u{1b}[1m", "\u{7f}"] {
        assert_eq!(clean(text, Lines::Many), Err(ControlCharacter));
    }
}

#[test]
fn the_checker_names_every_field_and_cleans_the_good_ones() {
    let (mut name, mut empty, mut long) = (" Bolt ".to_owned(), String::new(), "x".repeat(11));
    let (mut none, mut blank, mut contact) = (None, Some("  ".to_owned()), Some("a@b.com".to_owned()));
    let mut checker = Checker::new();
    checker.public_text("/name", &mut name, 1..=10);
    checker.text("/empty", &mut empty, 1..=10);
    checker.text("/long", &mut long, 0..=10);
    checker.text("/none", &mut none, 0..=10);
    checker.text("/blank", &mut blank, 0..=10);
    checker.public_prose("/contact", &mut contact, 0..=10);
    checker.max_items("/items", 3, 2);
    let problem = checker.finish().unwrap_err();
    let found: Vec<_> = problem.fields.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
    let wanted = [
        ("/empty", FieldCode::Required),
        ("/long", FieldCode::Range),
        ("/contact", FieldCode::ContactDetails),
        ("/items", FieldCode::Range),
    ];
    assert_eq!(found, wanted);
    assert_eq!((name.as_str(), none, blank), ("Bolt", None, None));
}

#[test]
fn only_web_addresses_are_urls() {
    let is_url = |text: &str| {
        let mut checker = Checker::new();
        checker.url("/website", text);
        checker.finish().is_ok()
    };
    for url in ["https://acme.com", "http://acme.com:8080/a?b=c@d", "HTTPS://münchen.de/ä", "http://[::1]/"] {
        assert!(is_url(url), "{url}");
    }
    for url in [
        "",
        "acme.com",
        "javascript:alert(1)",
        "ftp://a.b",
        "https://",
        "https://u:p@a.com",
        "https://a b.com",
        "https://a.com/\"x",
    ] {
        assert!(!is_url(url), "{url}");
    }
}
