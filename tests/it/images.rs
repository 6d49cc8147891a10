//! Images of listings: written anew in two sizes, shown with the listing and to nobody else, gone with it.

use std::io::Cursor;

use image::{ColorType, DynamicImage, ImageFormat, ImageReader, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::documents::pdf;
use crate::support::{Answer, Client, Database, World, market};

both!(
    image_is_served_in_two_sizes,
    non_image_is_refused,
    images_are_as_visible_as_their_listing,
    images_can_be_managed_on_the_site,
    repeated_image_upload_creates_one,
    images_per_listing_and_company_are_limited,
);

/// A PNG of this size with a pattern in it.
pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let pattern = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8]));
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pattern).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A black PNG of this size.
pub fn blank(width: u32, height: u32) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    DynamicImage::new(width, height, ColorType::L8).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// Sends a file as an image of the listing.
pub fn send(client: &Client, listing: &str, bytes: Vec<u8>) -> Answer {
    let call = client.call("POST", &format!("/listings/{listing}/images"));
    call.header("Content-Type", "application/octet-stream").bytes(bytes).send()
}

fn images_of(client: &Client, listing: &str) -> Vec<Value> {
    client.get(&format!("/listings/{listing}")).expect(200).json()["images"].as_array().unwrap().clone()
}

fn decoded(answer: &Answer) -> DynamicImage {
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    let reader = ImageReader::with_format(Cursor::new(answer.bytes.clone()), ImageFormat::Jpeg);
    reader.decode().unwrap()
}

/// A JPEG that notes where it was taken and that it lies on its side.
fn from_a_camera(width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    DynamicImage::new(width, height, ColorType::Rgb8).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    // TIFF, little-endian, one entry: Orientation (0x0112), SHORT, 1 value, 6 = turn by 90 degrees; then words like a camera's.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 29.8683 121.5440");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

fn image_is_served_in_two_sizes(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let made = send(&supplier, &listing, picture(2_000, 1_000)).expect(201);
    let view = made.json();
    assert_eq!((&view["width"], &view["height"]), (&json!(1_600), &json!(800)));
    let large = world.anonymous().page(&made.text("/url")).expect(200);
    let small = world.anonymous().page(&made.text("/small_url")).expect(200);
    assert_eq!((decoded(&large).width(), decoded(&large).height()), (1_600, 800));
    assert_eq!((decoded(&small).width(), decoded(&small).height()), (192, 96));
    assert_eq!(large.header("cache-control"), Some("public, max-age=3600"));
    let sideways = send(&supplier, &listing, from_a_camera(60, 40)).expect(201);
    let upright = world.anonymous().page(&sideways.text("/url")).expect(200);
    assert_eq!((decoded(&upright).width(), decoded(&upright).height()), (40, 60));
    assert!(!upright.bytes.windows(3).any(|part| part == b"GPS"), "where it was taken is told");
    assert_eq!(images_of(&supplier, &listing), [view.clone(), sideways.json()]);
    assert_eq!(supplier.get(&format!("/listings/{listing}/images")).expect(200).json()["data"][0], view);
    world.drain();
    let hit = world.anonymous().get("/search/listings?q=V-1").expect(200).json()["data"][0].clone();
    assert_eq!((&hit["image_url"], &hit["small_image_url"]), (&view["url"], &view["small_url"]));
    let results = world.anonymous().page("/search?q=V-1").expect(200);
    assert!(results.body.contains(&format!("<img src=\"{}\"", made.text("/small_url"))), "{}", results.body);
    let page = world.anonymous().page(&format!("/listings/{listing}")).expect(200);
    assert!(page.body.contains(&made.text("/url")) && page.body.contains(&sideways.text("/small_url")));
    let path = format!("/listings/{listing}/images/{}", made.id());
    supplier.call("DELETE", &path).send().expect(428);
    supplier.call("DELETE", &path).header("If-Match", "\"v2\"").send().expect(412);
    supplier.call("DELETE", &path).header("If-Match", made.header("etag").unwrap()).send().expect(204);
    world.anonymous().page(&made.text("/url")).expect(404);
    world.drain();
    let hit = world.anonymous().get("/search/listings?q=V-1").expect(200).json()["data"][0].clone();
    assert_eq!(hit["image_url"], sideways.json()["url"]);
}

fn non_image_is_refused(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let whole = picture(300, 300);
    let half = whole[..whole.len() / 2].to_vec();
    // Whole pictures, and few bytes: one has too long a side, the other too many pixels.
    let (long, wide) = (blank(16_001, 1), blank(8_000, 6_300));
    assert!(long.len() < 1 << 20 && wide.len() < 1 << 20);
    for bytes in [pdf("no picture"), Vec::new(), half, long, wide, b"\x89PNG\r\n\x1a\n".to_vec(), b"<svg/>".to_vec()] {
        let refused = send(&supplier, &listing, bytes).expect(422);
        assert_eq!(refused.wrong_fields(), ["/content"], "{}", refused.body);
    }
    assert!(images_of(&supplier, &listing).is_empty());
    send(&supplier, &listing, blank(16_000, 1)).expect(201);
}

fn images_are_as_visible_as_their_listing(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    let made = send(&supplier, &listing, picture(50, 50)).expect(201);
    let [url, small] = [made.text("/url"), made.text("/small_url")];
    let browser = world.browser(&supplier.email);
    for path in [&url, &small] {
        world.anonymous().page(path).expect(404);
        world.browser(&buyer.email).page(path).expect(404);
        assert_eq!(browser.page(path).expect(200).header("cache-control"), Some("no-store"));
    }
    let other = supplier.post("/listings", &market::listing("V-2")).expect(201).id();
    supplier.act(&format!("/listings/{other}/publish")).expect(200);
    world.anonymous().page(&url.replace(&listing, &other)).expect(404);
    supplier.act(&format!("/listings/{listing}/publish")).expect(200);
    world.anonymous().page(&url).expect(200);
    assert_eq!(send(&buyer, &listing, picture(5, 5)).status, 404);
    supplier.act(&format!("/listings/{listing}/pause")).expect(200);
    world.anonymous().page(&url).expect(404);
    let version = supplier.get(&format!("/listings/{listing}")).expect(200);
    let etag = version.header("etag").unwrap().to_owned();
    supplier.call("DELETE", &format!("/listings/{listing}")).header("If-Match", &etag).send().expect(204);
    browser.page(&url).expect(404);
    assert_eq!(send(&supplier, &listing, picture(5, 5)).status, 409);
    // Made again under the same number, it has no pictures of its former life, and nothing holds their bytes.
    let again = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    assert!(images_of(&supplier, &again).is_empty());
    world.clock.advance(chrono::Duration::hours(2));
    tradepost::workers::sweep(&world.app).unwrap();
    let blobs = world.app.config.data.join("blobs");
    let left: Vec<_> = std::fs::read_dir(blobs).unwrap().flatten().filter(|it| has_files(&it.path())).collect();
    assert!(left.is_empty(), "{left:?}");
}

fn has_files(folder: &std::path::Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

fn images_can_be_managed_on_the_site(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let browser = world.browser(&supplier.email);
    let page = format!("/desk/selling/listings/{listing}/images");
    assert!(browser.page(&format!("/desk/selling/listings/{listing}/edit")).expect(200).body.contains(&page));
    let none = browser.submit_files(&page, &page, &[], &[("content.file", "", b"")]).expect(422);
    assert!(none.body.contains("choose a file first"), "{}", none.body);
    let files: [(&str, &str, &[u8]); 3] = [
        ("content.file", "front.png", &picture(30, 20)),
        ("content.file", "letter.pdf", &pdf("no picture")),
        ("content.file", "back.png", &picture(20, 30)),
    ];
    let refused = browser.submit_files(&page, &page, &[], &files).expect(422);
    assert!(refused.body.contains("letter.pdf: must be a whole PNG"), "{}", refused.body);
    let images = images_of(&supplier, &listing);
    assert_eq!(images.len(), 2, "the good ones stay");
    let remove = format!("{page}/{}/remove", images[0]["id"].as_str().unwrap());
    browser.submit(&page, &remove, &[]).expect(303);
    assert_eq!(images_of(&supplier, &listing), images[1..]);
}

fn repeated_image_upload_creates_one(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    let upload = |bytes: Vec<u8>| {
        let call = supplier.call("POST", &format!("/listings/{listing}/images"));
        call.header("Idempotency-Key", "once").bytes(bytes).send()
    };
    let (first, again) = (upload(picture(9, 9)).expect(201), upload(picture(9, 9)).expect(201));
    assert_eq!(first.id(), again.id());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(upload(picture(8, 8)).expect(422).problem(), "idempotency_mismatch");
    assert_eq!(images_of(&supplier, &listing).len(), 1);
}

fn images_per_listing_and_company_are_limited(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    for side in 1..=10 {
        send(&supplier, &listing, picture(side, side)).expect(201);
    }
    let refused = send(&supplier, &listing, picture(11, 11)).expect(422);
    assert!(refused.body.contains("at most 10 images"), "{}", refused.body);
    let small = World::with(Database::fresh(world.kind()).unwrap(), |config| {
        config.limits.enabled = true;
        config.limits.company_image_bytes = 2_000;
    });
    let supplier = small.supplier();
    let listing = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    send(&supplier, &listing, picture(10, 10)).expect(201);
    let refused = send(&supplier, &listing, picture(40, 40)).expect(422);
    assert!(refused.body.contains("does not fit"), "{}", refused.body);
}
