//! A caller of the API and of the site, over real HTTP.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

use super::contract::hold_to_contract;

/// Words of the inside: a problem that holds one says more of the implementation than of the mistake.
const INSIDE: &[&str] =
    &["tradepost::", "diesel", "actix", "serde", "panicked", ".rs:", "src/", "SELECT ", "sqlite:", "postgres:"];
const TYPES: &[&str] =
    &["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f64", "usize", "struct", "enum", "Vec", "tuple"];

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As text; what is none shows in `bytes`.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// The same answer, if it has the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The `id` of the resource.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id")
    }

    /// The text at the JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer} in {json}")).to_owned()
    }

    /// The public code of a problem, after a look at its form.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        let json = self.json();
        for member in ["type", "title", "detail", "instance", "code"] {
            assert!(json[member].is_string(), "no {member} in {json}");
        }
        assert_eq!(json["status"], self.status);
        assert_eq!(self.header("x-request-id"), json["instance"].as_str(), "{}", self.body);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let names_a_type = |word: &str| TYPES.contains(&word);
        assert!(!self.body.split(|c| !is_part(c)).any(names_a_type), "a type of Rust in {}", self.body);
        for words in INSIDE {
            assert!(!self.body.contains(words), "{words} in {}", self.body);
        }
        self.text("/code")
    }

    /// The JSON pointers of the fields that a 422 names.
    pub fn wrong_fields(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter_map(|error| error["pointer"].as_str().map(str::to_owned)).collect()
    }
}

/// Sends requests: nobody's, a company's program's, or a signed-in person's browser's.
pub struct Client {
    agent: Agent,
    base: String,
    bearer: Option<String>,
    cookies: Mutex<Vec<(String, String)>>,
}

/// A request that is being put together.
pub struct Call<'c> {
    client: &'c Client,
    method: &'c str,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Client {
    /// A caller of the server at `base`, with an API key or without.
    pub fn new(base: &str, bearer: Option<String>) -> Self {
        // The server closes a connection that is idle for five seconds: one that may be about to go is not used again.
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let config = config.max_idle_age(Duration::from_secs(3)).build();
        Self { agent: config.new_agent(), base: base.to_owned(), bearer, cookies: Mutex::default() }
    }

    /// A request of any kind to the API (`/rfqs`), or with a whole path (`/api/v1/rfqs`, `/livez`) by [`Call::at_root`].
    pub fn call<'c>(&'c self, method: &'c str, path: &str) -> Call<'c> {
        let call = self.request(method, format!("{}/api/v1{path}", self.base));
        match &self.bearer {
            Some(key) => call.header("Authorization", &format!("Bearer {key}")),
            None => call,
        }
    }

    /// The API key; none of a browser's.
    pub fn bearer(&self) -> &str {
        self.bearer.as_deref().unwrap_or_default()
    }

    /// Another caller with the same key, on connections of its own.
    pub fn another(&self) -> Self {
        Self::new(&self.base, self.bearer.clone())
    }

    /// Another caller with the same key, of the server at `base`.
    pub fn at(&self, base: &str) -> Self {
        Self::new(base, self.bearer.clone())
    }

    /// The form token of the signed-in person's session.
    pub fn token(&self) -> Option<String> {
        self.token_on("/account")
    }

    /// The token of the forms of the page.
    pub fn token_on(&self, page: &str) -> Option<String> {
        form_token(&self.page(page).body)
    }

    fn request<'c>(&'c self, method: &'c str, url: String) -> Call<'c> {
        Call { client: self, method, url, headers: Vec::new(), body: None }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send()
    }

    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path).json(body).send()
    }

    /// A merge patch of the resource as it is now.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.with_version("PATCH", path).merge_patch(body).send()
    }

    /// Deletes the resource as it is now.
    pub fn delete(&self, path: &str) -> Answer {
        self.with_version("DELETE", path).send()
    }

    fn with_version<'c>(&'c self, method: &'c str, path: &str) -> Call<'c> {
        let call = self.call(method, path);
        match self.get(path).header("etag") {
            Some(etag) => call.header("If-Match", etag),
            None => call,
        }
    }

    /// A page of the site, as the browser of the signed-in person asks for it.
    pub fn page(&self, path: &str) -> Answer {
        let answer = self.browser("GET", path).send();
        self.keep_cookie(&answer);
        answer
    }

    /// Sends a form of the site; the token is taken from the page that holds the form.
    pub fn submit(&self, form_page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = form_token(&self.page(form_page).body);
        let token = token.as_deref().map(|token| ("csrf", token));
        let body = serde_urlencoded::to_string(fields.iter().copied().chain(token).collect::<Vec<_>>()).unwrap();
        let answer = self
            .browser("POST", action)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", &self.base)
            .bytes(body.into_bytes())
            .send();
        self.keep_cookie(&answer);
        answer
    }

    /// Sends a form with files, as (field, name, bytes), the way a browser does.
    pub fn submit_files(
        &self,
        form_page: &str,
        action: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let token = form_token(&self.page(form_page).body);
        let mut body = Vec::new();
        for (name, value) in token.as_deref().map(|token| ("csrf", token)).into_iter().chain(fields.iter().copied()) {
            let head = format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(head.into_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--frontier\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--frontier--\r\n");
        let answer = self
            .browser("POST", action)
            .header("Content-Type", "multipart/form-data; boundary=frontier")
            .header("Origin", &self.base)
            .bytes(body)
            .send();
        self.keep_cookie(&answer);
        answer
    }

    /// A request to the site with the browser's cookie and nothing else.
    pub fn browser<'c>(&'c self, method: &'c str, path: &str) -> Call<'c> {
        let call = self.request(method, format!("{}{path}", self.base));
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { call } else { call.header("Cookie", &pairs.join("; ")) }
    }

    /// What the browser keeps under the name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// Signs a person in: from then on [`Client::page`] and [`Client::submit`] are theirs.
    #[track_caller]
    pub fn sign_in(&self, email: &str, password: &str) {
        self.submit("/sign-in", "/sign-in", &[("email", email), ("password", password)]).expect(303);
        assert!(self.cookie("sid").is_some(), "signing in set no cookie");
    }

    pub fn keep_cookie(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap();
        for (_, set) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
            cookies.retain(|(known, _)| known != name);
            if !value.is_empty() && !set.contains("Max-Age=0") {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

impl Call<'_> {
    /// The same request to a path outside `/api/v1`.
    pub fn at_root(mut self) -> Self {
        self.url = self.url.replacen("/api/v1", "", 1);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").bytes(body.to_string().into_bytes())
    }

    pub fn merge_patch(self, body: &Value) -> Self {
        self.header("Content-Type", "application/merge-patch+json").bytes(body.to_string().into_bytes())
    }

    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        let mut request = Request::builder().method(self.method).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.client.agent;
        let sent = match self.body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let answer = read(sent.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.url)));
        hold_to_contract(self.method, &self.url, &answer);
        answer
    }
}

fn read(mut response: Response<ureq::Body>) -> Answer {
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        bytes,
    }
}

/// The session's token in a form of the page.
fn form_token(page: &str) -> Option<String> {
    let (_, after) = page.split_once("name=\"csrf\" value=\"")?;
    after.split('"').next().map(str::to_owned)
}
