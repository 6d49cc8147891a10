//! Lines of a head end in CR LF, and nothing else.
//!
//! The framework takes a bare LF for the end of a line as well, as RFC 9112 §2.2 lets it. A proxy in front that does not would see one
//! header where two are read here, and so another request than the one that is answered. The bytes of a connection are followed far enough
//! to know which belong to heads; a bare LF in one is made a NUL, which the framework refuses with 400. Bodies are left as they are.

/// How much of a line is kept: enough for the two headers that say how long a body is.
const KEPT: usize = 128;

/// Follows the requests of one connection.
#[derive(Debug, Default)]
pub struct LineEnds {
    place: Place,
    line: Vec<u8>,
    last: u8,
    /// Whether the head has its first line.
    has_begun: bool,
    is_chunked: bool,
    length: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In the lines of a head.
    #[default]
    Head,
    /// In a body, so many bytes before its end.
    Body(u64),
    /// In the line that says how long a chunk is.
    ChunkSize,
    /// In a chunk, so many bytes before the next size.
    Chunk(u64),
    /// In the lines behind the last chunk.
    Trailer,
    /// Nothing more is looked at: the head was spoilt, or is none, and the connection ends.
    Over,
}

impl LineEnds {
    /// Looks at the bytes as they arrive, and spoils a bare LF in a head.
    pub fn check(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            match self.place {
                Place::Over => return,
                Place::Body(left) => at += self.skip(left, bytes.len() - at, Place::Body, Place::Head),
                Place::Chunk(left) => at += self.skip(left, bytes.len() - at, Place::Chunk, Place::ChunkSize),
                Place::Head | Place::ChunkSize | Place::Trailer => {
                    self.take(&mut bytes[at]);
                    at += 1;
                }
            }
        }
    }

    fn skip(&mut self, left: u64, there: usize, rest: fn(u64) -> Place, then: Place) -> usize {
        let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(there);
        let left = left - skipped as u64;
        self.place = if left == 0 { then } else { rest(left) };
        skipped
    }

    fn take(&mut self, byte: &mut u8) {
        if *byte == b'\n' {
            let is_bare = self.last != b'\r';
            self.last = 0;
            if is_bare {
                *byte = 0;
                self.place = Place::Over;
                return;
            }
            self.end_line();
            return;
        }
        self.last = *byte;
        if self.line.len() < KEPT && *byte != b'\r' {
            self.line.push(*byte);
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.place = match self.place {
            Place::ChunkSize => chunk_after(&line),
            Place::Trailer if line.is_empty() => Place::Head,
            Place::Head if line.is_empty() && self.has_begun => self.end_head(),
            Place::Head if !line.is_empty() => {
                self.read_header(&line);
                Place::Head
            }
            place => place,
        };
        self.line = line;
        self.line.clear();
    }

    fn read_header(&mut self, line: &[u8]) {
        if !self.has_begun {
            self.has_begun = true;
            return;
        }
        let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(':')) else { return };
        if name.eq_ignore_ascii_case("content-length") {
            self.length = value.trim().parse().unwrap_or(0);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            self.is_chunked = value.trim().eq_ignore_ascii_case("chunked");
        }
    }

    fn end_head(&mut self) -> Place {
        let (is_chunked, length) = (self.is_chunked, self.length);
        (self.has_begun, self.is_chunked, self.length) = (false, false, 0);
        match length {
            _ if is_chunked => Place::ChunkSize,
            0 => Place::Head,
            length => Place::Body(length),
        }
    }
}

fn chunk_after(line: &[u8]) -> Place {
    let digits = line.split(|byte| *byte == b';').next().and_then(|digits| std::str::from_utf8(digits).ok());
    match digits.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()) {
        Some(0) => Place::Trailer,
        // The chunk itself and the end of its line.
        Some(length) => Place::Chunk(length.saturating_add(2)),
        None => Place::Over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as the framework sees it, with every cut into two reads.
    fn seen(text: &str) -> String {
        let mut whole = text.as_bytes().to_vec();
        LineEnds::default().check(&mut whole);
        for cut in 0..text.len() {
            let mut cut_in_two = text.as_bytes().to_vec();
            let mut follower = LineEnds::default();
            let (first, second) = cut_in_two.split_at_mut(cut);
            follower.check(first);
            follower.check(second);
            assert_eq!(cut_in_two, whole, "{text:?} cut at {cut}");
        }
        String::from_utf8(whole).unwrap()
    }

    #[test]
    fn bare_line_feed_in_a_head_is_spoilt() {
        assert_eq!(seen("GET / HTTP/1.1\nHost: a\n\n"), "GET / HTTP/1.1\0Host: a\n\n");
        assert_eq!(seen("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"), "GET / HTTP/1.1\r\nHost: a\0X: b\r\n\r\n");
        assert_eq!(seen("GET / HTTP/1.1\r\nHost: a\r\n\n"), "GET / HTTP/1.1\r\nHost: a\r\n\0");
        let second = "POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\n\n\n\nGET / HTTP/1.1\nHost: a\r\n\r\n";
        assert!(seen(second).ends_with("\r\n\r\n\n\n\nGET / HTTP/1.1\0Host: a\r\n\r\n"));
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\n\n\r\n0\r\n\r\nGET /\nX: a\r\n\r\n";
        assert!(seen(chunked).ends_with("2\r\n\n\n\r\n0\r\n\r\nGET /\0X: a\r\n\r\n"));
    }

    #[test]
    fn everything_else_is_left_as_it_is() {
        for text in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{\n\"a\":\n 1}GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\n\r\nA;x=y\r\n0123\n5678\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "",
        ] {
            assert_eq!(seen(text), text);
        }
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\nContent-Length: 2\r\n\r\n\n\n", "a".repeat(1_000));
        assert_eq!(seen(&long), long);
    }
}
