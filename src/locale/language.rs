//! The languages of the catalogue.

/// A language that the catalogue speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, the language of the source.
    #[default]
    English,
}

impl Language {
    /// Its BCP 47 tag, for `lang=` and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }
}
