//! The settings that containers get by the files of `packaging/docker`.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use super::Settings;

const DOCKERFILE: &str = include_str!("../../packaging/docker/Dockerfile");
const COMPOSE: &str = include_str!("../../packaging/docker/compose.yaml");

/// `ENV` of the Dockerfile.
fn image() -> HashMap<String, String> {
    let (_, after) = DOCKERFILE.split_once("\nENV ").unwrap_or_default();
    let mut variables = HashMap::new();
    for line in after.lines() {
        let (pair, goes_on) = match line.strip_suffix('\\') {
            Some(pair) => (pair, true),
            None => (line, false),
        };
        let pair = pair.trim().split_once('=');
        variables.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
        if !goes_on {
            break;
        }
    }
    variables
}

/// What `compose.yaml` sets.
fn compose() -> impl Iterator<Item = (String, String)> {
    let pairs = COMPOSE.lines().filter_map(|line| line.split_once(": "));
    let pairs = pairs.filter(|(name, _)| name.trim().starts_with("XABAR_"));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
}

/// The settings with these variables, where the paths in the container are files of the repository and `secrets`.
fn load(
    mut variables: HashMap<String, String>,
    secrets: &Path,
) -> Result<Settings, Box<dyn Error>> {
    let config = variables.remove("XABAR_CONFIG").ok_or("no settings file")?;
    assert!(DOCKERFILE.contains(&format!("COPY packaging/docker/xabar.toml {config}\n")));
    for value in variables.values_mut() {
        if let Some(name) = value.strip_prefix("/run/secrets/") {
            *value = secrets.join(name).display().to_string();
        }
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("packaging/docker/xabar.toml");
    Ok(Settings::from_sources(Some(&file), variables)?)
}

#[test]
fn image_and_compose_have_settings_that_fit_together() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    for (name, text) in [
        ("database-url", "postgres://xabar:secret@postgres/xabar\n"),
        ("smtp-url", "smtp://relay.example.org:587?tls=required\n"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    let alone = load(image(), folder.path())?;
    assert_eq!(alone.database.url, "sqlite:///var/lib/xabar/xabar.db");
    let mut both = image();
    both.extend(compose());
    let both = load(both, folder.path())?;
    assert!(both.database.url.starts_with("postgres://xabar:secret@"));
    assert_eq!(both.smtp.url.host_str(), Some("relay.example.org"));
    assert_eq!(both.newsletter.slug, "news");
    Ok(())
}
