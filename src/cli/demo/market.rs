//! The sample market: companies, listings and RFQs as `tradepost load` loads them, past trade, and the users of the story.

use std::collections::HashMap;

use serde_json::Value;

use crate::accounts::User;
use crate::accounts::actions::{NewApiKey, add_member, create_key_for};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::cli::load::{Load, load_file};
use crate::cli::print::{print_line, print_status};
use crate::companies::{
    CompanyFields, Form, Verification,
    actions::find_named,
    evidence::{EvidenceKind, Facts, actions::record},
    loading::{Loaded, upsert_loaded},
};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, UserId};
use crate::partnerships::loading::{load_line, read_line};
use crate::reference::codes::Country;
use crate::statistics::jobs::make_release;
use crate::wire;

const MARKET: &str = include_str!("market.ndjson");
const TRADE: &str = include_str!("trade.ndjson");
/// The password of all demo users. The demo listens on this machine only.
const PASSWORD: &str = "three calm harbours";
/// The months up to which the releases of the sample market's statistics go, one after the other.
const RELEASED: [&str; 2] = ["2026-09", "2026-10"];
/// The story of the trade.
pub(super) const STORY: &str = include_str!("story.json");

/// A user of the story.
struct SignIn {
    email: String,
    role: String,
}

/// The users who can sign in, and the companies with an API key each.
pub(super) struct Cast {
    people: Vec<SignIn>,
    companies: HashMap<String, (CompanyId, String)>,
}

impl Cast {
    /// The id and the API key of a company, by its ref.
    pub fn company(&self, reference: &str) -> Result<&(CompanyId, String)> {
        self.companies.get(reference).ok_or_else(|| Problem::internal(format!("{reference} is not in the cast")))
    }

    /// Prints the sign-ins.
    pub fn show_sign_ins(&self, site: &str) {
        print_line(&format!("\nThe site is at {site} and the API at {site}/api/docs/. Sign in as:"));
        for person in &self.people {
            print_line(&format!("  {:28} {:12} password: {}", person.email, person.role, PASSWORD));
        }
        print_line("Press Ctrl+C to end.");
    }
}

/// Loads everything into an empty database.
pub(super) fn load(app: &App) -> Result<Cast> {
    let file = app.config.data.join("market.ndjson");
    std::fs::write(&file, MARKET).map_err(|error| Problem::internal(format!("{}: {error}", file.display())))?;
    let load = Load { file, publish: true, ..Load::default() };
    let counts = load_file(app, &load, |line, problem| print_status(&format!("market line {line}: {problem}")))?;
    let trade = load_trade(app)?;
    let identified = identify(app)?;
    if counts.refused > 0 {
        return Err(Problem::internal(format!("{} lines of the sample market were refused", counts.refused)));
    }
    print_line(&format!("{} companies, listings and RFQs, {} past partnerships and trade records", counts.made, trade));
    print_line(&format!("{identified} companies are identified by their register entries"));
    for period in RELEASED {
        let period = period.parse().map_err(|message: &str| Problem::internal(message))?;
        let release = make_release(app, Some(period))?;
        print_line(&format!("statistics: release {} covers the months up to {}", release.number, release.covers));
    }
    gather_cast(app)
}

/// Loads the past trade; answers how many partnerships and records.
fn load_trade(app: &App) -> Result<usize> {
    let mut count = 0;
    for (number, line) in TRADE.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let loaded =
            wire::parse(line.as_bytes()).and_then(read_line).and_then(|line| load_line(app, &Actor::Operator, &line));
        loaded.map_err(|problem| Problem::internal(format!("trade line {}: {problem}", number + 1)))?;
        count += 1;
    }
    Ok(count)
}

/// Records a register entry for every company that trades, as a moderator would who looked it up; answers how many are identified by it. Those
/// that do not trade are left for the moderator of the story.
fn identify(app: &App) -> Result<usize> {
    let mut identified = 0;
    for line in MARKET.lines().filter(|line| line.starts_with(r#"{"type":"company""#)) {
        let company: Value = serde_json::from_str(line).map_err(Problem::internal)?;
        let named = company["ref"].as_str().unwrap_or_default();
        if !TRADE.contains(&format!("\"{named}\"")) {
            continue;
        }
        let facts = Facts {
            issuer: "Register of the sample market".to_owned(),
            entry: company["identifiers"][0]["value"].as_str().map(str::to_owned),
            dated: Some(app.clock.today()),
            ..Facts::default()
        };
        let id = find_named(app, named)?;
        let level = app.db.write(|tx| record(tx, id, EvidenceKind::Register, &facts, None))?;
        identified += usize::from(level >= Verification::Identified);
    }
    Ok(identified)
}

fn gather_cast(app: &App) -> Result<Cast> {
    let story: Value = serde_json::from_str(STORY).map_err(Problem::internal)?;
    let mut cast = Cast { people: Vec::new(), companies: HashMap::new() };
    for person in story["persons"].as_array().into_iter().flatten() {
        let field = |name: &str| person[name].as_str().unwrap_or_default().to_owned();
        let moderator = field("role") == "moderator";
        let company = if moderator { house(app)? } else { find_named(app, &field("company"))? };
        let email = format!("{}@{}", field("email_local"), field("email_domain"));
        let new = User { id: UserId(0), email: email.clone(), name: field("display_name"), moderator };
        add_member(app, &Actor::Operator, company, &new, PASSWORD, Role::Owner)?;
        if !moderator {
            let key = NewApiKey {
                name: "demo".to_owned(),
                permissions: Permission::ALL.iter().map(|(permission, _)| *permission).collect(),
                origins: Vec::new(),
                expires_at: None,
            };
            let secret = create_key_for(app, &Actor::Operator, company, &key)?.secret.unwrap_or_default();
            cast.companies.insert(field("company"), (company, secret));
        }
        let role = if field("key") == "buyer" {
            "buyer"
        } else if moderator {
            "moderator"
        } else {
            "supplier"
        };
        cast.people.push(SignIn { email, role: role.to_owned() });
    }
    Ok(cast)
}

/// The platform's own company, which the moderator is a member of.
fn house(app: &App) -> Result<CompanyId> {
    let country: Country = "NL".parse().map_err(Problem::internal)?;
    let fields = CompanyFields { form: Form::Service, ..CompanyFields::new("Tradepost Moderation", country) };
    app.db.write(|tx| upsert_loaded(tx, "tradepost-moderation", &fields).map(Loaded::id))
}
