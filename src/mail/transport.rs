//! The transports: a mail server, files, memory.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};

use super::email::Email;
use super::fault::SendFault;
use super::render;
use super::rules::fault_of;
use crate::config::{Config, MailTransport, Smtp, SmtpTls};
use crate::error::{FieldCode, Problem, Result};

/// Sends e-mails.
pub struct Mailer {
    from: Mailbox,
    site: String,
    domain: String,
    transport: Transport,
}

enum Transport {
    Smtp(Box<SmtpTransport>),
    File(PathBuf),
    Memory(Mutex<Vec<SentEmail>>),
}

/// An e-mail that the memory transport kept.
#[derive(Clone, Debug)]
pub struct SentEmail {
    /// The recipient's address.
    pub to: String,
    /// The e-mail.
    pub email: Email,
    /// The whole message as it would have gone over the wire.
    pub raw: Vec<u8>,
}

impl Mailer {
    /// The mailer that the configuration asks for.
    pub fn new(config: &Config) -> Result<Self> {
        let from = config.mail.from.parse().map_err(|_| {
            Problem::invalid_field(
                "/mail/from",
                FieldCode::Format,
                "must be an address like Tradepost <no-reply@example.com>",
            )
        })?;
        let transport = match config.mail.transport {
            MailTransport::Smtp => Transport::Smtp(Box::new(smtp(&config.mail.smtp)?)),
            MailTransport::File => Transport::File(config.data.join("mail")),
            MailTransport::Memory => Transport::Memory(Mutex::default()),
        };
        Ok(Self { from, site: config.server.public_url.clone(), domain: config.mail.domain.clone(), transport })
    }

    /// The domain of Message-IDs.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Sends one e-mail and waits for the server's word.
    pub fn send(&self, email: &Email) -> std::result::Result<(), SendFault> {
        let message = render::message(email, &self.from, &self.site)?;
        match &self.transport {
            Transport::Smtp(transport) => transport.send(&message).map(|_| ()).map_err(|error| fault(&error, email)),
            Transport::File(folder) => write_eml(folder, email, &message.formatted()),
            Transport::Memory(kept) => {
                let sent = SentEmail { to: email.to_address.clone(), email: email.clone(), raw: message.formatted() };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
                Ok(())
            }
        }
    }

    /// Tests the transport as far as it goes without an e-mail: to a mail server with TLS and sign-in. Answers what is there, or why not.
    pub fn probe(&self) -> std::result::Result<&'static str, String> {
        match &self.transport {
            Transport::Smtp(transport) => match transport.test_connection() {
                Ok(true) => Ok("the mail server answers"),
                Ok(false) => Err("the mail server hangs up".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            Transport::File(folder) => match std::fs::create_dir_all(folder) {
                Ok(()) => Ok("e-mails are files in the data folder"),
                Err(error) => Err(error.to_string()),
            },
            Transport::Memory(_) => Ok("e-mails are kept in memory"),
        }
    }

    /// The e-mails that the memory transport kept, oldest first; empty for the other transports.
    pub fn sent(&self) -> Vec<SentEmail> {
        match &self.transport {
            Transport::Memory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Transport::Smtp(_) | Transport::File(_) => Vec::new(),
        }
    }
}

/// What the conversation ended with. Servers like to repeat the address, which belongs into no log and no job.
fn fault(error: &lettre::transport::smtp::Error, email: &Email) -> SendFault {
    let text = format!("SMTP: {error}").replace(&email.to_address, "<address>");
    match error.status() {
        Some(code) => fault_of(code.into(), text),
        // No answer says nothing about the address: a dead network must not suppress anybody.
        None => SendFault::Temporary(text),
    }
}

fn smtp(settings: &Smtp) -> Result<SmtpTransport> {
    let tls = || TlsParameters::new(settings.host.clone()).map_err(|error| Problem::internal(error).during("SMTP TLS"));
    let tls = match settings.tls {
        // Required and not opportunistic: whoever strips STARTTLS from the greeting would read every link.
        SmtpTls::Starttls => Tls::Required(tls()?),
        SmtpTls::Implicit => Tls::Wrapper(tls()?),
        SmtpTls::None => Tls::None,
    };
    // Idle connections are closed before a usual server's own limit, so that none is found dead in the middle of an e-mail.
    let pool = PoolConfig::new().max_size(settings.connections).idle_timeout(Duration::from_secs(20));
    // The safe builders decide port and TLS by themselves; here the configuration has decided both, above.
    let mut builder = SmtpTransport::builder_dangerous(&settings.host)
        .port(settings.port)
        .tls(tls)
        .timeout(Some(Duration::from_millis(settings.timeout_ms)))
        .pool_config(pool);
    if !settings.username.is_empty() {
        builder = builder.credentials(Credentials::new(settings.username.clone(), settings.password.clone()));
    }
    Ok(builder.build())
}

/// One file an e-mail, named by its Message-ID: sent twice it is still one file.
fn write_eml(folder: &std::path::Path, email: &Email, raw: &[u8]) -> std::result::Result<(), SendFault> {
    let name: String = email
        .message_id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    // Written beside and renamed: who watches the folder never reads half an e-mail.
    let part = folder.join(format!("{name}.part"));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&part, raw))
        .and_then(|()| std::fs::rename(&part, folder.join(format!("{name}.eml"))))
        .map_err(|error| SendFault::Temporary(format!("mail folder: {error}")))
}
