//! Forms, formats and frames as a page shows them.

use super::*;
use crate::clock::Time;
use crate::error::{FieldCode, FieldError};
use crate::money::Money;

/// Uses every macro once, so that a broken one breaks the build.
#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% extends "web/templates/base.html" %}
{% import "web/templates/macros.html" as ui %}
{% block crumbs %}{{ ui::crumb("/desk/buying", "Buying") }}{% endblock %}
{% block main %}
<div class="text">
{{ ui::error_summary(form.summary()) }}
<h1>{{ page.title }}</h1>
<p class="lead">Matched suppliers are told by mail when you publish. You can still change everything until the first quote.</p>
<form class="form" method="post" action="/desk/buying/rfqs">
{{ ui::csrf(page.csrf) }}
{{ ui::text(form, "title", "Title", hint="What a supplier sees first: product, grade, quantity.") }}
{{ ui::textarea(form, "specification", "Specification", rows=6, hint="One requirement per line.") }}
{{ ui::text(form, "hs_code", "HS code", size="short", mono=true, optional=true) }}
<div class="pair">
{{ ui::quantity(form, "quantity", "Quantity") }}
{{ ui::money(form, "target_price", "Target price", optional=true) }}
</div>
{% call ui::group("Delivery") %}
<div class="pair">
{{ ui::select(form, "incoterm", "Incoterm", crate::web::layout::incoterm_options(), blank="Any") }}
{{ ui::text(form, "place", "Named place", size="medium", optional=true) }}
</div>
{{ ui::select(form, "country", "Destination", crate::web::layout::country_options(), blank="Choose a country") }}
{% endcall %}
{{ ui::checkbox(form, "sealed", "yes", "Sealed quotes", hint="Suppliers do not see each other's prices.") }}
{{ ui::choices(form, "wanted_forms", "Suppliers wanted", [("manufacturer", "Manufacturers"), ("trading_company", "Trading companies")], optional=true) }}
{{ ui::hidden(hidden) }}
{{ ui::actions("Save and check", back="/desk/buying") }}
</form>
<p>{{ ui::post("/rfqs/rfq_1/close", "Close RFQ", page.csrf) }}</p>
</div>
{% endblock %}"##
)]
struct FormPage {
    page: Page,
    form: Form,
    hidden: Vec<(String, String)>,
}

struct Row {
    title: Highlighted,
    why: Highlighted,
    supplier: &'static str,
    country: &'static str,
    level: &'static str,
    price: PriceLine,
    moq: String,
    lead: String,
    certificates: &'static str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% extends "web/templates/base.html" %}
{% import "web/templates/macros.html" as ui %}
{% block main %}
<h1 class="unseen">{{ page.title }}</h1>
<div class="split" id="results">
<aside class="facets" aria-label="Filters"><details class="fold" open><summary>Filters</summary>
{% for facet in facets %}{{ ui::facet(facet) }}{% endfor %}
<form class="facet" action="/search" method="get" data-swap="#results" data-live><h3><label for="moq">MOQ up to</label></h3><span class="joined"><input class="num" id="moq" name="moq_max" inputmode="decimal"><span class="unit">kg</span></span><button class="button second small" type="submit">Set</button></form>
</details></aside>
<div>
<div class="bar-top"><p><strong>1&#8239;284</strong> results <span class="soft">· 34 ms</span></p><p><a href="/alerts/new">{{ ui::icon("bell") }} Save this search</a></p>
<form action="/search" method="get" data-swap="#results" data-live><label for="sort">Sort</label> <select id="sort" name="sort"><option>Relevance</option><option>Newest</option></select><button class="button second small noscript" type="submit">Go</button></form></div>
<ol class="listing-list">
{% for row in rows %}
<li class="listing"><div class="thumb">{{ ui::icon("box-open") }}</div>
<div class="what"><h2><a href="/listings/lst_1">{{ row.title }}</a></h2><p><a href="/companies/cmp_1">{{ row.supplier }}</a> · {{ row.country }} · {{ ui::verification(row.level, date="2026-03") }}</p><p class="why">{{ row.why }}</p></div>
<div class="terms"><p><span class="price">{{ row.price.money() }}</span> {{ row.price.terms() }}</p><p class="soft">{{ row.moq }} · {{ row.lead }} · {{ row.certificates }}</p></div>
<p class="do"><a href="/ask">Ask</a><a href="/add">Add to RFQ</a><a href="/compare">Compare</a></p></li>
{% endfor %}
</ol>
{{ ui::pager(pager) }}
<h2>Matched suppliers</h2>
{{ ui::reasons(reasons) }}
<table class="data"><caption>Quotes</caption><thead><tr><th scope="col">Supplier</th><th scope="col">State</th><th scope="col" class="num">Unit price</th><th scope="col">HS code</th><th scope="col">Received</th></tr></thead>
<tbody>{% for state in states %}<tr><th scope="row" data-label="Supplier">Izmir Celik AS</th><td data-label="State">{{ ui::state(state) }}</td><td data-label="Unit price" class="num">EUR 4.05 / kg</td><td data-label="HS code">{{ ui::code("7304.41") }}</td><td data-label="Received">{{ ui::time(when) }}</td></tr>{% endfor %}</tbody></table>
<dl class="facts">{{ ui::row("Quantity", "2 t") }}{% call ui::row_of("Closes") %}{{ ui::deadline(when) }}{% endcall %}{{ ui::row("Absent", "") }}</dl>
<p>{{ ui::needs("confirm shipment 3") }}</p>
<nav class="tabs" aria-label="RFQ"><a href="#" aria-current="page">Quotes (4)</a><a href="#">Compare</a><a href="#">Matched suppliers (37)</a><a href="#">Questions (2)</a><a href="#">Settings</a></nav>
{{ ui::empty("No saved searches yet", "Save a search and new matches come by mail.", href="/search", action="Search products") }}
</div></div>
{% endblock %}"##
)]
struct ResultsPage {
    page: Page,
    facets: Vec<FacetView>,
    rows: Vec<Row>,
    pager: Pager,
    reasons: Reasons,
    when: When,
    states: Vec<crate::formats::Pill>,
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    time("2026-11-23T12:00:00Z")
}

fn viewer() -> Viewer {
    Viewer {
        person_name: "Anna de Wit".into(),
        company_name: "Delta Import BV".into(),
        moderator: false,
        suspended: false,
        confirmed: true,
        unread: 0,
        notifications: 0,
    }
}

fn wrong_form() -> Form {
    let typed = [
        ("title", "Stainless pipe 316L, <seamless>, 2 t"),
        ("specification", "EN 10216-5, DN50\n wall 2.0 mm"),
        ("hs_code", "7304.4"),
        ("quantity.value", "2,5"),
        ("quantity.unit", "TNE"),
        ("target_price.amount", "4.10"),
        ("target_price.currency", "EUR"),
        ("incoterm", "DAP"),
        ("sealed", "yes"),
    ];
    let problem = Problem::invalid(vec![
        FieldError::new(
            "/quantity/value",
            FieldCode::Format,
            "must be a decimal number of at most 6 places, like 12.3456",
        ),
        FieldError::new("/hs_code", FieldCode::Format, "must be an HS code of 2, 4 or 6 digits, like 730441"),
        FieldError::required("/country"),
    ]);
    Form::new(&[
        ("title", "Title"),
        ("hs_code", "HS code"),
        ("quantity", "Quantity"),
        ("target_price", "Target price"),
        ("country", "Destination"),
    ])
    .typed(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    .refused(&problem)
}

fn form_page() -> FormPage {
    let page = Page::new("Post an RFQ").under(Section::Buying).seen_by(viewer(), "token").at("/desk/buying/rfqs/new");
    FormPage { page, form: wrong_form(), hidden: vec![("version".into(), "2".into())] }
}

fn price(low: &str, high: Option<&str>, place: &str) -> PriceLine {
    let money = Money::new(low.parse().unwrap(), "USD".parse().unwrap());
    PriceLine::new(money, high.map(|high| high.parse().unwrap()), Some("KGM".parse().unwrap())).under(
        "FOB".parse().unwrap(),
        place,
        Some("CNNGB".parse().unwrap()),
    )
}

fn row(title: &str, supplier: &'static str, country: &'static str, level: &'static str) -> Row {
    let start = title.find("316L").unwrap();
    Row {
        title: Highlighted::from_ranges(title, std::slice::from_ref(&(start..start + 4))),
        why: Highlighted::from_marked(
            "EN 10216-5 <mark>316L</mark> seamless <mark>pipe</mark>, pickled; HS 7304.41 <script>",
        ),
        supplier,
        country,
        level,
        price: price("4.1", Some("4.6"), "Ningbo"),
        moq: moq(&crate::units::Quantity::new("500".parse().unwrap(), "KGM".parse().unwrap())),
        lead: days(25),
        certificates: "ISO 9001",
    }
}

fn facet(name: &str, label: &str, values: &[(&str, &str, u64, bool)]) -> FacetView {
    let value = |&(value, label, count, selected): &(&str, &str, u64, bool)| FacetValue {
        value: value.into(),
        label: label.into(),
        count,
        href: format!("/search?{name}={value}"),
        selected,
    };
    FacetView { name: name.into(), label: label.into(), values: values.iter().map(value).collect() }
}

fn results_page() -> ResultsPage {
    let reason = |label: &str, share| Reason { label: label.into(), share };
    ResultsPage {
        page: Page::new("316l pipe")
            .searching("316l pipe", SearchScope::Products)
            .seen_by(viewer(), "token")
            .with_notice(NoticeKind::NeedsYou, "Izmir Celik AS declared shipment 3; confirm or dispute it."),
        facets: vec![
            facet(
                "country",
                "Country",
                &[("CN", "China", 812, true), ("TR", "Türkiye", 101, false), ("IT", "Italy", 44, false)],
            ),
            facet("incoterm", "Incoterm", &[("FOB", "FOB", 640, false), ("DAP", "DAP", 233, false)]),
            facet("verification", "Verification", &[("documented", "documented or better", 97, false)]),
        ],
        rows: vec![
            row("Stainless steel pipe 316L, seamless, DN50", "Hebei Ruide Pipe", "CN", "documented"),
            row(
                "Pipe 316L & fittings, welded, EN 10217-7, outside diameter 21.3 to 323.9 mm, polished inside",
                "Izmir Celik AS",
                "TR",
                "identified",
            ),
            row("无缝不锈钢管 316L DN50", "Tubi Nord", "IT", "registered"),
        ],
        pager: Pager {
            prev: None,
            next: Some("/search?q=316l+pipe&cursor=x".into()),
            shown: "1-20 of 1\u{202f}284".into(),
        },
        reasons: Reasons {
            score: 0.83,
            reasons: vec![reason("terms", 41), reason("HS 7304.41", 22), reason("MOQ", 19), reason("destination", 18)],
            gaps: vec!["no EN 10204 3.1 certificate".into()],
        },
        when: When::new(time("2026-12-05T17:00:00Z"), now()),
        states: crate::reference::outcome::Outcome::ALL.iter().map(|outcome| outcome.pill()).collect(),
    }
}

#[test]
fn every_page_has_the_frame_and_escapes_its_texts() {
    let form = form_page().render().unwrap();
    assert!(form.contains("316L, &#60;seamless&#62;, 2 t") && !form.contains("<seamless>"), "{form}");
    assert!(form.contains(r#"<input type="hidden" name="csrf" value="token">"#));
    let results = results_page().render().unwrap();
    assert!(results.contains("<mark>316L</mark> seamless") && results.contains("HS 7304.41 &lt;script&gt;"));
    for html in [form, results] {
        assert!(html.contains(crate::web::assets::asset_path("site.css")) && html.contains("Skip to the content"));
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "the content security policy refuses these");
    }
}

#[test]
fn every_notice_is_shown_in_turn() {
    let mut page = results_page();
    page.page = page.page.with_notice(NoticeKind::Info, "The index is being filled.");
    let html = page.render().unwrap();
    let shown: Vec<&str> = html.split("role=\"status\"").skip(1).collect();
    assert!(shown[0].contains("confirm or dispute it.") && shown[1].contains("The index is being filled."), "{html}");
}

#[test]
fn a_wrong_form_keeps_what_was_typed_and_names_each_field_in_order() {
    let html = form_page().render().unwrap();
    assert!(html.contains(r#"value="2,5""#) && html.contains("DN50\n wall 2.0 mm</textarea>"));
    assert!(html.contains(r##"<a href="#f-quantity">Quantity</a> must be a decimal"##));
    let labels: Vec<_> = wrong_form().summary().items.into_iter().map(|item| item.label).collect();
    assert_eq!(labels, ["HS code", "Quantity", "Destination"]);
}

#[test]
fn a_mistake_shows_at_the_nearest_field() {
    let mut form = Form::new(&[("price", "Price"), ("price.min", "Lowest")]);
    form.refuse("price.min", "is required");
    assert_eq!((form.error("price.min"), form.error("price")), ("is required", ""));
    form.refuse("price.unit", "is unknown");
    assert_eq!(form.error("price"), "is unknown");
    assert_eq!(form.summary().items[1].field_id, "f-price.min");
    let whole = Form::new(&[]).refused(&Problem::conflict("The RFQ is closed."));
    assert_eq!(whole.summary().items[0].message, "The RFQ is closed.");
    assert!(!whole.is_valid());
}

#[test]
fn highlights_let_nothing_through_but_marks() {
    for (markup, safe) in [
        ("<mark>a</mark> & b", "<mark>a</mark> &amp; b"),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("<mark>a", "<mark>a</mark>"),
        ("a</mark>", "a"),
        ("<mark><mark>a</mark></mark>", "<mark>a</mark>"),
        ("&lt;i&gt; &#x27;", "&lt;i&gt; &#x27;"),
        ("<mark onclick='x'>", "&lt;mark onclick=&#39;x&#39;&gt;"),
    ] {
        assert_eq!(Highlighted::from_marked(markup).to_string(), safe);
    }
    assert_eq!(Highlighted::from_ranges("a<b é", &[2..3, 1..2, 4..5]).to_string(), "a&lt;<mark>b</mark> é");
}

#[test]
fn times_read_relative_with_the_absolute_beside() {
    for (then, text) in [
        ("2026-11-23T12:00:00Z", "just now"),
        ("2026-11-23T11:59:00Z", "1 minute ago"),
        ("2026-11-23T09:00:00Z", "3 hours ago"),
        ("2026-12-05T17:00:00Z", "in 12 days"),
        ("2026-08-23T12:00:00Z", "3 months ago"),
        ("2024-11-20T12:00:00Z", "2 years ago"),
    ] {
        assert_eq!(relative(time(then), now()), text);
    }
    assert_eq!(absolute(now()), "23 Nov 2026, 12:00 UTC");
}

#[test]
fn prices_and_codes_read_as_the_trade_writes_them() {
    assert_eq!(price("12.4", Some("13.1"), "Ningbo").to_string(), "USD 12.40-13.10 / kg, FOB Ningbo (CNNGB)");
    assert_eq!(price("12.4", Some("12.4"), "").to_string(), "USD 12.40 / kg, FOB CNNGB");
    for (code, dotted) in [("73", "73"), ("7304", "7304"), ("730441", "7304.41"), ("8471300000", "8471.30.0000")] {
        assert_eq!(hs_dotted(&code.parse().unwrap()), dotted);
    }
    assert_eq!((days(1).as_str(), days(25).as_str()), ("1\u{a0}day", "25\u{a0}days"));
}

#[test]
fn bars_of_reasons_fill_the_score_and_no_more() {
    let reasons = results_page().reasons;
    let bars = reasons.bars();
    assert_eq!(bars.last().map(|bar| bar.x + bar.width), Some(83));
    assert_eq!(bars.iter().map(|bar| bar.width).sum::<u32>(), 83);
}

#[test]
fn options_keep_what_was_chosen_before() {
    assert!(currency_options("KWD").iter().any(|(code, _)| code == "KWD"));
    assert!(!currency_options("XXX").iter().any(|(code, _)| code == "XXX"));
    assert!(unit_options("GLL").iter().any(|(code, _)| code == "GLL"));
    assert!(country_options().len() > 240 && incoterm_options().len() == 11);
}

#[test]
fn the_menu_follows_the_viewer() {
    let labels = |page: &Page| page.nav().iter().map(|entry| entry.label).collect::<Vec<_>>();
    let page = Page::new("x").at("/rfqs?q=a b");
    assert_eq!(labels(&page), ["Open RFQs", "Statistics"]);
    assert_eq!(page.sign_in_href(), "/sign-in?next=%2Frfqs%3Fq%3Da+b");
    let moderator = Viewer { moderator: true, ..viewer() };
    let page = page.under(Section::Selling).seen_by(moderator, "t");
    assert_eq!(
        labels(&page),
        ["Buying", "Selling", "Partnerships", "Messages", "Notifications", "Moderation", "Open RFQs"]
    );
    let counts = |unread: usize| {
        let page = Page::new("x").seen_by(Viewer { unread, ..viewer() }, "t");
        page.nav().iter().map(super::NavEntry::count).collect::<String>()
    };
    let both = Page::new("x").seen_by(Viewer { unread: 1, notifications: 2, ..viewer() }, "t");
    assert_eq!(both.nav().iter().map(|entry| entry.waiting).collect::<Vec<_>>(), [0, 0, 0, 1, 2, 0]);
    assert_eq!([counts(0), counts(3), counts(99), counts(100)], ["", "3", "99", "99+"]);
    assert!(page.nav()[1].current);
}

#[test]
fn sample_pages_render_whole() {
    let problem = Problem::not_found("rfq");
    let confirm = ConfirmPage::new(form_page().page, "/quotes/quo_1/accept", "Accept quote", "/rfqs/rfq_1")
        .happens("The RFQ is awarded and closed; the other three quotes are declined.")
        .notifies("Izmir Celik AS: that you accept, with your name and contact details")
        .field("version", "2")
        .asks_reason("A word to the others (optional)");
    super::samples::check(&[
        ("form.html", form_page().render().unwrap()),
        ("results.html", results_page().render().unwrap()),
        ("error.html", ErrorPage::new(Page::new(""), &problem, "01hzx3k9").render().unwrap()),
        ("confirm.html", confirm.render().unwrap()),
    ]);
}

fn token(css: &str, name: &str) -> [f64; 3] {
    let at = css.find(&format!("--{name}: #")).unwrap() + name.len() + 5;
    [0, 2, 4].map(|place| f64::from(u8::from_str_radix(&css[at + place..at + place + 2], 16).unwrap()) / 255.0)
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |part: f64| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    let light = |colour: [f64; 3]| {
        let [red, green, blue] = colour.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_of_colours_meets_aa_in_light_and_dark() {
    let css = std::fs::read_to_string("src/web/assets/site.css").unwrap();
    let dark = &css[css.find("prefers-color-scheme: dark").unwrap()..];
    for (scheme, css) in [("light", css.as_str()), ("dark", dark)] {
        let mut pairs =
            vec![("on-sea", "sea", 4.5), ("edge", "sheet", 3.0), ("edge", "paper", 3.0), ("sheet", "red", 4.5)];
        for text in ["ink", "soft", "sea", "amber", "green", "red"] {
            pairs.extend([(text, "paper", 4.5), (text, "sheet", 4.5), (text, "shade", 4.5)]);
        }
        for tinted in ["sea", "amber", "green", "red"] {
            let tint: &'static str = ["sea-tint", "amber-tint", "green-tint", "red-tint"]
                .into_iter()
                .find(|name| name.starts_with(tinted))
                .unwrap();
            pairs.extend([(tinted, tint, 4.5), ("ink", tint, 4.5)]);
        }
        pairs.push(("ink", "mark", 4.5));
        for (front, back, least) in pairs {
            let found = contrast(token(css, front), token(css, back));
            assert!(found >= least, "{scheme}: {front} on {back} is {found:.2}, below {least}");
        }
    }
}
