//! Settings from the environment: files that hold secrets, and lists.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;

use config::Value;

use super::SettingsError;
use crate::secret::{self, SecretError};

/// What our environment variables begin with.
const PREFIX: &str = "XABAR_";
/// Names the settings file where `--config` does not.
pub(crate) const SETTINGS_FILE_VARIABLE: &str = "XABAR_CONFIG";
/// Variables for the test suite, which are no settings.
const TEST_PREFIX: &str = "XABAR_TEST_";
/// Settings whose own name ends as the names of secret files do.
const FILE_SETTINGS: &[&str] = &["secret_file", "dkim.key_file", "dkim.second_key_file"];
/// The same, of each relay.
const RELAY_FILE_SETTING: &str = "oauth_token_file";
/// What is added to the name of a setting, to name the file that holds it.
pub(super) const FILE_END: &str = "_file";
/// Settings that are lists. A variable has them separated by commas, or as a settings file does.
const LISTS: &[&str] = &[
    "http.trusted_proxies",
    "signup.trusted_networks",
    "signup.dns_servers",
    "fetch.allow",
    "newsletter.sites",
    "worker.retry_seconds",
    "worker.outbox_retry_seconds",
];

/// Those of these variables that are for us, as text.
pub(super) fn our_variables(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<HashMap<String, String>, SettingsError> {
    let ours = variables.filter(|(name, _)| {
        // That one is a path, which need not be text.
        name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) && name != SETTINGS_FILE_VARIABLE
    });
    let as_text = |(name, value): (OsString, OsString)| {
        let not_text = |why: &str| SettingsError::Invalid {
            path: name.display().to_string(),
            why: why.to_owned(),
        };
        let text = value
            .into_string()
            .map_err(|_| not_text("the variable must be UTF-8, and is in another encoding"))?;
        match name.to_str() {
            Some(name) => Ok((name.to_owned(), text)),
            None => Err(not_text("there is no such setting")),
        }
    };
    ours.map(as_text).collect()
}

/// The settings among these variables, as in `http.listen`. `NAME_FILE` stands for `NAME` with the content of
/// the file. A value stays the text that it is until a setting asks for a number: a password may be 0815.
pub(super) fn from_environment(
    environment: HashMap<String, String>,
) -> Result<Vec<(String, Value)>, SettingsError> {
    let mut settings = Vec::new();
    for (name, value) in environment {
        let Some(setting) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let is_own = name == SETTINGS_FILE_VARIABLE || name.starts_with(TEST_PREFIX);
        if is_own || is_service_link(setting, &value) {
            continue;
        }
        let path_of = |name: &str| name.replace("__", ".").to_ascii_lowercase();
        let is_file = names_a_file(&path_of(setting));
        let (setting, value) = match setting.strip_suffix("_FILE").filter(|_| is_file) {
            Some(setting) => (setting, read_file(&name, &value)?.trim_end().to_owned()),
            None => (setting, value),
        };
        let setting = path_of(setting);
        let value = value_of(&setting, &value);
        settings.push((setting, value));
    }
    // The same whatever the order of the environment.
    settings.sort_by(|(a, _), (b, _)| a.cmp(b));
    let twice = settings.windows(2).find(|two| two[0].0 == two[1].0);
    if let Some([(setting, _), _]) = twice {
        return Err(SettingsError::Invalid {
            path: setting.clone(),
            why: "is in two variables of the environment, as itself and as …_FILE or in other letters (a and A are the same): only one of them counts".to_owned(),
        });
    }
    Ok(settings)
}

/// Whether a setting, as in `smtp.url_file`, names the file that holds another one.
pub(super) fn names_a_file(setting: &str) -> bool {
    let name = setting.rsplit('.').next().unwrap_or(setting);
    name.ends_with(FILE_END) && name != RELAY_FILE_SETTING && !FILE_SETTINGS.contains(&setting)
}

/// The value of a setting that was given as text.
pub(super) fn value_of(setting: &str, text: &str) -> Value {
    match LISTS.contains(&setting) {
        true => Value::from(items(text)),
        false => Value::from(text),
    }
}

/// Whether Kubernetes says by this variable where a Service named `xabar` is (`enableServiceLinks`):
/// `SERVICE_HOST`, `SERVICE_PORT`, `SERVICE_PORT_HTTP`, `PORT`, `PORT_80_TCP`, `PORT_80_TCP_ADDR`.
fn is_service_link(name: &str, value: &str) -> bool {
    match name {
        "SERVICE_HOST" | "SERVICE_PORT" => return true,
        // Somebody may mean http.listen.
        "PORT" => return value.contains("://"),
        _ => {}
    }
    if let Some(port) = name.strip_prefix("SERVICE_PORT_") {
        return !port.is_empty() && !port.starts_with('_') && !port.contains("__");
    }
    let Some((number, rest)) = name.strip_prefix("PORT_").and_then(|it| it.split_once('_')) else {
        return false;
    };
    let (protocol, what) = rest.split_once('_').unwrap_or((rest, "ADDR"));
    number.parse::<u16>().is_ok()
        && ["TCP", "UDP", "SCTP"].contains(&protocol)
        && ["PROTO", "PORT", "ADDR"].contains(&what)
}

/// The content of a file that a variable or setting names, under the rule of all secrets.
pub(super) fn read_file(variable: &str, path: &str) -> Result<String, SettingsError> {
    secret::read(Path::new(path)).map_err(|error| match error {
        SecretError::Io { path, source } => SettingsError::File {
            setting: variable.to_owned(),
            path,
            source,
        },
        error => SettingsError::Invalid {
            path: variable.to_owned(),
            why: error.to_string(),
        },
    })
}

/// The items of a list, with or without the brackets and quotes that it has in a settings file.
fn items(list: &str) -> Vec<String> {
    let inner = list
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    // Brackets are also those of an IPv6 address; a list in them has quotes or no brackets inside.
    let inner = inner.filter(|inner| inner.contains(['"', '\'']) || !inner.contains([']', ':']));
    let items = inner.unwrap_or(list).split(',');
    let items = items.map(|item| item.trim().trim_matches(['"', '\'']));
    let items = items.filter(|item| !item.is_empty());
    items.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::our_variables;
    use crate::config::SettingsError;
    use crate::config::tests::load;

    #[test]
    fn lists_are_read_as_people_write_them() -> Result<(), String> {
        for written in [
            "127.0.0.1,10.0.0.0/8",
            "[\"127.0.0.1/32\", \"10.0.0.0/8\"]",
            "['127.0.0.1', '10.0.0.0/8',]",
            " 127.0.0.1 , 10.0.0.0/8 ",
        ] {
            let settings = load(&[("XABAR_HTTP__TRUSTED_PROXIES", written)])?;
            let nets = settings
                .http
                .trusted_proxies
                .iter()
                .map(ToString::to_string);
            let nets: Vec<String> = nets.collect();
            assert_eq!(nets, ["127.0.0.1/32", "10.0.0.0/8"], "{written}");
        }
        let servers = load(&[("XABAR_SIGNUP__DNS_SERVERS", "[::1]:53")])?;
        assert_eq!(servers.signup.dns_servers.len(), 1);
        Ok(())
    }

    #[test]
    fn what_kubernetes_says_of_a_service_is_no_setting() -> Result<(), String> {
        load(&[
            ("XABAR_SERVICE_HOST", "10.0.0.1"),
            ("XABAR_SERVICE_PORT", "80"),
            ("XABAR_SERVICE_PORT_HTTP", "80"),
            ("XABAR_PORT", "tcp://10.0.0.1:80"),
            ("XABAR_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("XABAR_PORT_80_TCP_PROTO", "tcp"),
            ("XABAR_PORT_80_TCP_PORT", "80"),
            ("XABAR_PORT_80_TCP_ADDR", "10.0.0.1"),
        ])?;
        for other in [
            "PORT",
            "PORT_80",
            "PORT_80_ICMP",
            "SERVICE_PATH",
            "SERVICE_PORT__X",
        ] {
            let error = load(&[(&format!("XABAR_{other}"), "8080")]).err();
            assert!(error.is_some(), "{other}");
        }
        Ok(())
    }

    #[test]
    fn a_text_that_looks_like_a_number_stays_as_it_is() -> Result<(), String> {
        for text in [
            "007",
            "0x10",
            "1e3",
            "1_000",
            "TRUE",
            "12345678901234567890123",
        ] {
            let settings = load(&[
                ("XABAR_NEWSLETTER__TITLE", text),
                ("XABAR_TRACES__HEADERS", text),
                ("XABAR_SMTP__CONNECTIONS", "7"),
                ("XABAR_SMTP__PER_SECOND", "0.5"),
                ("XABAR_HTTP__ACCESS_LOG", "TRUE"),
            ])?;
            assert_eq!(settings.newsletter.title, text);
            assert_eq!(settings.traces.headers, text);
            assert_eq!(
                (settings.smtp.connections, settings.smtp.per_second),
                (7, 0.5)
            );
            assert!(settings.http.access_log);
        }
        let error = load(&[("XABAR_SMTP__CONNECTIONS", "many")]).unwrap_err();
        assert!(error.contains("smtp.connections"), "{error}");
        Ok(())
    }

    #[test]
    fn no_error_prints_a_password() {
        for url in [
            "smtp://user:pa/ssword@relay.example.org",
            "smtp://user:pass:word@relay.example.org:port",
            "smtp://user:password@",
            "password",
        ] {
            let error = load(&[("XABAR_SMTP__URL", url)]).unwrap_err();
            assert!(
                error.contains("smtp.url") && !error.contains("word@"),
                "{error}"
            );
            assert!(
                !error.contains("pa/ss") && !error.contains("\"password"),
                "{error}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf8_is_refused_by_name() -> Result<(), SettingsError> {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;
        let latin1 = || OsString::from_vec(b"caf\xe9".to_vec());
        let read = |name: OsString| our_variables([(name, latin1())].into_iter());
        let error = read("XABAR_SMTP__URL".into()).err().map(|e| e.to_string());
        let error = error.unwrap_or_default();
        assert!(
            error.contains("XABAR_SMTP__URL") && error.contains("UTF-8"),
            "{error}"
        );
        assert!(read(OsString::from_vec(b"XABAR_\xe9".to_vec())).is_err());
        for other in ["CAFE", "XABAR_CONFIG"] {
            assert!(read(other.into())?.is_empty(), "{other}");
        }
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_file_that_others_can_read_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("url");
        std::fs::write(&path, "smtp://user:secret@relay.example.org\n")?;
        let shown = path.display().to_string();
        for (mode, fine) in [(0o600, true), (0o640, true), (0o644, false), (0o660, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
            let loaded = load(&[("XABAR_SMTP__URL_FILE", &shown)]);
            assert_eq!(loaded.is_ok(), fine, "{mode:o}: {loaded:?}");
        }
        Ok(())
    }
}
