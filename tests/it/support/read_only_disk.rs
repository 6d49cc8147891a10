//! A disk that becomes read-only under a running process, as the system makes one after an error of the device: what is open stays open,
//! and nothing can be written any more. (A test cannot have it so from the system itself, which refuses while files are open for writing.)

use std::path::{Path, PathBuf};

use super::shim;

/// Refuses to write and to change folders while the file that is named by the variable is there.
const LIBRARY: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int is_frozen(void) {
    int before = errno, frozen = access(getenv("READ_ONLY_MARK"), F_OK) == 0;
    errno = before;
    return frozen;
}

static int is_of_disk(int fd) {
    struct stat it;
    return fstat(fd, &it) == 0 && (S_ISREG(it.st_mode) || S_ISDIR(it.st_mode));
}

#define REFUSE_IF(refused) do { if ((refused) && is_frozen()) { errno = EROFS; return -1; } } while (0)
#define SYSTEM(name) static __typeof__(&name) of_system; if (!of_system) of_system = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t count) {
    SYSTEM(write);
    REFUSE_IF(is_of_disk(fd));
    return of_system(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    SYSTEM(pwrite64);
    REFUSE_IF(is_of_disk(fd));
    return of_system(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

int ftruncate64(int fd, off64_t length) {
    SYSTEM(ftruncate64);
    REFUSE_IF(is_of_disk(fd));
    return of_system(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int open64(const char *path, int flags, ...) {
    SYSTEM(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    struct stat it;
    int is_device = stat(path, &it) == 0 && !S_ISREG(it.st_mode) && !S_ISDIR(it.st_mode);
    REFUSE_IF(!is_device && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT)));
    return of_system(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return open64(path, flags, mode);
}

int rename(const char *from, const char *to) {
    SYSTEM(rename);
    REFUSE_IF(1);
    return of_system(from, to);
}

int unlink(const char *path) {
    SYSTEM(unlink);
    REFUSE_IF(1);
    return of_system(path);
}

int mkdir(const char *path, mode_t mode) {
    SYSTEM(mkdir);
    REFUSE_IF(1);
    return of_system(path, mode);
}
"#;

/// The disk of the processes that are started with it.
pub struct ReadOnlyDisk {
    library: PathBuf,
    mark: PathBuf,
}

impl ReadOnlyDisk {
    /// A disk that can be written; `None` where there is no C compiler.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        Some(Self { library: shim::compile(folder, "read_only_disk", LIBRARY)?, mark: folder.join("read_only_disk") })
    }

    /// From now on nothing can be written.
    pub fn make_read_only(&self) {
        std::fs::write(&self.mark, "").unwrap();
    }

    /// From now on it can be again.
    pub fn make_writable(&self) {
        std::fs::remove_file(&self.mark).unwrap();
    }

    /// The variables with which a process is started to have this disk.
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_PRELOAD", self.library.clone()), ("READ_ONLY_MARK", self.mark.clone())]
    }
}
