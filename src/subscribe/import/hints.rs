//! What may be meant by the names of columns that are not ours.

use csv::ByteRecord;

use super::columns::{folded, names};

/// How alike two names are of which one may be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.85;
/// The letters of names of addresses that are not like ours.
const ADDRESSES: [&str; 5] = [
    "courriel",
    "почта",
    "электроннаяпочта",
    "correo",
    "correoelectrónico",
];
/// The letters of names of where people live: which countries somebody follows is something else.
const LIVE_IN: [&str; 7] = [
    "country",
    "countrycode",
    "countryname",
    "countryregion",
    "cc",
    "countryofresidence",
    "countryoforigin",
];
/// The letters of names of times, the best proof first: of a confirmation, of a sign-up, of a row.
const TIMES: [&str; 41] = [
    "confirmtime",
    "confirmedat",
    "confirmationtime",
    "confirmationdate",
    "confirmedon",
    "dateconfirmed",
    "activated",
    "activatedat",
    "datedeconfirmation",
    "bestätigtam",
    "датаподтверждения",
    "optintime",
    "optindate",
    "optindatetime",
    "subscribedat",
    "subscribedon",
    "subscriptiondate",
    "subscriptiontime",
    "datesubscribed",
    "signupdate",
    "signuptime",
    "signedupat",
    "dateinscription",
    "datedinscription",
    "inscritle",
    "anmeldedatum",
    "angemeldetam",
    "датаподписки",
    "dataiscrizione",
    "datadiiscrizione",
    "fechadesuscripción",
    "registered",
    "registeredat",
    "joined",
    "joinedat",
    "addedtime",
    "dateadded",
    "creationdate",
    "createdat",
    "created",
    "date",
];
/// The columns of listmonk's export of subscribers.
const LISTMONK: [&str; 7] = [
    "uuid",
    "email",
    "name",
    "attributes",
    "status",
    "created_at",
    "updated_at",
];

fn letters(text: &str) -> String {
    folded(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// That there is no such column, and what to do about it. `others` are the columns of the file that are none of ours.
pub(super) fn absent(wanted: &str, others: &[&str]) -> String {
    let like = || others.iter().find(|name| resembled(name) == Some(wanted));
    let time = || {
        let of = |time: &&str| others.iter().find(|name| letters(name) == **time);
        TIMES.iter().find_map(of)
    };
    let found = match wanted {
        "consent_at" => like().or_else(time),
        _ => like(),
    };
    let hint = match (found, wanted) {
        (Some(name), _) => format!("; if `{name}` is it, add --map {wanted}=\"{name}\""),
        (None, "consent_at") => {
            " (if all readers signed up on one day, add --consent-at DATE)".to_owned()
        }
        (None, "consent_source") => {
            " (if all readers signed up in one place, add --consent-source TEXT that says where)"
                .to_owned()
        }
        (None, "consent_wording") => {
            " (if all readers agreed to the same words, add --consent-wording TEXT with them)"
                .to_owned()
        }
        (None, _) => String::new(),
    };
    format!("there is no column `{wanted}`{hint}")
}

/// The names of the columns of a list of addresses.
pub(super) struct AddressHeader(Vec<String>);

impl AddressHeader {
    /// The header that this row is; none where it has an address, or is a line with something else.
    pub(super) fn read(row: &ByteRecord) -> Option<Self> {
        let names: Option<Vec<String>> = row
            .iter()
            .map(|cell| Some(str::from_utf8(cell).ok()?.trim().to_owned()))
            .collect();
        let header = Self(names?);
        let is_header = !header.0.iter().any(|name| name.contains('@'))
            && (header.0.len() > 1 || header.named().is_some());
        is_header.then_some(header)
    }

    /// The column that has addresses by its name.
    pub(super) fn named(&self) -> Option<usize> {
        let exactly = self.0.iter().position(|name| folded(name) == "email");
        exactly.or_else(|| (0..self.0.len()).find(|index| self.is_alike(*index)))
    }

    /// The column that has them by what stands in this row: of several with an address, the one with the best name.
    pub(super) fn with_address(&self, row: &ByteRecord) -> Option<usize> {
        let named_so = self.0.iter().position(|name| folded(name) == "email");
        let has_address = |index: &usize| row.get(*index).is_some_and(|cell| cell.contains(&b'@'));
        let with_address = || (0..self.0.len()).filter(has_address);
        named_so
            .or_else(|| with_address().find(|index| self.is_alike(*index)))
            .or_else(|| with_address().next())
    }

    fn is_alike(&self, index: usize) -> bool {
        let name = self.0.get(index).filter(|name| !name.is_empty());
        name.is_some_and(|name| resembled(name) == Some("email"))
    }
}

/// The column of ours that a name looks like.
pub(super) fn resembled(name: &str) -> Option<&'static str> {
    let name = letters(name);
    if LIVE_IN.contains(&name.as_str()) {
        return None;
    }
    if ADDRESSES.contains(&name.as_str()) {
        return Some("email");
    }
    let part = |ours: &&str| {
        let ours = letters(ours);
        let contains = name.len() >= 4 && (name.contains(&ours) || ours.contains(&name));
        contains || strsim::jaro_winkler(&name, &ours) >= ALIKE
    };
    names().find(part)
}

/// What is to be known of a file with these columns.
pub(super) fn notes(names: &[String]) -> Vec<&'static str> {
    let is_listmonk = LISTMONK
        .iter()
        .all(|one| names.iter().any(|name| folded(name) == *one));
    match is_listmonk {
        true => vec![
            "This is an export of listmonk: its `status` does not say who has unsubscribed from a list or never confirmed. \
             Export the confirmed readers of the list alone, as docs/NEWSLETTERS.md says, and compare their number",
        ],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{absent, notes, resembled};

    #[test]
    fn near_misses_are_seen() {
        for (theirs, ours) in [
            ("Email Address", Some("email")),
            ("E-mail", Some("email")),
            ("Courriel", Some("email")),
            ("lang", Some("language")),
            ("countries followed", Some("countries")),
            ("COUNTRY", None),
            ("Consented at", Some("consent_at")),
            ("id", None),
            ("telephone", None),
        ] {
            assert_eq!(resembled(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn the_best_time_is_proposed() {
        for (others, proposed) in [
            (
                &["OPTIN_TIME", "CONFIRM_TIME"][..],
                "consent_at=\"CONFIRM_TIME\"",
            ),
            (&["registered", "activated"], "consent_at=\"activated\""),
            (&["id", "created_at"], "consent_at=\"created_at\""),
            (&["Date d’inscription"], "consent_at=\"Date d’inscription\""),
            (&["id"], "--consent-at DATE"),
        ] {
            let said = absent("consent_at", others);
            assert!(said.contains(proposed), "{said}");
        }
    }

    #[test]
    fn an_export_of_listmonk_is_known_by_its_columns() {
        let names = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            notes(&names(
                "uuid,email,name,attributes,status,created_at,updated_at"
            ))
            .len(),
            1
        );
        assert_eq!(notes(&names("uuid,email,name,status")).len(), 0);
    }
}
