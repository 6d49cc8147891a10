//! The codes that trade runs on, each a type that cannot hold a wrong one: country, HS code, UN/LOCODE, language, Incoterm, payment term.

use std::fmt;
use std::str::FromStr;

use crate::locale;
use crate::wire_enum;

/// Why a text is not a code of the kind; the key of the message that says what would be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCode(pub &'static str);

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(locale::text(locale::Language::English, self.0))
    }
}

impl std::error::Error for BadCode {}

/// A country, ISO 3166-1 alpha-2, with the user-assigned `XK` (Kosovo).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// An HS code: 2, 4 or 6 international digits, or 8 to 10 with national ones; kept without dots. The chapter exists and is not 77.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsCode(String);

/// A place of trade: UN/LOCODE, country and three letters or digits 2 to 9. The form and the country are checked, not the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locode([u8; 5]);

/// A language, ISO 639-1: two small letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

/// Countries whose ISO short name is not what stands on a parcel.
const USUAL_NAMES: [(&str, &str); 13] = [
    ("BO", "Bolivia"),
    ("FK", "Falkland Islands"),
    ("FM", "Micronesia"),
    ("GB", "United Kingdom"),
    ("IR", "Iran"),
    ("KP", "North Korea"),
    ("KR", "South Korea"),
    ("LA", "Laos"),
    ("MD", "Moldova"),
    ("NL", "Netherlands"),
    ("SY", "Syria"),
    ("TZ", "Tanzania"),
    ("VE", "Venezuela"),
];

impl Country {
    /// The alpha-2 code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// The English short name, as people write it where ISO's own form is long.
    pub fn name(self) -> String {
        if let Some((_, name)) = USUAL_NAMES.iter().find(|(code, _)| *code == self.as_str()) {
            return (*name).to_owned();
        }
        match rust_iso3166::from_alpha2(self.as_str()) {
            Some(country) => country.name.to_owned(),
            None => "Kosovo".to_owned(),
        }
    }
}

impl FromStr for Country {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let known = text == "XK" || rust_iso3166::from_alpha2(text).is_some_and(|country| country.alpha2 == text);
        match text.as_bytes() {
            [a, b] if known => Ok(Self([*a, *b])),
            _ => Err(BadCode("errors-country")),
        }
    }
}

impl HsCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two digits of the chapter.
    pub fn chapter(&self) -> &str {
        &self.0[..2]
    }

    /// The four digits of the heading, where the code is that long.
    pub fn heading(&self) -> Option<&str> {
        self.0.get(..4)
    }

    /// The six international digits, where the code is that long.
    pub fn subheading(&self) -> Option<&str> {
        self.0.get(..6)
    }

    /// Whether the subheading is one for what no other names (`3926.90`, `8479.89`): unlike goods meet under it.
    pub fn is_catch_all(&self) -> bool {
        // The nomenclature numbers its residual subheadings 9 or, one level down, 90, 99 or 89.
        self.subheading().is_some_and(|code| ["90", "99", "89"].iter().any(|end| code.ends_with(end)))
    }
}

impl FromStr for HsCode {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        const FORM: BadCode = BadCode("errors-hs");
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 2 | 4 | 6 | 8 | 9 | 10 | 13) {
            return Err(FORM);
        }
        match digits[..2].parse::<u8>() {
            Ok(77) | Ok(0) | Ok(98..) | Err(_) => Err(BadCode("errors-hs-chapter")),
            Ok(_) => Ok(Self(digits)),
        }
    }
}

impl Locode {
    /// The five characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl FromStr for Locode {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        const FORM: BadCode = BadCode("errors-locode");
        let bytes: [u8; 5] = text.as_bytes().try_into().map_err(|_| FORM)?;
        let place_ok = bytes[2..].iter().all(|b| b.is_ascii_uppercase() || (b'2'..=b'9').contains(b));
        let country_ok = text.get(..2).is_some_and(|country| country == "XZ" || country.parse::<Country>().is_ok());
        if place_ok && country_ok { Ok(Self(bytes)) } else { Err(FORM) }
    }
}

impl Language {
    /// English, where nothing else is known.
    pub const ENGLISH: Language = Language(*b"en");

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl FromStr for Language {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok(Self([*a, *b])),
            _ => Err(BadCode("errors-language")),
        }
    }
}

macro_rules! code_text {
    ($($name:ident $pattern:literal),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

code_text!(Country "^[A-Z]{2}$", HsCode "^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{2,4})?)?)?$", Locode "^[A-Z]{2}[A-Z2-9]{3}$", Language "^[a-z]{2}$");

wire_enum! {
    /// The eleven Incoterms 2020 rules (codes only; the rule texts belong to the ICC).
    pub enum Incoterm {
        /// Ex works.
        Exw = "EXW",
        /// Free carrier.
        Fca = "FCA",
        /// Carriage paid to.
        Cpt = "CPT",
        /// Carriage and insurance paid to.
        Cip = "CIP",
        /// Delivered at place.
        Dap = "DAP",
        /// Delivered at place unloaded.
        Dpu = "DPU",
        /// Delivered duty paid.
        Ddp = "DDP",
        /// Free alongside ship; sea and inland water only.
        Fas = "FAS",
        /// Free on board; sea and inland water only.
        Fob = "FOB",
        /// Cost and freight; sea and inland water only.
        Cfr = "CFR",
        /// Cost, insurance and freight; sea and inland water only.
        Cif = "CIF",
    }
}

crate::labelled!(Incoterm, "incoterm");

impl Incoterm {
    /// Whether the seller pays the main carriage (C and D rules).
    pub fn seller_pays_freight(self) -> bool {
        !matches!(self, Self::Exw | Self::Fca | Self::Fas | Self::Fob)
    }

    /// Whether the seller pays the insurance of the main carriage (CIF, CIP and, in effect, the D rules).
    pub fn seller_pays_insurance(self) -> bool {
        matches!(self, Self::Cif | Self::Cip | Self::Dap | Self::Dpu | Self::Ddp)
    }

    /// Whether the rule is meant for sea and inland water only.
    pub fn is_for_water_only(self) -> bool {
        matches!(self, Self::Fas | Self::Fob | Self::Cfr | Self::Cif)
    }
}

wire_enum! {
    /// How and when the buyer pays.
    pub enum PaymentTerm {
        /// 100 % by transfer before shipment.
        TtAdvance = "TT_ADVANCE",
        /// A deposit by transfer, the balance against documents.
        TtDeposit = "TT_DEPOSIT",
        /// Letter of credit at sight.
        LcSight = "LC_SIGHT",
        /// Letter of credit payable some days later.
        LcUsance = "LC_USANCE",
        /// Documents against payment.
        Dp = "DP",
        /// Documents against acceptance.
        Da = "DA",
        /// Open account.
        Oa = "OA",
        /// Cash against documents.
        Cad = "CAD",
        /// Consignment.
        Consignment = "CONSIGNMENT",
        /// Anything else, said in words.
        Other = "OTHER",
    }
}

crate::labelled!(PaymentTerm, "payment-term");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hs_codes_lose_their_dots_and_keep_their_digits() {
        for (text, digits) in [
            ("8542.31", "854231"),
            ("010121", "010121"),
            ("8471300000", "8471300000"),
            ("61091000", "61091000"),
            ("73", "73"),
        ] {
            assert_eq!(text.parse::<HsCode>().unwrap().as_str(), digits);
        }
        for text in ["770101", "000000", "01012", "981000", "85A231", ""] {
            assert!(text.parse::<HsCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn places_countries_and_languages_have_their_forms() {
        assert!("CNNGB".parse::<Locode>().is_ok() && "NLRTM".parse::<Locode>().is_ok());
        assert!("CNNG0".parse::<Locode>().is_err() && "QQRTM".parse::<Locode>().is_err());
        assert!(
            "XK".parse::<Country>().is_ok() && "nl".parse::<Country>().is_err() && "UK".parse::<Country>().is_err()
        );
        assert!("en".parse::<Language>().is_ok() && "EN".parse::<Language>().is_err());
    }
}
