//! Makes `Language` and its texts out of the folders below `locales/`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    // `sqlx::migrate!` sees a change of a migration, but not a new one.
    println!("cargo::rerun-if-changed=migrations");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("locales");
    let (mut variants, mut files) = (String::new(), String::new());
    for folder in entries(&root)?.iter().filter(|path| path.is_dir()) {
        let tag = name_of(folder)?;
        writeln!(variants, "/// `{tag}`.\n{} = {tag:?},", variant(&tag)?)?;
        writeln!(files, "&[")?;
        for path in files_below(folder)? {
            let name = path.strip_prefix(folder)?;
            writeln!(files, "({name:?}, include_str!({path:?})),")?;
        }
        writeln!(files, "],")?;
    }
    let language = format!(
        "text_enum! {{\n/// A language that has its folder in `locales/`.\n\
         #[derive(PartialOrd, Ord)]\npub enum Language as \"language\" {{\n{variants}}}\n}}\n"
    );
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("language.rs"), language)?;
    fs::write(out.join("locales.rs"), format!("&[\n{files}]\n"))?;
    Ok(())
}

/// `fr` becomes `Fr`, `zh-Hant` becomes `ZhHant`.
fn variant(tag: &str) -> Result<String, Box<dyn Error>> {
    let mut variant = String::new();
    for part in tag.split('-') {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if part.chars().all(|c| c.is_ascii_alphanumeric()) => {
                variant.push(first.to_ascii_uppercase());
                variant.extend(letters.map(|c| c.to_ascii_lowercase()));
            }
            _ => return Err(format!("locales/{tag}: the name must be a language tag").into()),
        }
    }
    Ok(variant)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// What a folder holds, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> Result<String, Box<dyn Error>> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name
        .ok_or("a folder of locales has no readable name")?
        .to_owned())
}
