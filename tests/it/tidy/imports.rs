//! What each file of the source uses, read with a parser: `use` trees with their groups and aliases, and paths written out in the code.
//!
//! A re-export (`pub use`) is a signpost and no use: who imports by it uses the file that it points to. Test code is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use super::source::{files_below, is_test_file, root};

/// The files of the source, what each uses, and what lies behind each re-export.
pub struct Imports {
    /// The path of each file below `src/`, with what it uses.
    pub files: BTreeMap<String, Uses>,
}

/// What a file uses.
#[derive(Default)]
pub struct Uses {
    /// Other files of the source, by path.
    pub files: BTreeSet<String>,
    /// Names that are no modules of ours: `diesel::prelude::RunQueryDsl`, `std::fs::read`.
    pub foreign: BTreeSet<String>,
    /// Names of ours, from the root: `crate::clock::Clock`.
    pub names: BTreeSet<String>,
}

/// A module's path from the root of the crate: `["rfqs", "store"]`.
type Names = Vec<String>;

impl Imports {
    /// The source, read once: parsing it takes seconds.
    pub fn read() -> &'static Self {
        static READ: OnceLock<Imports> = OnceLock::new();
        READ.get_or_init(|| {
            let sources = files_below(&root().join("src"), "rs");
            Self::of(sources.into_iter().filter(|(path, _)| !is_test_file(path)))
        })
    }

    /// Reads the given files.
    pub fn of(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut read: BTreeMap<Names, (String, Reader)> = BTreeMap::new();
        for (path, text) in sources {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            let module = module_of(&path);
            let mut reader = Reader { module: module.clone(), ..Reader::default() };
            reader.visit_file(&file);
            read.insert(module, (path, reader));
        }
        let tree = Tree { modules: read };
        let uses = |reader: &Reader, path: &str| tree.uses(reader, path);
        Self { files: tree.modules.values().map(|(path, reader)| (path.clone(), uses(reader, path))).collect() }
    }

    /// The circles between files: each a set of files of which every one needs every other.
    pub fn circles(&self) -> Vec<BTreeSet<String>> {
        let reach: BTreeMap<&str, BTreeSet<&str>> =
            self.files.keys().map(|path| (path.as_str(), self.reached_from(path))).collect();
        let mut circles = BTreeSet::new();
        for (path, reached) in &reach {
            let with: BTreeSet<String> =
                reached.iter().filter(|other| reach[**other].contains(path)).map(|other| (*other).to_owned()).collect();
            if with.len() > 1 {
                circles.insert(with);
            }
        }
        circles.into_iter().collect()
    }

    fn reached_from<'a>(&'a self, path: &str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = self.files[path].files.iter().map(String::as_str).collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(self.files[next].files.iter().map(String::as_str));
            }
        }
        reached
    }
}

/// `rfqs/store.rs` is the module `rfqs::store`, `rfqs/mod.rs` is `rfqs`, `lib.rs` the crate itself.
fn module_of(path: &str) -> Names {
    let names = path.trim_end_matches(".rs").split('/').map(str::to_owned);
    let mut names: Names = names.collect();
    if names.last().is_some_and(|last| last == "mod" || last == "lib") {
        names.pop();
    }
    names
}

/// Whether the file is the `mod.rs` above the other, or the `x.rs` beside its folder.
fn is_parent(path: &str, other: &str) -> bool {
    let folder =
        path.strip_suffix("mod.rs").map_or_else(|| path.trim_end_matches(".rs").to_owned() + "/", str::to_owned);
    other.starts_with(&folder)
}

/// Collects the paths of one file.
#[derive(Default)]
struct Reader {
    /// The module that is being read; inline modules add to it.
    module: Names,
    /// Names that stand for a path in this file: imports with their aliases.
    aliases: BTreeMap<String, Names>,
    /// The same for re-exports, which others may go by.
    signposts: BTreeMap<String, Names>,
    /// Modules of which everything is re-exported.
    open_signposts: Vec<Names>,
    /// Every path that is used, as it is written.
    paths: BTreeSet<Names>,
    /// Modules that stand in the file itself.
    inline: BTreeSet<String>,
}

impl Reader {
    fn read_use(&mut self, tree: &UseTree, before: &Names, is_public: bool) {
        match tree {
            UseTree::Path(path) => {
                let mut names = before.clone();
                names.push(path.ident.to_string());
                self.read_use(&path.tree, &names, is_public);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.read_use(tree, before, is_public)),
            UseTree::Name(name) => self.add(before, &name.ident.to_string(), None, is_public),
            UseTree::Rename(rename) => {
                self.add(before, &rename.ident.to_string(), Some(rename.rename.to_string()), is_public);
            }
            UseTree::Glob(_) if is_public => self.open_signposts.push(self.absolute(before)),
            UseTree::Glob(_) => drop(self.paths.insert(self.absolute(before))),
        }
    }

    fn add(&mut self, before: &Names, name: &str, alias: Option<String>, is_public: bool) {
        let mut names = before.clone();
        if name != "self" {
            names.push(name.to_owned());
        }
        let names = self.absolute(&names);
        let known = alias.or_else(|| names.last().cloned()).unwrap_or_default();
        if is_public {
            self.signposts.insert(known, names);
        } else {
            self.paths.insert(names.clone());
            self.aliases.insert(known, names);
        }
    }

    /// The path from the root of the crate (`crate` in front), or from another crate.
    fn absolute(&self, names: &Names) -> Names {
        let mut base = vec!["crate".to_owned()];
        base.extend(self.module.iter().cloned());
        let mut rest = names.as_slice();
        match rest.first().map(String::as_str) {
            Some("self") => rest = &rest[1..],
            Some("super") => {
                while rest.first().is_some_and(|name| name == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            _ => return names.clone(),
        }
        base.extend(rest.iter().cloned());
        base
    }

    /// Paths in the tokens of a macro's call, which no parser knows.
    fn read_tokens(&mut self, text: &str) {
        let text = text.replace(" :: ", "::").replace(":: ", "::").replace(" ::", "::");
        for start in ["crate::", "super::"] {
            for (at, _) in text.match_indices(start) {
                if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
                let path: String = text[at..].chars().take_while(|c| is_name(*c)).collect();
                let names: Names = path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
                let names = self.absolute(&names);
                self.paths.insert(names);
            }
        }
        for word in
            text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).filter(|word| word.contains("::"))
        {
            let names: Names = word.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            if names.first().is_some_and(|first| first != "crate" && first != "super") {
                self.paths.insert(names);
            }
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_some() {
            self.inline.insert(item.ident.to_string());
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited);
        self.read_use(&item.tree, &Vec::new(), is_public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            let names = self.absolute(&names);
            self.paths.insert(names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.read_tokens(&call.tokens.to_string());
        visit::visit_macro(self, call);
    }
}

/// All modules, to find what a path names.
struct Tree {
    modules: BTreeMap<Names, (String, Reader)>,
}

impl Tree {
    fn uses(&self, reader: &Reader, own: &str) -> Uses {
        let mut uses = Uses::default();
        for names in &reader.paths {
            let names = self.rooted(reader, names);
            let Some(file) = self.file_of(&names, 0) else {
                uses.foreign.insert(names.join("::"));
                continue;
            };
            uses.names.insert(names.join("::"));
            // A parent that lists the routes of its parts is their table of contents.
            let is_contents = names.last().is_some_and(|last| last == "routes") && is_parent(own, &file);
            // The macros of the house are named at the root, wherever they are written.
            if file != own && !is_contents && file != "lib.rs" {
                uses.files.insert(file);
            }
        }
        uses
    }

    /// The path with its first name replaced by what it stands for in the file: an import, or a module below.
    fn rooted(&self, reader: &Reader, names: &Names) -> Names {
        let Some(first) = names.first() else { return names.clone() };
        if first == "crate" {
            return names.clone();
        }
        let mut child = reader.module.clone();
        child.push(first.clone());
        let known = reader.aliases.get(first).or_else(|| reader.signposts.get(first)).cloned();
        let known = known.filter(|known| known != names).map(|known| self.rooted(reader, &known));
        let is_child = self.modules.contains_key(&child);
        let base = known.or_else(|| is_child.then(|| [vec!["crate".to_owned()], child].concat()));
        match base {
            Some(mut base) => {
                base.extend(names[1..].iter().cloned());
                base
            }
            None => names.clone(),
        }
    }

    /// The file that holds what the path names; re-exports are followed.
    fn file_of(&self, names: &Names, depth: usize) -> Option<String> {
        let names = names.strip_prefix(&["crate".to_owned()])?;
        let longest = (0..=names.len()).rev().find(|length| self.modules.contains_key(&names[..*length]))?;
        let (path, reader) = &self.modules[&names[..longest]];
        let Some(next) = names.get(longest).filter(|_| depth < 8) else { return Some(path.clone()) };
        if let Some(behind) = reader.signposts.get(next) {
            let mut behind = self.rooted(reader, behind);
            behind.extend(names[longest + 1..].iter().cloned());
            return self.file_of(&behind, depth + 1).or_else(|| Some(path.clone()));
        }
        Some(path.clone())
    }
}
