//! Writes a sent picture anew in the two sizes that are shown: work for the image queue, a second of a core for the largest.

use std::io::{BufReader, Cursor};
use std::sync::{Condvar, Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, Rgb, RgbImage};

use crate::blobs::{Blobs, ReceivedFile, is_disk_fault};
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{Language, Message, text};

/// The longer side of the large size, in pixels.
// Sharp on a double-density screen at the width of the page.
const LARGE: u32 = 1_600;
/// The longer side of the small size, in pixels: twice what a list shows, for dense screens.
const SMALL: u32 = 192;
/// The longest side that is read, in pixels.
const MOST_SIDE: u32 = 16_000;
/// The most pixels that are read: a few kilobytes can promise any number.
const MOST_PIXELS: u64 = 50_000_000;
/// The most memory that reading a picture may take, in bytes.
const MOST_MEMORY: u64 = 256 << 20;
/// The most bytes of a size; a JPEG of this many pixels is far smaller.
const MOST_BYTES: u64 = 16 << 20;

/// What all pictures together take that are read at one moment, however many threads read them: a node lives within 256 MiB beside it.
static MEMORY: Budget = Budget { turn: Mutex::new(()), free: Mutex::new(MOST_MEMORY), returned: Condvar::new() };

/// Memory that is shared out, in bytes.
struct Budget {
    /// Who waits for memory; one after the other, so that small pictures never overtake a large one for ever.
    turn: Mutex<()>,
    free: Mutex<u64>,
    returned: Condvar,
}

/// A part of a budget, given back when it is dropped.
struct Share<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl Budget {
    /// Waits for so many bytes; whoever wants more than there are in all gets all of them and is alone.
    fn take(&self, bytes: u64) -> Share<'_> {
        // A picture that alone needs more than all waits until it has all: waiting for more would be for ever.
        let bytes = bytes.min(MOST_MEMORY);
        // One after the other: otherwise small pictures would pass a large one for as long as they come.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < bytes {
            free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Share { budget: self, bytes }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.returned.notify_one();
    }
}

/// A picture in its two sizes, as JPEG files.
pub(super) struct ScaledImage {
    /// Width of the large size, in pixels.
    pub width: u32,
    /// Height of the large size, in pixels.
    pub height: u32,
    pub large: ReceivedFile,
    pub small: ReceivedFile,
}

/// Reads the picture and writes both sizes.
///
/// # Errors
/// `invalid` naming `/content` for what is no whole PNG, JPEG or WebP picture, or too large a one; those of `admit`, which is asked for the
/// number of its pixels before one is decoded.
pub(super) fn scaled(blobs: &Blobs, received: &ReceivedFile, admit: impl Fn(u64) -> Result<()>) -> Result<ScaledImage> {
    let large = read_reduced(received, admit)?;
    // A picture is never enlarged.
    let is_small = large.width().max(large.height()) <= SMALL;
    let small = if is_small { large.clone() } else { large.thumbnail(SMALL, SMALL) };
    Ok(ScaledImage {
        width: large.width(),
        height: large.height(),
        large: write(blobs, &large, 85)?,
        small: write(blobs, &small, 80)?,
    })
}

/// The picture in the large size, if it is larger. What is far larger is averaged down to twice that size first: the fine filter
/// takes four bytes for every byte of a row that it reads.
fn reduced(picture: DynamicImage) -> DynamicImage {
    let longer = |picture: &DynamicImage| picture.width().max(picture.height());
    // In two steps: the fine filter reads every pixel many times, so most of a huge picture is averaged away first.
    let picture = if longer(&picture) > 4 * LARGE { picture.thumbnail(2 * LARGE, 2 * LARGE) } else { picture };
    if longer(&picture) > LARGE { picture.resize(LARGE, LARGE, FilterType::CatmullRom) } else { picture }
}

/// The picture in the large size, the way up that it was taken.
fn read_reduced(received: &ReceivedFile, admit: impl Fn(u64) -> Result<()>) -> Result<DynamicImage> {
    if received.bytes == 0 {
        return Err(Problem::invalid_field(
            "/content",
            FieldCode::Required,
            text(Language::English, "listings-must-not-be-empty"),
        ));
    }
    let mut reader =
        ImageReader::new(BufReader::new(received.reader()?)).with_guessed_format().map_err(Problem::internal)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    // What the decoder itself allocates; the check of the pixels below is for the picture.
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(undecodable)?;
    let (width, height) = decoder.dimensions();
    // Before a pixel is decoded: 146 kB of zeros unpack to 50 megapixels.
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        return Err(unreadable(
            &Message::new("listings-pixels").with("width", width).with("height", height).text(Language::English),
        ));
    }
    admit(pixels)?;
    // The pixels, and as much again twice: a progressive JPEG keeps its coefficients, and turning a picture makes a second one.
    let _memory = MEMORY.take(3 * decoder.total_bytes());
    let orientation = decoder.orientation().map_err(undecodable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    // Turned here, because what is written carries no metadata: neither the camera's turn nor the place where it stood.
    picture.apply_orientation(orientation);
    Ok(reduced(picture))
}

/// A picture that is none is its sender's fault, a disk that cannot be read is ours.
fn undecodable(error: ImageError) -> Problem {
    match error {
        ImageError::IoError(cause) if is_disk_fault(&cause) => Problem::internal(cause),
        error => unreadable(&error),
    }
}

fn unreadable(why: &dyn std::fmt::Display) -> Problem {
    log::debug!("a picture was refused: {why}");
    let message = Message::new("listings-must-be-picture")
        .with("side", MOST_SIDE)
        .with("megapixels", MOST_PIXELS / 1_000_000)
        .text(Language::English);
    Problem::invalid_field("/content", FieldCode::Format, message)
}

fn write(blobs: &Blobs, picture: &DynamicImage, quality: u8) -> Result<ReceivedFile> {
    let mut jpeg = Cursor::new(Vec::new());
    on_white(picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality))
        .map_err(Problem::internal)?;
    let mut incoming = blobs.receive(MOST_BYTES)?;
    incoming.take(jpeg.get_ref())?;
    Ok(incoming.finish())
}

/// JPEG knows no transparency: what shines through is the white of the page.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        let blend = |part: u8| (u16::from(part) * u16::from(alpha) / 255) as u8 + (255 - alpha);
        Rgb([blend(red), blend(green), blend(blue)])
    })
}
