//! Passwords that are tried first: common words, walks over the keyboard, repetitions, and what others know of their owner.
//!
//! The rule looks at what is left when digits and signs around a word, letters written as digits, and repetitions are taken away; so
//! a short list of words stands for the many spellings in published lists. Only passwords of twelve characters and more come here.

/// The commonest words of published password lists (and their like here), in lower case without digits at the end.
const COMMON: &[&str] = &[
    "abc",
    "access",
    "account",
    "administrator",
    "admin",
    "amanda",
    "andrew",
    "anthony",
    "asdf",
    "asdfasdf",
    "ashley",
    "azerty",
    "bailey",
    "baseball",
    "basketball",
    "batman",
    "biteme",
    "buster",
    "changeit",
    "changeme",
    "charlie",
    "cheese",
    "chelsea",
    "chocolate",
    "company",
    "computer",
    "cookie",
    "correcthorsebatterystaple",
    "dallas",
    "daniel",
    "default",
    "diamond",
    "donald",
    "dragon",
    "eagles",
    "example",
    "export",
    "falcon",
    "family",
    "fender",
    "flower",
    "football",
    "forever",
    "freedom",
    "friends",
    "fuckyou",
    "george",
    "ginger",
    "google",
    "guest",
    "hallo",
    "hannah",
    "harley",
    "heaven",
    "hello",
    "helloworld",
    "hockey",
    "hunter",
    "iloveyou",
    "import",
    "importexport",
    "internet",
    "jennifer",
    "jessica",
    "jordan",
    "joshua",
    "justin",
    "killer",
    "kitten",
    "letmein",
    "liverpool",
    "login",
    "london",
    "loveme",
    "lovely",
    "maggie",
    "manager",
    "marina",
    "master",
    "matthew",
    "mercedes",
    "merlin",
    "michael",
    "michelle",
    "midnight",
    "monday",
    "monkey",
    "mustang",
    "mynameis",
    "mypassword",
    "mypass",
    "ncc",
    "nicole",
    "nothing",
    "number",
    "orange",
    "pass",
    "passphrase",
    "passw",
    "passwd",
    "passwort",
    "password",
    "patrick",
    "pepper",
    "phoenix",
    "pokemon",
    "pretty",
    "princess",
    "purple",
    "qazwsx",
    "qazwsxedc",
    "qwe",
    "qweasd",
    "qweasdzxc",
    "qwer",
    "qwerty",
    "qwertyuiop",
    "ranger",
    "robert",
    "root",
    "samsung",
    "samantha",
    "secret",
    "security",
    "server",
    "shadow",
    "silver",
    "slipknot",
    "snoopy",
    "soccer",
    "spiderman",
    "starwars",
    "steelers",
    "summer",
    "sunshine",
    "superman",
    "supplier",
    "swordfish",
    "taylor",
    "temp",
    "temporary",
    "test",
    "testing",
    "thomas",
    "thunder",
    "tigger",
    "tigger",
    "trade",
    "trader",
    "trustno",
    "user",
    "username",
    "welcome",
    "welcomehome",
    "whatever",
    "william",
    "winner",
    "winter",
    "yankees",
    "yellow",
    "zaq",
    "zxcvbn",
    "zxcvbnm",
];

/// Keys that lie side by side, and letters and digits in order.
const ROWS: &[&str] =
    &["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb"];

/// Whether the password is among those that are tried first; `own_words` are what others know of its owner.
pub(super) fn is_guessable(password: &str, own_words: &[&str]) -> bool {
    let lower = password.to_lowercase();
    has_few_characters(&lower) || is_walk(&lower) || is_common(&lower) || is_own(&lower, own_words)
}

fn has_few_characters(lower: &str) -> bool {
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 5
}

/// Whether three in four steps from a character to the next go along a row.
fn is_walk(lower: &str) -> bool {
    let characters: Vec<char> = lower.chars().collect();
    let is_step = |pair: &[char]| {
        let (forth, back) = (String::from_iter(pair), String::from_iter([pair[1], pair[0]]));
        ROWS.iter().any(|row| row.contains(&forth) || row.contains(&back))
    };
    let steps = characters.windows(2).filter(|pair| is_step(pair)).count();
    steps * 4 >= (characters.len() - 1) * 3
}

fn is_common(lower: &str) -> bool {
    let word = lower.trim_matches(|c: char| !c.is_alphabetic());
    [word.to_owned(), plain(word), plain(lower)].iter().any(|text| {
        let core = text.trim_matches(|c: char| !c.is_alphabetic());
        let words: Vec<&str> = core.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        let joined = words.concat();
        let is_known = |word: &str| COMMON.contains(&unit_of(word));
        !words.is_empty() && (is_known(&joined) || (words.len() < 4 && words.iter().all(|word| is_known(word))))
    })
}

/// Letters that were written as digits and signs.
fn plain(lower: &str) -> String {
    let letter = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    lower.chars().map(letter).collect()
}

/// The part that the text repeats: `abc` of `abcabc`.
fn unit_of(text: &str) -> &str {
    let lengths =
        (1..=text.len() / 2).filter(|length| text.len().is_multiple_of(*length) && text.is_char_boundary(*length));
    let unit = lengths.map(|length| &text[..length]).find(|unit| unit.repeat(text.len() / unit.len()) == text);
    unit.unwrap_or(text)
}

/// Whether little is left of the password without a word that others know.
fn is_own(lower: &str, own_words: &[&str]) -> bool {
    let known = own_words.iter().flat_map(|word| {
        let word = word.to_lowercase();
        let parts: Vec<String> = word.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        [word].into_iter().chain(parts)
    });
    let long_enough = known.filter(|word| word.chars().count() >= 4);
    let mut left = lower.to_owned();
    for word in long_enough.chain(["tradepost".to_owned()]) {
        left = left.replace(&word, "");
    }
    left.len() < lower.len() && left.chars().filter(|c| c.is_alphanumeric()).count() < 5
}

#[cfg(test)]
mod tests {
    use super::is_guessable;

    #[test]
    fn what_is_tried_first_is_refused() {
        let own = ["Anna de Wit", "anna.dewit@deltaimport.example", "Delta Import BV"];
        for password in [
            "aaaaaaaaaaaaaaaa",
            "121212121212",
            "password1234",
            "P@ssw0rd!2026",
            "passwordpassword",
            "PasswordPassword1!",
            "Welcome2026!!",
            "welcome-welcome",
            "iloveyou123456",
            "123456789012",
            "qwertyuiop[]",
            "qwertyuiop123",
            "abcdefghijkl",
            "1qaz2wsx3edc",
            "qwerty-123456",
            "admin-password",
            "letmein.letmein",
            "correcthorsebatterystaple",
            "anna.dewit@deltaimport.example",
            "DeltaImport2026",
            "deltaimport!!",
            "Tradepost2026!",
            "tradepost-anna",
            "hunter2hunter2",
        ] {
            assert!(is_guessable(password, &own), "{password}");
        }
    }

    #[test]
    fn a_few_unrelated_words_are_good() {
        for password in [
            "quiet harbour 27 lanterns",
            "four unrelated words",
            "Delta of seven rusty anchors",
            "kJ8#vRt2!mQz",
            "中文密码很难猜到对吧真的呢",
            "correct horse battery",
            "summer trade of copper wire",
            "hunters eat blue cheese at noon",
        ] {
            assert!(!is_guessable(password, &["Anna de Wit", "Delta Import BV"]), "{password}");
        }
    }
}
