//! The character encoding of a text file, which nothing in it names: by its byte order mark, by what is valid, and at last by what is likely.

use std::io::{self, Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// So many bytes are looked at to guess.
const SAMPLE: usize = 1 << 20;

/// Finds out the encoding and goes back to the beginning.
///
/// # Errors
/// Those of the file.
pub(super) fn detect(file: &mut (impl Read + Seek)) -> io::Result<&'static Encoding> {
    let mut sample = Vec::new();
    file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
    file.seek(SeekFrom::Start(0))?;
    if let Some((encoding, _)) = Encoding::for_bom(&sample) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(&sample) {
        return Ok(encoding);
    }
    let is_utf8 = is_utf8(file)?;
    file.seek(SeekFrom::Start(0))?;
    if is_utf8 {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    // The later standard has all of the earlier one and more.
    Ok(if guessed == GBK { GB18030 } else { guessed })
}

/// Text of which every second byte is often zero.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let beginning = &sample[..sample.len().min(4_096)];
    let zeros = |odd: usize| beginning.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Delimiters and line breaks alone are one character in ten of any table.
    let least = beginning.len() / 20 + 1;
    match (even, odd) {
        (even, odd) if odd >= least && even * 10 < odd => Some(UTF_16LE),
        (even, odd) if even >= least && odd * 10 < even => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether all of it is UTF-8: one byte in a hundred thousand may tell otherwise.
fn is_utf8(file: &mut impl Read) -> io::Result<bool> {
    let mut piece = vec![0; 64 << 10];
    // The beginning of a character whose end is in the next piece.
    let mut kept = 0;
    loop {
        let read = file.read(&mut piece[kept..])?;
        let filled = kept + read;
        match std::str::from_utf8(&piece[..filled]) {
            Ok(_) if read == 0 => return Ok(true),
            Ok(_) => kept = 0,
            Err(error) if error.error_len().is_none() && read > 0 => {
                piece.copy_within(error.valid_up_to()..filled, 0);
                kept = filled - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
    }
}
