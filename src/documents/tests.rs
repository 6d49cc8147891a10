//! What a file is and how it is called.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::media::{MediaType, detect_media_type};
use super::rules::name_of;

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn detected(bytes: &[u8], name: &str) -> Option<MediaType> {
    detect_media_type(Cursor::new(bytes), name).unwrap()
}

#[test]
fn the_bytes_say_what_a_file_is() {
    assert_eq!(detected(b"%PDF-1.7\n...", "invoice.txt"), Some(MediaType::Pdf));
    assert_eq!(detected(b"\x89PNG\r\n\x1a\n....", "x.pdf"), Some(MediaType::Png));
    assert_eq!(detected(b"\xff\xd8\xff\xe0\0\x10JFIF", "x"), Some(MediaType::Jpeg));
    assert_eq!(detected(b"RIFF\x24\0\0\0WEBPVP8 ", "x"), Some(MediaType::Webp));
    assert_eq!(detected("\u{feff}Größe;Preis\n".as_bytes(), "list.CSV"), Some(MediaType::Csv));
    assert_eq!(detected(b"\xb3\xdf\xb4\xe7\r\n", "list.txt"), Some(MediaType::Text), "GB 18030");
    let types = ("[Content_Types].xml", "<Types/>");
    assert_eq!(detected(&archive(&[types, ("xl/workbook.xml", "")]), "x"), Some(MediaType::Xlsx));
    assert_eq!(detected(&archive(&[("word/document.xml", ""), types]), "x"), Some(MediaType::Docx));
    let odt = archive(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]);
    assert_eq!(detected(&odt, "x"), Some(MediaType::Odt));
}

#[test]
fn what_could_run_or_hide_something_is_not_taken() {
    let types = ("[Content_Types].xml", "<Types/>");
    let macros = archive(&[types, ("xl/workbook.xml", ""), ("xl/vbaProject.bin", "")]);
    let plain = archive(&[("run.sh", "rm")]);
    for (bytes, what) in [
        (b"".as_slice(), "nothing"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b"<!DOCTYPE html><script>", "a page"),
        (b"\xef\xbb\xbf \n<svg onload=x>", "a drawing with a script"),
        (b"GIF89a\x01\0", "another picture"),
        (b"PK\x03\x04 cut off", "a broken archive"),
        (&macros, "a workbook with macros"),
        (&plain, "any archive"),
    ] {
        assert_eq!(detected(bytes, "invoice.pdf"), None, "{what}");
    }
}

#[test]
fn a_name_has_no_folder_and_a_fitting_ending() {
    for (sent, kind, name) in [
        ("Invoice 17.pdf", MediaType::Pdf, "Invoice 17.pdf"),
        ("C:\\Users\\li\\发票.PDF", MediaType::Pdf, "发票.PDF"),
        ("../../etc/passwd", MediaType::Text, "passwd.txt"),
        ("price.exe", MediaType::Csv, "price.exe.csv"),
        ("photo.jpeg", MediaType::Jpeg, "photo.jpeg"),
        ("exe.\u{202e}gpj", MediaType::Png, "exe.gpj.png"),
    ] {
        assert_eq!(name_of(sent, kind).unwrap(), name);
    }
    for sent in ["", "folder/", "\u{202e}", "a\u{1}b", &"x".repeat(201)] {
        assert_eq!(name_of(sent, MediaType::Pdf).unwrap_err().fields[0].pointer, "/name", "{sent}");
    }
}
