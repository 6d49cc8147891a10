//! What a file is, by its bytes: the media types that are accepted, and how each is detected.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};

use crate::blobs::is_disk_fault;
use crate::wire_enum;

wire_enum! {
    /// The kinds of document that are taken, by media type.
    pub enum MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
        /// An Excel workbook without macros.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// A Word document without macros.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// An OpenDocument text.
        Odt = "application/vnd.oasis.opendocument.text",
        /// Values between commas.
        Csv = "text/csv",
        /// Plain text.
        Text = "text/plain",
    }
}

/// The kinds in words, for refusals and hints.
pub const KINDS: &str = "PDF, PNG, JPEG, WebP, XLSX, DOCX, ODT, TXT or CSV";

/// So many bytes from the beginning identify most kinds.
const HEAD: u64 = 1_024;
/// The most entries of an office file; its directory is read into memory.
const MOST_ENTRIES: usize = 20_000;

impl MediaType {
    /// The endings of such files, without the dot; the first is the usual one.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Xlsx => &["xlsx"],
            Self::Docx => &["docx"],
            Self::Odt => &["odt"],
            Self::Csv => &["csv"],
            Self::Text => &["txt"],
        }
    }

    /// A short name, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Webp => "WebP",
            Self::Xlsx => "XLSX",
            Self::Docx => "DOCX",
            Self::Odt => "ODT",
            Self::Csv => "CSV",
            Self::Text => "TXT",
        }
    }
}

/// What the file is; `None` for what is not taken. Only between plain text and CSV does the name decide: no byte distinguishes them.
///
/// # Errors
/// Those of reading the file.
pub fn detect_media_type(mut file: impl Read + Seek, name: &str) -> io::Result<Option<MediaType>> {
    let mut head = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if let Some(kind) = by_signature(&head) {
        return Ok(Some(kind));
    }
    if head.starts_with(b"PK\x03\x04") {
        return by_entries(file);
    }
    if head.is_empty() || is_markup(&head) || !is_text(file)? {
        return Ok(None);
    }
    // Here alone the name decides: the bytes of plain text and of CSV are alike.
    let is_csv = name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("csv"));
    Ok(Some(if is_csv { MediaType::Csv } else { MediaType::Text }))
}

/// Signatures as their formats define them; a PDF may begin anywhere in the first kilobyte.
fn by_signature(head: &[u8]) -> Option<MediaType> {
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(MediaType::Png)
    } else if head.starts_with(b"\xff\xd8\xff") {
        Some(MediaType::Jpeg)
    } else if is_webp {
        Some(MediaType::Webp)
    } else if head.windows(5).any(|window| window == b"%PDF-") {
        Some(MediaType::Pdf)
    } else {
        None
    }
}

/// Which office file an archive is. One with macros is none that is taken; neither is a broken one.
fn by_entries(file: impl Read + Seek) -> io::Result<Option<MediaType>> {
    let mut archive = match zip::ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return broken(error),
    };
    // An entry whose name cannot be read may be a macro, too.
    if archive.len() > MOST_ENTRIES || archive.file_names().any(is_macro) {
        return Ok(None);
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("[Content_Types].xml") && has("xl/workbook.xml") {
        return Ok(Some(MediaType::Xlsx));
    }
    if has("[Content_Types].xml") && has("word/document.xml") {
        return Ok(Some(MediaType::Docx));
    }
    let mut kind = String::new();
    match archive.by_name("mimetype") {
        // No more than a media type: what it unpacks to has no end.
        Ok(entry) => drop(entry.take(100).read_to_string(&mut kind)),
        Err(error) => return broken(error),
    }
    Ok((kind == MediaType::Odt.as_str()).then_some(MediaType::Odt))
}

/// What is wrong with the archive is its sender's fault; a disk that cannot be read is ours.
fn broken(error: zip::result::ZipError) -> io::Result<Option<MediaType>> {
    match error {
        zip::result::ZipError::Io(error) if is_disk_fault(&error) => Err(error),
        _ => Ok(None),
    }
}

/// The file that holds a document's program; an entry whose name cannot be read may be one.
fn is_macro<E>(name: Result<Cow<'_, str>, E>) -> bool {
    name.map_or(true, |name| name.ends_with("vbaProject.bin"))
}

/// HTML, SVG and the like: a browser that guesses would run what is in it.
fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    text.starts_with(b"<")
}

/// Whether there is no byte that texts do not have. The character set is not asked: lists from Chinese desks come in GB 18030.
fn is_text(mut file: impl Read) -> io::Result<bool> {
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(true);
        }
        let is_control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || *byte == 0x7f;
        if piece[..read].iter().any(is_control) {
            return Ok(false);
        }
    }
}
