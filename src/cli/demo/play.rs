//! The play: one trade from the new listing to the published statistics, step by step through the REST API.

use serde_json::{Value, json};

use super::market::{Cast, STORY};
use super::rest::{Caller, items, money, number, text};
use crate::app::App;
use crate::cli::print::print_line;
use crate::error::{Problem, Result};
use crate::outbox::is_settled;

/// The workers of a slow machine take so long at most for the jobs of one RFQ.
const MOST_WAIT_FOR_JOBS: std::time::Duration = std::time::Duration::from_secs(60);

/// Everything that the steps share.
struct Stage<'a> {
    app: &'a App,
    base: &'a str,
    cast: &'a Cast,
    story: Value,
    step: usize,
}

/// Plays the whole trade against the server at `base` and prints each step with its result.
pub(super) fn play(app: &App, base: &str, cast: &Cast) -> Result<()> {
    let story: Value = serde_json::from_str(STORY).map_err(Problem::internal)?;
    let mut stage = Stage { app, base, cast, story, step: 0 };
    let listing = stage.publish_listing()?;
    stage.search(&listing)?;
    let rfq = stage.post_rfq()?;
    stage.show_matches(&rfq)?;
    stage.show_mails()?;
    stage.ask(&rfq)?;
    stage.write(&listing)?;
    let quotes = stage.quote(&rfq)?;
    stage.compare(&rfq)?;
    let won = stage.award(&quotes)?;
    let partnership = stage.form_partnership(&won)?;
    let before = stage.table("2")?;
    stage.record(&partnership)?;
    stage.show_releases(&before)?;
    stage.leave_for_moderators()
}

impl Stage<'_> {
    fn begin(&mut self, title: &str) {
        self.step += 1;
        print_line(&format!("\n{}. {title}", self.step));
    }

    fn caller(&self, company: &str) -> Result<Caller> {
        Ok(Caller::new(self.base, Some(&self.cast.company(company)?.1)))
    }

    fn part(&self, pointer: &str) -> Value {
        self.story.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    fn name(&self, pointer: &str) -> String {
        text(&self.story, pointer)
    }

    fn publish_listing(&mut self) -> Result<String> {
        self.begin("A supplier publishes a listing");
        let supplier = self.caller(&self.name("/listing/company"))?;
        let made = supplier.post("/listings", &self.part("/listing/body"))?;
        let id = text(&made, "/id");
        let published = supplier.post(&format!("/listings/{id}/publish"), &json!({}))?;
        print_line(&format!("   {id} {} is {}", text(&published, "/name"), text(&published, "/state")));
        Ok(id)
    }

    fn search(&mut self, listing: &str) -> Result<()> {
        self.begin("A buyer searches, without a key");
        let query = [("q", self.name("/search/q")), ("hs", self.name("/search/hs")), ("facets", "country".to_owned())];
        let query = serde_urlencoded::to_string(query).map_err(Problem::internal)?;
        let found = |answer: &Value| items(answer, "/data").iter().any(|hit| text(hit, "/id") == listing);
        let (answer, took) = Caller::new(self.base, None).get_until(&format!("/search/listings?{query}"), found)?;
        print_line(&format!(
            "   {} listings for \"{}\"; the new one was found {} ms after it was published",
            text(&answer, "/total"),
            self.name("/search/q"),
            took.as_millis()
        ));
        for hit in items(&answer, "/data").iter().take(4) {
            print_line(&format!(
                "   - {} | {}, {}",
                text(hit, "/name"),
                text(hit, "/company/name"),
                text(hit, "/company/country")
            ));
        }
        Ok(())
    }

    fn post_rfq(&mut self) -> Result<String> {
        self.begin("The buyer posts an RFQ");
        let buyer = self.caller(&self.name("/rfq/company"))?;
        let mut body = self.part("/rfq/body");
        let today = self.app.clock.today();
        let in_days =
            |pointer: &str| chrono::Duration::days(self.story.pointer(pointer).and_then(Value::as_i64).unwrap_or(30));
        body["wanted_by"] = json!(today + in_days("/rfq/wanted_in_days"));
        body["closing"]["deadline"] = json!(self.app.clock.now() + in_days("/rfq/deadline_in_days"));
        let made = buyer.post("/rfqs", &body)?;
        let id = text(&made, "/id");
        let completeness = buyer.get(&format!("/rfqs/{id}/completeness"))?;
        let missing: Vec<String> = items(&completeness, "/missing")
            .iter()
            .map(|field| format!("{} +{}", text(field, "/label"), text(field, "/adds")))
            .collect();
        let missing = if missing.is_empty() { "nothing is missing".to_owned() } else { missing.join(", ") };
        print_line(&format!(
            "   {id} {}; completeness {} ({missing})",
            text(&made, "/title"),
            text(&completeness, "/score")
        ));
        let open = buyer.post(&format!("/rfqs/{id}/publish"), &json!({}))?;
        print_line(&format!("   it is {} until {}", text(&open, "/state"), text(&open, "/closing/deadline")));
        Ok(id)
    }

    fn show_matches(&mut self, rfq: &str) -> Result<()> {
        self.begin("The matching engine pairs it with suppliers and says why");
        let buyer = self.caller(&self.name("/rfq/company"))?;
        let path = format!("/rfqs/{rfq}/matches?limit=5");
        let (answer, took) = buyer.get_until(&path, |answer| !items(answer, "/data").is_empty())?;
        print_line(&format!("   matched in {} ms; the best:", took.as_millis()));
        for found in items(&answer, "/data") {
            let reasons: Vec<String> = items(found, "/reasons")
                .iter()
                .take(4)
                .map(|reason| format!("{} {}", text(reason, "/kind"), text(reason, "/share")))
                .collect();
            let gap = items(found, "/gaps").first().map(|gap| format!("; gap: {}", text(gap, "/detail")));
            print_line(&format!(
                "   {} {}, {}: {}{}",
                text(found, "/score"),
                text(found, "/company/name"),
                text(found, "/company/country"),
                reasons.join(" + "),
                gap.unwrap_or_default()
            ));
        }
        Ok(())
    }

    fn show_mails(&mut self) -> Result<()> {
        self.begin("Suppliers are notified by e-mail");
        self.wait_for_jobs()?;
        let folder = self.app.config.data.join("mail");
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut mails: Vec<String> = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
        // A folder lists its files in any order; the same e-mail is shown at every play.
        mails.sort();
        let Some(mail) = mails.first() else { return Err(Problem::internal("no e-mail was written")) };
        let header = |name: &str| mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
        print_line(&format!("   {} e-mails in {}; one of them:", mails.len(), folder.display()));
        for name in ["To: ", "Subject: ", "Message-ID: ", "List-Unsubscribe-Post: "] {
            print_line(&format!("   {name}{}", header(name)));
        }
        Ok(())
    }

    /// Waits until the server's workers have done every job that is due. Not until a file appears: on a slow machine the first e-mail was counted
    /// while two more were being written.
    fn wait_for_jobs(&self) -> Result<()> {
        let start = std::time::Instant::now();
        while !self.app.db.read(|conn| is_settled(conn, self.app.clock.now()))? {
            if start.elapsed() > MOST_WAIT_FOR_JOBS {
                return Err(Problem::internal("the jobs were not done in 60 s"));
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        Ok(())
    }

    fn ask(&mut self, rfq: &str) -> Result<()> {
        self.begin("A supplier asks, the buyer answers, everybody reads it");
        let supplier = self.caller(&self.name("/question/company"))?;
        let asked = supplier
            .post(&format!("/rfqs/{rfq}/questions"), &json!({ "question": self.part("/question/question") }))?;
        let buyer = self.caller(&self.name("/rfq/company"))?;
        let path = format!("/rfqs/{rfq}/questions/{}/answer", text(&asked, "/id"));
        let answered = buyer.post(&path, &json!({ "answer": self.part("/question/answer") }))?;
        print_line(&format!("   {}\n   {}", text(&answered, "/question"), text(&answered, "/answer")));
        Ok(())
    }

    fn write(&mut self, listing: &str) -> Result<()> {
        self.begin(
            "The buyer writes to a supplier, who answers; contact data stays hidden until the two deal with each other",
        );
        let buyer = self.caller(&self.name("/rfq/company"))?;
        let supplier = self.caller(&self.name("/listing/company"))?;
        let about = json!({ "kind": "listing", "id": listing });
        let begun =
            buyer.post("/threads", &json!({ "subject": about, "text": self.part("/conversation/question") }))?;
        let path = format!("/threads/{}/messages", text(&begun, "/id"));
        supplier.post(&path, &json!({ "text": self.part("/conversation/answer") }))?;
        for message in items(&buyer.get(&path)?, "/data").iter().rev() {
            print_line(&format!("   {}", text(message, "/text")));
        }
        Ok(())
    }

    fn quote(&mut self, rfq: &str) -> Result<Vec<(String, String)>> {
        self.begin("Suppliers quote");
        let mut quotes = Vec::new();
        for quote in items(&self.story, "/quotes") {
            let company = text(quote, "/company");
            let mut body = quote["body"].clone();
            let days = chrono::Duration::days(quote["valid_for_days"].as_i64().unwrap_or(30));
            body["valid_until"] = json!(self.app.clock.today() + days);
            let made = self.caller(&company)?.post(&format!("/rfqs/{rfq}/quotes"), &body)?;
            print_line(&format!(
                "   {} {}: {} per {}, {} {}",
                text(&made, "/id"),
                text(&made, "/supplier/name"),
                money(&made, "/unit_price").unwrap_or_default(),
                text(&made, "/price_unit"),
                text(&made, "/incoterm"),
                text(&made, "/incoterm_place")
            ));
            quotes.push((company, text(&made, "/id")));
        }
        Ok(quotes)
    }

    fn compare(&mut self, rfq: &str) -> Result<()> {
        self.begin("The buyer compares them");
        let comparison = self.caller(&self.name("/rfq/company"))?.get(&format!("/rfqs/{rfq}/comparison"))?;
        for quote in items(&comparison, "/quotes") {
            let landed = match money(quote, "/landed/amount") {
                None => text(quote, "/landed/not_comparable"),
                Some(amount) if text(quote, "/landed/is_lowest") == "true" => format!("landed {amount}, lowest"),
                Some(amount) => {
                    format!("landed {amount}, {} % above the lowest", text(quote, "/landed/percent_above_lowest"))
                }
            };
            let price = money(quote, "/unit_price").unwrap_or_default();
            print_line(&format!(
                "   {}: {price} per {}, {}; {landed}",
                text(quote, "/supplier"),
                text(quote, "/price_unit"),
                text(quote, "/terms")
            ));
        }
        Ok(())
    }

    fn award(&mut self, quotes: &[(String, String)]) -> Result<String> {
        self.begin("The buyer accepts one; the others are notified");
        let winner = self.name("/award/company");
        let buyer = self.caller(&self.name("/rfq/company"))?;
        let won = quotes.iter().find(|(company, _)| *company == winner).map(|(_, id)| id.clone());
        let won = won.ok_or_else(|| Problem::internal("the story's winner did not quote"))?;
        buyer.post(&format!("/quotes/{won}/accept"), &json!({}))?;
        for (_, id) in quotes {
            let quote = buyer.get(&format!("/quotes/{id}"))?;
            print_line(&format!("   {id} {} is {}", text(&quote, "/supplier/name"), text(&quote, "/state")));
        }
        Ok(won)
    }

    fn form_partnership(&mut self, quote: &str) -> Result<String> {
        self.begin("Both sides confirm the trade partnership");
        let (supplier, buyer) = (self.name("/partnership/supplier"), self.name("/partnership/buyer"));
        let body = json!({
            "supplier": self.cast.company(&supplier)?.0,
            "buyer": self.cast.company(&buyer)?.0,
            "quote": quote,
            "note": self.part("/partnership/note"),
        });
        let proposed = self.caller(&supplier)?.post("/partnerships", &body)?;
        let id = text(&proposed, "/id");
        print_line(&format!("   {id} is {} by the supplier", text(&proposed, "/state")));
        let active = self.caller(&buyer)?.post(&format!("/partnerships/{id}/confirm"), &json!({}))?;
        print_line(&format!("   {id} is {} now that the buyer confirmed", text(&active, "/state")));
        Ok(id)
    }

    fn record(&mut self, partnership: &str) -> Result<()> {
        self.begin("The goods left; the supplier records the shipment with customs reference and packing list, the buyer confirms");
        let supplier = self.caller(&self.name("/partnership/supplier"))?;
        let record = supplier.post(&format!("/partnerships/{partnership}/records"), &self.part("/record/body"))?;
        let id = text(&record, "/id");
        let path = format!("/records/{id}/customs-references");
        let reference = supplier.post(&path, &self.part("/customs_reference"))?;
        let check = reference.pointer("/customs_references/0").unwrap_or(&reference);
        print_line(&format!("   {id}: {} {}", text(check, "/scheme"), text(check, "/display")));
        let outcome = [text(check, "/outcome"), text(check, "/reason")].join(" ");
        print_line(&format!("   check: {}", outcome.trim_end()));
        self.attach(&supplier, &id)?;
        let confirmed =
            self.caller(&self.name("/partnership/buyer"))?.post(&format!("/records/{id}/confirm"), &json!({}))?;
        print_line(&format!("   {id} is {}, evidence {}", text(&confirmed, "/state"), text(&confirmed, "/grade")));
        Ok(())
    }

    fn attach(&self, supplier: &Caller, record: &str) -> Result<()> {
        let name = serde_urlencoded::to_string([("name", self.name("/document/name"))]).map_err(Problem::internal)?;
        let document = supplier.upload(&format!("/documents?{name}"), &self.name("/document/content"))?;
        let body = json!({"document": text(&document, "/id"), "kind": self.name("/document/kind")});
        let attached = supplier.post(&format!("/records/{record}/documents"), &body)?;
        print_line(&format!(
            "   {}, {} bytes, SHA-256 {}",
            text(&attached, "/name"),
            text(&attached, "/bytes"),
            text(&attached, "/sha256")
        ));
        Ok(())
    }

    fn table(&self, release: &str) -> Result<Value> {
        let reporter = self.name("/cell/reporter");
        let path =
            format!("/statistics/general-trade?release={release}&reporter={reporter}&group=hs2,partner,flow,period");
        Caller::new(self.base, None).get(&path)
    }

    /// The figures of the story's flow that the table shows, a line each.
    fn shown(&self, table: &Value) -> Vec<String> {
        let wanted = [("/key/partner", "/cell/partner"), ("/key/flow", "/cell/direction")];
        let is_it = |row: &&Value| wanted.iter().all(|(member, pointer)| text(row, member) == self.name(pointer));
        let rows = items(table, "/rows").iter().filter(is_it).filter(|row| row["figures"].is_object());
        let line = |row: &Value| {
            format!(
                "{} {} -> {}, HS {}, {}: USD {} FOB, {} kg, {} records, {} suppliers, {} buyers",
                text(row, "/key/flow"),
                text(row, "/key/reporter"),
                text(row, "/key/partner"),
                text(row, "/key/hs"),
                text(row, "/key/period"),
                number(row, "/figures/value"),
                number(row, "/figures/net_kg"),
                text(row, "/figures/records"),
                text(row, "/figures/suppliers"),
                text(row, "/figures/buyers")
            )
        };
        rows.map(line).collect()
    }

    fn show_releases(&mut self, before: &Value) -> Result<()> {
        self.begin("The general-trade statistics appear in releases of closed months, which never change");
        let releases = Caller::new(self.base, None).get("/statistics/releases")?;
        for release in items(&releases, "/data").iter().rev() {
            let number = text(release, "/number");
            let hash: String = text(release, "/hash").chars().take(16).collect();
            print_line(&format!("   release {number}, up to {}, SHA-256 {hash}...", text(release, "/covers")));
            let shown = self.shown(&self.table(&number)?);
            if shown.is_empty() {
                return Err(Problem::internal(format!("release {number} shows nothing of the story's trade")));
            }
            shown.iter().for_each(|line| print_line(&format!("     {line}")));
        }
        print_line(&format!("   the next appears on {}", text(&releases, "/next_release_on")));
        // The shipment of this month is in no table: what two live tables differ by would be the one shipment.
        let newest = text(before, "/release");
        if self.table(&newest)? != *before {
            return Err(Problem::internal("the played trade changed a release"));
        }
        print_line(&format!(
            "   the shipment above changed nothing; {} is in preparation",
            text(before, "/in_preparation")
        ));
        Ok(())
    }

    fn leave_for_moderators(&mut self) -> Result<()> {
        self.begin("Two things wait for a moderator: a report, and a request to be verified");
        let query = serde_urlencoded::to_string([("q", self.name("/report/q"))]).map_err(Problem::internal)?;
        let found = Caller::new(self.base, None).get(&format!("/search/rfqs?{query}"))?;
        let mut body = self.part("/report/body");
        body["about"] = json!(text(&found, "/data/0/id"));
        let report = self.caller(&self.name("/report/company"))?.post("/reports", &body)?;
        print_line(&format!(
            "   {} about {}: {}",
            text(&report, "/id"),
            text(&report, "/about"),
            text(&report, "/kind")
        ));
        let company = self.name("/verification/company");
        let ago = self.story.pointer("/verification/looked_up_days_ago").and_then(Value::as_i64).unwrap_or(1);
        let mut body = self.part("/verification/body");
        body["register"]["checked_on"] = json!(self.app.clock.today() - chrono::Duration::days(ago));
        let path = format!("/companies/{}/verification", self.cast.company(&company)?.0);
        let request = self.caller(&company)?.post(&path, &body)?;
        print_line(&format!(
            "   {} to be {} is {}",
            text(&request, "/id"),
            text(&request, "/level"),
            text(&request, "/state")
        ));
        Ok(())
    }
}
