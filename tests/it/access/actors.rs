//! Who asks and for what: a company with one of everything, its partner, and a company that has nothing to do with either.

use std::collections::HashMap;
use std::sync::Mutex;

use diesel::prelude::*;
use serde_json::json;
use tradepost::actor::{Permission, Role};
use tradepost::ids::CompanyId;
use tradepost::statistics::jobs::make_release;
use tradepost::store::schema::company_identifiers;

use crate::documents;
use crate::images;
use crate::support::{Answer, Client, Party, World, market};

/// What stands in private fields and must never reach anybody else.
pub const MARKERS: &[&str] = &[
    DRAFT_LISTING,
    DRAFT_RFQ,
    KEY_NAME,
    WEBHOOK,
    SAVED_SEARCH,
    IMPORTED,
    NOTE,
    SEALED_PRICE,
    SEALED_WORDS,
    SHIPMENT,
    PARCELS,
    SERIAL,
    REPORTED,
    REMARK,
    DOCUMENT,
    DOCUMENT_NAME,
    SEALED_DOCUMENT,
    SEALED_NAME,
    RECORD_DOCUMENT,
    RECORD_NAME,
    CONTACT,
    CONTACT_EMAIL,
    CONTACT_PHONE,
    ENQUIRY,
    "owner1@company.example",
    "owner2@company.example",
];
const DRAFT_LISTING: &str = "Quixotic draft listing 70417";
const DRAFT_RFQ: &str = "Quixotic draft request 70418";
const KEY_NAME: &str = "Quixotic key 70419";
const WEBHOOK: &str = "Quixotic webhook 70450";
const SAVED_SEARCH: &str = "Quixotic saved search 70450";
const IMPORTED: &str = "Quixotic import 70460";
const NOTE: &str = "Quixotic note 70420";
const SEALED_PRICE: &str = "7.313137";
const SEALED_WORDS: &str = "Quixotic message 70421";
const SHIPMENT: &str = "Quixotic shipment 70422";
const PARCELS: &str = "Quixotic parcels 70461";
const REPORTED: &str = "Quixotic report 70440";
const REMARK: &str = "Quixotic remark 70441";
const DOCUMENT: &str = "Quixotic document 70424";
const DOCUMENT_NAME: &str = "Quixotic name 70425.pdf";
const SEALED_DOCUMENT: &str = "Quixotic offer 70426";
const SEALED_NAME: &str = "Quixotic offer 70427.pdf";
const RECORD_DOCUMENT: &str = "Quixotic invoice 70428";
const RECORD_NAME: &str = "Quixotic invoice 70429.pdf";
const CONTACT: &str = "Quixotic Person 70430";
const CONTACT_EMAIL: &str = "quixotic.70431@contact.example";
const CONTACT_PHONE: &str = "+49 40 7043200";
const ENQUIRY: &str = "Quixotic enquiry 70450";
/// The end of the customs number, as it is stored and as it is shown.
const SERIAL: &str = "704230001";

/// What an address is about; decides which ids are put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// No id at all.
    Nothing,
    /// A company's profile.
    Company,
    /// A listing that is not published.
    DraftListing,
    /// An RFQ that is not published.
    DraftRfq,
    /// The RFQ that the partner quoted on.
    OpenRfq,
    /// An open RFQ of the partner; a draft for those who must not see it.
    SeenRfq,
    /// A match in the inbox.
    Match,
    /// A quote that the company gave.
    QuoteGiven,
    /// A quote that the company received.
    QuoteReceived,
    /// A partnership.
    Partnership,
    /// A trade record.
    Record,
    /// A retail record.
    RetailRecord,
    /// A document that nothing has attached.
    Document,
    /// A contact person.
    Contact,
    /// An API key.
    ApiKey,
    /// A webhook endpoint.
    Webhook,
    /// A search that the company's first person keeps; colleagues do not see it.
    SavedSearch,
    /// An import, with a row that was refused.
    Import,
    /// An export of all that the company has, with its archive.
    Export,
    /// A report that the company made.
    Report,
    /// A request of the company to be verified.
    Request,
    /// The company that claims the number of this one.
    Claim,
    /// The company itself, and a suspended one for those who must not know.
    HiddenCompany,
    /// One of the company's people.
    Member,
    /// Somebody whom the company has invited.
    Invitation,
    /// A conversation with the partner.
    Thread,
    /// A message that the company received.
    Message,
    /// A company from which the company takes no messages.
    BlockedCompany,
}

/// The companies and the ids of what they have.
pub struct Actors {
    pub own: Party,
    pub partner: Party,
    pub foreign: Party,
    base: String,
    keys: Mutex<HashMap<(CompanyId, Vec<Permission>), String>>,
    listing: String,
    draft_listing: String,
    image: String,
    draft_image: String,
    draft_rfq: String,
    open_rfq: String,
    partners_rfq: String,
    question: String,
    found: String,
    quote_given: String,
    quote_received: String,
    partnership: String,
    record: String,
    retail_record: String,
    document: String,
    shown_document: String,
    sealed_document: String,
    record_document: String,
    contact: String,
    api_key: String,
    webhook: String,
    saved_search: String,
    import: String,
    export: String,
    report: String,
    request: String,
    suspended: String,
    member: String,
    invitation: String,
    thread: String,
    message: String,
    blocked: String,
}

impl Actors {
    pub fn enter(world: &World) -> Self {
        make_release(&world.app, None).unwrap();
        let own = world.party("Aldra Armaturen", "DE");
        let partner = world.party("Petra Metalworks", "CN");
        let foreign = world.party("Bystander Trading", "FR");
        let mut draft = market::listing("DRAFT-1");
        draft["name"] = json!(DRAFT_LISTING);
        let draft_listing = own.post("/listings", &draft).expect(201).id();
        let listing = own.publish_listing(&market::listing("OPEN-1"));
        let draft_image = images::send(&own, &draft_listing, images::picture(40, 30)).expect(201).id();
        let image = images::send(&own, &listing, images::picture(30, 40)).expect(201).id();
        partner.publish_listing(&market::listing("OPEN-2"));
        let draft_rfq = own.post("/rfqs", &market::rfq(DRAFT_RFQ)).expect(201).id();
        world.drain();
        let mut sealed = market::rfq("Brass ball valves for spring");
        sealed["sealed"] = json!(true);
        let shown_document = documents::send(&own, "drawing.pdf", documents::pdf("valves")).expect(201).id();
        sealed["attachments"] = json!([shown_document]);
        let open_rfq = own.publish_rfq(&sealed);
        let partners_rfq = partner.publish_rfq(&market::rfq("Ball valves for the home market"));
        world.drain();
        let found = own.get("/matches").expect(200).text("/data/0/id");
        let question = json!({"question": "Is a lever of stainless steel acceptable?"});
        let question = partner.post(&format!("/rfqs/{open_rfq}/questions"), &question).expect(201).id();
        let invited = json!({"companies": [partner.company]});
        own.post(&format!("/rfqs/{open_rfq}/invitations"), &invited).expect(200);
        let mut quote = market::quote(SEALED_PRICE);
        quote["message"] = json!(SEALED_WORDS);
        let offer = documents::pdf(SEALED_DOCUMENT);
        let sealed_document = documents::send(&partner, SEALED_NAME, offer).expect(201).id();
        quote["attachments"] = json!([sealed_document]);
        let quote_received = partner.submit_quote(&open_rfq, &quote);
        let quote_given = own.submit_quote(&partners_rfq, &market::quote("3.30"));
        let proposal = json!({"supplier": partner.company, "buyer": own.company, "note": NOTE});
        let partnership = own.post("/partnerships", &proposal).expect(201).id();
        partner.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
        let mut record = market::record();
        record["description"] = json!(SHIPMENT);
        let record = partner.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
        let mut reference = market::declaration(1);
        reference["number"] = json!(format!("310420260{SERIAL}"));
        partner.post(&format!("/records/{record}/customs-references"), &reference).expect(201);
        let mut parcels = market::retail();
        parcels["description"] = json!(PARCELS);
        let retail_record = own.post("/retail-records", &parcels).expect(201).id();
        let key = json!({"name": KEY_NAME, "scopes": ["catalog:read"]});
        let api_key = own.post("/api-keys", &key).expect(201).id();
        // Disabled: nothing that happens in these tests is to leave the machine.
        let hook = json!({"url": "https://1.1.1.1/hook", "description": WEBHOOK, "enabled": false});
        let webhook = own.post("/webhook-endpoints", &hook).expect(201).id();
        let kept = json!({"name": SAVED_SEARCH, "kind": "rfqs", "query": "q=brass+valves&country=DE"});
        let saved_search = own.post("/saved-searches", &kept).expect(201).id();
        let file = format!("sku,name\n,{IMPORTED}\n").into_bytes();
        let imported = own.call("POST", &format!("/imports?format=csv&name={}.csv", IMPORTED.replace(' ', "%20")));
        let import = imported.bytes(file).send().expect(202).id();
        let complaint = json!({"about": partner.company, "kind": "false_claim", "words": REPORTED});
        let report = own.post("/reports", &complaint).expect(201).id();
        let number = json!({"identifiers": [{"kind": "gln", "value": "4006381333931"}]});
        own.patch(&format!("/companies/{}", own.company), &number).expect(200);
        // As a moderator's decision leaves it; the level stays, so that the request below is one.
        let hold = |tx: &mut tradepost::store::Tx| {
            let all = diesel::update(company_identifiers::table).set(company_identifiers::state.eq("held"));
            Ok(all.execute(tx.conn())?)
        };
        world.app.db.write(hold).unwrap();
        partner.patch(&format!("/companies/{}", partner.company), &number).expect(200);
        let entry = json!({"name": "Handelsregister", "entry": "HRB 4417", "checked_on": "2026-11-01"});
        let asked = json!({"level": "identified", "register": entry, "note": REMARK});
        let request = own.post(&format!("/companies/{}/verification", own.company), &asked).expect(201).id();
        let suspended = world.party("Suspended Trading", "FR").company;
        world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, suspended, "It is a test")).unwrap();
        let suspended = suspended.to_string();
        let member = world.member(own.company, Role::Trader).0.to_string();
        let invited = json!({"email": "invited@company.example", "role": "viewer"});
        let invitation = own.post(&format!("/companies/{}/members", own.company), &invited).expect(201).id();
        let papers = documents::send(&partner, RECORD_NAME, documents::pdf(RECORD_DOCUMENT)).expect(201).id();
        let attached = json!({"document": papers, "kind": "invoice"});
        let record_document = partner.post(&format!("/records/{record}/documents"), &attached).expect(201).id();
        let contact =
            json!({"name": CONTACT, "role": "export manager", "email": CONTACT_EMAIL, "phone": CONTACT_PHONE});
        let contact = own.post(&format!("/companies/{}/contacts", own.company), &contact).expect(201).id();
        let about = json!({"kind": "listing", "id": listing});
        let enquiry = json!({"subject": about, "text": ENQUIRY});
        let started = partner.post("/threads", &enquiry).expect(201);
        let (thread, message) = (started.id(), started.text("/message/id"));
        own.post(&format!("/threads/{thread}/messages"), &json!({"text": "By the end of May."})).expect(201);
        let blocked = world.party("Unwanted Trading", "FR").company.to_string();
        own.post("/blocked-companies", &json!({"company": blocked})).expect(201);
        let document = documents::send(&own, DOCUMENT_NAME, documents::pdf(DOCUMENT)).expect(201).id();
        let export = own.post("/exports/everything", &json!({})).expect(202).id();
        world.drain();
        let base = world.base.clone();
        Self {
            own,
            partner,
            foreign,
            base,
            keys: Mutex::default(),
            listing,
            draft_listing,
            image,
            draft_image,
            draft_rfq,
            open_rfq,
            partners_rfq,
            question,
            found,
            quote_given,
            quote_received,
            partnership,
            record,
            retail_record,
            document,
            shown_document,
            sealed_document,
            record_document,
            contact,
            api_key,
            webhook,
            saved_search,
            import,
            export,
            report,
            request,
            suspended,
            member,
            invitation,
            thread,
            message,
            blocked,
        }
    }

    /// The id that the company itself uses.
    pub fn own_id(&self, thing: Thing) -> String {
        match thing {
            Thing::Nothing => String::new(),
            Thing::Company => self.own.company.to_string(),
            Thing::DraftListing => self.draft_listing.clone(),
            Thing::DraftRfq => self.draft_rfq.clone(),
            Thing::OpenRfq => self.open_rfq.clone(),
            Thing::SeenRfq => self.partners_rfq.clone(),
            Thing::Match => self.found.clone(),
            Thing::QuoteGiven => self.quote_given.clone(),
            Thing::QuoteReceived => self.quote_received.clone(),
            Thing::Partnership => self.partnership.clone(),
            Thing::Record => self.record.clone(),
            Thing::RetailRecord => self.retail_record.clone(),
            Thing::Document => self.document.clone(),
            Thing::Contact => self.contact.clone(),
            Thing::ApiKey => self.api_key.clone(),
            Thing::Webhook => self.webhook.clone(),
            Thing::SavedSearch => self.saved_search.clone(),
            Thing::Import => self.import.clone(),
            Thing::Export => self.export.clone(),
            Thing::Report => self.report.clone(),
            Thing::Request => self.request.clone(),
            Thing::Claim => self.partner.company.to_string(),
            Thing::HiddenCompany => self.own.company.to_string(),
            Thing::Member => self.member.clone(),
            Thing::Invitation => self.invitation.clone(),
            Thing::Thread => self.thread.clone(),
            Thing::Message => self.message.clone(),
            Thing::BlockedCompany => self.blocked.clone(),
        }
    }

    /// The id of something that exists, for those who must not know.
    pub fn hidden_id(&self, thing: Thing) -> String {
        match thing {
            Thing::SeenRfq => self.own_id(Thing::DraftRfq),
            Thing::HiddenCompany => self.suspended.clone(),
            other => self.own_id(other),
        }
    }

    /// The id of the same kind that everyone may see.
    pub fn public_id(&self, thing: Thing) -> String {
        match thing {
            Thing::DraftListing => self.listing.clone(),
            Thing::DraftRfq => self.open_rfq.clone(),
            Thing::Document => self.shown_document.clone(),
            other => self.own_id(other),
        }
    }

    /// A well-formed id of the kind that names nothing.
    pub fn absent_id(&self, thing: Thing) -> String {
        let own = self.own_id(thing);
        let prefix = own.split('_').next().unwrap_or_default();
        format!("{prefix}_0000000000001")
    }

    /// What only the company itself may know of its contact person.
    pub fn contact_data() -> [&'static str; 3] {
        [CONTACT, CONTACT_EMAIL, CONTACT_PHONE]
    }

    /// The document of the sealed quote that the company received.
    pub fn sealed_document(&self) -> &str {
        &self.sealed_document
    }

    /// Every id of the company that there is.
    pub fn all_ids(&self) -> Vec<String> {
        let all = [
            Thing::Company,
            Thing::DraftListing,
            Thing::DraftRfq,
            Thing::OpenRfq,
            Thing::SeenRfq,
            Thing::Match,
            Thing::QuoteGiven,
            Thing::QuoteReceived,
            Thing::Partnership,
            Thing::Record,
            Thing::RetailRecord,
            Thing::Document,
            Thing::Contact,
            Thing::ApiKey,
            Thing::Webhook,
            Thing::SavedSearch,
            Thing::Import,
            Thing::Export,
            Thing::Report,
            Thing::Request,
            Thing::Member,
            Thing::Invitation,
            Thing::Thread,
            Thing::Message,
        ];
        all.into_iter()
            .map(|thing| self.own_id(thing))
            .chain([self.listing.clone(), self.sealed_document.clone(), self.record_document.clone()])
            .collect()
    }

    /// The path with the ids in place of its parameters.
    pub fn fill(&self, path: &str, id: &str) -> String {
        let question = if id.ends_with("_0000000000001") { "qst_0000000000001" } else { &self.question };
        let contact = if id.ends_with("_0000000000001") { "ctc_0000000000001" } else { &self.contact };
        let image = if id == self.listing { &self.image } else { &self.draft_image };
        path.replace("{id}", id)
            .replace("{image}", image)
            .replace("{member}", &self.member)
            .replace("{invitation}", &self.invitation)
            .replace("{company}", &self.partner.company.to_string())
            .replace("{question}", question)
            .replace("{contact}", contact)
            .replace("{sku}", "OPEN-1")
            .replace("{code}", "848180")
            .replace("{number}", "1")
    }

    /// A caller with a key of the own company that has every scope but these.
    pub fn without(&self, world: &World, scopes: &str) -> Client {
        self.keyed(world, self.own.company, |name| !scopes.split(' ').any(|scope| scope == name))
    }

    /// A caller with a key of the own company that has this scope alone; of several the first.
    pub fn with_only(&self, world: &World, scopes: &str) -> Client {
        self.keyed(world, self.own.company, |name| scopes.split(' ').next() == Some(name))
    }

    /// A caller with a key of the own company that has these scopes and no other.
    pub fn with_all(&self, world: &World, scopes: &str) -> Client {
        self.keyed(world, self.own.company, |name| scopes.split(' ').any(|scope| scope == name))
    }

    fn keyed(&self, world: &World, company: CompanyId, wanted: impl Fn(&str) -> bool) -> Client {
        let scopes: Vec<Permission> =
            Permission::ALL.iter().filter(|(_, name)| wanted(name)).map(|(permission, _)| *permission).collect();
        // A company may have a hundred keys, and the routes that are asked for are more.
        let mut keys = self.keys.lock().unwrap();
        let key = keys.entry((company, scopes)).or_insert_with_key(|(company, scopes)| world.key(*company, scopes));
        Client::new(&self.base, Some(key.clone()))
    }

    /// The browser of somebody of the own company.
    pub fn browser(&self, world: &World, role: Role) -> Client {
        world.browser(&world.member(self.own.company, role).1)
    }

    /// What the company and its partner have, in full: equal before and after what must change nothing.
    pub fn state(&self) -> Vec<String> {
        let own = [
            format!("/listings/{}", self.draft_listing),
            format!("/listings/{}", self.listing),
            format!("/rfqs/{}", self.draft_rfq),
            format!("/rfqs/{}", self.open_rfq),
            format!("/rfqs/{}/questions", self.open_rfq),
            format!("/rfqs/{}/invitations", self.open_rfq),
            format!("/quotes/{}", self.quote_given),
            format!("/quotes/{}", self.quote_received),
            format!("/partnerships/{}", self.partnership),
            format!("/partnerships/{}/records", self.partnership),
            format!("/records/{}", self.record),
            format!("/companies/{}", self.own.company),
            format!("/records/{}/documents", self.record),
            format!("/companies/{}/contacts", self.own.company),
            format!("/companies/{}/certifications", self.own.company),
            format!("/documents/{}", self.document),
            "/documents".to_owned(),
            "/listings".to_owned(),
            "/rfqs".to_owned(),
            "/quotes".to_owned(),
            "/matches".to_owned(),
            "/partnerships".to_owned(),
            "/retail-records".to_owned(),
            format!("/retail-records/{}", self.retail_record),
            "/webhook-endpoints".to_owned(),
            "/saved-searches".to_owned(),
            "/imports".to_owned(),
            "/exports".to_owned(),
            format!("/imports/{}", self.import),
            "/reports".to_owned(),
            format!("/threads/{}/messages", self.thread),
            "/blocked-companies".to_owned(),
        ];
        own.iter().map(|path| self.own.get(path).expect(200).body).collect()
    }
}

/// The problem without the id of its request: what must be the same for a foreign and an absent id.
pub fn but_instance(answer: &Answer) -> String {
    let mut json = answer.json();
    if let Some(members) = json.as_object_mut() {
        members.remove("instance");
    }
    json.to_string()
}
