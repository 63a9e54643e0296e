//! AUTH, as far as clients of this project may use it: PLAIN, LOGIN and XOAUTH2.

use data_encoding::BASE64;

use super::conversation::{Conversation, Ended};
use super::script::Stage;

impl Conversation {
    pub(super) async fn auth(&mut self, line: &str) -> Result<(), Ended> {
        let moment = self.moment(Stage::Auth, line);
        if let Some(reply) = self.shared.script.choose(&moment) {
            return self.write(&reply).await;
        }
        let mut words = line.split_whitespace().skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let initial = words.next().map(str::to_owned);
        let Some((user, password)) = self.shared.script.login.clone() else {
            return self.say("503 5.5.1 AUTH is not offered").await;
        };
        let right = match mechanism.as_str() {
            "PLAIN" => {
                let said = self.said(initial, "").await?;
                said.ends_with(&format!("\0{user}\0{password}"))
            }
            "LOGIN" => {
                let [first, second] = self.shared.script.login_prompts.clone();
                let said_user = self.said(initial, &first).await?;
                let said_password = self.said(None, &second).await?;
                (said_user, said_password) == (user, password)
            }
            "XOAUTH2" => {
                let said = self.said(initial, "").await?;
                said == format!("user={user}\x01auth=Bearer {password}\x01\x01")
            }
            _ => return self.say("504 5.5.4 unknown mechanism").await,
        };
        self.signed_in = right;
        match right {
            true => self.say("235 2.7.0 welcome").await,
            false => self.say("535 5.7.8 wrong user or password").await,
        }
    }

    /// What the client says to a prompt, unless it was said already.
    async fn said(&mut self, already: Option<String>, prompt: &str) -> Result<String, Ended> {
        let said = match already {
            Some(said) => said,
            None => {
                self.say(&format!("334 {prompt}")).await?;
                String::from_utf8_lossy(&self.line().await?)
                    .trim_end()
                    .to_owned()
            }
        };
        let octets = BASE64.decode(said.as_bytes()).unwrap_or_default();
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }
}
