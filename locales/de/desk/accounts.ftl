# Anmeldung, Team, und was die Redaktion sagt, wenn etwas nicht geht.

desk-error-signed-out-title = Sie sind abgemeldet
desk-error-signed-out-advice = Was Sie geschrieben haben, ist nicht verloren. Melden Sie sich in einem neuen Tab wieder an, kommen Sie hierher zurück (hat sich die Seite geändert, drücken Sie „Zurück“) und speichern Sie noch einmal.
desk-error-sign-in-again = In einem neuen Tab anmelden
desk-error-not-allowed-title = Ihre Rolle erlaubt das nicht
desk-error-not-allowed-advice = Sie können diesen Newsletter ansehen, aber das hier nicht tun. Bitten Sie die Leitung um mehr Rechte.
desk-error-not-found-title = Diese Seite gibt es nicht
desk-error-not-found-advice = Vielleicht wurde sie gelöscht, oder die Adresse ist unvollständig.
desk-error-forged-title = Das kam nicht von einer Seite der Redaktion
desk-error-forged-advice = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
desk-error-unreadable-title = Diese Anfrage haben wir nicht verstanden
desk-error-unreadable-advice = Es wurde nichts geändert. Gehen Sie auf die vorige Seite zurück und versuchen Sie es noch einmal.
desk-error-too-large-title = Das ist zu groß
desk-error-too-large-advice = Es wurde nichts gespeichert. Verkleinern Sie es und versuchen Sie es noch einmal.
desk-error-conflict-title = Inzwischen hat sich etwas geändert
desk-error-conflict-advice = Jemand war schneller. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie nach, was jetzt dort steht.
desk-error-invalid-title = Etwas stimmt noch nicht
desk-error-invalid-advice = Es wurde nichts gespeichert. Gehen Sie zurück und prüfen Sie Ihre Eingaben.
desk-error-unavailable-title = Eine kurze Pause
desk-error-unavailable-advice = Gerade kann nichts gespeichert werden. Versuchen Sie es in einer Minute noch einmal; lassen Sie diese Seite offen.
desk-error-internal-title = Bei uns ist etwas schiefgegangen
desk-error-internal-advice = Es liegt nicht an Ihnen. Versuchen Sie es noch einmal; wenn es dabei bleibt, sagen Sie der Person Bescheid, die diesen Dienst betreibt.
desk-error-home = Zur Redaktion

# E-Mails zum Konto in der Redaktion.

editor-invitation-subject = Ihr Konto in der Redaktion von „{ $newsletter }“
editor-invitation-preheader = Wählen Sie ein Passwort, dann können Sie schreiben.
editor-invitation-title = Willkommen im Team
editor-invitation-what = Sie sind eingeladen, an „{ $newsletter }“ mitzuarbeiten. Wählen Sie ein Passwort, um Ihr Konto zu öffnen:
editor-invitation-button = Passwort wählen
editor-invitation-valid = Der Link gilt { $duration } und nur einmal. Bitte geben Sie ihn nicht weiter.
editor-invitation-ignore = Sie wissen nicht, worum es geht? Dann ignorieren Sie diese E-Mail: Ohne Passwort bleibt das Konto geschlossen.

password-reset-subject = Ein neues Passwort für die Redaktion von „{ $newsletter }“
password-reset-preheader = Mit diesem Link wählen Sie ein neues Passwort.
password-reset-title = Neues Passwort wählen
password-reset-what = Jemand, wahrscheinlich Sie, hat ein neues Passwort für die Redaktion von „{ $newsletter }“ angefordert. Mit diesem Link wählen Sie es:
password-reset-button = Neues Passwort wählen
password-reset-valid = Der Link gilt { $duration } und nur einmal. Alle Browser werden abgemeldet.
password-reset-ignore = Das waren nicht Sie? Sie müssen nichts tun: Ihr Passwort bleibt, wie es ist.

new-browser-subject = Neue Anmeldung in der Redaktion von „{ $newsletter }“
new-browser-preheader = In Ihrem Konto hat sich ein Browser angemeldet, der das noch nie getan hat.
new-browser-title = Ein neuer Browser hat sich angemeldet
new-browser-what = Am { $time } ({ $zone }) hat sich jemand in Ihrem Konto in der Redaktion von „{ $newsletter }“ angemeldet. Dieser Browser hatte das noch nie getan.
new-browser-which = Browser: { $browser }
new-browser-was-you = Waren das Sie? Dann müssen Sie nichts tun.
new-browser-not-you = Das waren nicht Sie? Dann wählen Sie sofort ein neues Passwort. Damit werden alle Browser abgemeldet.
new-browser-quiet = Das ist nicht der einzige neue Browser in dieser Stunde. Damit Ihr Postfach nicht voll wird, kommt bis { $until } ({ $zone }) kein weiterer Hinweis. Die Seite Ihres Kontos zeigt alle angemeldeten Browser.
new-browser-button = Neues Passwort wählen
new-browser-everywhere = Ohne neues Passwort können Sie sich überall abmelden, am Ende der Seite Ihres Kontos:

# Anmeldung.

desk-outside-name = Redaktion
desk-sign-in-title = Anmelden
desk-sign-in-email = E-Mail-Adresse
desk-sign-in-password = Passwort
desk-sign-in-button = Anmelden
desk-sign-in-forgot = Passwort vergessen?
desk-sign-in-wrong = Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides und versuchen Sie es noch einmal.
desk-sign-in-code = Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und versuchen Sie es noch einmal.
desk-sign-in-limited = { $minutes ->
    [one] Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
   *[other] Zu viele Versuche. Warten Sie { $minutes } Minuten und versuchen Sie es dann noch einmal.
}
desk-sign-in-expired = Das hat zu lange gedauert. Bitte geben Sie Ihr Passwort noch einmal ein.
desk-signed-out-done = Sie sind abgemeldet.
desk-signed-out-everywhere-done = Sie sind in allen Browsern abgemeldet.
desk-password-set-done = Ihr neues Passwort ist gespeichert. Melden Sie sich damit an.
desk-code-title = Ihr Code
desk-code-what = Öffnen Sie die App auf Ihrem Telefon und geben Sie den Code ein, den sie zeigt.
desk-code-label = Sechsstelliger Code
desk-code-hint = Telefon nicht zur Hand? Geben Sie stattdessen einen Ihrer Ersatzcodes ein.
desk-code-back = Zurück zur Anmeldung
desk-forgot-title = Passwort vergessen?
desk-forgot-what = Geben Sie die Adresse Ihres Kontos an. Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort wählen.
desk-forgot-button = Link schicken
desk-forgot-sent = Wenn { $email } ein Konto hat, ist ein Link unterwegs. Er gilt eine Stunde.
desk-forgot-again = Nach einigen Minuten nichts da? Sehen Sie im Spam-Ordner nach, oder bitten Sie die Leitung um eine neue Einladung.
desk-invitation-title = Willkommen, { $name }
desk-invitation-what = Wählen Sie ein Passwort für Ihr Konto. Dann kann es losgehen.
desk-reset-title = Neues Passwort wählen
desk-reset-what = Mit dem neuen Passwort werden Sie in allen anderen Browsern abgemeldet.
desk-new-password = Neues Passwort
desk-new-password-hint = Mindestens 12 Zeichen. Mehrere Wörter, die nichts miteinander zu tun haben, sind gut und leicht zu merken.
desk-new-password-button = Passwort speichern
desk-weak-short = Das ist zu kurz. Nehmen Sie mindestens 12 Zeichen.
desk-weak-long = Das ist zu lang. Nehmen Sie höchstens 200 Zeichen.
desk-weak-personal = Bitte lassen Sie Ihren Namen und Ihre Adresse weg.
desk-weak-guessable = Das ist leicht zu erraten. Nehmen Sie mehrere Wörter, die nichts miteinander zu tun haben.
desk-link-invalid-title = Dieser Link gilt nicht mehr
desk-link-invalid-what = Er wurde schon benutzt, ist abgelaufen oder unvollständig. Sie können sich einen neuen schicken lassen.
desk-link-invalid-button = Neuen Link schicken

# The own account, people, tokens and the log.

desk-proof-label = Ihr Passwort oder der Code Ihrer App
desk-proof-hint = Ihre Anmeldung ist eine Weile her. Das zeigt, dass Sie es noch sind.
desk-proof-missing = Bitte geben Sie Ihr Passwort oder einen Code noch einmal ein: Ihre Anmeldung ist eine Weile her. Es wurde nichts geändert.
desk-proof-wrong = Dieses Passwort oder dieser Code stimmt nicht. Es wurde nichts geändert.
desk-account = Ihr Konto
desk-account-name = Name
desk-account-language = Sprache der Redaktion
desk-account-saved = Gespeichert.
desk-account-password = Passwort
desk-account-password-ends = Alle anderen Browser werden abgemeldet.
desk-account-password-saved = Ihr neues Passwort ist gespeichert. Alle anderen Browser sind abgemeldet.
desk-totp = Codes einer App
desk-totp-is-on = Der Code der App wird bei jeder Anmeldung verlangt.
desk-totp-is-off = Mit einer App auf Ihrem Telefon reicht ein gestohlenes Passwort nicht zum Anmelden.
desk-totp-set-up = App einrichten
desk-totp-what = Mit einer App auf Ihrem Telefon reicht ein gestohlenes Passwort nicht zum Anmelden. Jede App für Einmalcodes (TOTP) ist recht.
desk-totp-required-what = Hier melden sich alle mit dem Code einer App an. Richten Sie sie jetzt ein; jede App für Einmalcodes (TOTP) ist recht.
desk-totp-required = Codes sind hier Pflicht und lassen sich nicht abschalten.
desk-totp-step-scan = Öffnen Sie die App auf Ihrem Telefon und scannen Sie dieses Bild:
desk-totp-qr = QR-Code für Ihre App
desk-totp-step-type = Oder tippen Sie dies in die App:
desk-totp-this-phone = In einer App auf diesem Gerät öffnen
desk-totp-step-code = Geben Sie den Code ein, den die App zeigt:
desk-totp-turn-on = Codes einschalten
desk-totp-turn-off = Codes abschalten
desk-totp-off-done = Codes werden nicht mehr verlangt.
desk-codes = Ihre Ersatzcodes
desk-codes-what = Ab jetzt werden Codes verlangt. Ist Ihr Telefon weg, meldet jeder dieser Ersatzcodes Sie einmal an. Sie werden nur jetzt gezeigt: Drucken Sie sie aus oder bewahren Sie sie bei Ihren Passwörtern auf.
desk-codes-kept = Ich habe sie aufbewahrt
desk-codes-renew = Neue Ersatzcodes erzeugen
desk-browsers = Wo Sie angemeldet sind
desk-browser = Browser
desk-browser-began = Angemeldet
desk-browser-seen = Zuletzt benutzt
desk-browser-this = Dieser Browser:
desk-browser-unknown = Unbekannt
desk-browser-zone = Zeiten in { $zone }.
desk-sign-out-everywhere = Überall abmelden
desk-people-roles = Rollen
desk-people-role = Rolle
desk-people-everywhere = alle Newsletter
desk-people-waiting = hat noch kein Passwort gewählt
desk-people-invite = Jemanden einladen
desk-people-invite-button = Einladung schicken
desk-people-invite-again = Einladung noch einmal schicken
desk-people-invited = Die Einladung ist unterwegs. Ihr Link gilt sieben Tage.
desk-people-removed = Das Konto ist gelöscht.
desk-people-no-role = Keine Rolle
desk-people-take-role = Rolle entziehen
desk-people-set-role = Rolle ändern
desk-people-remove-title = Konto löschen
desk-people-remove-what = Die Person wird sofort abgemeldet und kann sich nicht mehr anmelden. Was sie getan hat, bleibt im Protokoll.
desk-people-remove = { $name } löschen
desk-people-taken = Diese Adresse hat schon ein Konto.
desk-people-last-owner = Das ist die letzte Person, die alle Newsletter leitet. Geben Sie diese Rolle zuerst jemand anderem.
desk-people-bad-name = Ein Name hat 1 bis 100 Zeichen.
desk-role-viewer = Lesen
desk-role-viewer-may = liest mit
desk-role-editor = Redaktion
desk-role-editor-may = schreibt und versendet
desk-role-owner = Leitung
desk-role-owner-may = alles, auch Team und Einstellungen
desk-tokens = API-Token
desk-tokens-what = Ein Programm arbeitet mit einem Token über die API. Es wird einmal gezeigt. Geben Sie jedem Programm ein eigenes, mit nicht mehr Rechten als nötig.
desk-tokens-none = Es gibt keine Token.
desk-token-made = Das ist das neue Token. Kopieren Sie es jetzt: Es wird nicht noch einmal gezeigt.
desk-token-new = Token erzeugen
desk-token-name = Wofür es ist
desk-token-expires = Läuft ab
desk-token-never = nie
desk-token-make = Token erzeugen
desk-token-revoke = Widerrufen
desk-token-revoke-which = Token „{ $name }“ widerrufen
desk-log = Protokoll
desk-log-what = Wer was getan hat. Niemand kann hier etwas ändern oder löschen.
desk-log-check = Protokoll prüfen
desk-log-broken = Das Protokoll ist nicht, was geschrieben wurde:
desk-log-when = Wann
desk-log-who = Wer
desk-log-did = Was
desk-log-by-nobody = unbekannt
desk-log-by-command-line = Kommandozeile
desk-log-by-schedule = Zeitplan
desk-log-by-token = Token
desk-log-unreadable = Dieser Eintrag ist nicht lesbar
desk-log-everybody = alle
desk-log-everything = alles
desk-log-none = Kein Eintrag passt.
desk-log-newest = Zu den neuesten
desk-log-older = Ältere Einträge
desk-log-csv = Als CSV herunterladen
desk-log-csv-hint = Alle passenden Einträge. Auch das Herunterladen wird protokolliert.
desk-log-with-password = mit Passwort
desk-log-with-code = mit Passwort und Code
desk-log-fresh-proof = Passwort erneut verlangt
desk-log-everywhere = in allen Browsern
desk-log-one-reader = eine Person
desk-log-exported = dieses Protokoll
desk-codes-left = { $count ->
    [one] Ein Ersatzcode ist übrig.
   *[other] { $count } Ersatzcodes sind übrig.
}
desk-token-days = { $days ->
    [one] in einem Tag
   *[other] in { $days } Tagen
}
desk-log-intact = { $events ->
    [one] Das Protokoll ist, wie es geschrieben wurde: ein Eintrag.
   *[other] Das Protokoll ist, wie es geschrieben wurde: { $events } Einträge.
}
desk-did-signed-in = Anmeldung
desk-did-sign-in-failed = Anmeldung gescheitert
desk-did-signed-out = Abmeldung
desk-did-sent = Ausgabe versendet
desk-did-scheduled = Ausgabe eingeplant
desk-did-taken-back = Ausgabe zurückgenommen
desk-did-sending-held = Versand angehalten
desk-did-sending-released = Versand wieder freigegeben
desk-did-approved = Ausgabe freigegeben
desk-did-sent-again = Ausgabe an Fehlgeschlagene noch einmal versandt
desk-did-paused = Versand angehalten
desk-did-resumed = Versand fortgesetzt
desk-did-cancelled = Versand abgebrochen
desk-did-corrected = Ausgabe korrigiert
desk-did-newsletter-edited = Newsletter geändert
desk-did-exported = Daten exportiert
desk-did-reader-erased = Person gelöscht
desk-did-imported = Lesende importiert
desk-did-editor-added = Konto angelegt
desk-did-editor-removed = Konto gelöscht
desk-did-invited = Einladung verschickt
desk-did-role-given = Rolle gegeben
desk-did-role-taken = Rolle entzogen
desk-did-token-made = Token erzeugt
desk-did-token-revoked = Token widerrufen
desk-did-password-changed = Passwort gesetzt
desk-did-totp-on = Codes eingeschaltet
desk-did-totp-off = Codes abgeschaltet
desk-did-recovery-codes-made = Ersatzcodes erzeugt
desk-did-recovery-code-used = Ersatzcode benutzt
desk-did-mail-retried = Mail erneut versandt
desk-did-throttle-reset = Drosselung aufgehoben
desk-did-addresses-suppressed = Adressen gesperrt
desk-did-suppression-removed = Sperre einer Adresse aufgehoben
desk-did-relay-paused = Maildienst angehalten
desk-did-relay-resumed = Maildienst wieder freigegeben
