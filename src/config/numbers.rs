//! What the numbers in the settings must be. A number that means another thing than people would think is refused, with
//! what they may have meant.

use super::{Settings, SettingsError};

/// What proxies, journals and people wait for at most.
const HOUR: u64 = 3600;
/// The smallest body that an issue fits into.
const MIN_BODY: usize = 65_536;
/// More connections than any database or machine has.
const MAX_DATABASE_CONNECTIONS: u32 = 10_000;
/// How long a visitor may have to wait before the form is taken.
const MOST_SECONDS_TO_FILL: u32 = 600;
const MAX_CONNECTIONS: usize = 1_000_000;

impl Settings {
    /// Checks all numbers but those of relays and providers.
    pub(super) fn check_numbers(&self) -> Result<(), SettingsError> {
        self.check_http()?;
        self.check_signup()?;
        self.check_worker()?;
        self.check_retention()?;
        if !(1..=MAX_DATABASE_CONNECTIONS).contains(&self.database.connections) {
            return wrong("database.connections", "must be 1 to 10000");
        }
        if !(1..=20).contains(&self.summary.day) || !(0..=23).contains(&self.summary.hour) {
            return wrong("summary", "day must be 1 to 20, and hour 0 to 23");
        }
        if !(1..=30).contains(&self.fetch.seconds) {
            return wrong("fetch.seconds", "must be 1 to 30");
        }
        if self.desk.idle_hours == 0 || self.desk.absolute_days == 0 {
            return wrong(
                "desk",
                "idle_hours and absolute_days must be at least 1, or nobody could sign in",
            );
        }
        Ok(())
    }

    fn check_worker(&self) -> Result<(), SettingsError> {
        let worker = &self.worker;
        if worker.batch == 0 || worker.lease_seconds < 15 {
            return wrong(
                "worker",
                "batch must be at least 1 and lease_seconds at least 15",
            );
        }
        if worker.grace_seconds > HOUR {
            return wrong("worker.grace_seconds", "must be at most 3600");
        }
        let pauses = [&worker.retry_seconds, &worker.outbox_retry_seconds];
        if pauses.iter().any(|pauses| pauses.is_empty()) {
            return wrong(
                "worker.retry_seconds",
                "must name at least one pause, as must outbox_retry_seconds",
            );
        }
        if pauses.iter().any(|pauses| pauses.contains(&0)) {
            return wrong(
                "worker.retry_seconds",
                "must not have a pause of 0, nor must outbox_retry_seconds: the relay would be asked without end",
            );
        }
        Ok(())
    }

    fn check_retention(&self) -> Result<(), SettingsError> {
        let keep = &self.retention;
        if (1..30).contains(&keep.mail_days) {
            return wrong(
                "retention.mail_days",
                "must be at least 30, or 0: the limits on mails with a link to a reader's own data count so far back",
            );
        }
        let hours = keep.mail_days.saturating_mul(24);
        if hours > 0 && hours < self.signup.confirm_hours {
            return wrong(
                "retention.mail_days",
                "must not end before signup.confirm_hours, or be 0: a link confirms nothing once a later mail was sent, which must be known while the link works",
            );
        }
        let hours = keep.unconfirmed_days.saturating_mul(24);
        if hours > 0 && hours < self.signup.confirm_hours {
            return wrong(
                "retention.unconfirmed_days",
                "must not end before signup.confirm_hours, while the link still works",
            );
        }
        Ok(())
    }

    fn check_http(&self) -> Result<(), SettingsError> {
        let http = &self.http;
        if !(1..=MAX_CONNECTIONS).contains(&http.max_connections) {
            return wrong(
                "http.max_connections",
                "must be 1 to 1000000; max_connections_per_ip alone knows no limit, as 0",
            );
        }
        if !(1..=HOUR).contains(&http.request_seconds) {
            return wrong(
                "http.request_seconds",
                "must be 1 to 3600: with 0 every connection would end at once",
            );
        }
        if http.body_limit < MIN_BODY {
            return wrong(
                "http.body_limit",
                "must be at least 65536: an issue needs so many octets",
            );
        }
        if http.drain_seconds > 300 {
            return wrong("http.drain_seconds", "must be at most 300");
        }
        Ok(())
    }

    fn check_signup(&self) -> Result<(), SettingsError> {
        let signup = &self.signup;
        if signup.min_fill_seconds > MOST_SECONDS_TO_FILL
            || signup.slow_seconds > MOST_SECONDS_TO_FILL
        {
            return wrong(
                "signup.min_fill_seconds",
                "must be at most 600, as must slow_seconds: nobody waits longer before sending a form",
            );
        }
        let limits = [
            ("per_ip_per_10_minutes", signup.per_ip_per_10_minutes),
            ("per_ip_per_hour", signup.per_ip_per_hour),
            ("per_ip_per_day", signup.per_ip_per_day),
            ("mails_per_15_minutes", signup.mails_per_15_minutes),
            ("mails_per_day", signup.mails_per_day),
            ("mails_per_30_days", signup.mails_per_30_days),
            (
                "mails_per_domain_per_hour",
                signup.mails_per_domain_per_hour,
            ),
            ("mails_per_hour", signup.mails_per_hour),
            ("slow_per_hour", signup.slow_per_hour),
            ("attack_signups_per_hour", signup.attack_signups_per_hour),
            ("attack_mails_per_hour", signup.attack_mails_per_hour),
        ];
        if let Some((name, _)) = limits.iter().find(|(_, limit)| *limit < 0) {
            return wrong(
                &format!("signup.{name}"),
                "must not be negative; 0 sets no limit",
            );
        }
        if !(0..=100).contains(&signup.attack_confirmed_percent) {
            return wrong("signup.attack_confirmed_percent", "must be 0 to 100");
        }
        if signup.confirm_hours == 0 {
            return wrong(
                "signup.confirm_hours",
                "must be at least 1: with 0 no link in a confirmation mail would work",
            );
        }
        if signup.proof_cost == 0 || signup.proof_cost_in_attack == 0 {
            return wrong(
                "signup.proof_cost",
                "must be at least 1, as must proof_cost_in_attack",
            );
        }
        if signup.dns_servers.iter().any(|to| to.port() == 0) {
            return wrong(
                "signup.dns_servers",
                "must name a port that can be asked, as in 192.0.2.53:53",
            );
        }
        Ok(())
    }
}

fn wrong(path: &str, why: &str) -> Result<(), SettingsError> {
    Err(SettingsError::Invalid {
        path: path.to_owned(),
        why: why.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use crate::config::tests::load;

    #[test]
    fn a_number_that_would_stop_the_service_is_refused_by_name() {
        for (setting, value) in [
            ("http.max_connections", "0"),
            ("http.max_connections", "9000000000000000000"),
            ("http.request_seconds", "0"),
            ("http.request_seconds", "18446744073709551615"),
            ("http.body_limit", "0"),
            ("http.drain_seconds", "301"),
            ("database.connections", "0"),
            ("database.connections", "4294967295"),
            ("signup.confirm_hours", "0"),
            ("signup.min_fill_seconds", "3000"),
            ("smtp.connections", "1001"),
            ("signup.per_ip_per_hour", "-1"),
            ("signup.mails_per_hour", "-1"),
            ("signup.attack_confirmed_percent", "101"),
            ("worker.grace_seconds", "18446744073709551615"),
            ("worker.retry_seconds", "60,0"),
            ("fetch.seconds", "0"),
            ("retention.mail_days", "29"),
        ] {
            let name = format!("XABAR_{}", setting.replace('.', "__").to_uppercase());
            let error = load(&[(&name, value)]).err().unwrap_or_default();
            assert!(error.contains(setting), "{setting} = {value}: {error}");
        }
    }

    #[test]
    fn a_later_mail_is_known_as_long_as_earlier_links_work() -> Result<(), String> {
        let with = |days| {
            load(&[
                ("XABAR_SIGNUP__CONFIRM_HOURS", "2000"),
                ("XABAR_RETENTION__UNCONFIRMED_DAYS", "90"),
                ("XABAR_RETENTION__MAIL_DAYS", days),
            ])
        };
        let error = with("83").err().unwrap_or_default();
        assert!(error.contains("retention.mail_days"), "{error}");
        with("84")?;
        with("0").map(drop)
    }

    #[test]
    fn a_limit_of_0_that_is_documented_is_none() -> Result<(), String> {
        for name in [
            "HTTP__MAX_CONNECTIONS_PER_IP",
            "HTTP__DRAIN_SECONDS",
            "SIGNUP__PER_IP_PER_HOUR",
            "SIGNUP__MAX_FILL_HOURS",
            "SIGNUP__SLOW_PER_HOUR",
            "SIGNUP__ATTACK_SIGNUPS_PER_HOUR",
            "SMTP__PER_SECOND",
            "RETENTION__UNCONFIRMED_DAYS",
        ] {
            load(&[(&format!("XABAR_{name}"), "0")])?;
        }
        load(&[("XABAR_RETENTION__UNCONFIRMED_DAYS", "4294967295")]).map(drop)
    }
}
