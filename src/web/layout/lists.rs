//! What long lists carry beside their rows: facets, pages, and the reasons behind a score.

/// The links to the pages before and after this one; a missing link is an end.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Pager {
    /// The address of the page before.
    pub prev: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
    /// What is on this page: "1-20 of 1 284"; empty where it is not known.
    pub shown: String,
}

/// A file to be fetched, and in a form one that was sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLink {
    /// The value that stands for it in a form.
    pub id: String,
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is: "PDF, 24 KiB".
    pub about: String,
    /// The SHA-256 of its bytes; empty where it is not to be shown.
    pub sha256: String,
}

/// One filter of a result list with its values and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetView {
    /// The parameter's name: `country`.
    pub name: String,
    /// Its words: "Country".
    pub label: String,
    /// The values, those chosen among them, in the order they are shown.
    pub values: Vec<FacetValue>,
}

/// One value of a filter; a link that chooses it, or takes the choice back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The parameter's value: `CN`.
    pub value: String,
    /// Its words: "China".
    pub label: String,
    /// How many results have it.
    pub count: u64,
    /// The address with the choice turned round.
    pub href: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// One reason of a match and its share of the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its words: "HS 7304.41".
    pub label: String,
    /// Its share of the score in percent, 0 to 100.
    pub share: u8,
}

/// Why something matches: the score, the reasons with their shares, and what is missing.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Reasons {
    /// The score, 0 to 1.
    pub score: f64,
    /// The reasons, largest share first.
    pub reasons: Vec<Reason>,
    /// What does not fit, a phrase each: "no EN 10204 3.1 certificate".
    pub gaps: Vec<String>,
}

/// One piece of the bar that draws the reasons, in percent of the bar's width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Where it begins.
    pub x: u32,
    /// How wide it is.
    pub width: u32,
    /// Its shade, 1 to 6; the reasons after the sixth share the last one.
    pub shade: usize,
    /// The reason's words and share.
    pub label: String,
    /// The share in percent of the score.
    pub share: u8,
}

impl Reasons {
    /// The score with two decimals: `0.83`.
    pub fn score_text(&self) -> String {
        format!("{:.2}", self.score.clamp(0.0, 1.0))
    }

    /// The pieces of the bar. The whole bar is a score of 1, so that bars of different rows compare.
    pub fn bars(&self) -> Vec<Bar> {
        let mut before = 0_u32;
        let mut bars = Vec::with_capacity(self.reasons.len());
        for (place, reason) in self.reasons.iter().enumerate() {
            let start = self.part_of_bar(before);
            before += u32::from(reason.share);
            let width = self.part_of_bar(before) - start;
            let label = reason.label.clone();
            bars.push(Bar { x: start, width, shade: place.min(5) + 1, label, share: reason.share });
        }
        bars
    }

    /// `percent` of the score as percent of the bar.
    fn part_of_bar(&self, percent: u32) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100 by the clamps")]
        let score = (self.score.clamp(0.0, 1.0) * 100.0).round() as u32;
        (percent.min(100) * score + 50) / 100
    }
}
