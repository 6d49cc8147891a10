//! A reply by e-mail, as it is read: who sent it, what of it was written by a person, and what no person wrote; without I/O.
//!
//! Mail programs put what is answered below the answer, each in its own words. What they put there is cut off, and so are signatures: by the
//! lines that begin them, in the eight languages of the platform.

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};

/// An e-mail that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
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
    /// What its writer wrote.
    pub text: String,
    /// The files beside the text: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
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

/// The lines that introduce what is answered: how they begin, and the verb in them; a colon ends them. Gmail, Apple Mail, Thunderbird and others.
const INTRODUCTIONS: &[(&str, &str)] = &[
    ("on ", "wrote"),
    ("am ", "schrieb"),
    ("", " schrieb"),
    ("le ", "a écrit"),
    ("el ", "escribió"),
    ("il ", "ha scritto"),
    ("em ", "escreveu"),
    ("", "написал"),
    ("", "пишет"),
    ("", "写道"),
];

/// The line above a message that is passed on whole, without its dashes.
const ORIGINALS: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message d’origine",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "исходное сообщение",
    "原始邮件",
    "原邮件",
];

/// The first line of a head that Outlook puts above what is answered, and words of the lines behind it.
const HEADS: &[(&str, &[&str])] = &[
    ("from:", &["sent:", "date:", "to:"]),
    ("von:", &["gesendet:", "datum:", "an:"]),
    ("de :", &["envoyé :", "date :", "à :"]),
    ("de:", &["enviado:", "enviado el:", "enviada em:", "enviado em:", "envoyé:", "para:", "fecha:", "à:"]),
    ("da:", &["inviato:", "data:", "a:"]),
    ("от:", &["отправлено:", "дата:", "кому:"]),
    ("发件人:", &["发送时间:", "收件人:", "日期:"]),
    ("发件人：", &["发送时间：", "收件人：", "日期："]),
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
    "发自我的iphone",
];

/// A line of more signs than this is drawn.
const LINE: usize = 10;
/// So many lines may an introduction be broken into.
const INTRODUCTION_LINES: usize = 3;
/// So many lines behind its first one tell a head from a sentence.
const HEAD_LINES: usize = 4;

impl Letter {
    /// Reads a message (RFC 5322); none where it is no message.
    pub fn read(raw: &[u8]) -> Option<Self> {
        let message = MessageParser::new().parse(raw)?;
        let from = addresses(message.from()).into_iter().next()?;
        let header = |name: &str| message.header_raw(name).map(|value| value.trim().to_lowercase());
        let delivered = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().filter_map(header);
        let named = addresses(message.to()).into_iter().chain(addresses(message.cc()));
        // Only the topmost is the operator's own server's; the sender may have written those below it.
        let results = header("Authentication-Results").unwrap_or_default();
        Some(Self {
            from,
            recipients: delivered.chain(named).collect(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            automatic: automatic(&message, header),
            is_forged: results.contains("dmarc=fail"),
            text: written(&message.body_text(0).unwrap_or_default()),
            files: files(&message),
        })
    }
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
    if is_report || header("Return-Path").is_some_and(|path| path == "<>") {
        return Some(Automatic::Report);
    }
    let submitted = header("Auto-Submitted").is_some_and(|how| how != "no");
    if submitted || header("X-Autoreply").is_some() || header("X-Autorespond").is_some() {
        return Some(Automatic::AutoReply);
    }
    match header("Precedence").as_deref() {
        Some("auto_reply") => Some(Automatic::AutoReply),
        Some("bulk" | "junk" | "list") => Some(Automatic::Bulk),
        _ => (matches!(message.header("List-Id"), Some(HeaderValue::Text(_) | HeaderValue::Address(_)))
            || header("List-Id").is_some())
        .then_some(Automatic::Bulk),
    }
}

/// The files that somebody attached; pictures within a text are those of signatures.
fn files(message: &Message) -> Vec<(String, Vec<u8>)> {
    let attached = message.attachments().filter(|part| {
        let is_inline = part.content_disposition().is_some_and(|how| how.is_inline());
        !is_inline && part.content_id().is_none() && !matches!(part.body, PartType::Multipart(_))
    });
    attached.filter_map(|part| Some((part.attachment_name()?.to_owned(), part.contents().to_vec()))).collect()
}

/// What the writer wrote of a text: without what they answer, and without a signature.
pub fn written(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if is_end(&lines[at..]) {
            break;
        }
        if let Some(length) = introduction(&lines[at..]) {
            let quoted = lines[at + length..].iter().find(|line| !line.trim().is_empty());
            // Without marks all that follows is what was answered; with marks the writer may have answered between them.
            if !quoted.is_some_and(|line| line.trim_start().starts_with('>')) {
                break;
            }
            at += length;
            continue;
        }
        if !line.trim_start().starts_with('>') {
            kept.push(line.trim_end());
        }
        at += 1;
    }
    let written = kept.join("\n");
    let mut blank = 0;
    let lines = written.trim().lines().filter(|line| {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        blank < 2
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether all from this line on was not written now: a signature, or a message that is passed on whole.
fn is_end(lines: &[&str]) -> bool {
    let Some(line) = lines.first() else { return true };
    // RFC 3676, 4.3: two dashes and a space; some programs take the space away.
    if *line == "-- " || *line == "--" {
        return true;
    }
    // The line that Outlook draws above what is answered belongs to it.
    if line.len() > LINE && line.bytes().all(|byte| byte == b'_') {
        return lines[1..].iter().position(|next| !next.trim().is_empty()).is_some_and(|at| is_end(&lines[1 + at..]));
    }
    let line = line.trim().to_lowercase();
    let inner = line.trim_matches(|c: char| c == '-' || c == '_' || c.is_whitespace());
    if ORIGINALS.contains(&inner) && line != inner {
        return true;
    }
    if DEVICES.iter().any(|device| line.starts_with(device)) && line.chars().count() < 80 {
        // A sentence may begin like that; then more follows than what is answered.
        return lines[1..].iter().find(|line| !line.trim().is_empty()).is_none_or(|next| {
            let at = lines.iter().position(|line| line == next).unwrap_or(1).max(1);
            is_end(&lines[at..]) || introduction(&lines[at..]).is_some() || next.trim_start().starts_with('>')
        });
    }
    let plain = |line: &str| line.trim().trim_matches('*').replace("*", "").trim().to_lowercase();
    let behind: Vec<String> = lines[1..].iter().take(HEAD_LINES).map(|line| plain(line)).collect();
    let head = plain(lines.first().copied().unwrap_or_default());
    HEADS.iter().any(|(first, others)| {
        let follows = others.iter().filter(|other| behind.iter().any(|line| line.starts_with(*other))).count();
        head.starts_with(first) && follows >= 2
    })
}

/// The number of lines of an introduction that begins here.
fn introduction(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (number, line) in lines.iter().take(INTRODUCTION_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('>') {
            return None;
        }
        joined = format!("{joined} {line}").trim().to_lowercase();
        let is_one = INTRODUCTIONS.iter().any(|(begin, verb)| joined.starts_with(begin) && joined.contains(verb));
        if is_one && joined.ends_with([':', '：']) && names_somebody(&joined) {
            return Some(number + 1);
        }
    }
    None
}

/// Whether a line names a day or an address, as an introduction does and a sentence hardly: `On the phone he wrote:`.
fn names_somebody(line: &str) -> bool {
    line.contains('@') || line.chars().filter(char::is_ascii_digit).count() >= 3
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
                "Geht.\n\n-----Ursprüngliche Nachricht-----\nVon: Tradepost\nGesendet: Montag\n\nWann?\n",
                "Geht.",
            ),
            (
                "Outlook, French",
                "D'accord.\n________________________________\nDe : Tradepost\nEnvoyé : lundi 30 novembre 2026\nÀ : Anne\nObjet : tubes\n",
                "D'accord.",
            ),
            (
                "Outlook on a telephone",
                "Fine.\n\nGet Outlook for iOS\n________________________________\nFrom: Tradepost\nSent: Monday\nTo: Li\n",
                "Fine.",
            ),
            ("Yandex, Russian", "Да.\n\n30.11.2026, 09:00, Tradepost <no-reply@t.example> пишет:\n> Когда?\n", "Да."),
            ("Mail.ru", "Хорошо.\n\nОтправлено с iPhone\n", "Хорошо."),
            (
                "QQ, Chinese",
                "可以。\n\n------------------ 原始邮件 ------------------\n发件人: Tradepost\n发送时间: 2026年11月30日\n",
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
            assert_eq!(written(text), wanted, "{name}");
        }
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
        ] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn a_letter_says_who_sent_it_and_whether_a_person_did() {
        let read = |head: &str| {
            Letter::read(
                format!("From: Li <LI@Ruide.example>\r\nTo: reply+x@t.example\r\n{head}\r\nHello\r\n").as_bytes(),
            )
            .unwrap()
        };
        let plain = read("Message-ID: <1@ruide.example>\r\n");
        assert_eq!((plain.from.as_str(), plain.text.as_str()), ("li@ruide.example", "Hello"));
        assert_eq!((plain.message_id.as_str(), plain.automatic, plain.is_forged), ("1@ruide.example", None, false));
        for (head, wanted) in [
            ("Auto-Submitted: auto-replied\r\n", Some(Automatic::AutoReply)),
            ("Auto-Submitted: no\r\n", None),
            ("X-Autoreply: yes\r\n", Some(Automatic::AutoReply)),
            ("Precedence: bulk\r\n", Some(Automatic::Bulk)),
            ("List-Id: <all.ruide.example>\r\n", Some(Automatic::Bulk)),
            ("Return-Path: <>\r\n", Some(Automatic::Report)),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", Some(Automatic::Report)),
        ] {
            assert_eq!(read(head).automatic, wanted, "{head}");
        }
        assert!(read("Authentication-Results: mx.t.example; dmarc=fail header.from=ruide.example\r\n").is_forged);
        assert!(!read("Authentication-Results: mx.t.example; dmarc=pass\r\n").is_forged);
        assert_eq!(Letter::read(b"no head at all"), None);
    }
}
