//! Pages in a real browser: headless Chromium loads them, runs our one script under the content security policy, and shows what
//! became of the document.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{World, leave_out, market};

both!(pages_work_in_a_browser);

/// Chromium, where it is installed.
pub fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&paths).flat_map(|dir| names.map(|name| dir.join(name))).find(|file| file.exists());
    if found.is_none() {
        leave_out("Chromium is not installed: no page is tested in a browser");
    }
    found
}

/// The document after the script has run, and what the browser complained of.
pub fn document(chromium: &Path, url: &str) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--v=0"])
        .args(["--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(url)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    let complaints = complaints.lines().filter(|line| line.contains("CONSOLE")).collect::<Vec<_>>().join("\n");
    (String::from_utf8_lossy(&output.stdout).into_owned(), complaints)
}

fn pages_work_in_a_browser(world: &World) {
    let Some(chromium) = chromium() else { return };
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("BV-20"));
    world.drain();
    let name = market::listing("BV-20")["name"].as_str().unwrap().to_owned();
    for path in [format!("/listings/{listing}"), "/search?q=BV-20&scope=products".to_owned(), "/statistics".to_owned()]
    {
        let (document, complaints) = document(&chromium, &format!("{}{path}", world.base));
        assert!(document.contains("class=\"script soft\">"), "the script did not run on {path}: {document}");
        assert_eq!(complaints, "", "{path}");
        assert!(
            path == "/statistics" || document.replace("<mark>", "").replace("</mark>", "").contains(&name),
            "{path}"
        );
    }
}
