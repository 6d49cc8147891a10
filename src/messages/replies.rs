//! A reply by e-mail, as it is read: who sent it, what of it was written by a person, and what no person wrote; without I/O.
//!
//! Mail programs put what is answered below the answer, each in its own words and in any language. It is known by what it must name: the sender of
//! our e-mails. Only what follows such a line is cut off, so that nothing is lost of what the writer wrote, and so are signatures.

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::text::html;

/// So many messages may stand within each other: the parser goes into each.
const MOST_NESTED: usize = 20;
/// So many lines may begin like the border of a part.
const MOST_BORDERS: usize = 2_000;
/// So many lines of a text are looked at; a message has 5 000 characters.
const MOST_LINES: usize = 5_000;
/// So many files are looked at.
const MOST_FILES: usize = 50;

/// What the platform calls itself in its e-mails, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ourselves {
    name: String,
    address: String,
    /// The subject of the e-mail that is answered; empty where it is not known.
    subject: String,
}

impl Ourselves {
    /// From an address like `Tradepost <no-reply@example.com>`.
    pub fn of(from: &str) -> Self {
        let (name, address) = from.split_once('<').unwrap_or((from, from));
        let small = |text: &str| text.trim().trim_matches(['"', '>', '<']).trim().to_lowercase();
        Self { name: small(name), address: small(address), subject: String::new() }
    }

    /// The same in an e-mail that is answered under this subject, whatever a mail program puts before it: `Re:`, `AW:`, `回复：`.
    #[must_use]
    fn about(&self, subject: &str) -> Self {
        let own = subject.rsplit([':', '：']).next().unwrap_or_default().trim().to_lowercase();
        Self { subject: own, ..self.clone() }
    }

    /// Whether the text, in small letters, holds the address that our e-mails come from, which nobody writes by chance.
    fn is_addressed_in(&self, text: &str) -> bool {
        self.address.contains('@') && text.contains(&self.address)
    }

    /// Whether the text, in small letters, holds our name, as a sentence may as well.
    fn is_named_in(&self, text: &str) -> bool {
        !self.name.is_empty() && text.contains(&self.name)
    }
}

/// What an e-mail says before its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The address of its writer, in small letters.
    pub from: String,
    /// The addresses that it went to, as its headers name them: the one that it was delivered to first.
    pub recipients: Vec<String>,
    /// Its `Message-ID`, without angle brackets; empty where it has none.
    pub message_id: String,
    /// Why no person wrote it, if so.
    pub automatic: Option<Automatic>,
    /// The operator's mail server found that its sender is forged (`dmarc=fail`).
    pub is_forged: bool,
}

/// What an e-mail holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// What its writer wrote.
    pub text: String,
    /// The files beside the text: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many more files there are.
    pub further: usize,
}

/// Why an e-mail cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no message, or has no sender.
    NoMessage,
    /// It has more parts, or messages within each other, than any that a person sends.
    TooManyParts,
    /// Only its recipient could read it, and that is no program.
    Encrypted,
}

crate::wire_enum! {
    /// What an e-mail is that no person wrote.
    pub enum Automatic {
        /// An answer of a program: absence notes, confirmations (RFC 3834).
        AutoReply = "auto_reply",
        /// A report that an e-mail did not arrive, or that it was read.
        Report = "report",
        /// An e-mail to many.
        Bulk = "bulk",
    }
}

/// How the subject begins that programs give to absence notes and reports, where they do not say so in a header of their own.
const AUTOMATIC_SUBJECTS: &[(&str, Automatic)] = &[
    ("automatic reply:", Automatic::AutoReply),
    ("auto-reply:", Automatic::AutoReply),
    ("out of office:", Automatic::AutoReply),
    ("自动回复", Automatic::AutoReply),
    ("自動回覆", Automatic::AutoReply),
    ("respuesta automática", Automatic::AutoReply),
    ("réponse automatique", Automatic::AutoReply),
    ("automatische antwort", Automatic::AutoReply),
    ("abwesenheitsnotiz", Automatic::AutoReply),
    ("resposta automática", Automatic::AutoReply),
    ("risposta automatica", Automatic::AutoReply),
    ("автоматический ответ", Automatic::AutoReply),
    ("автоответ", Automatic::AutoReply),
    ("退信", Automatic::Report),
    ("undelivered mail returned", Automatic::Report),
    ("undeliverable:", Automatic::Report),
    ("delivery status notification", Automatic::Report),
    ("mail delivery failed", Automatic::Report),
];

/// Where the history begins in the HTML of mail programs.
const HISTORIES: &[&str] = &[
    "class=\"gmail_quote",
    "id=\"divrplyfwdmsg\"",
    "id=\"appendonsend\"",
    "class=\"yahoo_quoted",
    "class=\"protonmail_quote",
    "id=\"mail-editor-reference-message-container\"",
    "class=\"moz-cite-prefix",
    "name=\"quote\"",
];

/// How the line begins that telephones put below a text.
const DEVICES: &[&str] = &[
    "sent from my ",
    "get outlook for ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "envoyé depuis ",
    "enviado desde ",
    "enviado de mi ",
    "inviato da ",
    "enviado do meu ",
    "enviado a partir ",
    "отправлено с ",
    "отправлено из ",
    "发自我的",
];

/// So many lines may an introduction of what is answered be broken into.
const INTRODUCTION_LINES: usize = 3;
/// So many lines has the head of a message that is put below another one.
const HEAD_LINES: usize = 6;
/// A line of more signs than this is drawn.
const LINE: usize = 10;
/// A label of a head has so many letters at most.
const LABEL: usize = 20;

impl Head {
    /// Reads the head of a message (RFC 5322).
    ///
    /// # Errors
    /// Where it is no message.
    pub fn read(raw: &[u8]) -> Result<Self, Unreadable> {
        let message = MessageParser::new().parse_headers(raw).ok_or(Unreadable::NoMessage)?;
        let from = addresses(message.from()).into_iter().next().ok_or(Unreadable::NoMessage)?;
        let header = |name: &str| message.header_raw(name).map(|value| value.trim().to_lowercase());
        let delivered = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().filter_map(header);
        let named = addresses(message.to()).into_iter().chain(addresses(message.cc()));
        // Only the topmost is the operator's own server's; the sender may have written those below it.
        let results = header("Authentication-Results").unwrap_or_default();
        Ok(Self {
            from,
            recipients: delivered.chain(named).collect(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            automatic: automatic(&message, header),
            is_forged: results.contains("dmarc=fail"),
        })
    }
}

impl Body {
    /// Reads what a message holds.
    ///
    /// # Errors
    /// Where it is built to cost much, or encrypted.
    pub fn read(raw: &[u8], ourselves: &Ourselves) -> Result<Self, Unreadable> {
        ensure_plain(raw)?;
        let message = MessageParser::new().parse(raw).ok_or(Unreadable::NoMessage)?;
        let ourselves = &ourselves.about(message.subject().unwrap_or_default());
        let kind = message.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
        if matches!(kind, Some(("multipart", "encrypted") | ("application", "pkcs7-mime" | "x-pkcs7-mime"))) {
            return Err(Unreadable::Encrypted);
        }
        let markup: String = message.html_bodies().filter_map(|part| part.text_contents()).collect();
        let plain: Vec<&str> =
            message.text_bodies().filter(|part| !part.is_text_html()).filter_map(|part| part.text_contents()).collect();
        let mut text = written(&plain.join("\n\n"), ourselves);
        // Some programs send an empty text beside the HTML, others none.
        if text.is_empty() {
            text = written(&html::to_text(without_history(&markup)), ourselves);
        }
        let mut files: Vec<(String, Vec<u8>)> = files(&message, &markup);
        let further = files.len().saturating_sub(MOST_FILES);
        files.truncate(MOST_FILES);
        Ok(Self { text, files, further })
    }
}

/// Refuses what is built to cost much before it is taken apart: the parser goes into each message within a message, and keeps each part.
fn ensure_plain(raw: &[u8]) -> Result<(), Unreadable> {
    let (mut nested, mut borders) = (0, 0);
    for line in raw.split(|byte| *byte == b'\n') {
        borders += usize::from(line.starts_with(b"--"));
        let found = line.windows(8).filter(|part| part.eq_ignore_ascii_case(b"message/"));
        nested += found.count();
        if nested > MOST_NESTED || borders > MOST_BORDERS {
            return Err(Unreadable::TooManyParts);
        }
    }
    Ok(())
}

fn addresses(named: Option<&Address>) -> Vec<String> {
    let all = named.into_iter().flat_map(Address::iter);
    all.filter_map(|one| one.address()).map(|address| address.trim().to_lowercase()).collect()
}

fn automatic(message: &Message, header: impl Fn(&str) -> Option<String>) -> Option<Automatic> {
    let is_report = message
        .content_type()
        .is_some_and(|kind| kind.c_type == "multipart" && kind.c_subtype.as_deref() == Some("report"));
    // An empty way back is that of reports; who answers it begins a loop.
    if is_report || header("Return-Path").is_some_and(|path| path == "<>") || header("X-Failed-Recipients").is_some() {
        return Some(Automatic::Report);
    }
    let submitted = header("Auto-Submitted").is_some_and(|how| how != "no");
    let named = ["X-Autoreply", "X-Autorespond", "X-MS-Exchange-Inbox-Rules-Loop", "X-POST-MessageClass"];
    if submitted || named.into_iter().any(|name| header(name).is_some()) {
        return Some(Automatic::AutoReply);
    }
    match header("Precedence").as_deref() {
        Some("auto_reply") => return Some(Automatic::AutoReply),
        Some("bulk" | "junk" | "list") => return Some(Automatic::Bulk),
        _ if header("List-Id").is_some() => return Some(Automatic::Bulk),
        _ => {}
    }
    let subject = message.subject().unwrap_or_default().to_lowercase();
    AUTOMATIC_SUBJECTS.iter().find(|(begin, _)| subject.starts_with(begin)).map(|(_, automatic)| *automatic)
}

/// The files of a message, but for signatures and for pictures that stand in its HTML.
fn files(message: &Message, markup: &str) -> Vec<(String, Vec<u8>)> {
    let is_file = |part: &&MessagePart| {
        let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
        let is_signature =
            matches!(kind, Some(("application", "pgp-signature" | "pkcs7-signature" | "x-pkcs7-signature")));
        let stands_in_text = |id: &str| markup.contains(&format!("cid:{}", id.trim_matches(['<', '>'])));
        let is_picture = kind.is_some_and(|(kind, _)| kind == "image") && part.content_id().is_some_and(stands_in_text);
        !is_signature && !is_picture && !matches!(part.body, PartType::Multipart(_))
    };
    let attached = message.attachments().filter(is_file);
    let named = attached.enumerate().map(|(number, part)| {
        let name = part.attachment_name().map(str::trim).filter(|name| !name.is_empty());
        let is_message = matches!(part.body, PartType::Message(_));
        let name = name
            .map(str::to_owned)
            .unwrap_or_else(|| format!("attachment-{}{}", number + 1, if is_message { ".eml" } else { "" }));
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        (name, part.contents().to_vec())
    });
    named.collect()
}

/// HTML up to where a mail program begins the history, unless that is at its beginning.
fn without_history(markup: &str) -> &str {
    let small = markup.to_ascii_lowercase();
    let begins = HISTORIES.iter().filter_map(|mark| small.find(mark)).min();
    let Some(end) = begins.and_then(|at| markup[..at].rfind('<')) else { return markup };
    if html::to_text(&markup[..end]).trim().is_empty() { markup } else { &markup[..end] }
}

/// What the writer wrote of a text: without what they answer, and without a signature.
pub fn written(text: &str, ourselves: &Ourselves) -> String {
    let text = text.replace("\r\n", "\n").replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let small: Vec<String> = lines.iter().map(|line| line.trim().replace('*', "").to_lowercase()).collect();
    let is_quote = |at: usize| lines.get(at).is_some_and(|line| line.trim_start().starts_with('>'));
    let introduced = (0..lines.len()).any(|at| introduction(&small[at..], ourselves).is_some());
    // What begins with a quotation answers it; elsewhere the sign may be the writer's own.
    let is_answer = introduced || lines.iter().position(|line| !line.trim().is_empty()).is_some_and(is_quote);
    let (mut kept, mut is_cut, mut at) = (Vec::new(), false, 0);
    while at < lines.len() {
        if is_end(&lines[at..], &small[at..], ourselves) {
            is_cut = true;
            break;
        }
        if let Some(length) = introduction(&small[at..], ourselves) {
            let next = (at + length..lines.len()).find(|next| !lines[*next].trim().is_empty());
            // Without marks all that follows is what was answered; with marks the writer may have answered between them.
            if !next.is_some_and(is_quote) {
                is_cut = true;
                break;
            }
            at += length;
            continue;
        }
        if !(is_answer && is_quote(at)) {
            kept.push(lines[at].trim_end());
        }
        at += 1;
    }
    // Whoever wrote below what they answer wrote something all the same: then it is shown whole.
    if is_cut && kept.iter().all(|line| line.is_empty()) {
        kept = lines.iter().filter(|line| !line.trim_start().starts_with('>')).map(|line| line.trim_end()).collect();
    }
    let written = kept.join("\n");
    let mut blank = 0;
    let lines = written.trim().lines().filter(|line| {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        blank < 2
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether all from this line on was not written now: a signature, or one of our e-mails with its head.
fn is_end(lines: &[&str], small: &[String], ourselves: &Ourselves) -> bool {
    let (Some(line), Some(first)) = (lines.first(), small.first()) else { return true };
    // RFC 3676, 4.3: two dashes and a space.
    if *line == "-- " {
        return true;
    }
    let follows = |at: usize| {
        let next = (at..small.len()).find(|next| !small[*next].is_empty());
        next.is_some_and(|next| is_head(&small[next..], ourselves))
    };
    // The line that mail programs draw above what is answered, or write a title into, belongs to it.
    let is_drawn = first.len() > LINE && first.bytes().all(|byte| byte == b'_' || byte == b'-');
    let is_titled = first.starts_with("--") && first.ends_with("--");
    if is_drawn || is_titled {
        return follows(1);
    }
    if DEVICES.iter().any(|device| first.starts_with(device)) && first.chars().count() < 80 {
        // A sentence may begin like that; then more follows than what is answered.
        let next = (1..small.len()).find(|next| !small[*next].is_empty());
        return next.is_none_or(|next| {
            small[next].starts_with('>')
                || introduction(&small[next..], ourselves).is_some()
                || is_end(&lines[next..], &small[next..], ourselves)
        });
    }
    is_head(small, ourselves)
}

/// Whether a head of one of our e-mails begins here: labels, of which the first is our address's, or our name's above the subject that is answered.
fn is_head(small: &[String], ourselves: &Ourselves) -> bool {
    let is_label = |line: &&String| {
        let letters = line.split_once([':', '：']).map_or(0, |(label, _)| label.trim().chars().count());
        (1..=LABEL).contains(&letters)
    };
    let Some(first) = small.first().filter(is_label) else { return false };
    let others: Vec<&String> = small.iter().skip(1).take(HEAD_LINES).filter(is_label).collect();
    let has_subject = || !ourselves.subject.is_empty() && others.iter().any(|line| line.ends_with(&ourselves.subject));
    let is_ours = ourselves.is_addressed_in(first) || (ourselves.is_named_in(first) && has_subject());
    is_ours && others.len() >= 2
}

/// The number of lines of an introduction of what is answered that begins here: it holds our address and a moment, and a colon ends it. Our name
/// is enough where marked lines follow.
fn introduction(small: &[String], ourselves: &Ourselves) -> Option<usize> {
    let mut joined = String::new();
    for (number, line) in small.iter().take(INTRODUCTION_LINES).enumerate() {
        if line.is_empty() || line.starts_with('>') {
            return None;
        }
        joined = format!("{joined} {line}").trim().to_owned();
        let has_moment = joined.chars().filter(char::is_ascii_digit).count() >= 3;
        let is_quoted =
            || small.iter().skip(number + 1).find(|line| !line.is_empty()).is_some_and(|line| line.starts_with('>'));
        let is_ours = ourselves.is_addressed_in(&joined) || (ourselves.is_named_in(&joined) && is_quoted());
        if joined.ends_with([':', '：']) && has_moment && is_ours {
            return Some(number + 1);
        }
        // A line that ends a thought begins no introduction.
        if joined.ends_with(['.', '!', '?', '。']) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_and_signatures_are_cut_off() {
        for (name, text, wanted) in [
            (
                "Gmail",
                "Yes, in two weeks.\n\nOn Mon, Nov 30, 2026 at 9:00 AM Tradepost <no-reply@t.example>\nwrote:\n\n> How soon?\n",
                "Yes, in two weeks.",
            ),
            (
                "Gmail, German",
                "Ja.\n\nAm Mo., 30. Nov. 2026 um 09:00 Uhr schrieb Tradepost <\nno-reply@t.example>:\n\n> Wann?\n",
                "Ja.",
            ),
            (
                "Apple Mail, French",
                "Oui, 20 pièces.\r\n\r\nEnvoyé de mon iPhone\r\n\r\n> Le 30 nov. 2026 à 09:00, Tradepost <no-reply@t.example> a écrit :\r\n> Combien ?\r\n",
                "Oui, 20 pièces.",
            ),
            (
                "Thunderbird, Spanish",
                "El 30/11/2026 a las 9:00, Tradepost escribió:\n> ¿Precio?\n\n12 USD FOB.\n\n> ¿Plazo?\n\n25 días.\n-- \nAna\nVentas\n",
                "12 USD FOB.\n\n25 días.",
            ),
            (
                "Outlook",
                "We can do that.\n\nRegards\nLi\n\nFrom: Tradepost <no-reply@t.example>\nSent: Monday, November 30, 2026 9:00 AM\nTo: Li Wei\nSubject: Message about pipes\n\nHow soon?\n",
                "We can do that.\n\nRegards\nLi",
            ),
            (
                "Outlook, German",
                "Geht.\n\n-----Ursprüngliche Nachricht-----\nVon: Tradepost\nGesendet: Montag\nAn: Li\nBetreff: Message about pipes\n\nWann?\n",
                "Geht.",
            ),
            (
                "Outlook, French",
                "D'accord.\n________________________________\nDe : Tradepost\nEnvoyé : lundi 30 novembre 2026\nÀ : Anne\nObjet : Message about pipes\n",
                "D'accord.",
            ),
            (
                "Outlook on a telephone",
                "Fine.\n\nGet Outlook for iOS\n________________________________\nFrom: Tradepost\nSent: Monday\nTo: Li\nSubject: Message about pipes\n",
                "Fine.",
            ),
            ("Yandex, Russian", "Да.\n\n30.11.2026, 09:00, Tradepost <no-reply@t.example> пишет:\n> Когда?\n", "Да."),
            ("Mail.ru", "Хорошо.\n\nОтправлено с iPhone\n", "Хорошо."),
            (
                "QQ, Chinese",
                "可以。\n\n------------------ 原始邮件 ------------------\n发件人: Tradepost\n发送时间: 2026年11月30日\n收件人: Li\n主题: Message about pipes\n",
                "可以。",
            ),
            (
                "NetEase, Chinese",
                "价格12美元。\n\n在 2026-11-30 09:00:00，\"Tradepost\" <no-reply@t.example> 写道：\n>多少？\n",
                "价格12美元。",
            ),
            (
                "Gmail, Portuguese",
                "Sim.\n\nEm seg., 30 de nov. de 2026 às 09:00, Tradepost <no-reply@t.example>\nescreveu:\n\n> Quando?\n",
                "Sim.",
            ),
            (
                "Gmail, Italian",
                "Certo.\n\nIl giorno lun 30 nov 2026 alle ore 09:00 Tradepost <no-reply@t.example> ha\nscritto:\n\n> Quando?\n",
                "Certo.",
            ),
            ("an answer below", "> How soon?\n\nIn two weeks.\n", "In two weeks."),
            ("nothing but a quotation", "On Mon, Nov 30, 2026, Tradepost wrote:\n> How soon?\n", ""),
        ] {
            assert_eq!(written(text, &us()), wanted, "{name}");
        }
    }

    fn us() -> Ourselves {
        Ourselves::of("Tradepost <no-reply@t.example>").about("AW: Message about pipes")
    }

    #[test]
    fn an_answer_below_a_whole_message_is_kept_whole() {
        let text =
            "From: Tradepost\nSent: Monday\nTo: Li\nSubject: Message about pipes\n\nHow soon?\n\nIn two weeks.\n";
        assert!(written(text, &us()).ends_with("In two weeks."));
    }

    #[test]
    fn html_is_read_where_there_is_no_text_and_without_the_history() {
        let read = |body: &str| {
            let raw = format!(
                "From: li@ruide.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}"
            );
            Body::read(raw.as_bytes(), &us()).unwrap().text
        };
        assert_eq!(read("<div>Price 10</div><div>20 tonnes</div>"), "Price 10\n20 tonnes");
        assert_eq!(read("<p>Yes.</p><div class=\"gmail_quote\"><div>On Monday you asked</div></div>"), "Yes.");
        let both = "From: li@ruide.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
            --c\r\nContent-Type: text/plain\r\n\r\n \r\n--c\r\nContent-Type: text/html\r\n\r\n<p>Twenty days</p>\r\n--c--\r\n";
        assert_eq!(Body::read(both.as_bytes(), &us()).unwrap().text, "Twenty days");
    }

    #[test]
    fn what_is_built_to_cost_much_is_refused() {
        let nested = format!("From: a@b.example\r\n{}x", "Content-Type: message/rfc822\r\n\r\n".repeat(20_000));
        assert_eq!(Body::read(nested.as_bytes(), &us()), Err(Unreadable::TooManyParts));
        assert!(Head::read(nested.as_bytes()).is_ok());
        let parts = format!(
            "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{}",
            "--c\r\n\r\n".repeat(100_000)
        );
        assert_eq!(Body::read(parts.as_bytes(), &us()), Err(Unreadable::TooManyParts));
        let sealed = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n";
        assert_eq!(Body::read(sealed, &us()), Err(Unreadable::Encrypted));
    }

    #[test]
    fn what_a_person_writes_stays() {
        for text in [
            "On the phone he wrote: come on Monday.\nWe did.",
            "From: Ningbo\nTo: Rotterdam\nby sea, as agreed.",
            "Sent from my warehouse are 20 pallets.\nThe rest follows.",
            "Prices -- all FOB -- are below.\n\n1. Pipe: 12 USD\n2. Elbow: 3 USD",
            "Il prezzo è 12 USD.\nEl plazo: 25 días.\nLe délai : 20 jours.",
            "Original message lost, please send it again.",
            "As on Tradepost, RFQ of 2026-11-30:\n12 USD FOB, 20 days.",
            "Via: Tradepost\nPrice: 12 USD\nTerm: FOB Ningbo\nDate: 2026-12-05",
            "Offer:\nFrom: Tianjin\nTo: Rotterdam\nDate: 5 Dec\n\nUSD 90 per t.",
            "Option A: USD 3000\n--\nOption B: USD 2900 for 20 t",
            "Prices:\n> 5 t: USD 3200\n> 20 t: USD 3050\n\nOK?",
            "On 12 May 2026 Delta Import BV wrote:\nwe accept 3.1 certificates.\nIs this still so?",
        ] {
            assert_eq!(written(text, &us()), text);
        }
    }

    #[test]
    fn a_letter_says_who_sent_it_and_whether_a_person_did() {
        let read = |head: &str| {
            Head::read(
                format!("From: Li <LI@Ruide.example>\r\nTo: reply+x@t.example\r\n{head}\r\nHello\r\n").as_bytes(),
            )
            .unwrap()
        };
        let plain = read("Message-ID: <1@ruide.example>\r\n");
        assert_eq!(plain.from, "li@ruide.example");
        assert_eq!((plain.message_id.as_str(), plain.automatic, plain.is_forged), ("1@ruide.example", None, false));
        for (head, wanted) in [
            ("Auto-Submitted: auto-replied\r\n", Some(Automatic::AutoReply)),
            ("Auto-Submitted: no\r\n", None),
            ("X-Autoreply: yes\r\n", Some(Automatic::AutoReply)),
            ("Precedence: bulk\r\n", Some(Automatic::Bulk)),
            ("List-Id: <all.ruide.example>\r\n", Some(Automatic::Bulk)),
            ("Return-Path: <>\r\n", Some(Automatic::Report)),
            ("Subject: Automatic reply: pipes\r\n", Some(Automatic::AutoReply)),
            ("Subject: Re: automatic valves\r\n", None),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", Some(Automatic::Report)),
        ] {
            assert_eq!(read(head).automatic, wanted, "{head}");
        }
        assert!(read("Authentication-Results: mx.t.example; dmarc=fail header.from=ruide.example\r\n").is_forged);
        assert!(!read("Authentication-Results: mx.t.example; dmarc=pass\r\n").is_forged);
        assert_eq!(Head::read(b"no head at all"), Err(Unreadable::NoMessage));
    }
}
