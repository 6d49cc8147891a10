//! Searches that cost much: they count for what they cost, wait in a line of their own, and hold up nobody who asks little.

use tradepost::actor::Permission;

use crate::support::{Client, Database, Setup, World};

both!(dear_search_counts_for_what_it_costs, dear_searches_have_a_queue_of_their_own);

/// Limits that a test reaches, and a queue with one thread and no line.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 100;
            config.limits.search_threads = 1;
            config.limits.search_queue = 1;
        }))
    }
}

const PLAIN: &str = "/search/listings?q=ball+valve";

/// All that can be asked for at once: 32 misspelt words, every facet, marked words, explanations, the longest page.
fn dearest() -> String {
    let words: Vec<String> = (0..32).map(|number| format!("bal{}vlave", char::from(b'a' + number % 26))).collect();
    let facets = "country,hs,category,form,verification,certification,incoterm,currency,language,origin";
    format!("/search/listings?q={}&facets={facets}&highlight=true&explain=true&limit=100", words.join("+"))
}

/// How many requests are left, by the header.
fn left(client: &Client, path: &str) -> u32 {
    let answer = client.get(path).expect(200);
    let header = answer.header("ratelimit").unwrap().to_owned();
    header.split(';').find_map(|part| part.strip_prefix("r=")).unwrap().parse().unwrap()
}

fn dear_search_counts_for_what_it_costs(Narrow(world): &Narrow) {
    let company = world.buyer().company;
    let client = || Client::new(&world.base, Some(world.key(company, &[Permission::AccountRead])));
    let key = client();
    let first = left(&key, PLAIN);
    let second = left(&key, PLAIN);
    // What is given back over time may come in between.
    assert!((first - 1..=first).contains(&second), "a plain search is one request: {first}, {second}");
    let third = left(&key, &dearest());
    assert!(second - third >= 15, "it costs many: {second}, {third}");
    // Four more than the minute holds.
    let other = client();
    let statuses: Vec<u16> = (0..8).map(|_| other.get(&dearest()).status).collect();
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!((3..=6).contains(&answered), "{statuses:?}");
    let refused = other.get(&dearest()).expect(429);
    assert!(refused.header("retry-after").is_some());
}

fn dear_searches_have_a_queue_of_their_own(Narrow(world): &Narrow) {
    let client = world.anonymous();
    client.get(&dearest()).expect(200);
    // Two owners hold both places, as those do whose searches run.
    let held = [1, 2].map(|owner| world.app.search_queue.reserve(owner).unwrap());
    let refused = client.get(&dearest()).expect(503);
    assert!(refused.problem() == "unavailable" && refused.header("retry-after").is_some(), "{}", refused.body);
    assert!(refused.text("/detail").contains("for less at once"), "{}", refused.body);
    client.get(PLAIN).expect(200);
    let words = "a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u+v+w+x+y+z";
    client.page(&format!("/search?q={words}")).expect(503);
    client.page("/search?q=ball+valve").expect(200);
    drop(held);
    client.get(&dearest()).expect(200);
    client.page(&format!("/search?q={words}")).expect(200);
}
