//! A wall clock that a test may set, for one process and not for the machine: a library in front of the one whose clock it is.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use chrono::Duration;

use super::shim;

/// Adds the seconds in the file that is named by the variable to the time of day; a clock that only measures is left alone.
const LIBRARY: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*machine)(clockid_t, struct timespec *);
    static int file = -1;
    long long skew = 0;
    if (!machine) machine = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (file < 0) file = open(getenv("SKEW"), O_RDONLY | O_CLOEXEC);
    int answer = machine(clock, time);
    if (clock == CLOCK_REALTIME && pread(file, &skew, sizeof skew, 0) == sizeof skew) time->tv_sec += skew;
    return answer;
}
"#;

/// The clock of the processes that are started with it.
pub struct Skew {
    library: PathBuf,
    file: PathBuf,
}

impl Skew {
    /// A clock that goes right; `None` where there is no C compiler.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let library = shim::compile(folder, "skew", LIBRARY)?;
        let file = folder.join("skew");
        let skew = Self { library, file };
        skew.set(Duration::zero());
        Some(skew)
    }

    /// From now on the clock is so far from the right time.
    pub fn set(&self, skew: Duration) {
        let file = File::options().create(true).truncate(false).write(true).open(&self.file).unwrap();
        file.write_all_at(&skew.num_seconds().to_ne_bytes(), 0).unwrap();
    }

    /// The variables with which a process is started to have this clock.
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_PRELOAD", self.library.clone()), ("SKEW", self.file.clone())]
    }
}
