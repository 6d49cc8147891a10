//! The log: what the program says of itself, on standard error; lines for people, or one JSON object a line for machines.
//!
//! A line names requests and jobs by their ids and routes by their patterns; addresses, names, queries and secrets are in no line.
//! What was not written by us (an error of a library, a path) cannot begin a line of its own: control characters are escaped.
//! `RUST_LOG` chooses what is said, as `env_logger` documents it.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::SecondsFormat;
use env_logger::fmt::Formatter;
use log::Record;
use log::kv::{Error, Key, Value, VisitSource};
use serde::Deserialize;
use serde_json::{Map, json};

use crate::clock::Clock;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For people.
    Text,
    /// For machines: `time`, `level`, `target`, `message` and the fields of the line.
    Json,
}

/// The configuration is read after the first lines may have been written.
static AS_JSON: AtomicBool = AtomicBool::new(false);

/// Starts the logger; once in a process.
pub fn start() {
    let filter = env_logger::Env::default().default_filter_or("info,tantivy=warn,actix_http=off");
    env_logger::Builder::from_env(filter).format(write).init();
}

/// Writes lines in this form from now on.
pub fn write_as(format: Format) {
    AS_JSON.store(format == Format::Json, Ordering::Relaxed);
}

fn write(out: &mut Formatter, record: &Record) -> io::Result<()> {
    // By our own clock: env_logger's timestamps bring a second library of dates into every build.
    let time = Clock::System.now().to_rfc3339_opts(SecondsFormat::Micros, true);
    if AS_JSON.load(Ordering::Relaxed) {
        return writeln!(out, "{}", json_line(&time, record));
    }
    let style = out.default_level_style(record.level());
    writeln!(out, "[{time} {style}{:<5}{style:#} {}] {}", record.level(), record.target(), text_of(record))
}

fn json_line(time: &str, record: &Record) -> String {
    let mut fields = Fields(Map::new());
    let _ = record.key_values().visit(&mut fields);
    let mut line = Map::new();
    line.insert("time".to_owned(), json!(time));
    line.insert("level".to_owned(), json!(record.level().as_str()));
    line.insert("target".to_owned(), json!(record.target()));
    line.insert("message".to_owned(), json!(record.args().to_string()));
    line.extend(fields.0);
    serde_json::Value::Object(line).to_string()
}

/// The message with its fields, on one line.
fn text_of(record: &Record) -> String {
    let mut fields = Fields(Map::new());
    let _ = record.key_values().visit(&mut fields);
    let mut text = record.args().to_string();
    for (name, value) in &fields.0 {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!(" {name}={value}"));
    }
    escaped(&text)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

struct Fields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let number = value.to_i64().map(|number| json!(number)).or_else(|| value.to_f64().map(|number| json!(number)));
        self.0.insert(key.as_str().to_owned(), number.unwrap_or_else(|| json!(value.to_string())));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use log::{Level, Record};

    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_is_in_it() {
        let fields = [("route", "/rfqs/{id}"), ("note", "a\r\n[forged]")];
        let arguments = format_args!("first\nsecond");
        let record =
            Record::builder().args(arguments).level(Level::Info).target("tradepost").key_values(&fields).build();
        let text = text_of(&record);
        assert!(text.starts_with("first\\nsecond "), "{text}");
        assert!(text.contains(" note=a\\r\\n[forged]") && text.contains(" route=/rfqs/{id}"), "{text}");
        let line = json_line("2026-11-25T00:00:00Z", &record);
        assert!(!line.contains('\n'), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], "first\nsecond");
        assert_eq!(read["route"], "/rfqs/{id}");
        assert_eq!(read["level"], "INFO");
    }
}
