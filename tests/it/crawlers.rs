//! What programs that read the site for others get: only what is public, in forms that they read.

use roxmltree::Document;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::moderation::decide;
use crate::support::{Database, Setup, World, market};

both!(
    sitemaps_list_what_is_public_and_nothing_else,
    feed_lists_the_newest_open_rfqs,
    public_pages_say_what_they_are,
    operator_page_is_there_once_its_text_is,
);

/// The addresses of all sitemaps, as a crawler finds them.
fn mapped(world: &World) -> Vec<String> {
    let nobody = world.anonymous();
    let robots = nobody.page("/robots.txt").expect(200);
    assert_eq!(robots.header("content-type"), Some("text/plain; charset=utf-8"));
    let index = robots.body.lines().find_map(|line| line.strip_prefix("Sitemap: ")).expect("a sitemap").to_owned();
    let fetch =
        |address: &str| nobody.page(address.strip_prefix(&world.base).expect("an address of the site")).expect(200);
    let read = |xml: &str| -> Vec<String> {
        let document = Document::parse(xml).unwrap();
        let places = document
            .descendants()
            .filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", "loc")));
        places.map(|node| node.text().unwrap().to_owned()).collect()
    };
    read(&fetch(&index).body).iter().flat_map(|part| read(&fetch(part).body)).collect()
}

fn sitemaps_list_what_is_public_and_nothing_else(world: &World) {
    let (supplier, buyer, gone) = (world.supplier(), world.buyer(), world.party("Gone Foundry", "CN"));
    let listing = supplier.publish_listing(&market::listing("MAP-1"));
    let draft = supplier.post("/listings", &market::listing("MAP-2")).expect(201).id();
    let taken_down = gone.publish_listing(&market::listing("MAP-3"));
    let open = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let closed = buyer.publish_rfq(&market::rfq("Brass elbows"));
    buyer.act(&format!("/rfqs/{closed}/withdraw")).expect(200);
    let report = supplier.post("/reports", &json!({"about": gone.company, "kind": "fraud"})).expect(201).id();
    decide(&world.moderator(), &report, "suspend", "It is so");
    let mapped = mapped(world);
    let has = |path: &str| mapped.contains(&format!("{}{path}", world.base));
    for public in [format!("/listings/{listing}"), format!("/rfqs/{open}"), format!("/companies/{}", supplier.company)]
    {
        assert!(has(&public), "{public} is missing: {mapped:?}");
    }
    let hidden = [
        format!("/listings/{draft}"),
        format!("/listings/{taken_down}"),
        format!("/rfqs/{closed}"),
        format!("/companies/{}", gone.company),
    ];
    for hidden in hidden {
        assert!(!has(&hidden), "{hidden} is public: {mapped:?}");
    }
    // Whatever is listed can be read by whoever follows the list.
    for address in &mapped {
        world.anonymous().page(address.strip_prefix(&world.base).unwrap()).expect(200);
    }
    world.anonymous().page("/sitemaps/listings/99999999999999999999.xml").expect(404);
    world.anonymous().page("/sitemaps/people/0.xml").expect(404);
}

fn feed_lists_the_newest_open_rfqs(world: &World) {
    let buyer = world.buyer();
    let mut odd = market::rfq("Valves <b>&amp; \"elbows\"");
    odd["show_buyer_name"] = json!(false);
    let first = buyer.publish_rfq(&odd);
    world.drain();
    let feed = world.anonymous().page("/rfqs.atom").expect(200);
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let document = Document::parse(&feed.body).unwrap();
    let entries: Vec<_> = document.descendants().filter(|node| node.tag_name().name() == "entry").collect();
    assert_eq!(entries.len(), 1);
    let of =
        |name: &str| entries[0].children().find(|node| node.tag_name().name() == name).and_then(|node| node.text());
    assert_eq!(of("title"), Some("Valves <b>&amp; \"elbows\""));
    assert_eq!(of("id"), Some(format!("{}/rfqs/{first}", world.base).as_str()));
    assert_eq!(of("summary"), Some("5000\u{a0}pcs, Germany, FOB"));
    assert!(!feed.body.contains("Nordwind"), "the buyer did not want to be named");
    buyer.act(&format!("/rfqs/{first}/withdraw")).expect(200);
    world.drain();
    assert!(!world.anonymous().page("/rfqs.atom").expect(200).body.contains("<entry>"));
}

fn public_pages_say_what_they_are(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("SEO-1"));
    let path = format!("/listings/{listing}");
    let page = world.anonymous().page(&format!("{path}?from=elsewhere")).expect(200).body;
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{}{path}\">", world.base)), "{page}");
    assert!(page.contains("<meta name=\"description\" content=\"USD 3.20-3.90 / pcs, FOB Ningbo (CNNGB). "), "{page}");
    assert!(page.contains("<meta property=\"og:type\" content=\"product\">"));
    // A draft is nobody's business, and neither is a page of a desk.
    let draft = supplier.post("/listings", &market::listing("SEO-2")).expect(201).id();
    let own = world.browser(&supplier.email);
    for private in [format!("/listings/{draft}"), "/desk/selling".to_owned()] {
        assert!(!own.page(&private).expect(200).body.contains("rel=\"canonical\""), "{private}");
    }
}

/// A site whose operator has filled in one page.
struct Filled {
    world: World,
    text: NamedTempFile,
}

impl Setup for Filled {
    fn on(database: Database) -> Self {
        let text = NamedTempFile::new().unwrap();
        let file = text.path().to_str().unwrap().to_owned();
        Self { world: World::with(database, |config| config.operator.imprint = file), text }
    }
}

fn operator_page_is_there_once_its_text_is(filled: &Filled) {
    let nobody = filled.world.anonymous();
    std::fs::write(filled.text.path(), "Example Ltd\nHigh Street 1\n\n# Register\nHRB <b>4417</b>\n").unwrap();
    let front = nobody.page("/").expect(200);
    assert!(front.links_to("/about/imprint") && !front.links_to("/about/privacy"), "{}", front.body);
    let page = nobody.page("/about/imprint").expect(200).body;
    assert!(page.contains("<p>Example Ltd<br>High Street 1</p>") && page.contains("<h2>Register</h2>"), "{page}");
    assert!(page.contains("HRB &#60;b&#62;4417"), "{page}");
    nobody.page("/about/privacy").expect(404);
}
