//! What the platform said that it had done, and the callers it said it to.
//!
//! A caller notes what it asks for before it asks: until the answer comes the thing may be in the old state or in the new one;
//! once it is acknowledged, only in the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::Scope;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tradepost::ids::{ListingId, RfqId};
use tradepost::store::Entity;
use ureq::Agent;

use super::site::Site;
use crate::support::{market, wait_at_most};

type States = BTreeSet<&'static str>;

/// What was acknowledged, and what went wrong.
#[derive(Default)]
pub struct Ledger {
    states: Mutex<BTreeMap<(Entity, i64), States>>,
    /// Answers that nobody should have got.
    unexpected: Mutex<Vec<String>>,
    refusals: Mutex<Vec<Instant>>,
    steps: AtomicUsize,
    stopped: AtomicBool,
}

impl Ledger {
    /// The states in which each thing may be.
    pub fn states(&self) -> BTreeMap<(Entity, i64), States> {
        self.states.lock().unwrap().clone()
    }

    /// Answers other than the wanted ones and 503.
    pub fn unexpected(&self) -> Vec<String> {
        self.unexpected.lock().unwrap().clone()
    }

    /// When callers were told 503.
    pub fn refusals(&self) -> Vec<Instant> {
        self.refusals.lock().unwrap().clone()
    }

    /// How many steps were acknowledged.
    pub fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    /// Waits until so many further steps were acknowledged; answers how long that took.
    #[track_caller]
    pub fn await_steps(&self, steps: usize, most: Duration) -> Duration {
        let goal = self.steps() + steps;
        wait_at_most(most, "callers to be served", || self.steps() >= goal)
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    fn intend(&self, thing: (Entity, i64), state: &'static str) {
        self.states.lock().unwrap().entry(thing).or_default().insert(state);
    }

    fn acknowledge(&self, thing: (Entity, i64), state: &'static str) {
        self.states.lock().unwrap().insert(thing, States::from([state]));
        self.steps.fetch_add(1, Ordering::SeqCst);
    }
}

/// Where callers go: each to the first address until it does not answer, then to the next.
pub struct Caller<'l> {
    ledger: &'l Ledger,
    site: &'l Site,
    agent: Agent,
    bases: Vec<String>,
    at: usize,
    name: String,
}

/// Callers at work; they end with this value, also when the test fails.
#[must_use]
pub struct Callers<'l> {
    ledger: &'l Ledger,
}

impl Drop for Callers<'_> {
    fn drop(&mut self) {
        self.ledger.stopped.store(true, Ordering::SeqCst);
    }
}

/// Starts callers that trade. What does not answer is left for the next address.
pub fn trade<'s>(
    scope: &'s Scope<'s, '_>,
    site: &'s Site,
    ledger: &'s Ledger,
    bases: &[String],
    name: &str,
    callers: usize,
) -> Callers<'s> {
    ledger.stopped.store(false, Ordering::SeqCst);
    for number in 0..callers {
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(5))).build().new_agent();
        let name = format!("{name}-{number}");
        let mut caller = Caller { ledger, site, agent, bases: bases.to_vec(), at: number % bases.len(), name };
        scope.spawn(move || {
            for round in (0..).take_while(|_| !ledger.is_stopped()) {
                // What was not acknowledged is left as it is: a caller begins anew.
                let _ = caller.trade(round);
            }
        });
    }
    Callers { ledger }
}

impl Caller<'_> {
    /// A listing and an RFQ that fits it, each through some of its life; ends at the first thing that is not acknowledged.
    fn trade(&mut self, round: usize) -> Option<()> {
        let name = format!("{}-{round}", self.name);
        let (seller, buyer) = (self.site.supplier.key.clone(), self.site.buyer.key.clone());
        let made = self.post(&seller, "/listings", &market::listing(&name))?;
        let id: ListingId = made["id"].as_str()?.parse().unwrap();
        let thing = (Entity::Listing, id.0);
        self.ledger.acknowledge(thing, "draft");
        self.step(&seller, thing, &format!("/listings/{id}/publish"), "published")?;
        if round % 4 == 3 {
            self.step(&seller, thing, &format!("/listings/{id}/pause"), "paused")?;
        }
        let made = self.post(&buyer, "/rfqs", &market::rfq(&format!("Brass ball valves DN20 {name}")))?;
        let id: RfqId = made["id"].as_str()?.parse().unwrap();
        let thing = (Entity::Rfq, id.0);
        self.ledger.acknowledge(thing, "draft");
        self.step(&buyer, thing, &format!("/rfqs/{id}/publish"), "open")?;
        if round % 2 == 1 {
            self.step(&buyer, thing, &format!("/rfqs/{id}/withdraw"), "withdrawn")?;
        }
        Some(())
    }

    fn step(&mut self, key: &str, thing: (Entity, i64), path: &str, state: &'static str) -> Option<()> {
        self.ledger.intend(thing, state);
        self.post(key, path, &json!({}))?;
        self.ledger.acknowledge(thing, state);
        Some(())
    }

    fn post(&mut self, key: &str, path: &str, body: &Value) -> Option<Value> {
        if self.ledger.is_stopped() {
            return None;
        }
        let url = format!("{}/api/v1{path}", self.bases[self.at]);
        let sent = self.agent.post(url).header("authorization", format!("Bearer {key}")).send_json(body);
        let answer = sent.ok().and_then(|mut answer| {
            let text = answer.body_mut().read_to_string().ok()?;
            Some((answer.status().as_u16(), text))
        });
        match answer {
            Some((200 | 201, text)) => return serde_json::from_str(&text).ok(),
            Some((503, _)) => self.ledger.refusals.lock().unwrap().push(Instant::now()),
            Some((status, text)) => self.ledger.unexpected.lock().unwrap().push(format!("{path}: {status} {text}")),
            None => self.at = (self.at + 1) % self.bases.len(),
        }
        // Who is refused asks again in a moment; without the pause, callers that find nobody would take the processor from who starts.
        std::thread::sleep(Duration::from_millis(20));
        None
    }
}
