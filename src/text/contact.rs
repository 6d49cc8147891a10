//! Contact details in texts: finding e-mail addresses, telephone numbers and names in messengers, without taking the codes of trade for
//! them.

use unicode_normalization::UnicodeNormalization;

use super::encoded_words::decode_encoded_words;
use super::tokens::is_invisible;

/// The contact details that public texts refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// `name@example.com` and its usual disguises.
    Email,
    /// `+` or `00` and a country code before a number, or a number after a word like "tel".
    Phone,
    /// An address or a name in a messenger: `wa.me/...`, "WeChat: anna88".
    Messenger,
}

/// Addresses that lead into a messenger or to a person's page.
const MESSENGER_ADDRESSES: &[&str] = &[
    "wa.me/",
    "wa.link/",
    "t.me/",
    "m.me/",
    "line.me/",
    "zalo.me/",
    "viber.me",
    "signal.me/",
    "signal.group/",
    "whatsapp.com/",
    "wechat.com/",
    "discord.gg/",
    "discord.com/",
    "telegram.me/",
    "telegram.dog/",
    "skype.com/",
    "viber.com/",
    "kakao.com/",
    "qq.com/",
];

/// Words after which a name in a messenger stands.
const MESSENGERS: &[&str] = &[
    "wechat",
    "wechatid",
    "weixin",
    "whatsapp",
    "whatapp",
    "telegram",
    "botim",
    "skype",
    "viber",
    "kakaotalk",
    "kakao",
    "zalo",
    "qq",
    "vx",
    "icq",
    "line",
];

/// The same in Chinese, where no space parts a word from the next one; with the signs that may follow.
const CHINESE_MESSENGERS: &[&str] = &["微信", "威信", "薇信", "卫信", "v信", "扣扣", "qq号", "qq群"];

/// Words after which a telephone number stands.
const PHONE_WORDS: &[&str] = &[
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "teléfono",
    "téléphone",
    "phone",
    "mobile",
    "mob",
    "cellphone",
    "handphone",
    "call",
    "whatsapp",
    "whatapp",
    "wechat",
    "viber",
    "fax",
    "hotline",
    "tlf",
    "тел",
    "телефон",
    "电话",
    "手机",
    "手机号",
    "联系电话",
    "致电",
];

/// What stands behind the name of a messenger and is no name there.
const NO_NAMES: &[&str] = &[
    "hidden",
    "supported",
    "support",
    "compatible",
    "available",
    "certified",
    "enabled",
    "ready",
    "optional",
    "included",
];

/// Country codes after `00`, where no plus sign says that a number follows; 1 and 7 are left out, for too many part numbers begin so.
const CALLING_CODES: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91",
    "92", "93", "94", "95", "98", "212", "213", "216", "218", "234", "254", "351", "353", "358", "359", "370", "371",
    "372", "380", "381", "385", "386", "420", "421", "852", "853", "855", "880", "886", "960", "961", "962", "963",
    "964", "965", "966", "968", "971", "972", "973", "974", "977", "992", "993", "994", "995", "996", "998",
];

/// How hosts end that somebody names in a text; abbreviations of trade ("approx.", "No.4") do not.
const HOST_ENDS: &[&str] = &[
    ".com", ".net", ".org", ".cn", ".ru", ".info", ".biz", ".io", ".co", ".me", ".top", ".xyz", ".shop", ".online",
    ".site", ".vip", ".cc", ".tk", ".ly", ".app", ".link", ".click", ".store", ".de", ".eu", ".uk", ".in", ".tr",
    ".br", ".hk", ".tw", ".example",
];

/// Units that stand behind a number and a point that was typed for a space; no domain of digits ends in one of them.
const UNITS: &[&str] = &["hz", "khz", "mhz", "ghz", "kw", "kv", "kva", "mm", "rpm", "bar", "psi", "nm", "db"];

/// Digits in words; eight in a row are a number that somebody disguised.
const DIGIT_WORDS: &[&str] =
    &["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "plus"];

/// The first kind of contact details that the text holds, full-width and lightly disguised forms included; product codes,
/// dimensions, tolerances and "5 pcs @ 3.50" are none.
pub fn find_contact(text: &str) -> Option<ContactKind> {
    if text.is_ascii() && !may_hold_contact(text) {
        return None;
    }
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().collect();
    let words = words_of(&folded);
    if has_email(&chars) || has_spoken_email(&folded) || has_spaced_email(&folded) {
        return Some(ContactKind::Email);
    }
    if has_messenger(&folded, &words) {
        return Some(ContactKind::Messenger);
    }
    let is_phone =
        has_phone(&chars) || has_phone_from_zeros(&chars) || has_phone_after_word(&words) || has_spoken_phone(&folded);
    is_phone.then_some(ContactKind::Phone)
}

/// A first look at ASCII, which is most of what a bulk load brings: texts without any of these signs and words hold no contact details.
fn may_hold_contact(text: &str) -> bool {
    let has_sign = text.contains(['@', '+'])
        || text.contains("&#")
        || text.contains("%40")
        || text.contains("00")
        || text.contains("=?");
    let is_hint = |word: &str| {
        word.eq_ignore_ascii_case("at")
            || word.eq_ignore_ascii_case("me")
            || word.eq_ignore_ascii_case("com")
            || word.eq_ignore_ascii_case("gg")
            || word.eq_ignore_ascii_case("link")
            || word.eq_ignore_ascii_case("dog")
            || word.eq_ignore_ascii_case("plus")
            || word.eq_ignore_ascii_case("a") && text.contains(['(', '[', '{', '<'])
            || DIGIT_WORDS.iter().chain(MESSENGERS).chain(PHONE_WORDS).any(|known| word.eq_ignore_ascii_case(known))
    };
    has_sign || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_hint)
}

/// A word of a folded text, with what stands between it and the next one.
struct Word<'t> {
    text: &'t str,
    after: &'t str,
}

fn words_of(folded: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut rest = folded.trim_start_matches(|c| !is_part(c));
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (text, tail) = rest.split_at(end);
        let next = tail.find(is_part).unwrap_or(tail.len());
        words.push(Word { text, after: &tail[..next] });
        rest = &tail[next..];
    }
    words
}

/// What makes a digit the picture of a key.
const KEYCAP: char = '\u{20e3}';

/// Encoded words decoded, compatibility forms made plain, small letters, ASCII digits, no invisible characters, and `(at)` and `(dot)` as `@`
/// and `.`.
fn fold(text: &str) -> String {
    let plain: String = decode_encoded_words(text)
        .nfkc()
        .filter(|c| !is_invisible(*c) && *c != KEYCAP)
        .map(ascii_digit)
        .flat_map(char::to_lowercase)
        .collect();
    let plain = plain.replace("&#64;", "@").replace("&#x40;", "@").replace("%40", "@").replace("&commat;", "@");
    if !plain.contains(['(', '[', '{', '<']) {
        return plain;
    }
    let mut unmasked = plain;
    for (word, sign) in [("at", "@"), ("@", "@"), ("ät", "@"), ("dot", "."), (".", "."), ("plus", "+")] {
        unmasked = unmask(&unmasked, word, sign);
    }
    unmask_letter(&unmasked)
}

/// `(a)` is an item of a list or a grade as often as an at sign: only before a domain name that is a usual one.
fn unmask_letter(text: &str) -> String {
    let as_sign = unmask(text, "a", "@");
    if as_sign == text {
        return as_sign;
    }
    let chars: Vec<char> = as_sign.chars().collect();
    let is_usual = |at: usize| {
        let domain: String = chars[at + 1..].iter().take_while(|c| is_local(**c)).collect();
        let domain = domain.trim_end_matches(['.', '-']);
        [".com", ".net", ".org", ".cn", ".de", ".co", ".ru", ".in", ".eu", ".uk", ".biz", ".info", ".tr", ".br"]
            .iter()
            .any(|top| domain.ends_with(top))
    };
    let is_address = (0..chars.len()).any(|at| chars[at] == '@' && is_usual(at));
    if is_address { as_sign } else { text.to_owned() }
}

/// The ASCII digit for an Arabic-Indic, Persian or Devanagari one; any other character as it is.
fn ascii_digit(c: char) -> char {
    let value = match c {
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        '\u{966}'..='\u{96f}' => u32::from(c) - 0x966,
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// Replaces `word` in brackets, with the spaces around it, by `sign`.
fn unmask(text: &str, word: &str, sign: &str) -> String {
    let mut unmasked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[', '{', '<']) {
        let inside = rest[open + 1..].trim_start();
        let after =
            inside.strip_prefix(word).map(str::trim_start).and_then(|tail| tail.strip_prefix([')', ']', '}', '>']));
        match after {
            Some(tail) => {
                unmasked.push_str(rest[..open].trim_end());
                unmasked.push_str(sign);
                rest = tail.trim_start();
            }
            None => {
                unmasked.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    unmasked.push_str(rest);
    unmasked
}

/// Whether the text holds an address of a page: one with a scheme, or a host of a usual kind.
pub fn has_link(text: &str) -> bool {
    let folded = fold(text);
    let is_host = |word: &str| {
        let host = word
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .split(['/', '?', '#', ':'])
            .next()
            .unwrap_or_default();
        let host: Vec<char> = host.trim_end_matches(|c: char| !c.is_alphanumeric()).chars().collect();
        is_domain(&host) && host.iter().all(|c| c.is_ascii()) && {
            let host: String = host.iter().collect();
            HOST_ENDS.iter().any(|end| host.ends_with(end))
        }
    };
    folded.contains("://") || folded.split_whitespace().any(|word| word.starts_with("www.") || is_host(word))
}

fn has_email(chars: &[char]) -> bool {
    (0..chars.len()).filter(|at| chars[*at] == '@').any(|at| is_email_around(chars, at))
}

fn is_email_around(chars: &[char], at: usize) -> bool {
    let local_before = |end: usize| {
        let start = chars[..end].iter().rposition(|c| !is_local(*c)).map_or(0, |before| before + 1);
        &chars[start..end]
    };
    let (before, after) = (local_before(at), &chars[at + 1..]);
    if !before.is_empty() && is_domain(after) {
        return true;
    }
    // "name @ domain.com": with spaces both sides must look like words, or prices ("12 @ 3.50") would be taken for addresses.
    let spaces = |part: &mut dyn Iterator<Item = &char>| part.take_while(|c| **c == ' ').count();
    let (left, right) = (spaces(&mut chars[..at].iter().rev()), spaces(&mut after.iter()));
    let spaced = &after[right..];
    left + right > 0
        && local_before(at - left).iter().any(|c| c.is_alphabetic())
        && spaced.first().is_some_and(|c| c.is_alphabetic())
        && is_domain(spaced)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

/// Whether the characters begin with a domain name: labels with dots between and a last one of two or more letters.
fn is_domain(chars: &[char]) -> bool {
    let end = chars.iter().position(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(chars.len());
    let name: String = chars[..end].iter().collect();
    let mut labels = name.trim_end_matches(['.', '-']).split('.');
    let top = labels.next_back().unwrap_or_default();
    let hosts: Vec<&str> = labels.collect();
    let top_ok = top.starts_with("xn--") || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic));
    // "10kW@50.Hz" is a frequency; "163.com" is a domain all the same.
    let is_measure = UNITS.contains(&top) && hosts.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    top_ok && !hosts.is_empty() && !is_measure && hosts.iter().all(|label| !label.is_empty())
}

/// "sales at acme dot com", "sales@acme dot com".
fn has_spoken_email(folded: &str) -> bool {
    let words: Vec<&str> = folded.split_whitespace().collect();
    let is_top = |word: &str| word.chars().take(2).all(char::is_alphabetic);
    words.windows(5).any(|five| five[1] == "at" && five[3] == "dot" && is_top(five[4]))
        || words.windows(3).any(|three| three[0].contains('@') && three[1] == "dot" && is_top(three[2]))
        || words
            .windows(3)
            .any(|three| three[1] == "at" && is_domain(&three[2].chars().collect::<Vec<_>>()) && is_web_top(three[2]))
}

/// "mail anna at acme.com": only with a domain that cannot be a product's name.
fn is_web_top(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    [".com", ".net", ".org", ".cn", ".biz"].iter().any(|top| word.ends_with(top))
}

/// "s a l e s @ a c m e . c o m".
fn has_spaced_email(folded: &str) -> bool {
    let tokens: Vec<&str> = folded.split(' ').collect();
    tokens.split(|token| token.chars().count() != 1).any(|run| {
        let joined: Vec<char> = run.concat().chars().collect();
        joined.len() >= 6 && has_email(&joined)
    })
}

fn has_messenger(folded: &str, words: &[Word]) -> bool {
    let is_address = |address: &&str| {
        folded.match_indices(*address).any(|(at, _)| {
            let before = folded[..at].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric()) && folded[at + address.len()..].starts_with(is_local)
        })
    };
    MESSENGER_ADDRESSES.iter().any(is_address)
        || CHINESE_MESSENGERS.iter().any(|word| folded.split(word).skip(1).any(begins_with_name))
        || (0..words.len()).any(|at| is_messenger_name(&words[at..]))
}

/// Whether a name of six or more letters and digits follows, perhaps behind "号", "id" and a colon.
fn begins_with_name(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '号', '码', ':', '=', '是', '为']);
    let rest = rest.strip_prefix("id").unwrap_or(rest).trim_start_matches([' ', ':', '=']);
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).count() >= 6
}

/// A messenger's word, perhaps "id" or "no", a sign like a colon, and a name.
fn is_messenger_name(words: &[Word]) -> bool {
    let [messenger, rest @ ..] = words else { return false };
    if !MESSENGERS.contains(&messenger.text) {
        return false;
    }
    let is_sign = |after: &str| after.contains([':', '=', '@', '#', '：']);
    let (name, is_marked) = match rest {
        [id, name, ..] if matches!(id.text, "id" | "no" | "number" | "account" | "号" | "账号") => (name, true),
        [name, ..] => (name, is_sign(messenger.after) && messenger.text != "line"),
        [] => return false,
    };
    let length = name.text.chars().count();
    let is_number =
        messenger.text.starts_with("qq") && length >= 6 && name.text.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || is_marked
            && length >= 4
            && name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !NO_NAMES.contains(&name.text)
}

/// "tel: 0755-8888 1234": seven or more digits behind a word that asks for it, four of them together.
fn has_phone_after_word(words: &[Word]) -> bool {
    let is_number = |at: usize| {
        let (mut digits, mut longest) = (0, 0);
        let mut is_linked = words[at].after.chars().count() <= 3 && !words[at].after.contains([',', ';']);
        for word in &words[at + 1..] {
            if !is_linked || !word.text.bytes().all(|byte| byte.is_ascii_digit()) {
                break;
            }
            digits += word.text.len();
            longest = longest.max(word.text.len());
            is_linked = word.after.chars().count() <= 2 && !word.after.contains([',', ';', '/']);
        }
        (7..=15).contains(&digits) && longest >= 3
    };
    (0..words.len()).any(|at| PHONE_WORDS.contains(&words[at].text) && is_number(at))
}

/// "0086 138 0013 8000": an exit code and a country code, where a number is written in groups, or is longer than any code of trade.
fn has_phone_from_zeros(chars: &[char]) -> bool {
    let is_start = |at: usize| {
        // "0086 138", "00 86 138", "00-86-138".
        let gap = usize::from(chars.get(at + 2).is_some_and(|c| is_phone_separator(*c)));
        chars[at..].starts_with(&['0', '0'])
            && chars.get(at + 2 + gap).is_some_and(|c| ('2'..='9').contains(c))
            && at.checked_sub(1).is_none_or(|before| !is_local(chars[before]) && chars[before] != '/')
            // "1 002 300 400" is one number.
            && !(at >= 2 && chars[at - 1] == ' ' && chars[at - 2].is_ascii_digit())
    };
    (0..chars.len()).filter(|at| is_start(*at)).any(|at| {
        let number: Vec<char> =
            chars[at..].iter().copied().take_while(|c| c.is_ascii_digit() || is_phone_separator(*c)).collect();
        let digits: String = number.iter().filter(|c| c.is_ascii_digit()).collect();
        let is_grouped = number.iter().rev().skip_while(|c| !c.is_ascii_digit()).any(|c| !c.is_ascii_digit());
        let is_country = CALLING_CODES.iter().any(|code| digits[2..].starts_with(code));
        let length = if is_grouped { 11..=17 } else { 15..=17 };
        is_country && length.contains(&digits.len())
    })
}

/// "one three eight double zero ...", "一三八零零一三八零零零".
fn has_spoken_phone(folded: &str) -> bool {
    const NUMERALS: &str = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖";
    let mut run = 0;
    for c in folded.chars().filter(|c| !c.is_whitespace()) {
        run = if NUMERALS.contains(c) { run + 1 } else { 0 };
        if run >= 8 {
            return true;
        }
    }
    let mut run = 0;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        run = if DIGIT_WORDS.contains(&word) { run + 1 } else { 0 };
        if run >= 8 {
            return true;
        }
    }
    false
}

/// Whether a word beside contact details of the kind is likely a further piece of them: digits behind a number, single letters behind an address
/// that is spelled. `before` is the one that stands in front of the other; no piece goes on behind a comma.
pub(super) fn continues_contact(kind: ContactKind, before: &str, word: &str) -> bool {
    let folded = fold(word);
    let bare = folded.trim_end_matches([',', '.', ';', ':', '!', '?']);
    let is_single = |text: &str| text.chars().count() == 1 && text.is_ascii();
    if before.ends_with([',', ';']) || kind == ContactKind::Messenger {
        return false;
    }
    if kind == ContactKind::Email {
        return is_single(bare) && is_single(before);
    }
    let is_number = bare.chars().any(|c| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || is_phone_separator(c) || matches!(c, '+' | '/'));
    is_number || DIGIT_WORDS.contains(&bare)
}

fn is_phone_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '(' | ')' | '_' | '~' | '·' | '\u{2010}'..='\u{2015}')
}

fn has_phone(chars: &[char]) -> bool {
    (0..chars.len()).any(|at| chars[at] == '+' && may_start_phone(&chars[..at]) && is_number_after(&chars[at + 1..]))
}

/// A plus sign within a code (`RX+20031234`, `10+20`) starts no number; one after a word (`Tel+86`) does.
fn may_start_phone(before: &[char]) -> bool {
    let word: Vec<&char> = before.iter().rev().take_while(|c| c.is_ascii_alphanumeric()).collect();
    word.is_empty() || (word.len() >= 3 && word.iter().all(|c| c.is_ascii_alphabetic()))
}

/// Eight or more digits, the first not 0 as in every country code, with the usual separators between; only spaces and an opening
/// bracket may stand before the first (`DX-500/+/8000/8500` is a list of models).
fn is_number_after(chars: &[char]) -> bool {
    let (mut digits, mut gap) = (0, 0);
    for c in chars {
        match c {
            '0' | '-' | '.' | ')' | '/' if digits == 0 => return false,
            '0'..='9' => (digits, gap) = (digits + 1, 0),
            c if (is_phone_separator(*c) || *c == '/') && gap < 3 => gap += 1,
            _ => break,
        }
    }
    digits >= 8
}
