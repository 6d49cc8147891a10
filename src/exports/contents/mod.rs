//! What is in an archive, and the job that writes it. It stands at the edge, for each kind of thing has the shape that the API answers.

mod archive;
mod kinds;
mod received;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::archive::Archive;
use super::events::RunExport;
use super::rules::MOST_TRIES;
use super::{Export, ExportKind, actions};
use crate::actor::Actor;
use crate::app::App;
use crate::blobs::Blob;
use crate::clock::Time;
use crate::documents::MediaType;
use crate::error::{Problem, Result};
use crate::ids::{BlobId, CompanyId, DocumentId, ExportId, PartnershipId, ThreadId};
use crate::locale::{Language, text};
use crate::outbox::{Job, JobError, Run};
use crate::store::cursor::{ListPage, Paging};

/// So many items of a list are read in one transaction.
const PAGE: i64 = 100;
/// The form of the archive; another number once a program that reads this one could not read the next.
const FORMAT: u32 = 1;

impl Job for RunExport {
    type Context = App;
    const KIND: &'static str = "run_export";

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        match write_archive(app, self.export) {
            Ok(()) => Ok(()),
            // Begun anew, in this process or another one; that it stopped is no fault of the export.
            Err(_) if app.notify.is_stopped() => Err(JobError::NotYet),
            Err(problem) if run.attempt >= MOST_TRIES => {
                log::error!("export {} was given up: {problem}", self.export);
                Ok(actions::give_up(app, self.export, &problem.detail)?)
            }
            Err(problem) => Err(problem.into()),
        }
    }
}

fn write_archive(app: &App, id: ExportId) -> Result<()> {
    let Some((export, reader)) = actions::begin(app, id)? else { return Ok(()) };
    let mut writing = Writing::begin(app, &reader, export)?;
    for kind in ExportKind::ALL {
        writing.write_kind(*kind)?;
    }
    writing.write_files()?;
    writing.finish()
}

/// An archive that is being written, and what is needed for what comes later in it.
struct Writing<'a> {
    app: &'a App,
    /// The owner who reads.
    actor: &'a Actor,
    company: CompanyId,
    export: Export,
    now: Time,
    archive: Archive,
    kinds: Vec<ManifestKind>,
    /// The RFQs that were published, and whether there are questions under them.
    rfqs: Vec<PublishedRfq>,
    partnerships: Vec<PartnershipId>,
    threads: BTreeSet<ThreadId>,
    /// What messages, quotes and records have attached, whoever's it is.
    attached: BTreeSet<DocumentId>,
    /// The files that lines name, by their path in the archive: each once, however often it is named.
    files: BTreeMap<String, Blob>,
}

/// A published RFQ of the company.
struct PublishedRfq {
    id: crate::ids::RfqId,
    has_questions: bool,
}

/// What the manifest says of a kind of thing.
#[derive(Serialize)]
struct ManifestKind {
    kind: ExportKind,
    file: String,
    about: &'static str,
    count: u64,
    bytes: u64,
    sha256: String,
}

/// What the manifest says of a file that lines name.
#[derive(Serialize)]
struct ManifestFile<'a> {
    file: &'a str,
    bytes: u64,
    sha256: &'a str,
}

/// What the archive says of itself.
#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    version: u32,
    export: ExportId,
    company: CompanyId,
    made_at: Time,
    kinds: &'a [ManifestKind],
    files: Vec<ManifestFile<'a>>,
}

impl<'a> Writing<'a> {
    fn begin(app: &'a App, actor: &'a Actor, export: Export) -> Result<Self> {
        let now = app.clock.now();
        Ok(Self {
            app,
            actor,
            company: export.company,
            now,
            archive: Archive::begin(app, now)?,
            export,
            kinds: Vec::new(),
            rfqs: Vec::new(),
            partnerships: Vec::new(),
            threads: BTreeSet::new(),
            attached: BTreeSet::new(),
            files: BTreeMap::new(),
        })
    }

    /// Writes the file of a kind, and how far the export is now.
    fn write_kind(&mut self, kind: ExportKind) -> Result<()> {
        let file = kind.file();
        self.archive.open(&file)?;
        self.write_lines(kind)?;
        let entry = self.archive.close();
        self.export.counts.insert(kind, entry.lines);
        self.export = actions::note_progress(self.app, self.export.clone())?;
        self.kinds.push(ManifestKind {
            kind,
            file,
            about: kind.label(Language::English),
            count: entry.lines,
            bytes: entry.bytes,
            sha256: entry.sha256,
        });
        Ok(())
    }

    /// Every item of a list, a page and so one read transaction after the other.
    fn each<T, K: Copy>(
        &mut self,
        list: impl Fn(&App, &Actor, Paging<K>) -> Result<ListPage<T, K>>,
        mut take: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        let mut paging = Paging::first(PAGE);
        loop {
            self.ensure_running()?;
            let page = list(self.app, self.actor, paging)?;
            for item in page.items {
                take(self, item)?;
            }
            match page.next {
                Some(position) => paging = Paging { limit: PAGE, position },
                None => return Ok(()),
            }
        }
    }

    /// The same, a line for each item.
    fn lines<T, V: Serialize, K: Copy>(
        &mut self,
        list: impl Fn(&App, &Actor, Paging<K>) -> Result<ListPage<T, K>>,
        view: impl Fn(T) -> V,
    ) -> Result<()> {
        self.each(list, |writing, item| writing.archive.line(&view(item)))
    }

    /// A line for each of what is read as a whole.
    fn all<T, V: Serialize>(&mut self, items: Vec<T>, view: impl Fn(T) -> V) -> Result<()> {
        items.into_iter().try_for_each(|item| self.archive.line(&view(item)))
    }

    /// A worker that is asked to stop does not go on for the minutes that an archive may take.
    fn ensure_running(&self) -> Result<()> {
        if self.app.notify.is_stopped() { Err(Problem::internal("the process stops")) } else { Ok(()) }
    }

    /// The path under which the file of a document comes to stand in the archive.
    fn file_of(&mut self, blob: &Blob, media_type: MediaType) -> String {
        let extension = media_type.extensions().first().copied().unwrap_or("bin");
        let path = format!("files/{}.{extension}", blob.sha256);
        self.files.entry(path.clone()).or_insert_with(|| blob.clone());
        path
    }

    /// Writes the files that lines name.
    fn write_files(&mut self) -> Result<()> {
        let app = self.app;
        let mut sizes = BTreeMap::new();
        let files = std::mem::take(&mut self.files);
        for (path, blob) in &files {
            self.ensure_running()?;
            self.archive.open(path)?;
            app.blobs.copy(blob, |piece| self.archive.piece(piece))?;
            sizes.insert(path.as_str(), self.archive.close().bytes);
        }
        let files = files.iter().map(|(path, blob)| ManifestFile {
            file: path,
            bytes: sizes.get(path.as_str()).copied().unwrap_or_default(),
            sha256: &blob.sha256,
        });
        let manifest = Manifest {
            format: "tradepost-export",
            version: FORMAT,
            export: self.export.id,
            company: self.company,
            made_at: self.now,
            kinds: &self.kinds,
            files: files.collect(),
        };
        self.archive.open("manifest.json")?;
        self.archive.piece(&serde_json::to_vec_pretty(&manifest).map_err(Problem::internal)?)?;
        self.archive.open("README.txt")?;
        self.archive.piece(read_me().as_bytes())
    }

    /// Stores the archive, and says so.
    fn finish(self) -> Result<()> {
        let received = self.archive.finish()?;
        let id: BlobId = self.app.blobs.put(&self.app.db, &received)?;
        let archive = Blob { id, sha256: received.sha256.clone() };
        actions::finish(self.app, &self.export, &archive, received.bytes)
    }
}

/// What each file is, for whoever opens the archive years later.
fn read_me() -> String {
    let says = |key: &'static str| text(Language::English, key).to_owned();
    let mut lines = vec![says("exports-read-me-title"), String::new(), says("exports-read-me-lines"), String::new()];
    let kinds = ExportKind::ALL.iter();
    lines.extend(kinds.map(|kind| format!("{}: {}", kind.file(), kind.label(Language::English))));
    lines.push(String::new());
    lines.push(says("exports-read-me-files"));
    lines.push(says("exports-read-me-manifest"));
    lines.push(says("exports-read-me-catalogue"));
    lines.push(says("exports-read-me-moment"));
    lines.push(String::new());
    lines.join("\n")
}
