//! Blobs: the bytes of attachments and images, outside the database, named by what is in them.
//!
//! * An upload comes in as [`IncomingFile`]: a file that has no name, so nothing is left of it when the process ends, however it ends.
//! * [`Blobs::put`] stores the bytes in the object store (a local folder by default) under their SHA-256, once for all who send the
//!   same. Nobody learns of the others: what a caller may read is decided by the row that points at the blob, never by the hash.
//! * A row that points at a blob counts itself in its own transaction ([`retain`]) and is no longer counted when it goes ([`release`]).
//! * [`sweep`] deletes what nothing has pointed at for an hour: uploads whose transaction never came, and what was released.
//!
//! So a file is written before the first row that needs it and deleted after the last one. A crash between two of these steps leaves
//! an unused blob, which a later sweep finds in the database: the object store is never listed.

mod backend;
mod blob;
mod errors;
mod incoming;
mod store;

pub use backend::ByteStream;
pub use blob::Blob;
pub use errors::{is_disk_fault, too_large};
pub use incoming::{IncomingFile, ReceivedFile};
pub use store::{release, retain};

use std::path::PathBuf;

use chrono::Duration;

use self::backend::Backend;
use crate::config::Config;
use crate::error::{Problem, Result};
use crate::ids::BlobId;
use crate::store::{Db, sweep_rows};

/// How long a blob may be unused before it is deleted; an upload needs it from its last byte to its row.
const UNUSED_MINUTES: i64 = 60;

/// The object store of this process.
pub struct Blobs {
    backend: Backend,
    incoming: PathBuf,
}

impl Blobs {
    /// Opens what the configuration names.
    pub fn open(config: &Config) -> Result<Self> {
        let incoming = config.data.join("incoming");
        std::fs::create_dir_all(&incoming)
            .map_err(|error| Problem::internal(format!("folder {}: {error}", incoming.display())))?;
        Ok(Self { backend: Backend::open(config)?, incoming })
    }

    /// A file for an upload of at most `most` bytes.
    pub fn receive(&self, most: u64) -> Result<IncomingFile> {
        IncomingFile::begin(&self.incoming, most)
    }

    /// Stores the bytes of an upload. The blob is unused until [`retain`], for which there is an hour. Waits for the disk or the network:
    /// not for an event loop, and never inside a transaction.
    pub fn put(&self, db: &Db, received: &ReceivedFile) -> Result<BlobId> {
        let (id, is_stored) = db.write(|tx| store::reserve(tx, &received.sha256, received.bytes))?;
        // A blob that a row uses has its file for certain; one that nobody uses yet may be of an upload that was killed, and is written
        // again.
        if !is_stored {
            let blob = Blob { id, sha256: received.sha256.clone() };
            self.backend.write(&blob.key(), received)?;
        }
        Ok(id)
    }

    /// The blob as a file of this machine, to be read from any place in it. Waits for the disk or the network: for a job.
    pub fn fetch(&self, blob: &Blob) -> Result<ReceivedFile> {
        let mut incoming = self.receive(u64::MAX)?;
        self.backend.copy(&blob.key(), |piece| incoming.take(piece))?;
        Ok(incoming.finish())
    }

    /// Gives the bytes of the blob to `take`, piece by piece. Waits for the disk or the network: for a job.
    ///
    /// # Errors
    /// `unavailable` while the object store is away; those of `take`.
    pub fn copy(&self, blob: &Blob, take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.backend.copy(&blob.key(), take)
    }

    /// The bytes of a blob. The caller has seen that the one who asks may have them.
    pub async fn read(&self, blob: &Blob) -> Result<ByteStream> {
        self.backend.read(&blob.key()).await
    }
}

/// Deletes the blobs that nothing has used for an hour; answers how many. Broken off, it is simply run again.
pub fn sweep(db: &Db, blobs: &Blobs) -> Result<usize> {
    let unused_since = db.clock().now() - Duration::minutes(UNUSED_MINUTES);
    // Marked in one transaction, deleted after it: an upload of the same bytes in between finds no live blob and stores its own.
    while db.write(|tx| store::mark_for_deletion(tx, unused_since))? > 0 {}
    sweep_rows(
        db,
        "deleting unused files",
        store::list_marked,
        |blob: &Blob| blob.id,
        |blob| {
            blobs.backend.delete(&blob.key())?;
            db.write(|tx| store::delete(tx, blob.id))?;
            Ok(true)
        },
    )
}
