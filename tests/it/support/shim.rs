//! Libraries in C that a process is started with: they stand in front of the system's and answer in its place.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library made of the source; `None` where there is no C compiler.
pub fn compile(folder: &Path, name: &str, source: &str) -> Option<PathBuf> {
    let (file, library) = (folder.join(format!("{name}.c")), folder.join(format!("{name}.so")));
    std::fs::write(&file, source).unwrap();
    let Ok(made) = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&file).output() else {
        super::leave_out("there is no C compiler: no clock jumps, and no disk freezes, under a running process");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(library)
}
