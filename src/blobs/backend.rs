//! The backend of the blobs: an object store behind one small interface.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use tokio::runtime::{Builder, Runtime};

use super::errors::storage_problem;
use super::incoming::ReceivedFile;
use crate::config::Config;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};
use crate::work_queue::STACK_BYTES;

/// A file up to this size goes in one piece, a larger one in parts of it (the least that S3 takes).
const PART: usize = 5 << 20;

/// The bytes of a stored blob, in pieces.
pub type ByteStream = BoxStream<'static, std::io::Result<bytes::Bytes>>;

/// The object store, and a runtime of its own for those who wait for it outside an event loop.
pub(super) struct Backend {
    store: Arc<dyn ObjectStore>,
    /// The local folder, if it is one.
    folder: Option<PathBuf>,
    runtime: Option<Runtime>,
}

impl Backend {
    pub(super) fn open(config: &Config) -> Result<Self> {
        let folder = config.blobs_folder();
        let cannot_open =
            |error: &dyn std::fmt::Display| Problem::internal(format!("blobs in {}: {error}", folder.display()));
        std::fs::create_dir_all(&folder).map_err(|error| cannot_open(&error))?;
        // What a row points at is on the disk before the row is.
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| cannot_open(&error))?.with_fsync(true);
        // One thread drives all transfers: they wait for the disk or the network, and the caller's own thread waits with them.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .thread_name("blobs")
            .build();
        Ok(Self { store: Arc::new(store), runtime: Some(runtime.map_err(Problem::internal)?), folder: Some(folder) })
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let runtime = self.runtime.as_ref().ok_or_else(|| Problem::internal("the object store is closed"))?;
        Ok(runtime.block_on(work))
    }

    /// Writes the file under the key, whole or not at all.
    pub(super) fn write(&self, key: &str, received: &ReceivedFile) -> Result<()> {
        let mut reader = received.reader()?;
        let mut piece = Vec::new();
        let path = Path::from(key);
        (&mut reader).take(PART as u64).read_to_end(&mut piece).map_err(|error| storage_problem(&error))?;
        if piece.len() < PART {
            return self.wait(self.store.put(&path, PutPayload::from(piece)))?.map(|_| ()).map_err(unavailable);
        }
        let upload = self.wait(self.store.put_multipart(&path))?.map_err(unavailable)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        self.wait(async {
            while !piece.is_empty() {
                // At most one part on its way: the memory of an upload is two parts, whatever its size.
                upload.wait_for_capacity(1).await.map_err(unavailable)?;
                upload.write(&piece);
                piece.clear();
                (&mut reader).take(PART as u64).read_to_end(&mut piece).map_err(|error| storage_problem(&error))?;
            }
            upload.finish().await.map(|_| ()).map_err(unavailable)
        })?
    }

    /// Gives the bytes of the file to `take`, piece by piece.
    pub(super) fn copy(&self, key: &str, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.wait(async {
            let mut pieces = self.read(key).await?;
            while let Some(piece) = pieces.next().await {
                take(&piece.map_err(|error| storage_problem(&error))?)?;
            }
            Ok(())
        })?
    }

    pub(super) async fn read(&self, key: &str) -> Result<ByteStream> {
        let found = self.store.get(&Path::from(key)).await.map_err(unavailable)?;
        Ok(found.into_stream().map(|piece| piece.map_err(std::io::Error::other)).boxed())
    }

    /// Deletes the file, and what a killed write left beside it; one that is not there is deleted already.
    pub(super) fn delete(&self, key: &str) -> Result<()> {
        match self.wait(self.store.delete(&Path::from(key)))? {
            // A sweep that was killed between file and row comes here again.
            Ok(()) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(unavailable(error)),
        }
        self.folder
            .as_ref()
            .map_or(Ok(()), |folder| delete_leftovers(&folder.join(key)).map_err(|error| storage_problem(&error)))
    }
}

/// A local file is written as `name#1` and then renamed.
fn delete_leftovers(file: &std::path::Path) -> std::io::Result<()> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(());
    };
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let staged = format!("{name}#");
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(|other| other.starts_with(&staged)) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Drop for Backend {
    /// An event loop may hold the last reference to the program's parts, and must not wait for another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn unavailable(error: Error) -> Problem {
    let mut problem = Problem::new(Code::Unavailable, text(Language::English, "errors-files-unavailable"));
    problem.retry_after_s = Some(5);
    problem.caused_by(error).during("the object store")
}
