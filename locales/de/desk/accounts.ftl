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
