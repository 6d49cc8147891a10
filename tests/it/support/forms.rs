//! The forms of a page, filled in and sent as a browser without script does it.

use super::client::{Answer, Client};

/// A form as it stands in a page: where it goes, and what it would send untouched.
#[derive(Clone, Debug)]
pub struct PageForm {
    action: String,
    values: Vec<(String, String)>,
    names: Vec<String>,
}

impl Client {
    /// Opens the page, types into its form for `action` and sends it. What is typed must be a field of the form; an empty text
    /// clears it; everything else is sent as the page filled it in.
    #[track_caller]
    pub fn fill_in(&self, page: &str, action: &str, typed: &[(&str, &str)]) -> Answer {
        let form = PageForm::of(&self.page(page).expect(200).body, action);
        self.send_form(page, &form.typing(typed))
    }

    /// Sends a form that stands in an answer already: the second try after a refusal.
    #[track_caller]
    pub fn fill_in_again(&self, answer: &Answer, page: &str, action: &str, typed: &[(&str, &str)]) -> Answer {
        self.send_form(page, &PageForm::of(&answer.body, action).typing(typed))
    }

    /// Opens a page that asks before it does something, and says yes.
    #[track_caller]
    pub fn say_yes(&self, page: &str) -> Answer {
        let action = page.split('?').next().unwrap_or(page);
        self.fill_in(page, action, &[])
    }

    fn send_form(&self, page: &str, form: &PageForm) -> Answer {
        let fields: Vec<(&str, &str)> = form
            .values
            .iter()
            .filter(|(name, _)| name != "csrf")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.submit(page, &form.action, &fields)
    }
}

impl Answer {
    /// Where the browser is sent, after a look at the status.
    #[track_caller]
    pub fn sent_to(&self) -> String {
        let summary =
            self.body.split("class=\"summary\"").nth(1).map_or("", |rest| rest.split("</div>").next().unwrap_or(rest));
        assert_eq!(self.status, 303, "{summary}\n{}", if summary.is_empty() { &self.body } else { "" });
        self.header("location").expect("a Location").to_owned()
    }

    /// Whether the page links to the address.
    pub fn links_to(&self, path: &str) -> bool {
        self.body.contains(&format!("href=\"{path}\""))
    }
}

impl PageForm {
    /// The post form of the page that goes to `action`.
    #[track_caller]
    pub fn of(page: &str, action: &str) -> Self {
        let wanted = format!("action=\"{action}\"");
        let forms = page.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or(rest));
        let mut found = forms.filter(|form| {
            let head = form.split('>').next().unwrap_or_default();
            head.contains(&wanted) && head.contains("method=\"post\"")
        });
        let form = found.next().unwrap_or_else(|| panic!("no form for {action} in {page}"));
        assert!(form.contains("name=\"csrf\""), "the form for {action} carries no token");
        let mut read = Self { action: action.to_owned(), values: Vec::new(), names: Vec::new() };
        for tag in form.split('<').skip(1) {
            read.take(tag, form);
        }
        read
    }

    fn take(&mut self, tag: &str, form: &str) {
        let (head, after) = tag.split_once('>').unwrap_or((tag, ""));
        let Some(name) = attribute(head, "name") else { return };
        if head.starts_with("input") {
            let kind = attribute(head, "type").unwrap_or_default();
            let is_sent = !matches!(kind.as_str(), "checkbox" | "radio") || head.contains(" checked");
            self.known(&name, attribute(head, "value").filter(|_| is_sent));
        } else if head.starts_with("textarea") {
            self.known(&name, Some(unescaped(after.strip_prefix('\n').unwrap_or(after))));
        } else if head.starts_with("select") {
            let options =
                form.split_once(head).and_then(|(_, rest)| rest.split("</select>").next()).unwrap_or_default();
            let heads = || options.split("<option").skip(1).filter_map(|option| option.split('>').next());
            let chosen = heads().find(|option| option.contains(" selected")).or_else(|| heads().next());
            self.known(&name, chosen.and_then(|option| attribute(option, "value")));
        } else if head.starts_with("button") {
            self.names.push(name);
        }
    }

    fn known(&mut self, name: &str, value: Option<String>) {
        self.names.push(name.to_owned());
        self.values.extend(value.map(|value| (name.to_owned(), value)));
    }

    /// The form with this typed into it.
    #[track_caller]
    pub fn typing(mut self, typed: &[(&str, &str)]) -> Self {
        for (name, value) in typed {
            assert!(
                self.names.iter().any(|known| known == name),
                "the form for {} has no field {name}: {:?}",
                self.action,
                self.names
            );
            self.values.retain(|(known, _)| known != name);
            self.values.push(((*name).to_owned(), (*value).to_owned()));
        }
        self
    }

    /// Everything that the form would send, but for the token.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.values.iter().filter(|(name, _)| name != "csrf").cloned().collect()
    }

    /// What the field holds.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let (_, after) = head.split_once(&format!(" {name}=\""))?;
    after.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
        ("&#38;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
