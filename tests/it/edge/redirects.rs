//! Where a visitor is sent: a `next` that somebody else wrote leads nowhere but to a page of this site.

use crate::access::{Actors, pages};
use crate::accounts::attempt;
use crate::accounts::second_factor::{code, enter_code_to, switch_on};
use crate::support::{PASSWORD, PageForm, World};

both!(a_hostile_next_leads_to_the_front_page, an_own_page_is_returned_to, no_page_follows_a_parameter_off_the_site,);

/// What browsers would take for the address of another host, or what breaks a header.
const HOSTILE: &[&str] = &[
    "//evil.example",
    "///evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    "\u{0}//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e//evil.example",
    "/a/..//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:\\\\evil.example",
    "http://127.0.0.1@evil.example/",
    "http://127.0.0.1:1/",
    "//evil\u{3002}example",
    "javascript:alert(1)",
    "data:text/html,hello",
];

/// Texts that lead to a page of this site, whatever it is, and must not break the answer.
const ODD: &[&str] =
    &["\u{0}", "/\u{0}", "/\u{7f}\u{1}", "/\u{9600}", "/%00", "/%2f%2fevil.example", "/a\r\nSet-Cookie: x=y", ""];

fn a_hostile_next_leads_to_the_front_page(world: &World) {
    let party = world.buyer();
    let (_, codes) = switch_on(world, &world.browser(&party.email));
    let plain = world.supplier();
    let long = format!("/{}", "a".repeat(9_000));
    for next in HOSTILE.iter().copied().chain([long.as_str()]) {
        let fields = [("email", plain.email.as_str()), ("password", PASSWORD), ("next", next)];
        let to = world.anonymous().submit("/sign-in", "/sign-in", &fields).sent_to();
        assert_eq!(to, "/", "{next:?}");
        if next.len() < 2_000 {
            let query = serde_urlencoded::to_string([("next", next)]).unwrap();
            let page = world.anonymous().page(&format!("/sign-in?{query}")).expect(200).body;
            assert_eq!(PageForm::of(&page, "/sign-in").value("next"), Some("/"), "{next:?}");
        }
        // The second step gets the text anew, from a form that anybody can fill in.
        let browser = world.anonymous();
        let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
        enter_code_to(&browser, &asked, "000000", next).expect(422);
    }
    let browser = world.anonymous();
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    assert_eq!(enter_code_to(&browser, &asked, &codes[0], "/\t/evil.example").sent_to(), "/");
    for next in ODD {
        let fields = [("email", plain.email.as_str()), ("password", PASSWORD), ("next", next)];
        let to = world.anonymous().submit("/sign-in", "/sign-in", &fields).sent_to();
        assert!(to.starts_with('/') && !to.starts_with("//") && to.bytes().all(|byte| byte.is_ascii_graphic()), "{to}");
    }
}

fn an_own_page_is_returned_to(world: &World) {
    let party = world.buyer();
    let absolute = format!("{}/rfqs?q=a+b", world.base);
    for next in ["/rfqs?q=a+b", absolute.as_str()] {
        let fields = [("email", party.email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(world.anonymous().submit("/sign-in", "/sign-in", &fields).sent_to(), "/rfqs?q=a+b");
    }
    let browser = world.browser(&party.email);
    let (key, _) = switch_on(world, &browser);
    world.clock.advance(chrono::Duration::seconds(30));
    let browser = world.anonymous();
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    let now = code(world, &key);
    assert_eq!(enter_code_to(&browser, &asked, &now, "/rfqs?q=a+b").sent_to(), "/rfqs?q=a+b");
}

/// Whatever a page may take for the place to go on to or back to.
fn no_page_follows_a_parameter_off_the_site(world: &World) {
    let actors = Actors::enter(world);
    let owner = world.browser(&actors.own.email);
    let query: Vec<String> = ["next", "back", "return", "return_to", "url", "redirect"]
        .map(|name| serde_urlencoded::to_string([(name, "/\t/evil.example")]).unwrap())
        .to_vec();
    for (path, thing) in pages::addressed() {
        let path = actors.fill(&path, &actors.own_id(thing));
        let path = format!("{path}{}{}", if path.contains('?') { '&' } else { '?' }, query.join("&"));
        for browser in [&owner, &world.anonymous()] {
            let call = browser.browser("GET", &path).header("Referer", "https://evil.example/");
            let answer = pages::local(call.send());
            assert!(answer.status < 500, "{path}: {}", answer.status);
            for off in ["href=\"//", "href=\"/\t", "href=\"https://evil", "action=\"//", "action=\"https://evil"] {
                assert!(!answer.body.contains(off), "{path} links to the place: {off}");
            }
        }
    }
}
