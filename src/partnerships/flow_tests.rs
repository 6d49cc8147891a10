//! The use cases on a real database: a partnership from proposal to a corrected shipment, numbers that two records carry, and the
//! operator's load of past trade.

use std::sync::Arc;

use diesel::prelude::*;
use serde_json::json;

use super::loading::{LoadedLine, load_line, read_line};
use super::records;
use super::views::RecordView;
use super::{
    PartnershipFields, PartnershipState, PartnershipStep, RecordDetail, RecordFields, RecordState, ReferenceFields,
    Verification, actions,
};
use crate::actor::{Actor, Permission};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies::loading::Loaded;
use crate::companies::{CompanyFields, actions::register};
use crate::config::{Config, Overrides};
use crate::error::{Code, Problem};
use crate::ids::{ApiKeyId, CompanyId, PartnershipId, RecordId};
use crate::reference::outcome::Outcome;
use crate::store::Tx;
use crate::store::schema::companies;

struct Market {
    app: Arc<App>,
    _folder: tempfile::TempDir,
}

fn key_of(company: CompanyId) -> Actor {
    let permissions = vec![Permission::PartnershipsRead, Permission::PartnershipsWrite];
    Actor::Key { key: ApiKeyId(1), company, permissions, suspended: false }
}

impl Market {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(&Overrides { data: folder.path().to_owned(), ..Overrides::default() }).unwrap();
        let clock = Clock::fake("2026-11-23T12:00:00Z".parse().unwrap());
        let app = App::migrate_and_build(config, clock, IndexPlace::Memory).unwrap();
        Self { app: Arc::new(app), _folder: folder }
    }

    fn company(&self, name: &str, country: &str) -> (CompanyId, Actor) {
        let fields = CompanyFields::new(name, country.parse().unwrap());
        let id = self.app.db.write(|tx| register(tx, &fields, Some(&name.to_lowercase()))).unwrap();
        // As if a moderator had looked its register entry up.
        let identify = |tx: &mut Tx| {
            let row = diesel::update(companies::table.find(id.0));
            Ok(row.set(companies::verification.eq("identified")).execute(tx.conn())?)
        };
        self.app.db.write(identify).unwrap();
        (id, key_of(id))
    }

    fn proposed(&self, by: &Actor, supplier: CompanyId, buyer: CompanyId) -> PartnershipId {
        let fields = PartnershipFields { supplier, buyer, quote: None, note: Some("316L pipe".into()) };
        actions::propose(&self.app, by, &fields, None).unwrap().id()
    }

    /// A seller in China and a buyer in the Netherlands who both say that they trade with each other.
    fn active(&self, seller: &str, buyer: &str) -> (PartnershipId, Actor, Actor) {
        let ((supplier, selling), (buyer, buying)) = (self.company(seller, "CN"), self.company(buyer, "NL"));
        let id = self.proposed(&selling, supplier, buyer);
        actions::step(&self.app, &buying, id, PartnershipStep::Confirm, None, Some(1)).unwrap();
        (id, selling, buying)
    }

    fn declared(&self, by: &Actor, id: PartnershipId) -> RecordId {
        records::declare(&self.app, by, id, &shipment(), None).unwrap().id()
    }

    fn add(&self, by: &Actor, id: RecordId, number: &str) -> Result<RecordDetail, Problem> {
        records::add_reference(&self.app, by, id, &reference(number), None)?;
        records::find(&self.app, by, id)
    }

    fn state(&self, by: &Actor, id: RecordId) -> RecordState {
        records::find(&self.app, by, id).unwrap().record.state
    }
}

fn shipment() -> RecordFields {
    serde_json::from_value(
        json!({"direction": "export", "reporter_country": "CN", "partner_country": "NL", "hs_code": "7304.41",
        "description": "Seamless pipe", "quantity": {"value": "2", "unit": "TNE"}, "net_kg": "2000",
        "value": {"amount": "8700", "currency": "USD"}, "incoterm": "FOB", "invoice_date": "2026-11-18",
        "declared_on": "2026-11-20", "released_on": "2026-11-21"}),
    )
    .unwrap()
}

fn reference(number: &str) -> ReferenceFields {
    serde_json::from_value(json!({"scheme": "cn_declaration", "number": number, "date": "2026-11-20"})).unwrap()
}

const NUMBER: &str = "020220260881640275";

#[test]
fn only_the_sides_see_a_partnership_and_only_the_other_confirms_it() {
    let market = Market::open();
    let ((supplier, selling), (buyer, buying)) = (market.company("Ruide", "CN"), market.company("Delta", "NL"));
    let (_, stranger) = market.company("Third", "DE");
    let id = market.proposed(&selling, supplier, buyer);
    let step = |actor: &Actor| actions::step(&market.app, actor, id, PartnershipStep::Confirm, None, None);
    assert_eq!(actions::find(&market.app, &stranger, id).unwrap_err().code, Code::NotFound);
    assert_eq!(step(&stranger).unwrap_err().code, Code::NotFound);
    assert_eq!(step(&selling).unwrap_err().code, Code::Forbidden);
    assert_eq!(actions::waiting(&market.app, &buying).unwrap().partnerships.len(), 1);
    let declared = records::declare(&market.app, &selling, id, &shipment(), None);
    assert_eq!(declared.unwrap_err().code, Code::Conflict, "not yet active");
    assert_eq!(step(&buying).unwrap().state, PartnershipState::Active);
    let again = PartnershipFields { supplier, buyer, quote: None, note: None };
    assert_eq!(actions::propose(&market.app, &buying, &again, None).unwrap_err().code, Code::Duplicate);
    let overview = actions::overview(&market.app, &buying, id).unwrap();
    assert_eq!((overview.entries, overview.verification), (2, Verification::Verified { upto: 2 }));
}

#[test]
fn confirmed_shipment_stays_in_force_until_its_correction_is_confirmed() {
    let market = Market::open();
    let (id, selling, buying) = market.active("Ruide", "Delta");
    let first = market.declared(&selling, id);
    market.add(&selling, first, NUMBER).unwrap();
    assert_eq!(records::confirm(&market.app, &selling, first, None).unwrap_err().code, Code::Forbidden);
    let confirmed = records::confirm(&market.app, &buying, first, None).unwrap();
    let view = RecordView::from(confirmed);
    assert!(view.counts_for_statistics, "{:?}", view.not_counted_because);

    let better = RecordFields { net_kg: "1980".parse().unwrap(), ..shipment() };
    let second = records::correct(&market.app, &buying, first, &better, None, None).unwrap().id();
    assert_eq!(
        (market.state(&selling, first), market.state(&selling, second)),
        (RecordState::Confirmed, RecordState::Declared)
    );
    let third = records::correct(&market.app, &buying, second, &shipment(), None, None).unwrap().id();
    assert_eq!(
        market.state(&selling, second),
        RecordState::Superseded,
        "a correction of one's own declaration takes effect immediately"
    );
    let corrected = RecordView::from(records::confirm(&market.app, &selling, third, None).unwrap());
    assert_eq!(market.state(&selling, first), RecordState::Superseded);
    assert!(corrected.counts_for_statistics, "{:?}", corrected.not_counted_because);
    assert_eq!(corrected.customs_references[0].outcome, Outcome::ValidFormOnly, "it came along");

    let overview = actions::overview(&market.app, &selling, id).unwrap();
    assert_eq!(overview.totals.iter().map(|total| (total.year, total.records)).collect::<Vec<_>>(), [(2026, 1)]);
    assert_eq!(overview.verification, Verification::Verified { upto: 8 });
}

#[test]
fn number_is_refused_on_a_second_shipment_of_the_pair_and_suspicious_where_others_confirmed_it() {
    let market = Market::open();
    let (id, selling, buying) = market.active("Ruide", "Delta");
    let first = market.declared(&selling, id);
    let detail = market.add(&buying, first, "0202 2026 0 881640275").unwrap();
    assert_eq!((detail.references[0].canonical.as_str(), detail.references[0].item), (NUMBER, 1));
    assert_eq!(market.add(&selling, first, NUMBER).unwrap_err().code, Code::Duplicate);
    let second = market.declared(&buying, id);
    assert_eq!(market.add(&selling, second, NUMBER).unwrap_err().code, Code::Duplicate);
    let wrong = market.add(&selling, second, "12345").unwrap_err();
    assert_eq!((wrong.code, wrong.fields[0].pointer.as_str()), (Code::Invalid, "/number"));

    let (other, foreign_selling, foreign_buying) = market.active("Haihe", "Maas");
    let foreign = market.declared(&foreign_selling, other);
    let detail = market.add(&foreign_selling, foreign, NUMBER).unwrap();
    assert_eq!(detail.references[0].outcome, Outcome::ValidFormOnly, "what one side claims casts no doubt on others");
    assert!(detail.references[0].duplicate_of.is_some());
    let confirmed = records::confirm(&market.app, &foreign_buying, foreign, None).unwrap();
    assert!(RecordView::from(confirmed).counts_for_statistics, "the first that both sides confirm has the line");
    let late = records::confirm(&market.app, &buying, first, None).unwrap();
    assert_eq!(late.references[0].outcome, Outcome::Suspicious, "others have confirmed it since");
    assert!(!RecordView::from(late).counts_for_statistics);
    let (third, selling, _) = market.active("Uludal", "Waddenlicht");
    let claim = market.declared(&selling, third);
    assert_eq!(market.add(&selling, claim, NUMBER).unwrap().references[0].outcome, Outcome::Suspicious);
}

#[test]
fn contradicting_regime_makes_a_reference_suspicious() {
    let market = Market::open();
    let (id, selling, _) = market.active("Ruide", "Delta");
    let record = market.declared(&selling, id);
    let fields: ReferenceFields = serde_json::from_value(json!({"scheme": "cn_declaration", "number": NUMBER,
        "regime": {"system": "cn_supervision", "code": "9710"}}))
    .unwrap();
    records::add_reference(&market.app, &selling, record, &fields, None).unwrap();
    let detail = records::find(&market.app, &selling, record).unwrap();
    assert_eq!(detail.references[0].outcome, Outcome::Suspicious);
    assert!(detail.references[0].reason.as_deref().unwrap().contains("9710"), "{:?}", detail.references[0].reason);
}

#[test]
fn past_trade_is_loaded_once_and_passes_the_same_checks() {
    let market = Market::open();
    let lines: Vec<_> = include_str!("../cli/demo/trade.ndjson")
        .lines()
        .map(|line| read_line(serde_json::from_str(line).unwrap()).unwrap())
        .collect();
    let companies = include_str!("../cli/demo/market.ndjson").lines().filter_map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        (value["type"] == "company").then_some(value)
    });
    for company in companies {
        let fields = CompanyFields::new(
            company["name"].as_str().unwrap(),
            company["country"].as_str().unwrap().parse().unwrap(),
        );
        market.app.db.write(|tx| register(tx, &fields, company["ref"].as_str())).unwrap();
    }
    let load = |line| load_line(&market.app, &Actor::Operator, line);
    for (number, line) in lines.iter().enumerate() {
        let loaded = load(line).unwrap_or_else(|problem| panic!("line {}: {problem}", number + 1));
        assert!(matches!(loaded, LoadedLine::Partnership(Loaded::Made(_)) | LoadedLine::Record(Loaded::Made(_))));
    }
    let again = load(lines.last().unwrap()).unwrap();
    assert!(matches!(again, LoadedLine::Record(Loaded::Same(_)) | LoadedLine::Partnership(Loaded::Same(_))));
    assert_eq!(load_line(&market.app, &Actor::Anonymous, &lines[0]).unwrap_err().code, Code::Forbidden);
}
