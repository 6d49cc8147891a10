//! Names that pass for another's: characters that nobody sees, words of mixed scripts, and what two names have in common to the eye. By
//! UTS 39, "Unicode Security Mechanisms"; without I/O.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::general_security_profile::IdentifierType;
use unicode_security::{GeneralSecurityProfile, skeleton};

use super::Verification;
use crate::ids::CompanyId;

/// Scripts whose letters take each other's places unnoticed. Others stand beside Latin letters in honest names: 美的Midea.
const ALIKE: &[Script] =
    &[Script::Latin, Script::Cyrillic, Script::Greek, Script::Armenian, Script::Cherokee, Script::Coptic, Script::Lisu];

/// Scripts that know no joiners, beside [`ALIKE`], and characters of none.
const UNJOINED: &[Script] = &[
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Hangul,
    Script::Bopomofo,
    Script::Hebrew,
    Script::Georgian,
    Script::Common,
    Script::Inherited,
    Script::Unknown,
];

/// Why a name is shown to a moderator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameDoubt {
    /// A word mixes letters of scripts that look alike.
    MixedScripts,
    /// It looks like the name of another company, or is that of one that was identified.
    LooksLike {
        /// The other company.
        other: CompanyId,
    },
}

/// Whether the name holds a character that nobody sees, or one that turns the direction of reading. The joiners count only where no script
/// needs them: between letters of Persian or Hindi they are spelling.
pub fn has_invisible(name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    let joins = |at: Option<usize>| {
        let script = at.and_then(|at| characters.get(at)).map(|c| c.script());
        script.is_some_and(|script| !ALIKE.contains(&script) && !UNJOINED.contains(&script))
    };
    characters.iter().enumerate().any(|(at, c)| match c {
        '\u{200c}' | '\u{200d}' => !(joins(at.checked_sub(1)) && joins(Some(at + 1))),
        // Fillers of Korean are letters by their category, and empty to the eye.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' => true,
        c if c.is_ascii() => false,
        c => matches!(c.identifier_type(), Some(IdentifierType::Default_Ignorable | IdentifierType::Deprecated)),
    })
}

/// Whether a word of the name mixes letters of scripts that look alike: `Аcme` with a Cyrillic А.
pub fn mixes_scripts(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let mut scripts = word.chars().map(|c| c.script()).filter(|script| ALIKE.contains(script));
        let first = scripts.next();
        scripts.any(|script| Some(script) != first)
    })
}

/// What names have in common that look alike: the UTS 39 skeleton of the letters and digits, whatever their case.
pub fn look(name: &str) -> String {
    let prototype = |text: &str| skeleton(text).collect::<String>();
    let unified: String = name.nfkc().collect();
    // Before and after the case is dropped: К looks like K, but its small letter not like k.
    let small = prototype(&prototype(&unified).to_lowercase());
    // A capital i is taken for a small L, and both stand for each other here.
    small.nfd().filter(|c| c.is_alphanumeric()).map(|c| if c == 'i' || c == 'ı' { 'l' } else { c }).collect()
}

/// Whether two names are the same to whoever reads them aloud: only case, spaces and punctuation differ.
pub fn is_same(one: &str, other: &str) -> bool {
    let letters =
        |name: &str| name.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(one) == letters(other)
}

/// A company that looks like the one that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedAlike {
    /// The company.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// How far its claims were checked.
    pub verification: Verification,
}

/// The first doubt about the names, and the name; `alike` are the other companies with one of the looks.
pub fn doubt<'n>(names: &[&'n str], alike: &[NamedAlike]) -> Option<(&'n str, NameDoubt)> {
    let like = names.iter().find_map(|name| {
        let key = look(name);
        // Two companies may have one name; to take that of a company whose register entry was checked is another matter.
        let counts = |one: &&NamedAlike| !is_same(&one.name, name) || one.verification >= Verification::Identified;
        let other = alike.iter().filter(|one| look(&one.name) == key).find(counts)?;
        Some((*name, NameDoubt::LooksLike { other: other.id }))
    });
    // Whose name it passes for says more than how.
    like.or_else(|| names.iter().find(|name| mixes_scripts(name)).map(|name| (*name, NameDoubt::MixedScripts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_and_spelling_is_not() {
        for bad in [
            "Acme\u{200b} Ltd",
            "Acme\u{202e}dtL",
            "\u{200e}Acme",
            "Ac\u{ad}me",
            "Acme\u{feff}",
            "Ac\u{2060}me",
            "A\u{34f}cme",
            "Acme\u{3164}",
            "Acme\u{2066}x\u{2069}",
            "Acme\u{206a}",
            "Ac\u{200d}me",
            "Acme \u{200c}",
            "华\u{200b}为",
            "Acme\u{e0041}",
            "Acme\u{61c}",
            "Acme\u{180e}",
            "Acme\u{2800}",
        ] {
            assert!(has_invisible(bad), "{bad:?}");
        }
        for good in [
            "Acme & Söhne GmbH",
            "华为技术有限公司",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "שלום בע״מ",
            "ООО «Ромашка»",
            "O’Neill, S.A.",
            "Société d’Études №1",
            "株式会社ニデック",
            "삼성전자",
            "บริษัท ไทย จำกัด",
            "Škoda",
            "İstanbul A.Ş.",
        ] {
            assert!(!has_invisible(good), "{good:?}");
        }
    }

    #[test]
    fn a_word_of_two_scripts_is_mixed_and_a_name_of_two_is_not() {
        for bad in ["Аcme Steel", "Bоsch", "Siemеns AG", "Nοkia", "Сasio"] {
            assert!(mixes_scripts(bad), "{bad}");
        }
        for good in
            ["ООО Siemens", "美的Midea", "Acme Steel", "Газпром Export", "KFC肯德基", "Σ Industries", "3М Компани"]
        {
            assert!(!mixes_scripts(good), "{good}");
        }
    }

    #[test]
    fn the_first_doubt_names_whom_it_passes_for() {
        let of = |name: &str, verification| NamedAlike { id: CompanyId(7), name: name.to_owned(), verification };
        let (registered, identified) = (Verification::Registered, Verification::Identified);
        let like = Some(("Bоsch", NameDoubt::LooksLike { other: CompanyId(7) }));
        assert_eq!(doubt(&["Honest", "Bоsch"], &[of("Bosch", registered)]), like);
        assert_eq!(doubt(&["Bоsch"], &[]), Some(("Bоsch", NameDoubt::MixedScripts)));
        assert_eq!(doubt(&["BOSCH"], &[of("Bosch", registered)]), None, "two may have one name");
        assert!(doubt(&["BOSCH"], &[of("Bosch", registered), of("Bosch", identified)]).is_some());
        assert_eq!(doubt(&["Delta"], &[of("Bosch", identified)]), None);
    }

    #[test]
    fn names_that_look_alike_have_one_look() {
        for (one, other) in [
            ("Bosch", "Bоsch"),
            ("PayPal", "PayPaI"),
            ("Acme Steel", "ACME-STEEL"),
            ("KONE", "КОNЕ"),
            ("Delmar", "Delrnar"),
            ("Global Pipe", "G1obal Pipe"),
            ("Oriental Foods", "0riental Foods"),
            ("Lindt", "ᒪindt"),
            ("Siemens", "Ｓｉｅｍｅｎｓ"),
            ("Hanwha", "Наnwhа"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
            assert!(!look(one).is_empty());
        }
        for (one, other) in
            [("Bosch", "Busch"), ("华为", "华力"), ("Delta Import", "Delta Export"), ("Acme Steel", "Acme Pipe")]
        {
            assert_ne!(look(one), look(other), "{one} {other}");
        }
        assert!(is_same("ACME Steel, Ltd.", "Acme Steel Ltd") && !is_same("Bosch", "Bоsch"));
    }
}
