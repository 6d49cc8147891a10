//! Copies of a company's certificates: on file for the company and moderators, a hash for everyone else.

use serde_json::json;

use crate::documents::{pdf, send};
use crate::support::World;

both!(certificate_file_is_shown_only_by_its_hash, certificate_file_survives_profile_edits);

fn certificate_file_is_shown_only_by_its_hash(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let company = format!("/companies/{}", supplier.company);
    let copy = send(&supplier, "iso.pdf", pdf("certificate")).expect(201).id();
    let theirs = send(&buyer, "theirs.pdf", pdf("not ours")).expect(201).id();
    let named =
        |document: &str| json!({"certifications": [{"scheme": "CE"}, {"scheme": "ISO 9001", "document": document}]});
    let refused = |document: &str| {
        let answer = supplier.patch(&company, &named(document)).expect(422);
        assert_eq!(answer.wrong_fields(), ["/certifications/1/document"]);
        answer.json()["errors"].to_string()
    };
    assert_eq!(refused(&theirs), refused("doc_0000000000001"));
    supplier.patch(&company, &named(&copy)).expect(200);
    let own = supplier.get(&format!("{company}/certifications")).expect(200).json();
    assert_eq!(own["data"][1]["document"], json!(copy));
    let hash = tradepost::secrets::sha256_hex(&pdf("certificate"));
    for client in [&*buyer, &world.anonymous()] {
        let seen = client.get(&format!("{company}/certifications")).expect(200);
        let certificates = seen.json();
        assert_eq!(certificates["data"][1]["document_on_file"], json!(true));
        assert_eq!(certificates["data"][1]["document_sha256"], json!(hash));
        assert_eq!(certificates["data"][0]["document_on_file"], json!(false));
        assert!(!seen.body.contains(&copy) && !client.get(&company).expect(200).body.contains(&copy), "{}", seen.body);
        client.get(&format!("/documents/{copy}/content")).expect(404);
        assert!(client.page(&company).expect(200).body.contains(&hash));
    }
    let moderator = world.moderator();
    assert_eq!(moderator.page(&format!("/documents/{copy}")).expect(200).body.as_bytes(), pdf("certificate"));
    supplier.patch(&company, &json!({"certifications": []})).expect(200);
    assert_eq!(moderator.page(&format!("/documents/{copy}")).status, 404);
    let mut listing = crate::support::market::listing("V-1");
    listing["certifications"] = json!([{"scheme": "CE", "document": copy}]);
    assert_eq!(supplier.post("/listings", &listing).expect(422).wrong_fields(), ["/certifications/0/document"]);
}

fn certificate_file_survives_profile_edits(world: &World) {
    let supplier = world.supplier();
    let company = format!("/companies/{}", supplier.company);
    let claimed = json!({"certifications": [{"scheme": "ISO 9001", "number": "NB-1"}, {"scheme": "CE"}]});
    supplier.patch(&company, &claimed).expect(200);
    let browser = world.browser(&supplier.email);
    let page = "/account/company/certificates";
    let version = supplier.get(&company).expect(200).json()["version"].to_string();
    let place = [("version", version.as_str()), ("certificate", "0")];
    let empty = browser.submit_files(page, page, &place, &[("document.file", "", b"")]).expect(422);
    assert!(empty.body.contains("choose one first"), "{}", empty.body);
    browser.submit_files(page, page, &place, &[("document.file", "iso.pdf", &pdf("certificate"))]).expect(303);
    assert!(browser.page(page).expect(200).body.contains("iso.pdf"));
    let stale = browser.submit_files(page, page, &place, &[("document.file", "other.pdf", &pdf("other"))]);
    assert_eq!(stale.status, 422, "the place is counted in another version: {}", stale.body);
    let profile = "/account/company";
    browser.fill_in(profile, profile, &[("certifications", "PED\nISO 9001; NB-1; Nordkap")]).expect(303);
    let kept = supplier.get(&format!("{company}/certifications")).expect(200).json();
    assert_eq!(kept["data"][1]["document_on_file"], json!(true), "{kept}");
    assert_eq!(kept["data"][0]["document_on_file"], json!(false));
}
