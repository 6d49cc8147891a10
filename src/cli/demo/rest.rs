//! A small client of the REST API, as an integrator would write one.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::error::{Problem, Result};

/// A caller with an API key, or nobody.
#[derive(Clone)]
pub(super) struct Caller {
    base: String,
    key: Option<String>,
    agent: ureq::Agent,
}

impl Caller {
    /// A caller of the site `base`.
    pub fn new(base: &str, key: Option<&str>) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { base: format!("{base}/api/v1"), key: key.map(str::to_owned), agent }
    }

    /// GET; anything but 200 fails the demo.
    pub fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = match &self.key {
            Some(key) => request.header("authorization", format!("Bearer {key}")),
            None => request,
        };
        read("GET", path, request.call())
    }

    /// POST; anything but 200 and 201 fails the demo.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = match &self.key {
            Some(key) => request.header("authorization", format!("Bearer {key}")),
            None => request,
        };
        read("POST", path, request.send_json(body))
    }

    /// POST of a file; anything but 201 fails the demo.
    pub fn upload(&self, path: &str, file: &str) -> Result<Value> {
        let request =
            self.agent.post(format!("{}{path}", self.base)).header("content-type", "application/octet-stream");
        let request = match &self.key {
            Some(key) => request.header("authorization", format!("Bearer {key}")),
            None => request,
        };
        read("POST", path, request.send(file))
    }

    /// GETs until the answer satisfies, at most 20 seconds; answers it and how long it took.
    pub fn get_until(&self, path: &str, satisfies: impl Fn(&Value) -> bool) -> Result<(Value, Duration)> {
        let start = Instant::now();
        loop {
            let answer = self.get(path)?;
            if satisfies(&answer) {
                return Ok((answer, start.elapsed()));
            }
            if start.elapsed() > Duration::from_secs(20) {
                return Err(Problem::internal(format!("GET {path} did not come to what was expected in 20 s")));
            }
            // Jobs and the index follow on their own; an integrator would poll or take a webhook.
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

fn read(
    method: &str,
    path: &str,
    answer: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Value> {
    let fault = |error: &dyn std::fmt::Display| Problem::internal(format!("{method} {path}: {error}"));
    let mut answer = answer.map_err(|error| fault(&error))?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().map_err(|error| fault(&error))?;
    if !matches!(status, 200 | 201) {
        return Err(fault(&format!("{status} {text}")));
    }
    serde_json::from_str(&text).map_err(|error| fault(&error))
}

/// The text at a JSON pointer; empty when there is none.
pub(super) fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The items at a JSON pointer.
pub(super) fn items<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The money at a JSON pointer as people write it: `USD 4350`; `None` when there is none.
pub(super) fn money(value: &Value, pointer: &str) -> Option<String> {
    let money = value.pointer(pointer).filter(|money| money.is_object())?;
    Some(format!("{} {}", text(money, "/currency"), number(money, "/amount")))
}

/// The decimal at a JSON pointer without needless zeros.
pub(super) fn number(value: &Value, pointer: &str) -> String {
    let text = text(value, pointer);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
