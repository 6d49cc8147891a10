//! Compresses the trade glossary and its words, which are compiled into the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

const WORDS: &str = "src/reference/glossary/words.txt";
const FOLDER: &str = "src/reference/glossary";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={FOLDER}");
    let mut chapters: Vec<PathBuf> =
        fs::read_dir(FOLDER)?.collect::<io::Result<Vec<_>>>()?.into_iter().map(|entry| entry.path()).collect();
    chapters.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    // In the order of the codes: look-ups are by binary search.
    chapters.sort();
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    pack(&Path::new(&out).join("glossary.deflate"), &chapters)?;
    pack(&Path::new(&out).join("words.deflate"), &[PathBuf::from(WORDS)])
}

fn pack(into: &Path, files: &[PathBuf]) -> io::Result<()> {
    let mut encoder = DeflateEncoder::new(fs::File::create(into)?, Compression::best());
    for file in files {
        encoder.write_all(&fs::read(file)?)?;
    }
    encoder.finish()?.flush()
}
