//! `tradepost admin`: what only the operator can do with people and keys.

use clap::Subcommand;

use super::options::Global;
use super::print::print_line;
use crate::accounts::actions::{self, NewApiKey, NewInvitee};
use crate::accounts::{User, rules::parse_permissions};
use crate::actor::{Actor, Role};
use crate::app::App;
use crate::companies::{self, CompanyFields};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, UserId};
use crate::locale::{Language, text};

/// What to do.
#[derive(Subcommand)]
pub enum Admin {
    /// Make an API key for a company and print only the key.
    Key {
        /// The company by id, ref or exact name.
        company: String,
        /// What the key may do, like rfqs:read,rfqs:write.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// What it is for.
        #[arg(long, default_value = "made by the operator")]
        name: String,
    },
    /// Invite somebody into a company by an e-mail, which a running server or worker sends.
    Invite {
        /// The company by id, ref or exact name.
        company: String,
        /// Their address.
        email: String,
        /// owner, trader or viewer.
        #[arg(long, default_value = "owner")]
        role: String,
    },
    /// Remove somebody's second factor, who lost the authenticator and the recovery codes: make sure that it is them. Their sessions end,
    /// and they are notified.
    RemoveSecondFactor {
        /// Their address.
        email: String,
    },
    /// Make a person who can sign in, as a member of a company; prints the password that was made for them.
    Create {
        /// Their address.
        email: String,
        /// The company by id, ref or exact name.
        #[arg(long)]
        company: String,
        /// The country of a company that is to be made, like NL; without it there has to be one of that name.
        #[arg(long)]
        country: Option<String>,
        /// owner, trader or viewer.
        #[arg(long, default_value = "owner")]
        role: String,
        /// Their name; the address without it.
        #[arg(long)]
        name: Option<String>,
        /// Make them a moderator of the platform too.
        #[arg(long)]
        moderator: bool,
    },
}

pub(super) fn run(global: &Global, admin: &Admin) -> Result<()> {
    let app = global.app()?;
    match admin {
        Admin::Key { company, scopes, name } => {
            let company = companies::actions::find_named(&app, company)?;
            let permissions = parse_permissions(scopes)?;
            let new = NewApiKey { name: name.clone(), permissions, origins: Vec::new(), expires_at: None };
            let made = actions::create_key_for(&app, &Actor::Operator, company, &new)?;
            print_line(&made.secret.ok_or_else(|| Problem::internal("the key has no secret"))?);
        }
        Admin::Invite { company, email, role } => {
            let company = companies::actions::find_named(&app, company)?;
            let new = NewInvitee { email: email.clone(), role: parse_role(role)? };
            let invitation = actions::invite_for(&app, &Actor::Operator, company, &new)?;
            print_line(&format!("{invitation}: the e-mail goes out with the next run of a server's or worker's jobs"));
        }
        Admin::RemoveSecondFactor { email } => {
            actions::remove_second_factor_of(&app, &Actor::Operator, email)?;
            print_line("removed: the password alone signs them in");
        }
        Admin::Create { email, company, country, role, name, moderator } => {
            let company = find_or_make(&app, company, country.as_deref())?;
            let role = parse_role(role)?;
            let name = name.clone().unwrap_or_else(|| email.clone());
            let person = User { id: UserId(0), email: email.clone(), name, moderator: *moderator };
            let password = crate::secrets::random_token()[..20].to_owned();
            actions::add_member(&app, &Actor::Operator, company, &person, &password, role)?;
            print_line(&password);
        }
    }
    Ok(())
}

/// The company of that name; where there is none and a country is given, a new one.
fn find_or_make(app: &App, name: &str, country: Option<&str>) -> Result<CompanyId> {
    let found = companies::actions::find_named(app, name);
    let is_missing = matches!(&found, Err(problem) if problem.code == Code::NotFound);
    if !is_missing {
        return found;
    }
    let Some(country) = country else {
        return Err(Problem::new(Code::NotFound, text(Language::English, "accounts-new-company-needs-country")));
    };
    let country = country
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Problem::invalid_field("/country", FieldCode::UnknownValue, "must be a country like NL"))?;
    let mut fields = CompanyFields::new(name, country);
    fields.check()?;
    app.db.write(|tx| companies::actions::register(tx, &fields, None))
}

fn parse_role(role: &str) -> Result<Role> {
    Role::parse(role)
        .ok_or_else(|| Problem::invalid_field("/role", FieldCode::UnknownValue, "must be owner, trader or viewer"))
}
