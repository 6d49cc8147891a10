//! Texts as pages and mails show them.

use askama::Template;

use super::*;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% macro typed(words: str) %}[{{ words }}]{% endmacro %}{{ typed(crate::locale::tr("layout-back")) }}{{ typed(crate::locale::tr(crate::locale::Message::new("layout-problems").with("count", count))) }}{{ crate::locale::tr(crate::locale::Message::new("layout-account-of").with("person", person).with("company", company.as_str())) }}|{{ crate::locale::tr_html(crate::locale::Message::new("layout-account-of").with("person", person).with("company", "B&C")) }}{% for name in names %}{{ crate::locale::tr(crate::locale::Message::new("layout-account-of").with("person", name).with("company", names.len())) }}{% endfor %}"#
)]
struct Shows {
    count: usize,
    person: String,
    company: String,
    names: Vec<String>,
}

#[test]
fn a_template_shows_a_text_once_escaped() {
    let page =
        Shows { count: 1, person: "<i>Ann</i>".into(), company: "B&C".into(), names: vec!["Bo".into(), "Cy".into()] };
    let html = page.render().unwrap();
    assert!(html.starts_with("[Go back][There is a problem]"), "{html}");
    assert!(html.contains("Account of &#60;i&#62;Ann&#60;/i&#62;, B&#38;C|"), "{html}");
    assert!(html.contains("|Account of &lt;i&gt;Ann&lt;/i&gt;, B&amp;C"), "{html}");
    assert!(html.ends_with("Account of Bo, 2Account of Cy, 2"), "{html}");
    assert_eq!(in_language(Language::English, || page.render()).unwrap(), html);
}

#[test]
fn a_number_chooses_the_plural_and_is_grouped() {
    let text = |count: usize| Message::new("layout-problems").with("count", count).text(Language::English);
    assert_eq!(text(1), "There is a problem");
    assert_eq!(text(3), "There are 3 problems");
    assert_eq!(text(12_500), "There are 12\u{202f}500 problems");
}

#[test]
fn a_missing_message_or_argument_shows_the_key() {
    assert_eq!(text(Language::English, "no-such-key"), "no-such-key");
    assert_eq!(Message::new("layout-problems").text(Language::English), "layout-problems");
    assert_eq!(label(Language::English, "no-family", "some_state"), "some_state");
}

#[test]
fn numbers_are_grouped_from_five_digits_on() {
    let cases =
        [("4500", "4500"), ("12500", "12\u{202f}500"), ("-1234567.25", "-1\u{202f}234\u{202f}567.25"), ("x", "x")];
    for (number, written) in cases {
        assert_eq!(grouped(number), written);
    }
}
