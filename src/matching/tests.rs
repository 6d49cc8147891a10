//! The promises of matching: faithful shares, text first, gaps in words, steps that never go back.

use proptest::prelude::*;

use super::rules::{MatchStatus, MatchStep, step};
use super::score::{WEIGHTS, weight};
use super::*;

fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().unwrap(), currency.parse().unwrap())
}

fn quantity(value: &str, unit: &str) -> Quantity {
    Quantity::new(value.parse().unwrap(), unit.parse().unwrap())
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

fn pipe_requirement() -> Requirement {
    Requirement {
        hs_code: Some("730441".parse().unwrap()),
        category: Some("Metals / Pipes / Seamless".into()),
        quantity: Some(quantity("2", "TNE")),
        target_price: Some(money("4.50", "USD")),
        target_unit: Some(Unit::KILOGRAM),
        incoterm: Some(Incoterm::Fob),
        destination_country: Some(country("NL")),
        required_certifications: vec!["ISO 9001".into(), "EN 10204 3.1".into()],
        lead_time_days: Some(30),
        ..Requirement::default()
    }
}

fn likeness() -> Likeness {
    Likeness {
        words: 0.9,
        head: 1.0,
        name: 0.7,
        specified: 0.1,
        measures: 1.0,
        named: 0.8,
        kind: 0.5,
        held: vec!["316l".into(), "pipe".into()],
    }
}

fn pipe_candidate() -> Candidate {
    Candidate {
        text: 0.8,
        nearness: 0.9,
        likeness: likeness(),
        further: 2,
        company: CandidateCompany {
            country: Some(country("CN")),
            form: Some("manufacturer".into()),
            verification: 2,
            markets: vec![country("NL"), country("DE")],
            certifications: vec!["iso9001:2015".into()],
            response_rate: Some(0.5),
        },
        listing: CandidateListing {
            name: "Stainless steel pipe 316L".into(),
            hs_code: Some("7304410000".parse().unwrap()),
            category: Some("metals/pipes/welded".into()),
            moq: Some(quantity("500", "KGM")),
            price_min: Some(money("4100", "USD")),
            price_unit: Some("TNE".parse().unwrap()),
            lead_time_days: Some(25),
            incoterms: vec![Incoterm::Fob, Incoterm::Cif],
            ..CandidateListing::default()
        },
    }
}

fn gaps(breakdown: &ScoreBreakdown) -> Vec<GapKind> {
    breakdown.gaps.iter().map(|gap| gap.kind).collect()
}

#[test]
fn weights_cover_every_kind_once_and_sum_to_one() {
    assert_eq!(WEIGHTS.len(), ReasonKind::ALL.len());
    assert!(ReasonKind::ALL.iter().all(|kind| weight(*kind) > 0.0));
    assert!((WEIGHTS.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(weight(ReasonKind::Terms) > 0.5);
}

#[test]
fn a_good_offer_earns_every_kind_and_names_its_one_gap() {
    let breakdown = score(&pipe_requirement(), &pipe_candidate());
    assert_eq!(breakdown.reasons.len(), ReasonKind::ALL.len());
    assert_eq!(breakdown.reasons[0].kind, ReasonKind::Terms);
    assert_eq!(breakdown.gaps.len(), 1);
    assert_eq!(breakdown.gaps[0].detail, "no EN 10204 3.1 certificate is stated");
}

#[test]
fn gaps_read_as_the_trade_says_them() {
    let mut candidate = pipe_candidate();
    candidate.listing.moq = Some(quantity("5000", "KGM"));
    candidate.listing.price_min = Some(money("6.20", "USD"));
    candidate.listing.price_unit = Some(Unit::KILOGRAM);
    candidate.listing.lead_time_days = Some(60);
    candidate.listing.incoterms = vec![Incoterm::Exw];
    candidate.listing.hs_code = Some("610910".parse().unwrap());
    let mut requirement = pipe_requirement();
    requirement.quantity = Some(quantity("2000", "KGM"));
    requirement.wanted_supplier_countries = vec![country("TR")];
    requirement.wanted_supplier_forms = vec!["trading_company".into()];
    let breakdown = score(&requirement, &candidate);
    let details: Vec<&str> = breakdown.gaps.iter().map(|gap| gap.detail.as_str()).collect();
    for expected in [
        "MOQ 5000 kg is above the 2000 kg wanted",
        "USD 6.20 / kg is above the target USD 4.50 / kg",
        "needs 60 days and the goods are wanted in 30",
        "offers EXW and not the FOB wanted",
        "HS 610910 is of another chapter than the HS 730441 wanted",
        "the supplier is in CN and only TR is wanted",
        "the supplier is a manufacturer and only trading company is wanted",
    ] {
        assert!(details.contains(&expected), "{expected} is not in {details:?}");
    }
    assert!(breakdown.is_ruled_out());
}

#[test]
fn what_cannot_be_compared_is_said_and_not_guessed() {
    let mut candidate = pipe_candidate();
    candidate.listing.moq = Some(quantity("3", "XPX"));
    candidate.listing.price_min = Some(money("30", "CNY"));
    let breakdown = score(&pipe_requirement(), &candidate);
    assert_eq!(breakdown.share(ReasonKind::Moq) + breakdown.share(ReasonKind::Price), 0.0);
    assert!(gaps(&breakdown).contains(&GapKind::Moq) && gaps(&breakdown).contains(&GapKind::Price));
}

#[test]
fn hs_shares_grow_with_the_digits_in_common() {
    let share = |code: &str| {
        let mut candidate = pipe_candidate();
        candidate.listing.hs_code = Some(code.parse().unwrap());
        score(&pipe_requirement(), &candidate).share(ReasonKind::Hs)
    };
    assert!(share("730441") > share("730449") && share("730449") > 0.0);
    assert_eq!((share("730511"), share("610910")), (0.0, 0.0));
    assert_eq!(share("73044110"), share("730441"));
}

#[test]
fn certificates_are_compared_by_their_parts() {
    for (held, required, fits) in [
        ("ISO 9001:2015", "iso9001", true),
        ("ISO 90010", "ISO 9001", false),
        ("EN 10204 / 3.1", "EN 10204 3.1", true),
        ("ISO 9001", "ISO 9001:2015", false),
        ("CE", "", false),
    ] {
        let requirement = Requirement { required_certifications: vec![required.into()], ..Requirement::default() };
        let mut candidate = Candidate::default();
        candidate.listing.certifications = vec![held.into()];
        assert_eq!(
            score(&requirement, &candidate).share(ReasonKind::Certification) > 0.0,
            fits,
            "{held} for {required}"
        );
    }
}

fn scored(score: f64) -> ScoreBreakdown {
    ScoreBreakdown { score, fit: score, ..ScoreBreakdown::default() }
}

/// What these tests choose by; a running program takes its limits from the configuration alone.
const LIMITS: Limits = Limits {
    keep: 50,
    keep_probability: 0.05,
    notify: 20,
    notify_probability: 0.5,
    // Scores of 0.15, 0.3 and 0.6 are probabilities of 0.18, 0.5 and 0.95.
    calibration: Calibration { at_zero: -3.0, slope: 10.0 },
};

#[test]
fn selection_keeps_the_best_and_never_mails_the_ruled_out() {
    let mut breakdowns: Vec<ScoreBreakdown> = [0.5, 0.9, -0.01, 0.7, 0.31].into_iter().map(scored).collect();
    breakdowns[1].gaps.push(Gap { kind: GapKind::SupplierCountry, detail: String::new(), share: 0.0 });
    let limits = Limits { keep: 3, notify: 2, ..LIMITS };
    assert_eq!(select(&breakdowns, &limits), Selection { kept: vec![1, 3, 0], notified: vec![3, 0] });
    let limits = Limits { notify_probability: 0.95, ..LIMITS };
    assert_eq!(select(&breakdowns, &limits), Selection { kept: vec![1, 3, 0, 4], notified: vec![3] });
}

#[test]
fn why_not_says_where_a_company_stands_and_what_it_did_not_earn() {
    let mut candidate = pipe_candidate();
    candidate.listing.moq = None;
    let breakdowns = vec![score(&pipe_requirement(), &candidate), scored(0.99), scored(0.98), scored(-0.01)];
    let limits = Limits { keep: 2, ..LIMITS };
    let why = why_not(&pipe_requirement(), &breakdowns, Some(0), &limits);
    assert_eq!((why.status, why.rank, why.needed), (MatchStatus::Outranked, Some(3), 0.98));
    assert!(why.unearned.iter().any(|part| part.kind == ReasonKind::Moq && part.could_add == weight(ReasonKind::Moq)));
    assert!(!why.unearned.iter().any(|part| part.kind == ReasonKind::Incoterm));
    let status = |place| why_not(&pipe_requirement(), &breakdowns, place, &LIMITS).status;
    assert_eq!(status(None), MatchStatus::NoCandidate);
    assert_eq!(status(Some(3)), MatchStatus::BelowMinimum);
    assert_eq!(status(Some(0)), MatchStatus::Notified);
}

#[test]
fn a_match_never_goes_back() {
    use MatchState::*;
    for (from, what, to) in [
        (Suggested, MatchStep::Notify, Ok(Notified)),
        (Seen, MatchStep::Notify, Ok(Seen)),
        (Quoted, MatchStep::See, Ok(Quoted)),
        (Dismissed, MatchStep::See, Ok(Dismissed)),
        (Dismissed, MatchStep::Quote, Ok(Quoted)),
        (Seen, MatchStep::Dismiss, Ok(Dismissed)),
        (Quoted, MatchStep::Dismiss, Err(rules::AlreadyQuoted)),
    ] {
        assert_eq!(step(from, what), to, "{from} {what:?}");
    }
}

fn of_item(item: u32, candidate: &Candidate, serves: bool) -> ItemScore {
    let breakdown = score(&pipe_requirement(), candidate);
    let best_listings = vec![ListingId(i64::from(item))];
    ItemScore {
        item,
        serves,
        scored: ScoredCandidate { supplier: CompanyId(1), breakdown, best_listings, items: vec![] },
    }
}

#[test]
fn supplier_of_some_items_is_measured_by_these_and_lacks_the_others() {
    let (good, mut weak) = (pipe_candidate(), pipe_candidate());
    weak.likeness = Likeness::default();
    let breakdown = score(&pipe_requirement(), &good);
    let alone = breakdown.score;
    // Shares are multiples of a small part, so that their sums are exact: of each kind less than one such part is lost.
    let near = |score: f64, wanted: f64| (score - wanted).abs() < 20.0 / f64::from(1 << 20);
    let all = combine(&[1, 2], vec![of_item(2, &good, true), of_item(1, &good, true)], 3).unwrap();
    assert_eq!(all.breakdown.score, alone, "all items served as well as one");
    assert_eq!(all.best_listings, [ListingId(1), ListingId(2)]);
    assert!(!gaps(&all.breakdown).contains(&GapKind::Items));
    let some = combine(&[1, 2, 3], vec![of_item(1, &weak, false), of_item(2, &good, true)], 3).unwrap();
    let missing = some.breakdown.gaps.iter().find(|gap| gap.kind == GapKind::Items).unwrap();
    assert_eq!(missing.detail, "fits 1 of the 3 items; no listing fits 1, 3");
    assert!(near(some.breakdown.score, alone / 3.0), "{}", some.breakdown.score);
    assert_eq!((missing.share, some.breakdown.fit), (0.0, alone), "whether it is told is decided by what it serves");
    let fits: Vec<(u32, bool)> = some.items.iter().map(|fit| (fit.item, fit.serves)).collect();
    assert_eq!(fits, [(1, false), (2, true)]);
    // One more that it serves, however well, never lowers the score.
    let more = combine(&[1, 2, 3], vec![of_item(1, &weak, true), of_item(2, &good, true)], 3).unwrap();
    assert!(more.breakdown.score >= some.breakdown.score);
    // An item that something rules out may score higher than one that is served, and counts for nothing all the same.
    let ruled_out = combine(&[1, 2], vec![of_item(1, &good, false), of_item(2, &weak, true)], 3).unwrap();
    let missing = ruled_out.breakdown.gaps.iter().find(|gap| gap.kind == GapKind::Items).unwrap();
    assert_eq!(missing.detail, "fits 1 of the 2 items; no listing fits 1");
    assert_eq!(ruled_out.breakdown.fit, score(&pipe_requirement(), &weak).score);
    assert_eq!(ruled_out.best_listings, [ListingId(2)]);
    // Where it serves none, the nearest says how near it comes.
    let none = combine(&[1, 2], vec![of_item(1, &weak, false)], 3).unwrap();
    assert_eq!(none.breakdown.fit, score(&pipe_requirement(), &weak).score);
    assert_eq!(combine(&[1, 2], Vec::new(), 3), None);
}

prop_compose! {
    fn any_offer()(
        text in -0.5f64..1.5, rank in 0u8..6, rate in proptest::option::of(0.0f64..1.0), moq in 1i32..5_000,
        price in 1i64..10_000_000, days in 0u32..90, hs in prop::sample::select(vec!["730441", "7304", "73", "610910"]),
        nl in any::<bool>(), iso in any::<bool>(), fob in any::<bool>(), tonnes in any::<bool>(),
        category in proptest::option::of(prop::sample::select(vec!["Metals", "metals / pipes", "Food", ""])),
    ) -> Candidate {
        let mut candidate = pipe_candidate();
        candidate.text = text;
        candidate.likeness.words = text.clamp(0.0, 1.0);
        candidate.company.verification = rank;
        candidate.company.response_rate = rate;
        candidate.company.markets = if nl { vec![country("NL")] } else { vec![] };
        candidate.company.certifications = if iso { vec!["ISO 9001".into()] } else { vec![] };
        candidate.listing.moq = Some(Quantity::new(crate::money::Micros::from_units(moq), Unit::KILOGRAM));
        candidate.listing.price_min = Some(Money::new(crate::money::Micros(price), "USD".parse().unwrap()));
        candidate.listing.price_unit = Some(if tonnes { "TNE".parse().unwrap() } else { Unit::KILOGRAM });
        candidate.listing.lead_time_days = Some(days);
        candidate.listing.incoterms = if fob { vec![Incoterm::Fob] } else { vec![Incoterm::Exw] };
        candidate.listing.hs_code = Some(hs.parse().unwrap());
        candidate.listing.category = category.map(str::to_owned);
        candidate
    }
}

proptest! {
    #[test]
    fn shares_sum_to_the_score_exactly_in_any_order(candidate in any_offer()) {
        let breakdown = score(&pipe_requirement(), &candidate);
        let lost: f64 = breakdown.gaps.iter().rev().map(|gap| gap.share).sum();
        let backwards: f64 = breakdown.reasons.iter().rev().map(|reason| reason.share).sum::<f64>() + lost;
        prop_assert_eq!(breakdown.score, backwards);
        prop_assert!(breakdown.score <= 1.0 && breakdown.gaps.iter().all(|gap| gap.share <= 0.0));
        prop_assert!(breakdown.reasons.windows(2).all(|pair| pair[0].share >= pair[1].share));
    }

    #[test]
    fn without_a_reason_the_score_falls_by_exactly_its_share(candidate in any_offer()) {
        let whole = score(&pipe_requirement(), &candidate);
        for kind in ReasonKind::ALL {
            let less = score(&pipe_requirement(), &without_evidence(&candidate, *kind));
            // A code of another chapter takes something off: without the code that is gone too.
            let taken: f64 = whole.gaps.iter().filter(|gap| *kind == ReasonKind::Hs && gap.kind == GapKind::Hs).map(|gap| gap.share).sum();
            prop_assert_eq!(whole.score - less.score, whole.share(*kind) + taken, "{}", kind);
            prop_assert_eq!(less.share(*kind), 0.0);
        }
    }

    #[test]
    fn shares_over_items_sum_exactly_and_fall_exactly(offers in prop::collection::vec(any_offer(), 1..6), lacking in 0u32..4) {
        let count = u32::try_from(offers.len()).unwrap();
        let numbers: Vec<u32> = (1..=count + lacking).collect();
        let of = |offers: &[Candidate]| {
            let scores = (1..).zip(offers).map(|(item, offer)| of_item(item, offer, true)).collect();
            combine(&numbers, scores, 3).unwrap().breakdown
        };
        let whole = of(&offers);
        let sum = |breakdown: &ScoreBreakdown| -> f64 {
            breakdown.gaps.iter().rev().map(|gap| gap.share).sum::<f64>()
                + breakdown.reasons.iter().rev().map(|reason| reason.share).sum::<f64>()
        };
        prop_assert_eq!(whole.score, sum(&whole));
        for kind in ReasonKind::ALL {
            let less = of(&offers.iter().map(|offer| without_evidence(offer, *kind)).collect::<Vec<_>>());
            let taken = |breakdown: &ScoreBreakdown| -> f64 {
                breakdown.gaps.iter().filter(|gap| gap.kind == GapKind::Hs).map(|gap| gap.share).sum()
            };
            let lost = whole.share(*kind) + if *kind == ReasonKind::Hs { taken(&whole) } else { 0.0 };
            prop_assert_eq!(whole.score - less.score, lost, "{}", kind);
        }
    }

    #[test]
    fn where_only_text_is_known_the_order_is_the_text_s(a in 0.0f64..1.0, b in 0.0f64..1.0) {
        let requirement = Requirement {
            quantity: Some(quantity("100", "C62")), destination_country: Some(country("NL")), ..Requirement::default()
        };
        let likeness = Likeness { held: vec!["pipe".into()], ..Likeness::default() };
        let score = |text| score(&requirement, &Candidate { text, likeness: likeness.clone(), ..Candidate::default() }).score;
        prop_assert!(a > b || score(a) <= score(b));
        prop_assert!(score(a) <= weight(ReasonKind::Terms));
    }
}
