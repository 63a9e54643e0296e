//! What a column tells by its name. Case, accents and signs do not matter.

use std::sync::LazyLock;

use super::Kind;
use super::folded::{Folded, Words};

type Names = LazyLock<Words>;

/// They have a word for each row, and only known words are good.
static STATUS: Names = LazyLock::new(|| {
    Words::new(&[
        "status | list status | global status | subscription status | subscriber status | subscriber type | \
         email status | contact status | email marketing status | newsletter status",
        "statut | statut de la liste | statut global | statut de l'abonné | statut de l'abonnement",
        "Listenstatus | Globaler Status | Abonnentenstatus | Newsletterstatus",
        "статус | статус списка | общий статус | глобальный статус | статус подписки | статус подписчика",
        "stato della lista | stato globale | stato iscrizione | stato dell'iscrizione",
        "estado de la lista | estado global | estado de la suscripción | estado del suscriptor",
    ])
});
/// They say yes or no, and an empty box says no.
static SUBSCRIBED: Names = LazyLock::new(|| {
    Words::new(&[
        "subscribed | is subscribed | subscribed to emails | confirmed | is confirmed | active | is active | \
         accepts marketing | accepts email marketing | double opt in confirmed",
        "inscrit | inscrite | abonné | abonnée | actif | confirmé",
        "abonniert | angemeldet | aktiv | bestätigt | bestaetigt",
        "подписан | подписана | активен | подтверждён",
        "iscritto | attivo | confermato",
        "suscrito | inscrito | activo | confirmado",
    ])
});
/// They have a box for each newsletter, or its title: an empty one says no.
static BOX: Names =
    LazyLock::new(|| Words::new(&["newsletter | infolettre | рассылка | rundbrief"]));
/// They have the time of a confirmation: zeros, or nothing, for those who never gave it.
static CONFIRMED_AT: Names = LazyLock::new(|| {
    Words::new(&[
        "confirm time | confirmed at | confirmation time | confirmation date | confirm date | date confirmed | \
         confirmed on | confirmed date | activated | activated at | activation date | optin confirmed at | \
         double optin time | double optin date | double optin at",
        "date de confirmation | confirmé le | date d'activation | activé le",
        "bestätigt am | bestaetigt am | Bestätigungsdatum | aktiviert | aktiviert am",
        "дата подтверждения",
        "data di conferma | confermato il | fecha de confirmación | confirmado el",
    ])
});
/// A column whose name has one of these somewhere has something for those who have left. It may mean something else; to
/// refuse its rows harms nobody.
static LEFT_PARTS: Names = LazyLock::new(|| {
    Words::new(&[
        "unsub | optout | optedout | blacklist | blocklist | deactivat | deletedat | exclud | suppress | \
         bounce | complain | cleantime | pending | unconfirmed | undeliver",
        "désinscri | désabonn | désactiv | résiliation | rebond",
        "abgemeldet | abmeld | abbestell | ausgetrag | austrag | deaktivier | gekündigt | kündigung | \
         geloescht | gelöscht",
        "отпис | жалоб | чёрныйсписок",
        "disiscri | cancellazione | disattiv | fechadebaja | desuscri | desactiv",
    ])
});
/// These say so as a word of the name.
const LEFT_WORDS: [&str; 8] = [
    "cleaned",
    "deleted",
    "removed",
    "disabled",
    "spam",
    "baja",
    "resilie",
    "удален",
];
/// This one only as the first: few are called "left at", and many things are left.
const LEFT_FIRST_WORD: &str = "left";
/// Words of a name by which a column has addresses of pages, and not those who left.
const LINK_WORDS: [&str; 8] = [
    "url",
    "link",
    "lien",
    "href",
    "token",
    "hash",
    "ссылка",
    "enlace",
];
/// A column whose name has one of these somewhere says for each row how it stands.
static STATUS_PARTS: Names =
    LazyLock::new(|| Words::new(&["status | statut | статус | zustand | состояние"]));
/// The same as the whole name. They may also be where people live.
static STATE: Names = LazyLock::new(|| {
    Words::new(&["state | état | stato | estado | contact state | subscriber state"])
});
/// A column whose name has one of these somewhere says yes or no.
static YES_NO_PARTS: Names = LazyLock::new(|| {
    Words::new(&[
        "subscri | newsletter | optin | optedin | consent | mailinglist | emailmarketing | acceptsmail | gdpr | \
         emailpermission | emailverified | confirmed",
        "inscri | abonn | consentement | infolettre | rgpd | confirmé",
        "einwillig | zustimm | dsgvo | angemeldet | bestätigt | bestaetigt | rundbrief",
        "подпис | соглас | рассыл | подтвержд",
        "iscri | consenso | suscri | boletin | bollettino",
    ])
});
/// Unless a word of the name tells of a number, a price, a channel or a kind.
static NOT_YES_NO: Names = LazyLock::new(|| {
    Words::new(&[
        "paid | payment | plan | price | fee | count | number | total | amount | rate | score | days | \
         referrals | referred | source | wording | page | ip | sms | whatsapp | phone | push | print | paper | id | type | \
         tier | received | opened | clicked | name | title",
        "prix | montant | nombre | papier | nom | titre | numéro | téléphone",
        "anzahl | preis | betrag | quelle | nummer | telefon | druck",
        "количество | число | цена | сумма | номер | источник | телефон",
        "prezzo | numero | precio | número | cantidad",
    ])
});
/// Of somebody who pays: others are readers as well.
static PAYS: Names =
    LazyLock::new(|| Words::new(&["active subscription | paid subscription | paying subscriber"]));
/// Words of names of columns with names of people, places, firms and the like, in which any word may stand.
static NAMES: Names = LazyLock::new(|| {
    Words::new(&[
        "name | names | fname | lname | firstname | lastname | surname | fullname | forename | nickname | \
         username | city | town | village | locality | place | location | street | address | addr | address1 | address2 | \
         company | organisation | organization | employer | title | salutation | country | region | province | \
         county | url | website | link | phone | id | uuid | zip | language | lang | locale | timezone | job | \
         profession | occupation",
        "nom | noms | prénom | prénoms | ville | commune | localité | lieu | rue | adresse | société | entreprise | \
         organisme | titre | civilité | pays | région | langue | téléphone | site | lien | métier | fonction | \
         pseudo",
        "vorname | nachname | familienname | zuname | stadt | ort | wohnort | strasse | straße | anschrift | \
         firma | titel | anrede | land | kanton | sprache | telefon | webseite | beruf | plz | bundesland",
        "имя | фамилия | отчество | фио | город | село | улица | адрес | компания | организация | страна | \
         регион | область | язык | телефон | сайт | должность | профессия | обращение",
        "nome | cognome | città | località | via | indirizzo | azienda | ditta | titolo | paese | regione | lingua | \
         telefono | professione",
        "nombre | nombres | apellido | apellidos | ciudad | localidad | calle | dirección | empresa | título | país | \
         región | idioma | teléfono | profesión | provincia",
    ])
});

/// What a column of this name tells.
pub(super) fn kind(name: &str) -> Kind {
    let folded = Folded::of(name);
    let letters = folded.letters();
    let words = words(name);
    let has = |some: &Words| words.iter().any(|word| some.has(word));
    if STATUS.has(letters) {
        Kind::Status
    } else if SUBSCRIBED.has(letters) {
        Kind::Subscribed
    } else if BOX.has(letters) {
        Kind::Box
    } else if CONFIRMED_AT.has(letters) {
        Kind::ConfirmedAt
    } else if tells_of_the_left(&words, letters) {
        Kind::Left
    } else if PAYS.has(letters) {
        Kind::Other
    } else if STATUS_PARTS.is_part_of(letters) || STATE.has(letters) {
        Kind::YesNo
    } else if has(&NAMES) {
        Kind::Names
    } else if YES_NO_PARTS.is_part_of(letters) && !has(&NOT_YES_NO) {
        Kind::YesNo
    } else {
        Kind::Other
    }
}

fn tells_of_the_left(words: &[String], letters: &str) -> bool {
    let is_word = |word: &String| LEFT_WORDS.contains(&word.as_str());
    let is_link = |word: &String| LINK_WORDS.contains(&word.as_str());
    let left = LEFT_PARTS.is_part_of(letters)
        || words.iter().any(is_word)
        || words.first().is_some_and(|word| word == LEFT_FIRST_WORD);
    left && !words.iter().any(is_link)
}

/// The words of a name, as in `left_at`, `Left at` and `leftAt`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        if after_lower && c.is_uppercase() {
            words.push(String::new());
        }
        after_lower = c.is_lowercase();
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let parts = words.iter().map(|word| Folded::of(word));
    parts
        .flat_map(|part| {
            let words = part.words().split_whitespace().map(str::to_owned);
            words.collect::<Vec<_>>()
        })
        .collect()
}

/// Whether what a column of this name tells of are readers who have not confirmed.
pub(super) fn is_of_unconfirmed(name: &str) -> bool {
    let folded = Folded::of(name);
    ["pending", "unconfirmed"]
        .iter()
        .any(|part| folded.letters().contains(part))
}
