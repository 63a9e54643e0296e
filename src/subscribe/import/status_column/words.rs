//! What cells say of those who have left, bounced, complained or never confirmed, in the languages of our readers and
//! their neighbours. Case, accents and signs do not matter.

use std::sync::LazyLock;

use super::folded::{Beginnings, Words};

/// They mean one thing only: as one of the first words in a column of any name, also of people's names.
pub(super) static CLEAR: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::new(&[
        "unsub | optout | opt out | optedout | opted out | not opted in | blacklist | black list | blocklist | \
         block list | no longer subscri | not subscri | notsubscri | never subscri | do not mail | \
         do not email | do not contact | do not send | do not write | don't mail | don't email | \
         don't contact | don't send | donotmail | donotemail | donotcontact | unconfirm | not confirm | \
         notconfirm | never confirm | unactivat | not activat | never activat | undeliver | hard bounc | \
         hardbounc | soft bounc | softbounc | bounced_ | marked as spam | reported spam | reported as spam | \
         spam complain | spamcomplain | spam report | cancelled subscri | canceled subscri | subscription cancel",
        "désinscri | désabonn | non inscri | non abonn | non confirm | pas inscri | pas abonn | pas confirm | \
         plus inscri | plus abonn | liste noire | ne plus envoyer | ne plus écrire | ne plus contacter | \
         ne pas envoyer | ne pas écrire | ne pas contacter | ne veut plus | ne veux plus | ne souhaite plus | \
         stop newsletter | stop mail | stop envoi | abonnement résilié",
        "abgemeld | abmeld | abbestell | ausgetragen | austragen | gekündigt | gekuendigt | deabonn | \
         nicht bestät | nicht bestaet | unbestät | unbestaet | nicht angemeldet | nicht abonn | \
         nicht mehr senden | nicht mehr schicken | nicht mehr anschreiben | nicht mehr abonn | \
         nicht mehr angemeldet | möchte nicht mehr | moechte nicht mehr | will nicht mehr | nicht anschreiben | \
         kein newsletter | keinen newsletter | keine newsletter | keine mail | keine e mail | unzustellbar | \
         nicht zustellbar | sperrliste | schwarze liste | einwilligung widerrufen | als spam",
        "отпис | не подпис | не подтвер | неподтвер | чёрный список | в чёрном списке | чёрном списке | \
         не отправлять | не присылать | не слать | больше не хоч | больше не прис | больше не отправ | \
         больше не пис | больше не подпис | больше не получ | недостав | не доставл | не активирован | \
         не согласен | не согласна",
        "disiscri | disabbon | non iscri | non abbon | non conferm | non più iscri | lista nera | non inviare | \
         non contattare | non scrivere | non più inviare | cancellato dall | cancellata dall",
        "dado de baja | dada de baja | dar de baja | dio de baja | darse de baja | desuscri | \
         cancelo la suscri | canceló su suscri | no suscri | no inscri | no confirm | sin confirmar | \
         lista negra | no enviar | no contactar | no escribir",
    ])
});

/// They may mean something else inside of a text: as the first word, after words that say little, and not in columns of
/// names and places.
pub(super) static FIRST: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::new(&[
        "bounced | bouncing | mail bounc | complained | complaint | removed | deleted | inactiv | deactivat | \
         pending | cleaned | blocked | suspended | suppressed | revoked | withdrawn | withdrew | excluded | \
         not active | left on_ | left in_ | left the list | left since | awaiting confirm | \
         waiting for confirm | invalid e | invalid address | invalid mail | no mail_ | no mails_ | \
         no email_ | no emails_",
        "supprim | effacé | inactif | bloqué | radié | résilié_ | résiliée_ | résiliation | en attente | à confirmer | \
         plainte | retiré_ | retirée_ | exclu_ | exclue_ | adresse invalide | désactiv",
        "gelöscht | geloescht | inaktiv | deaktiv | gesperrt | blockiert | entfernt | ausgetreten | ungültige | \
         ungueltige | zurückgezogen | zurueckgezogen | widerrufen | beschwer | ausstehend | wartet auf best | \
         abgelehnt | storniert | nicht aktiv",
        "удалён | удалил | удален | неактив | не актив | заблокир | деактив | исключён | исключен | \
         ожидает подтвер | жалоб | отклон | отключ | недейств | приостанов | отказал | отказ_",
        "cancellat | rimoss | eliminat | inattiv | bloccat | disattiv | in attesa | rimbalz | non attiv | \
         revocat | rifiutat",
        "eliminad | borrado_ | borrada_ | cancelad | inactiv | bloquead | pendient | rebotad | desactivad | \
         no activ | anulad | revocad | rechazad",
    ])
});

/// They are words of any text: only where a cell, or what stands before a date in it, has nothing else.
pub(super) static ALONE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "left | stop | stopped | spam | spammy | junk | abuse | bounce | bounces | out | quit | gone | exit | \
         invalid | disabled | cancelled | canceled | removal | refused | rejected",
        "refusé | refusée | rejeté | rejetée | parti | partie | sorti | sortie | annulé | annulée | révoqué | révoquée | invalide",
        "weg | raus | abgang | kündigung | kuendigung | ungültig | ungueltig",
        "ожидает | ожидание | стоп | ушёл | ушла | вышел | вышла | спам",
        "uscito | uscita | annullato | annullata | baja | bajas | anulado | anulada",
    ])
});

/// Words in front of one of [`FIRST`] or [`ALONE`] that change nothing.
pub(super) static SAY_LITTLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "is | was | has | have | been | be | got | as | the | he | she | they | i | status | email | mail | \
         account | user | reader | contact | subscriber | subscription | address | already | manually | \
         automatically | permanently | temporarily | hard | soft",
        "a | à | est | été | s | se | il | elle | je | l | le | la | adresse | compte | déjà | statut",
        "ist | wurde | wird | hat | sich | er | sie | ich | bereits | schon | konto | von | selbst",
        "был | была | были | адрес | уже | он | она | я | статус",
        "è | e | stato | stata | ha | si | lo | indirizzo | già",
        "ha | sido | fue | está | ya | el | la | dirección | correo | cuenta | de",
    ])
});

/// Of those that refuse a row, the ones that tell of somebody who has not confirmed yet.
pub(super) static UNCONFIRMED: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::new(&[
        "unconfirm | not confirm | notconfirm | never confirm | unactivat | not activat | never activat | \
         pending | awaiting | waiting | new_ | non confirm | pas confirm | en attente | à confirmer | \
         nicht bestät | nicht bestaet | unbestät | unbestaet | ausstehend | wartet | не подтвер | неподтвер | \
         ожида | не активирован | non conferm | in attesa | no confirm | sin confirmar | pendient",
    ])
});

/// What stands for somebody who is subscribed in a column that says so.
pub(super) static SUBSCRIBED: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "subscribed | subscriber | active | enabled | confirmed | opted in | optin | regular | true | yes | 1 | \
         x | checked | y | t | on | ok | premium | paid | gifted | free | verified | valid | deliverable | single opt in | \
         double opt in",
        "oui | vrai | actif | abonné | abonnée | inscrit | inscrite | confirmé | confirmée | validé | validée",
        "ja | wahr | aktiv | abonniert | angemeldet | eingetragen | bestätigt | bestaetigt | j",
        "да | истина | активен | активна | активный | активно | подписан | подписана | подписался | \
         подписалась | подписчик | подтверждён | подтверждена",
        "sì | vero | attivo | attiva | iscritto | iscritta | confermato | confermata",
        "sí | verdadero | activo | activa | suscrito | suscrita | confirmado | confirmada",
    ])
});

/// Words after one of [`SUBSCRIBED`] or [`ALONE`] that change nothing: they stand before a date.
pub(super) static SINCE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "since | on | at | depuis | le | seit | am | vom | с | dal | desde | el | t | z | utc",
    ])
});

/// No, in a column that says yes or no.
pub(super) static NO: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "no | n | false | f | off | never | unchecked | none",
        "non | faux | jamais",
        "nein | falsch | nie",
        "нет | ложь | никогда",
        "falso | mai | nunca",
    ])
});

/// The same as the first word of several.
pub(super) static NO_FIRST: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::new(&[
        "no_ | non_ | nein_ | нет_ | not_ | pas_ | nicht_ | kein_ | keine_ | keinen_ | не_ | never_ | jamais_ | \
         nie_ | никогда_ | nunca_ | sans_ | ohne_ | без_ | senza_ | sin_ | without_",
    ])
});

/// What stands for those who have not left in a column about those who have, besides zeros and nothing.
pub(super) static HAS_NOT: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "false | no | n | f | off | never | none | null | na | nan | nein | falsch | nie | non | faux | \
         jamais | нет | ложь | никогда | falso | mai | nunca",
    ])
});
