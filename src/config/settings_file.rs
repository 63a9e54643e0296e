//! The settings file, and the files with secrets that it names.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;

use config::{ConfigError, File, FileFormat, Source, Value, ValueKind};

use super::SettingsError;
use super::environment::{FILE_END, names_a_file, read_file, value_of};

type Table = HashMap<String, Value>;

/// What a settings file says, with the content of the files that it names.
#[derive(Debug, Clone)]
pub(super) struct SettingsFile(Table);

impl SettingsFile {
    /// Reads it: `smtp.url_file` names a file that holds `smtp.url`.
    pub(super) fn read(path: &Path) -> Result<Self, SettingsError> {
        // What the crate says of a file that it cannot read does not name it, or that there is none.
        if let Err(source) = std::fs::read(path)
            && source.kind() != ErrorKind::NotFound
        {
            let file = path.display().to_string();
            return Err(SettingsError::Unreadable { file, source });
        }
        let mut table = File::from(path).format(FileFormat::Toml).collect()?;
        replace_files(&mut table, "")?;
        Ok(Self(table))
    }
}

impl Source for SettingsFile {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Table, ConfigError> {
        Ok(self.0.clone())
    }
}

/// `within` is the name of the table, with a dot behind it.
fn replace_files(table: &mut Table, within: &str) -> Result<(), SettingsError> {
    let mut files = Vec::new();
    for (name, value) in &mut *table {
        let setting = format!("{within}{name}");
        match &mut value.kind {
            ValueKind::Table(inner) => replace_files(inner, &format!("{setting}."))?,
            ValueKind::String(path) if names_a_file(&setting) => {
                files.push((name.clone(), path.clone()));
            }
            _ => {}
        }
    }
    for (name, path) in files {
        let holds = name.strip_suffix(FILE_END).unwrap_or(&name).to_owned();
        let (setting, held) = (format!("{within}{name}"), format!("{within}{holds}"));
        if table.contains_key(&holds) {
            let why = format!("is given, and so is {held}: only one of them counts");
            return Err(SettingsError::Invalid { path: setting, why });
        }
        let content = read_file(&setting, &path)?;
        table.remove(&name);
        table.insert(holds, value_of(&held, content.trim_end()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use crate::config::{Settings, SettingsError};

    fn load(file: &Path, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let variables = variables.iter();
        let variables = variables.map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Settings::from_sources(Some(file), variables.collect::<HashMap<_, _>>())
    }

    #[test]
    fn the_settings_file_names_files_with_secrets() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text)?;
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640))?;
            Ok::<_, std::io::Error>(path)
        };
        let url = write("smtp-url", "smtps://user:secret@relay.example.org\n")?;
        let second = write("second", "smtp://second.example.org?tls=required\n")?;
        let (url, second) = (url.display(), second.display());
        let file = write(
            "xabar.toml",
            &format!(
                "secret_file = \"key\"\n[smtp]\nurl_file = \"{url}\"\noauth_token_file = \"token\"\n\
                 [relays.second]\nurl_file = \"{second}\"\n[dkim]\ndomain = \"example.org\"\n\
                 selector = \"a\"\nkey_file = \"a.pem\"\n"
            ),
        )?;
        let settings = load(&file, &[])?;
        assert_eq!(settings.smtp.url.password(), Some("secret"));
        let second = &settings.relays["second"].url;
        assert_eq!(second.host_str(), Some("second.example.org"));
        assert_eq!(settings.secret_file, Path::new("key"));
        assert_eq!(settings.smtp.oauth_token_file, Path::new("token"));
        let other = [("XABAR_SMTP__URL", "smtp://127.0.0.1:25")];
        assert_eq!(load(&file, &other)?.smtp.url.password(), None);

        for (text, told) in [
            ("[smtp]\nurl_file = \"/no/such\"", "named by smtp.url_file"),
            (
                "[smtp]\nurl = \"smtp://127.0.0.1\"\nurl_file = \"/no/such\"",
                "so is smtp.url",
            ),
            ("[http]\nlistn_file = \"/no/such\"", "http.listn_file"),
        ] {
            let file = write("other.toml", text)?;
            let error = load(&file, &[]).err().map(|error| error.to_string());
            assert!(
                error.as_deref().unwrap_or_default().contains(told),
                "{error:?}"
            );
        }
        let error = load(folder.path(), &[])
            .err()
            .map(|error| error.to_string());
        let named = format!(
            "the settings file {} cannot be read",
            folder.path().display()
        );
        assert!(error.is_some_and(|error| error.starts_with(&named)));
        #[cfg(unix)]
        {
            let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o644);
            std::fs::set_permissions(folder.path().join("smtp-url"), everybody)?;
            let error = load(&folder.path().join("xabar.toml"), &[]).err();
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("smtp.url_file"), "{error}");
            assert!(!error.contains("secret@"), "{error}");
        }
        Ok(())
    }
}
