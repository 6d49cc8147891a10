//! Scripts of other sites, in browsers that ask the API whether it lets them.

use serde_json::{Value, json};

use crate::support::{Answer, Client, Party, World};

both!(only_listed_origins_get_cors_headers, origin_must_be_well_formed, listed_origin_is_revoked_with_its_key);

const SHOP: &str = "https://shop.example";
const EVIL: &str = "https://evil.example";

fn make_key(party: &Party, origins: &Value) -> Answer {
    party.post("/api-keys", &json!({"name": "shop", "scopes": ["catalog:read", "catalog:write"], "origins": origins}))
}

fn keyed(world: &World, made: &Answer) -> Client {
    Client::new(&world.base, Some(made.text("/key")))
}

fn preflight(world: &World, path: &str, origin: &str, method: &str) -> Answer {
    let nobody = world.anonymous();
    let call = nobody.call("OPTIONS", path).header("Origin", origin);
    call.header("Access-Control-Request-Method", method)
        .header("Access-Control-Request-Headers", "authorization")
        .send()
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

fn only_listed_origins_get_cors_headers(world: &World) {
    let party = world.supplier();
    let shop = keyed(world, &make_key(&party, &json!([SHOP, "http://localhost:3000"])).expect(201));
    let plain = keyed(world, &make_key(&party, &json!([])).expect(201));
    let ask = |client: &Client, path: &str, origin: &str| client.call("GET", path).header("Origin", origin).send();
    for origin in [SHOP, "http://localhost:3000"] {
        for (path, status) in
            [("/listings", 200), ("/listings/lst_0000000000001", 404), ("/rfqs", 403), ("/listings?limit=x", 400)]
        {
            let answer = ask(&shop, path, origin).expect(status);
            assert_eq!(allowed(&answer), Some(origin), "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            assert!(answer.header("vary").is_some_and(|vary| vary.contains("Origin")), "{path}");
            assert!(answer.header("access-control-expose-headers").is_some_and(|names| names.contains("ETag")));
        }
    }
    for origin in
        [EVIL, "null", "https://shop.example.evil.example", "https://shop.example:8443", "http://shop.example"]
    {
        assert_eq!(allowed(&ask(&shop, "/listings", origin)), None, "{origin}");
    }
    assert_eq!(allowed(&ask(&plain, "/listings", SHOP)), None, "another key of the company lists it");
    assert_eq!(allowed(&ask(&world.anonymous(), "/search/listings", SHOP)), None, "no key at all");
    let page = world.anonymous().browser("GET", "/").header("Origin", SHOP).send();
    assert_eq!(allowed(&page), None, "the site is nobody's to read");
    let asked = preflight(world, "/listings", SHOP, "POST").expect(204);
    assert_eq!(allowed(&asked), Some(SHOP));
    let methods = asked.header("access-control-allow-methods").unwrap_or_default();
    assert!(methods.contains("GET") && methods.contains("POST") && !methods.contains("DELETE"), "{methods}");
    let headers = asked.header("access-control-allow-headers").unwrap_or_default();
    assert!(headers.contains("Authorization") && headers.contains("If-Match") && headers.contains("Idempotency-Key"));
    assert_eq!(asked.header("x-frame-options"), Some("DENY"));
    assert_eq!(allowed(&preflight(world, "/listings", EVIL, "POST").expect(204)), None);
    preflight(world, "/no/such/path", SHOP, "GET").expect(404);
}

fn origin_must_be_well_formed(world: &World) {
    let party = world.supplier();
    for (origins, pointer) in [
        (json!(["*"]), "/origins/0"),
        (json!([SHOP, "https://Shop.example"]), "/origins/1"),
        (json!([SHOP, SHOP]), "/origins/1"),
        (json!(["https://shop.example/path"]), "/origins/0"),
        (json!(["http://shop.example"]), "/origins/0"),
        (json!((0..21).map(|n| format!("https://s{n}.example")).collect::<Vec<_>>()), "/origins"),
    ] {
        assert_eq!(make_key(&party, &origins).expect(422).wrong_fields(), [pointer], "{origins}");
    }
    let made = make_key(&party, &json!([SHOP])).expect(201);
    assert_eq!(made.json()["origins"], json!([SHOP]));
    let listed = party.get("/api-keys").expect(200).json();
    assert_eq!(listed["data"][0]["origins"], json!([SHOP]));
}

fn listed_origin_is_revoked_with_its_key(world: &World) {
    let party = world.supplier();
    let made = make_key(&party, &json!([SHOP])).expect(201);
    preflight(world, "/listings", SHOP, "GET").expect(204);
    let path = format!("/api-keys/{}", made.id());
    party.call("DELETE", &path).header("If-Match", made.header("etag").unwrap()).send().expect(204);
    assert_eq!(allowed(&preflight(world, "/listings", SHOP, "GET").expect(204)), None);
    let late = keyed(world, &made).call("GET", "/listings").header("Origin", SHOP).send().expect(401);
    assert_eq!(allowed(&late), None);
}
