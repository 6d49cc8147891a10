//! `tradepost openapi`: the document of the REST API.

use super::print::print_line;
use crate::error::{Problem, Result};
use crate::web::routes;

pub(super) fn print() -> Result<()> {
    let json = serde_json::to_string_pretty(&routes::openapi()?);
    let json = json.map_err(|error| Problem::internal(error).during("OpenAPI"))?;
    print_line(&json);
    Ok(())
}
