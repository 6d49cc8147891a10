//! Which database: what the URL in the configuration names.

use std::path::PathBuf;

use crate::error::{FieldCode, Problem, Result};

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Engine {
    /// The engine that the URL's scheme chooses.
    pub fn from_url(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(Problem::invalid_field(
            "/database/url",
            FieldCode::Format,
            "must be sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE",
        ))
    }

    /// The name of the engine, as the folder of its migrations is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}
