//! The pages about how things work.

use askama::Template;

use super::pages::{RankingPage, StatisticsPage, VerificationPage};
use crate::statistics::SuppressionRule;
use crate::web::layout::{Page, samples};

#[test]
fn about_pages_render_whole() {
    samples::check(&[
        ("ranking.html", RankingPage::new(Page::new("How ranking works")).render().unwrap()),
        ("verification.html", VerificationPage { page: Page::new("What verification means") }.render().unwrap()),
        (
            "statistics.html",
            StatisticsPage::new(Page::new("What statistics count"), SuppressionRule::default()).render().unwrap(),
        ),
    ]);
}
