//! How long the glossary takes for a look-up, over the titles that judge its suggestions. What is promised is 20 µs for the heading of a
//! title in its own language.
//!
//! ```text
//! cargo bench --bench glossary
//! ```

#![allow(clippy::print_stdout, missing_docs, reason = "a bench tells what it measured")]

use std::hint::black_box;
use std::time::Instant;

use tradepost::reference::glossary::{headings_for, headings_in_any, label, terms_for, warm};

/// Language, title, heading and subheading in each line.
const TITLES: &str = include_str!("../tests/it/hs_titles/kept.tsv");
/// How often each title is looked up.
const ROUNDS: u32 = 200;
/// What a look-up may take, in µs.
const PROMISED: f64 = 20.0;

fn main() {
    let parts = TITLES.lines().filter_map(|line| line.split_once('\t'));
    let titles: Vec<(&str, &str)> =
        parts.filter_map(|(language, rest)| Some((language, rest.split_once('\t')?.0))).collect();
    let start = Instant::now();
    warm();
    println!("{} titles; unpacked once in {:.0} ms", titles.len(), start.elapsed().as_secs_f64() * 1e3);
    time("headings_for, a title in its language", &titles, &|language, title| {
        drop(black_box(headings_for(title, language)))
    });
    time("headings_in_any, a title in any language", &titles, &|_, title| drop(black_box(headings_in_any(title))));
    time("label and terms_for, a code", &titles, &|language, _| {
        black_box((label("8482109000", language), terms_for("8482109000", language).count()));
    });
}

fn time(name: &str, titles: &[(&str, &str)], look_up: &dyn Fn(&str, &str)) {
    let all = || titles.iter().for_each(|(language, title)| look_up(language, title));
    all();
    let start = Instant::now();
    (0..ROUNDS).for_each(|_| all());
    let looked_up = f64::from(ROUNDS) * f64::from(u32::try_from(titles.len()).unwrap_or(u32::MAX));
    let each = start.elapsed().as_secs_f64() * 1e6 / looked_up;
    println!("{name}: {each:.2} µs, {:.2} of what is promised", each / PROMISED);
}
