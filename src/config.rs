//! The configuration: compiled-in defaults, a file, environment variables; an unknown key is an error.
//!
//! `config/default.toml` documents every key and is the reference. `TRADEPOST_ENV=production` chooses `production.toml` in place
//! of `development.toml` and turns the refusals on that a real platform needs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::address::TrustedProxies;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::logging;
use crate::passwords;
use crate::secrets::Secrets;

mod engine;

pub use engine::Engine;
pub use limits::Limits;

const DEFAULT: &str = include_str!("../config/default.toml");
const DEVELOPMENT: &str = include_str!("../config/development.toml");
const PRODUCTION: &str = include_str!("../config/production.toml");

/// What the command line adds to the configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The data folder.
    pub data: PathBuf,
    /// A configuration file.
    pub file: Option<PathBuf>,
    /// The database's URL.
    pub database: Option<String>,
    /// `ADDR:PORT` to listen on.
    pub listen: Option<String>,
    /// `ADDR:PORT` on which `/metrics` is.
    pub metrics_listen: Option<String>,
}

/// The whole configuration; see `config/default.toml` for every key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct Config {
    pub operator: Operator,
    pub server: Server,
    pub database: Database,
    pub secrets: SecretKeys,
    pub mail: Mail,
    pub blobs: Blobs,
    pub search: Search,
    pub workers: Workers,
    pub exports: Exports,
    pub webhooks: Webhooks,
    pub matching: Matching,
    pub statistics: Statistics,
    pub limits: Limits,
    pub log: Log,
    /// The data folder.
    #[serde(skip)]
    pub data: PathBuf,
    /// Whether this is production.
    #[serde(skip)]
    pub production: bool,
    /// What was left empty and follows from the address that the server listens on.
    #[serde(skip)]
    derived: Derived,
}

/// Which settings were left to follow from the address that the server listens on.
#[derive(Clone, Copy, Debug, Default)]
struct Derived {
    public_url: bool,
    mail_domain: bool,
}

macro_rules! section {
    ($name:ident { $($key:ident: $kind:ty),* $(,)? }) => {
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "every key is documented in config/default.toml")]
        pub struct $name { $(pub $key: $kind,)* }
    };
}

mod limits;

section!(Server {
    listen: String,
    metrics_listen: String,
    public_url: String,
    threads: usize,
    trusted_proxies: TrustedProxies
});
section!(Operator { imprint: String, privacy: String, terms: String, contact: String });

impl Operator {
    /// The pages that the operator has filled in: their names, and the files with their texts.
    pub fn provided(&self) -> Vec<(&'static str, &Path)> {
        let Self { imprint, privacy, terms, contact } = self;
        let all = [("imprint", imprint), ("privacy", privacy), ("terms", terms), ("contact", contact)];
        all.into_iter().filter(|(_, file)| !file.is_empty()).map(|(name, file)| (name, Path::new(file))).collect()
    }
}

section!(Log { format: logging::Format, requests: RequestLog });
section!(Database { url: String, connections: u32, wait_ms: u64 });
section!(Mail { transport: MailTransport, from: String, domain: String, smtp: Smtp, inbound: Inbound });

/// How replies by e-mail come in; never printed, for it holds a secret.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct Inbound {
    pub address: String,
    pub secret: String,
    pub secret_file: String,
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbound").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Inbound {
    /// The shortest secret, in characters.
    pub const LEAST_SECRET: usize = 16;
    /// The longest part before the `@`: what makes it a reply address takes 49 characters of 64.
    const MOST_LOCAL: usize = 15;

    /// The parts of the address before and behind the `@`; none where replies are not taken in.
    pub fn parts(&self) -> Option<(&str, &str)> {
        self.address.split_once('@')
    }

    fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.address.is_empty() {
            return None;
        }
        let fits = |(local, domain): (&str, &str)| {
            (1..=Self::MOST_LOCAL).contains(&local.len()) && !domain.is_empty() && self.address.is_ascii()
        };
        if !self.parts().is_some_and(fits) {
            return Some(("/mail/inbound/address", "must be an address of at most 15 ASCII characters before the @"));
        }
        let is_short = self.secret.len() < Self::LEAST_SECRET;
        is_short.then_some(("/mail/inbound/secret", "or secret_file must have at least 16 characters"))
    }
}
section!(Smtp {
    host: String,
    port: u16,
    tls: SmtpTls,
    username: String,
    password: String,
    password_file: String,
    timeout_ms: u64,
    connections: u32
});
section!(Blobs { folder: String });
section!(Search { writer_mib: usize, commit_every_ms: u64, batch: i64, most_lag_s: i64, check_every_h: u64 });
section!(Workers {
    threads: usize,
    poll_ms: u64,
    lease_s: i64,
    per_destination: usize,
    max_attempts: i32,
    keep_days: i64
});
section!(Exports { keep_days: i64 });
section!(Webhooks { private_addresses: bool, in_flight: usize });
section!(Matching {
    most: usize,
    most_notified: usize,
    least_probability: f64,
    least_notified: f64,
    log_odds_at_zero: f64,
    log_odds_slope: f64
});
section!(Statistics { release_day: u32, min_companies: usize, p_percent: u8 });

/// The secret keys; never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct SecretKeys {
    pub key: String,
    pub key_file: String,
    pub previous_key: String,
    pub previous_key_file: String,
}

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKeys(..)")
    }
}

/// Which requests get a line in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestLog {
    /// Every one.
    All,
    /// Those that failed by a fault of ours (5xx).
    Failures,
    /// None.
    None,
}

/// Where mails go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// To a mail server.
    Smtp,
    /// Into the folder `mail` of the data folder, one `.eml` each.
    File,
    /// Into memory, for tests.
    Memory,
}

/// How the conversation with the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// STARTTLS, required.
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// Not at all; development only.
    None,
}

impl Config {
    /// Reads all sources, checks them and fills in what is derived.
    pub fn load(overrides: &Overrides) -> Result<Self> {
        let production = std::env::var("TRADEPOST_ENV").is_ok_and(|value| value == "production");
        let text = |text: &str| config::File::from_str(text, config::FileFormat::Toml);
        let mut sources = config::Config::builder().add_source(text(DEFAULT)).add_source(text(if production {
            PRODUCTION
        } else {
            DEVELOPMENT
        }));
        if let Some(file) = &overrides.file {
            sources = sources.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
        }
        let env =
            config::Environment::with_prefix("TRADEPOST").prefix_separator("__").separator("__").try_parsing(true);
        let loaded = sources.add_source(env).build().and_then(config::Config::try_deserialize);
        let mut config: Self =
            loaded.map_err(|error| Problem::invalid_field("/configuration", FieldCode::Format, error.to_string()))?;
        config.apply(overrides, production);
        let smtp = &mut config.mail.smtp;
        smtp.password = read_secret(&smtp.password, &smtp.password_file)?;
        let inbound = &mut config.mail.inbound;
        inbound.secret = read_secret(&inbound.secret, &inbound.secret_file)?;
        config.check()?;
        Ok(config)
    }

    fn apply(&mut self, overrides: &Overrides, production: bool) {
        self.data.clone_from(&overrides.data);
        self.production = production;
        if let Some(url) = &overrides.database {
            self.database.url.clone_from(url);
        }
        if self.database.url.is_empty() {
            self.database.url = format!("sqlite://{}", self.data.join("tradepost.sqlite").display());
        }
        if let Some(listen) = &overrides.listen {
            self.server.listen.clone_from(listen);
        }
        if let Some(listen) = &overrides.metrics_listen {
            self.server.metrics_listen.clone_from(listen);
        }
        while self.server.public_url.ends_with('/') {
            self.server.public_url.pop();
        }
        self.derived =
            Derived { public_url: self.server.public_url.is_empty(), mail_domain: self.mail.domain.is_empty() };
        // Commands that do not listen (`worker`, `admin`) name the address that the server was configured to listen on.
        let listen = self.server.listen.clone();
        match listen.parse() {
            Ok(address) => self.listen_on(address),
            Err(_) => self.derive_from(&listen),
        }
    }

    /// Names the address that the server really listens on in everything that was not configured: links, problem types, the origin of
    /// forms, the domain of Message-IDs. Before the listener is bound, port 0 and an overridden `listen` would be named wrongly.
    pub fn listen_on(&mut self, address: SocketAddr) {
        // The wildcard address is one to listen on, not one to visit.
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        self.derive_from(&SocketAddr::new(ip, address.port()).to_string());
    }

    fn derive_from(&mut self, authority: &str) {
        if self.derived.public_url {
            self.server.public_url = format!("http://{authority}");
        }
        if self.derived.mail_domain {
            let url = url::Url::parse(&self.server.public_url).ok();
            self.mail.domain = url.as_ref().and_then(url::Url::host_str).unwrap_or("localhost").to_owned();
        }
    }

    fn check(&self) -> Result<()> {
        let mut wrong = Vec::new();
        let mut refuse =
            |pointer: &str, message: &str| wrong.push(FieldError::new(pointer, FieldCode::Format, message));
        if !self.server.public_url.starts_with("http://") && !self.server.public_url.starts_with("https://") {
            refuse("/server/public_url", "must begin with http:// or https://");
        }
        for (name, file) in self.operator.provided() {
            if std::fs::read_to_string(file).is_err() {
                refuse(&format!("/operator/{name}"), "must be a text file in UTF-8 that can be read");
            }
        }
        if self.mail.transport == MailTransport::Smtp && self.mail.smtp.host.is_empty() {
            refuse("/mail/smtp/host", "is required where mail.transport is smtp");
        }
        if let Some((pointer, message)) = self.mail.inbound.fault() {
            refuse(pointer, message);
        }
        if self.limits.password_memory_kib < passwords::LEAST_MEMORY_KIB {
            refuse("/limits/password_memory_kib", &format!("must be at least {}", passwords::LEAST_MEMORY_KIB));
        }
        for (pointer, message) in self.limits.faults() {
            refuse(pointer, message);
        }
        if !(1..=365).contains(&self.exports.keep_days) {
            refuse("/exports/keep_days", "must be 1 to 365");
        }
        if !(1..=28).contains(&self.statistics.release_day) {
            refuse("/statistics/release_day", "must be a day that every month has: 1 to 28");
        }
        if self.statistics.min_companies < 3 {
            refuse(
                "/statistics/min_companies",
                "must be at least 3: of two companies, each could compute the other's trade",
            );
        }
        if !(1..=100).contains(&self.statistics.p_percent) {
            refuse("/statistics/p_percent", "must be 1 to 100");
        }
        if self.production {
            if !self.server.public_url.starts_with("https://") {
                refuse("/server/public_url", "must begin with https:// in production");
            }
            // A key in the data folder would be another one on every node.
            match read_secret(&self.secrets.key, &self.secrets.key_file) {
                Ok(key) if key.len() >= Secrets::LEAST_LEN => {}
                Ok(_) => refuse("/secrets/key", "or key_file must have at least 32 characters in production"),
                Err(problem) => refuse("/secrets/key_file", &format!("must be readable: {}", problem.detail)),
            }
            if self.mail.transport != MailTransport::Smtp || self.mail.smtp.tls == SmtpTls::None {
                refuse("/mail/transport", "must be smtp, with TLS, in production");
            }
            if self.webhooks.private_addresses {
                refuse("/webhooks/private_addresses", "must be false in production");
            }
            if !self.limits.enabled {
                refuse("/limits/enabled", "must be true in production");
            }
            for name in self.limits.turned_off() {
                refuse(
                    &format!("/limits/{name}"),
                    "must not be 0 in production: without it one caller can take everything",
                );
            }
            if u64::from(self.limits.connections_per_address) > self.limits.connections as u64 / 5 {
                refuse("/limits/connections_per_address", "must be at most a fifth of connections in production");
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
    }

    /// The database that the URL names.
    pub fn engine(&self) -> Result<Engine> {
        Engine::from_url(&self.database.url)
    }

    /// Where uploaded files lie.
    pub fn blobs_folder(&self) -> PathBuf {
        match self.blobs.folder.as_str() {
            "" => self.data.join("blobs"),
            named => PathBuf::from(named),
        }
    }

    /// Whether the site is reached by https, so that cookies are `__Host-` ones.
    pub fn is_https(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }

    /// The file that the secret key is read from; none where the key itself is configured.
    pub fn secret_file(&self) -> Option<PathBuf> {
        match (self.secrets.key.as_str(), self.secrets.key_file.as_str()) {
            ("", "") => Some(self.data.join("secret_key")),
            ("", file) => Some(PathBuf::from(file)),
            _ => None,
        }
    }

    /// The configured secrets, or those of the file `secret_key` in the data folder, which is made when it is absent.
    pub fn secrets(&self) -> Result<Secrets> {
        let previous = read_secret(&self.secrets.previous_key, &self.secrets.previous_key_file)?;
        let key = match self.secret_file() {
            Some(file) if self.secrets.key_file.is_empty() && !file.exists() => make_secret_key(&file)?,
            Some(file) => read_secret("", &file.to_string_lossy())?,
            None => self.secrets.key.clone(),
        };
        Secrets::new(&key, &previous)
    }
}

/// The secret itself where it is configured, otherwise what the file holds; a file that is named must be there.
fn read_secret(secret: &str, file: &str) -> Result<String> {
    if !secret.is_empty() || file.is_empty() {
        return Ok(secret.to_owned());
    }
    let read = std::fs::read_to_string(file).map_err(|error| Problem::conflict(format!("{file}: {error}")));
    read.map(|text| text.trim().to_owned())
}

/// Makes the file, or reads the one that another process made at the same moment: written aside and linked into its place, it is
/// there in full or not at all.
fn make_secret_key(file: &Path) -> Result<String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let fault = |error: std::io::Error| Problem::internal(format!("{}: {error}", file.display()));
    let key = crate::secrets::random_token();
    let aside = file.with_extension(std::process::id().to_string());
    let place = || -> std::io::Result<()> {
        let mut out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        out.write_all(key.as_bytes())?;
        out.sync_all()?;
        std::fs::hard_link(&aside, file)
    };
    let placed = place();
    let _ = std::fs::remove_file(&aside);
    match placed {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(fault(error)),
        _ => std::fs::read_to_string(file).map_err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_load_and_an_unknown_key_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let overrides = Overrides { data: dir.path().to_owned(), ..Overrides::default() };
        let config = Config::load(&overrides).unwrap();
        assert!(config.database.url.ends_with("/tradepost.sqlite"));
        assert_eq!(config.server.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.mail.domain, "127.0.0.1");
        let file = dir.path().join("t.toml");
        std::fs::write(&file, "[limits]\nper_kei_minute = 3\n").unwrap();
        let problem = Config::load(&Overrides { file: Some(file), ..overrides }).unwrap_err();
        assert!(problem.detail.contains("per_kei_minute"), "{problem}");
    }

    #[test]
    fn without_a_public_url_the_address_listened_on_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let load = |listen: &str, settings: &str| {
            let file = dir.path().join("t.toml");
            std::fs::write(&file, settings).unwrap();
            let (data, listen) = (dir.path().to_owned(), Some(listen.to_owned()));
            Config::load(&Overrides { data, listen, file: Some(file), ..Overrides::default() }).unwrap()
        };
        let named = |config: &Config| (config.server.public_url.clone(), config.mail.domain.clone());
        let of = |url: &str, domain: &str| (url.to_owned(), domain.to_owned());
        assert_eq!(named(&load("127.0.0.1:8091", "")), of("http://127.0.0.1:8091", "127.0.0.1"));
        assert_eq!(named(&load("0.0.0.0:80", "")), of("http://127.0.0.1:80", "127.0.0.1"));
        assert_eq!(named(&load("[::]:8091", "")), of("http://[::1]:8091", "[::1]"));
        assert_eq!(named(&load("localhost:8091", "")), of("http://localhost:8091", "localhost"));
        let mut config = load("127.0.0.1:0", "");
        config.listen_on("127.0.0.1:41234".parse().unwrap());
        assert_eq!(named(&config), of("http://127.0.0.1:41234", "127.0.0.1"));
        let mut config = load("127.0.0.1:0", "[server]\npublic_url = \"https://trade.example/\"\n");
        config.listen_on("127.0.0.1:41234".parse().unwrap());
        assert_eq!(named(&config), of("https://trade.example", "trade.example"));
    }

    #[test]
    fn a_secret_key_is_made_once_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(&Overrides { data: dir.path().to_owned(), ..Overrides::default() }).unwrap();
        config.secrets().unwrap();
        let file = dir.path().join("secret_key");
        let made = std::fs::read_to_string(&file).unwrap();
        config.secrets().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), made);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
