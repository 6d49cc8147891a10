//! What can be wrong with an upload: too large, or a disk that does not take it.

use std::io;

use crate::error::{Code, FieldCode, FieldError, Problem};
use crate::locale::{Language, Message, text};

/// The refusal of an upload of more than `most` bytes, which names `/content`.
pub fn too_large(most: u64) -> Problem {
    let message = Message::new("errors-file-field")
        .with("most", most.to_string())
        .with("mib", (most >> 20).to_string())
        .text(Language::English);
    let mut problem = Problem::new(
        Code::TooLarge,
        Message::new("errors-file-large")
            .with("most", most.to_string())
            .with("mib", (most >> 20).to_string())
            .text(Language::English),
    );
    problem.fields.push(FieldError::new("/content", FieldCode::Range, message));
    problem
}

/// When to come back to a disk that cannot be written, in seconds.
const RETRY_S: u64 = 30;

/// A fault of the disk; a full or read-only one is a state of ours that passes, not a mistake.
pub(super) fn storage_problem(error: &io::Error) -> Problem {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    if matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem) {
        let mut problem = Problem::new(Code::Unavailable, text(Language::English, "errors-not-stored"));
        problem.retry_after_s = Some(RETRY_S);
        return problem.caused_by(format!("an upload cannot be kept: {error}"));
    }
    Problem::internal(format!("an upload cannot be kept: {error}"))
}

/// Whether an error of reading an upload is one of the disk. Decoders report a file that ends too early, or holds nonsense, as such errors
/// too, and that is its sender's fault.
pub fn is_disk_fault(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof, Unsupported};
    !matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput | Unsupported | Other)
}
