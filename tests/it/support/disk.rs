//! A disk of a few MiB that a test may fill: a file system in memory, which only root can mount.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted disk; let go with this value.
pub struct SmallDisk {
    at: PathBuf,
}

impl SmallDisk {
    /// Mounts a disk over the folder; `None` where this user may not.
    pub fn mount(at: &Path, mib: u32) -> Option<Self> {
        let size = format!("size={mib}m,mode=755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tradepost-test"]).arg(at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self { at: at.to_owned() });
        }
        super::leave_out("this user cannot mount a disk: full and read-only disks are not tested");
        None
    }

    /// Takes all room but so many KiB. What was taken before is given back first.
    pub fn fill(&self, left_kib: usize) {
        self.empty();
        let mut ballast = File::create(self.ballast()).unwrap();
        let block = vec![1; 256 << 10];
        // What of the last block has room is written.
        while ballast.write_all(&block).is_ok() {}
        let len = ballast.metadata().unwrap().len();
        ballast.set_len(len.saturating_sub(left_kib as u64 * 1024)).unwrap();
    }

    /// Gives the room back.
    pub fn empty(&self) {
        drop(std::fs::remove_file(self.ballast()));
    }

    /// Nothing on it can be written from now on; only while nobody has a file open for writing.
    pub fn make_read_only(&self) {
        let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.at).output().unwrap();
        assert!(remounted.status.success(), "{}", String::from_utf8_lossy(&remounted.stderr));
    }

    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.at).output());
    }
}
