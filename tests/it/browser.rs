//! Pages in a real browser: headless Chromium loads them, runs our one script under the content security policy, and shows what
//! became of the document.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{World, leave_out, market};

both!(pages_work_in_a_browser);

/// What a fold shows: its summary when closed, its content when opened, and its content when closed.
const FOLDS: &str = "<details class=fold><summary id=a>More</summary><p>inside</p></details>\
    <details class=fold open><summary>More</summary><p id=b>inside</p></details>\
    <details><summary>More</summary><p id=c>inside</p></details>";

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

/// The page in a window of this width, after its script has run.
fn shown(chromium: &Path, page: &str, width: u32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, page).unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"])
        .arg(format!("--window-size={width},900"))
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The database has no part in this.
#[test]
fn closed_details_can_be_opened_on_every_screen_and_are_printed() {
    let Some(chromium) = chromium() else { return };
    let css = include_str!("../../src/web/assets/site.css");
    let script = "<script>for (const id of 'abc') { const seen = document.getElementById(id).checkVisibility({contentVisibilityAuto: true}); \
        document.body.dataset[id] = seen; }</script>";
    let look = |css: &str, width: u32| {
        let page = shown(&chromium, &format!("<!doctype html><style>{css}</style><body>{FOLDS}{script}"), width);
        ["a", "b", "c"].map(|id| page.contains(&format!("data-{id}=\"true\"")))
    };
    assert_eq!(look(css, 1280), [true, true, false], "on a desktop");
    assert_eq!(look(css, 390), [true, true, false], "on a phone");
    // What is printed, on a screen: the browser has no other way of saying what it would print.
    let printed = css.replace("@media print", "@media all");
    assert_eq!(look(&printed, 1280), [true, true, true], "on paper");
}
