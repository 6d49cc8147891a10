//! Pages of tests, checked as wholes and written for a look in a browser.

/// Checks pages by file name, and writes them with the assets to the folder that `TRADEPOST_SAMPLE_PAGES` names, if it does.
pub fn check(pages: &[(&str, String)]) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("TRADEPOST_SAMPLE_PAGES")
        .map_or_else(|| temporary.path().to_path_buf(), std::path::PathBuf::from);
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (_, path, content) in crate::web::assets::all() {
        std::fs::write(folder.join(path.trim_start_matches('/')), content).unwrap();
    }
    for (name, html) in pages {
        assert!(html.trim_end().ends_with("</html>"), "{name}");
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "the content security policy refuses these");
        std::fs::write(folder.join(name), html).unwrap();
    }
}
