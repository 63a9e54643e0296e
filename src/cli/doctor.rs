//! `xabar doctor`

use clap::Args;
use serde_json::json;

use super::output::Output;
use super::{CliError, start_quiet_log};
use crate::clock::Clock;
use crate::config::{Settings, SettingsError};
use crate::doctor::{self, Diagnosis, Level};
use crate::domain::EmailAddress;

/// Examines settings, key, database, relays, DNS records and the public address; changes nothing.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Also asks each relay whether it takes mails to this address; none is sent.
    #[arg(long, value_name = "ADDRESS", value_parser = EmailAddress::parse)]
    to: Option<EmailAddress>,
}

impl Doctor {
    /// Settings that cannot be read are a result too.
    pub(super) async fn run(
        self,
        settings: Result<Settings, SettingsError>,
        out: Output,
    ) -> Result<(), CliError> {
        let found = match settings {
            Ok(mut settings) => {
                // What a check warns of is in its result.
                if settings.log == "info" {
                    "error".clone_into(&mut settings.log);
                }
                start_quiet_log(&settings)?;
                doctor::examine(settings, Clock::system(), self.to.as_ref()).await
            }
            Err(why) => doctor::unreadable_settings(&why),
        };
        let red = found.iter().filter(|one| one.level == Level::Red).count();
        let document = json!({ "healthy": red == 0, "checks": found });
        out.value(&document, || lines(&found))?;
        match red {
            0 => Ok(()),
            1 => Err(CliError::Failed("1 thing must be mended".to_owned())),
            red => Err(CliError::Failed(format!("{red} things must be mended"))),
        }
    }
}

fn lines(found: &[Diagnosis]) -> String {
    let line = |one: &Diagnosis| {
        let mut line = format!("{:<6}\t{}", one.level.as_str(), one.check);
        if !one.about.is_empty() {
            line.push_str(&format!(" {}", one.about));
        }
        line.push_str(&format!("\t{}", one.says.replace('\n', " ")));
        if let Some(mend) = &one.mend {
            line.push_str(&format!("\n      \t→ {mend}"));
        }
        line
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}
