//! The options that every command takes, and the configuration and application that they lead to.

use std::path::PathBuf;

use clap::Args;

use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::config::{Config, Overrides};
use crate::error::Result;
use crate::logging;

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The data folder: SQLite file, index, mail, `secret_key`.
    #[arg(long, global = true, env = "TRADEPOST_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`; without it a SQLite file in the data folder.
    #[arg(long, global = true, env = "TRADEPOST_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// A configuration file; config/default.toml in the repository documents every key.
    #[arg(long, global = true, env = "TRADEPOST_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address to listen on (serve, demo).
    #[arg(long, global = true, env = "TRADEPOST_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// The address of /metrics (serve, worker); without it there is none.
    #[arg(long, global = true, env = "TRADEPOST_METRICS_LISTEN", value_name = "ADDR:PORT")]
    pub metrics_listen: Option<String>,
}

impl Global {
    /// The configuration of this command line, with `default_data` for the data folder unless one is given.
    pub fn load(&self, default_data: &str) -> Result<Config> {
        let config = Config::load(&Overrides {
            data: self.data.clone().unwrap_or_else(|| PathBuf::from(default_data)),
            file: self.config.clone(),
            database: self.database.clone(),
            listen: self.listen.clone(),
            metrics_listen: self.metrics_listen.clone(),
        })?;
        logging::write_as(config.log.format);
        Ok(config)
    }

    /// The application for a command that writes to the database and leaves indexing to the server.
    pub fn app(&self) -> Result<App> {
        App::migrate_and_build(self.load("data")?, Clock::System, IndexPlace::Memory)
    }
}
