### Die Seiten.

page-skip = Zum Inhalt
page-languages = Sprachen
page-archive = Frühere Ausgaben
page-subscribe = Abonnieren
page-menu = Menü
page-news-saved = Gespeichert
page-news-wrong = Fehler
page-news-done = Erledigt
page-news-more = Noch ein Schritt

subscribe-title = „{ $newsletter }“ abonnieren
subscribe-lead = Jede Ausgabe kommt in Ihr Postfach.
subscribe-written-in = Sprache dieses Newsletters:
subscribe-problem = Da fehlt noch etwas: Bitte beachten Sie die Hinweise unten.
subscribe-email = Ihre E-Mail-Adresse
subscribe-letters = Newsletter
subscribe-others = Alle unsere Newsletter ansehen
subscribe-more = Anpassen (freiwillig)
subscribe-countries = Länder, denen Sie folgen
subscribe-countries-hint = Artikel über diese Länder stehen zuerst. Ohne Auswahl sind alle Länder gleich wichtig.
field-optional = (freiwillig)
field-choose = Bitte auswählen …
fields-asked = Noch ein Schritt: Zu den angekreuzten Newslettern haben wir noch Fragen. Bitte antworten Sie unten und klicken Sie dann noch einmal auf den Button. Bisher ist nichts gespeichert.
subscribe-website = Bitte lassen Sie dieses Feld leer
subscribe-button = Abonnieren
subscribe-next = Sie erhalten zuerst eine E-Mail, um Ihre Adresse zu bestätigen.
subscribe-privacy-title = Was wir speichern
subscribe-privacy = Ihre Adresse, Ihre Sprache, Ihre Auswahl, den Nachweis Ihrer Einwilligung und was wir Ihnen geschickt haben. Kein Tracking, keine Weitergabe an Dritte. Ihre Auswahl können Sie jederzeit ändern.
subscribe-privacy-answers = Ihre Adresse, Ihre Sprache, Ihre Auswahl, Ihre Antworten oben, den Nachweis Ihrer Einwilligung und was wir Ihnen geschickt haben. Kein Tracking, keine Weitergabe an Dritte. Ihre Auswahl können Sie jederzeit ändern.

accepted-title = Schauen Sie in Ihr Postfach
accepted-what = Wir haben eine E-Mail an { $email } geschickt. Meist ist sie in wenigen Minuten da.
accepted-next = Klicken Sie auf den Link darin, um Ihre Anmeldung zu bestätigen.
accepted-mailbox = Zum Postfach der Demo
accepted-nothing = Nichts angekommen? Sehen Sie im Spam-Ordner nach und prüfen Sie die Adresse.
accepted-limits = An eine Adresse schicken wir höchstens { $short ->
        [one] eine E-Mail
       *[other] { $short } E-Mails
    } in 15 Minuten und { $day } am Tag. Fordern Sie früher eine weitere an, geht sie nach Ablauf der 15 Minuten hinaus.
accepted-subject = Betreff
accepted-change = Adresse ändern
accepted-resend = E-Mail noch einmal senden

confirm-title = Ihre Anmeldung bestätigen
confirm-what = Sie möchten „{ $newsletter }“ abonnieren.
confirm-what-several = Sie möchten diese Newsletter abonnieren:
confirm-button = Ja, ich melde mich an
confirm-ignore = Das waren nicht Sie? Ohne Ihre Bestätigung passiert nichts, und die Anfrage wird gelöscht. Sie können sie auch jetzt gleich löschen.
confirm-not-me = Das war ich nicht

confirmed-title = Geschafft, willkommen!
confirmed-what = Ihre Anmeldung zu „{ $newsletter }“ ist bestätigt. Die nächste Ausgabe kommt in Ihr Postfach.
confirmed-what-several = Ihre Anmeldung zu diesen Newslettern ist bestätigt. Die nächsten Ausgaben kommen in Ihr Postfach.
confirmed-latest = Bis dahin die neueste Ausgabe lesen:
confirmed-preferences = Länder, Häufigkeit und Sprache wählen

not-me-title = Gelöscht
not-me-what = Was diese Anfrage bei uns hinterlassen hat, ist gelöscht.
not-me-silence = In den nächsten Monaten schicken wir keine weitere Bestätigungsanfrage an Ihre Adresse, auch wenn jemand sie wieder einträgt. Dafür bewahren wir einen Fingerabdruck der Adresse auf und nicht die Adresse.
not-me-why = Wahrscheinlich hat sich jemand vertippt oder Ihre Adresse ohne Ihr Wissen angegeben. Bitte entschuldigen Sie die Störung.
not-me-slip = Aus Versehen gedrückt? Eine Stunde lang können Sie es zurücknehmen.
not-me-undo = Das war doch ich: zurück zum Formular
not-me-undo-address = Doch, das war ich: E-Mails wieder zulassen
not-me-undone-title = Rückgängig gemacht
not-me-undone-what = An diese Adresse können wieder E-Mails kommen. Sonst hat sich nichts geändert.

superseded-title = Es gibt eine neuere E-Mail
superseded-what = Wir haben inzwischen eine weitere E-Mail mit einem neuen Link geschickt. Bitte nehmen Sie den Link aus der neuesten.
superseded-why = Nur der letzte Link bestätigt: So kann Sie niemand etwas bestätigen lassen, das Sie nicht angefordert haben.

link-invalid-title = Dieser Link ist nicht mehr gültig
link-invalid-expired = Zu Ihrer Sicherheit sind Bestätigungslinks nur begrenzte Zeit gültig. Dieser ist abgelaufen.
link-invalid-gone = Dieser Link führt ins Leere: Das Abonnement ist beendet, oder die Anfrage wurde gelöscht oder durch eine spätere ersetzt.
link-invalid-forged = Dieser Link ist unvollständig oder stammt nicht von uns. Vielleicht hat Ihr Mailprogramm ihn abgeschnitten: Bitte kopieren Sie ihn vollständig.
link-invalid-again = Noch einmal anmelden
link-invalid-again-hint = Die Anmeldung dauert eine Minute, und Sie erhalten einen neuen Link.
link-invalid-copy = Dieser Link bewirkt nichts, denn er steht in einem Testexemplar für die Redaktion. In den Mails an Leserinnen und Leser beendet er deren Abonnement.
link-confirmed-title = Dieses Abonnement ist bereits bestätigt
link-invalid-expired-address = Zu Ihrer Sicherheit ist ein Link an eine neue Adresse einen Tag gültig. Dieser ist abgelaufen, und es hat sich nichts geändert.
link-invalid-expired-undo = Eine Abmeldung lässt sich eine Stunde lang rückgängig machen.
link-invalid-confirmed = Dieser Link hat seinen Dienst getan: Es gibt nichts mehr zu bestätigen. Ihre Einstellungen finden Sie am Ende jeder E-Mail.
link-invalid-other-mail = Versuchen Sie denselben Link in einer anderen unserer E-Mails, oder antworten Sie auf eine davon und schreiben Sie, was Sie möchten.
link-invalid-new-address = Sie können die Änderung noch einmal anfordern: Die Seite mit Ihren Einstellungen führt zu Ihren Daten und dort zu Ihrer Adresse.
link-copy-title = Ein Link aus einem Testexemplar

unsubscribe-title = Abmelden
unsubscribe-what = Ein Klick auf den Button, und Sie erhalten „{ $newsletter }“ nicht mehr. Das gilt sofort.
unsubscribe-button = Abmelden
unsubscribe-also = Außerdem erhalten Sie:
unsubscribe-all = Alle Newsletter abbestellen
unsubscribe-stay = Lieber meine Einstellungen ändern

unsubscribed-title = Auf Wiedersehen und danke
unsubscribed-what = Sie haben „{ $newsletter }“ abbestellt und erhalten keine weiteren Ausgaben.
unsubscribed-what-all = Sie haben alle unsere Newsletter abbestellt.
unsubscribed-what-several = Sie haben abbestellt:
unsubscribed-what-ended = Ihr Abonnement von „{ $newsletter }“ ist beendet. Sie erhalten keine weiteren Ausgaben.
unsubscribed-still = Sie erhalten weiterhin:
unsubscribed-undo = Rückgängig machen und wieder abonnieren
unsubscribed-back = Haben Sie es sich anders überlegt?
unsubscribed-again = Noch einmal anmelden

undone-title = Ihr Abonnement läuft weiter
undone-what = Sie erhalten wieder:

frequency = Wie oft
frequency-each = Jede Ausgabe
frequency-monthly = Eine Zusammenfassung pro Monat
frequency-hint = Die Zusammenfassung enthält die Artikel eines Monats und kommt Anfang des Folgemonats.
frequency-from = Ihre Auswahl gilt ab der nächsten Ausgabe.

preferences-title = Ihre Einstellungen
preferences-what = „{ $newsletter }“ für { $email }
preferences-what-moved = „{ $newsletter }“ für Ihre jetzige Adresse
preferences-saved = Gespeichert.
preferences-letters = Ihre Newsletter
preferences-letters-hint = Kreuzen Sie die Newsletter an, die Sie per E-Mail erhalten möchten, und entfernen Sie die anderen Häkchen. Jeder lässt sich jederzeit mit einem Klick abbestellen.
preferences-pause = Pause machen
preferences-pause-hint = Während der Pause kommen die Newsletter dieser Seite nicht. Danach geht es von selbst weiter.
preferences-pause-none = Keine Pause
preferences-pause-keep = Nichts ändern
preferences-pause-weeks = { $weeks ->
    [one] Eine Woche
   *[other] { $weeks } Wochen
 }
preferences-pause-date = Bis zu einem Datum
preferences-pause-day = Weiter ab
preferences-paused = Pause. Weiter geht es ab: { $date }.
preferences-resume = Pause beenden
preferences-language = Sprache der Seiten und der Service-E-Mails
preferences-countries = Länder, denen Sie folgen
preferences-countries-hint = Artikel über diese Länder stehen zuerst, die anderen folgen als Liste. Ohne Auswahl sind alle Länder gleich wichtig.
preferences-button = Speichern
preferences-leave = Sie möchten diesen Newsletter nicht mehr erhalten?
preferences-unsubscribe = Abmelden

archive-title = Frühere Ausgaben
archive-lead = Alle Ausgaben von „{ $newsletter }“, die neueste zuerst.
archive-empty = Noch ist keine Ausgabe erschienen. Die erste folgt bald.
archive-feed = Atom-Feed
archive-newer = Neuere
archive-older = Ältere
archive-subscribe-title = Die nächste Ausgabe in Ihrem Postfach
archive-subscribe-what = Kostenlos und jederzeit mit einem Klick abbestellbar.
archive-all = Alle Ausgaben
archive-neighbours = Weitere Ausgaben
archive-issue-before = Vorige Ausgabe:
archive-issue-after = Nächste Ausgabe:
archive-share = Link per E-Mail weitergeben
archive-pages = Seiten der Liste
archive-home-lead = Alle Ausgaben unserer Newsletter zum Nachlesen.
archive-latest = Neueste Ausgabe:
archive-others = Unsere anderen Newsletter
archive-corrected = Diese Ausgabe wurde nachträglich korrigiert ({ $date }).
archive-gone-title = Diese Ausgabe gibt es hier nicht mehr
archive-gone = „{ $newsletter }“ hat diese Seite aus dem Netz genommen.

search-title = Suchen
search-label = In den erschienenen Ausgaben suchen
search-button = Suchen
search-nothing = Keine Ausgabe enthält alle diese Wörter. Versuchen Sie es mit weniger Wörtern oder nur mit einem Wortanfang.
search-everywhere = In allen unseren Newslettern suchen

error-home = Zur Anmeldeseite

demo-banner = Demo
demo-banner-what = Keine E-Mail verlässt diesen Rechner.
demo-banner-start = Startseite
demo-banner-desk = Redaktion
demo-desk = Die Redaktion
demo-desk-what = Schreiben Sie eine Ausgabe, sehen Sie sie an, verschicken Sie sie und schauen Sie dabei zu. Sie sind schon angemeldet; eine halb fertige Ausgabe wartet auf Sie.
demo-desk-button = Redaktion öffnen
demo-as-reader = Als Leserin oder Leser
demo-banner-mailbox = Postfach
demo-title = Xabar in einer Minute ausprobieren
demo-lead = Drei Schritte vom Anmeldeformular bis zur Ausgabe im Postfach. Keine E-Mail verlässt diesen Rechner.
demo-sign-up = Anmelden
demo-sign-up-what = Geben Sie irgendeine E-Mail-Adresse ein, auch eine erfundene, und setzen Sie das Häkchen.
demo-sign-up-button = Zum Anmeldeformular
demo-mailbox = Bestätigen
demo-mailbox-what = Die Bestätigungsmail liegt im Postfach der Demo. Öffnen Sie sie und klicken Sie auf den Button.
demo-send = Beispielausgabe verschicken
demo-send-what = Sie geht an Sie und an die zwanzig Beispielabonnenten der Demo und erscheint im Postfach. Probieren Sie dann die Links am Ende aus: Einstellungen und Abmelden.
demo-send-button = Beispielausgabe verschicken
demo-then = Auch einen Blick wert
demo-archive = Das Archiv mit den Ausgaben der letzten Wochen
demo-corrected = Eine Ausgabe, die nach dem Versand berichtigt wurde
demo-fields = Ein Formular mit eigenen Fragen und Logo
demo-api = Die API

mailbox-title = Postfach der Demo
mailbox-lead = Die E-Mails, die diese Demo verschickt hat. Keine hat diesen Rechner verlassen.
mailbox-sent = Die Beispielausgabe ist unterwegs an { $readers ->
    [one] { $readers } Person.
   *[other] { $readers } Personen.
} Wenn Sie bestätigt haben, erscheint Ihre gleich hier.
mailbox-count = { $count ->
    [one] { $count } E-Mail
   *[other] { $count } E-Mails
}
mailbox-live = Neue erscheinen von selbst.
mailbox-reload = Neu laden
mailbox-others = { $count ->
    [one] { $count } E-Mail an Beispielabonnenten ist ausgeblendet.
   *[other] { $count } E-Mails an Beispielabonnenten sind ausgeblendet.
}
mailbox-all = Alle anzeigen
mailbox-mine = E-Mails an Beispielabonnenten ausblenden
mailbox-empty = Noch nichts da. Melden Sie sich an, dann kommt die Bestätigungsmail hier an.
mailbox-from = Von
mailbox-to = An
mailbox-received = Empfangen
mailbox-html = Layout
mailbox-text = Text
mailbox-headers = Kopfzeilen
mailbox-views = Ansichten
mailbox-frame = Inhalt der E-Mail
mailbox-back = Alle E-Mails

## Die Seite, die das Register der Einwilligungen liest.

ledger-title = Ist das Register der Einwilligungen unversehrt?
ledger-lead = Jede Handlung eines Lesers ist ein Ereignis in einer Kette von Schlüssel-Hashes. Diese Seite liest sie ganz und sagt, ob etwas geändert, eingefügt oder entfernt wurde. Sie ist für die Leitung dieses Dienstes.
ledger-token = Ein Token mit der Rolle Leitung
ledger-token-hint = Erzeugen Sie eines in der Redaktion unter Team → API-Token, mit der Rolle Leitung.
ledger-noted = Zeile aus einer früheren Prüfung (freiwillig)
ledger-noted-hint = Was diese Seite damals als „Zeile zum Notieren für die nächste Prüfung“ gezeigt hat, zum Beispiel { $example }.
ledger-button = Register lesen
ledger-token-wrong = Dieses Token hat nicht die Rolle Leitung für alle Newsletter.
ledger-noted-wrong = Das muss so aussehen: { $example }.
ledger-intact = Das Register ist unversehrt
ledger-intact-what = Jedes Ereignis ist so, wie es aufgezeichnet wurde.
ledger-broken = Das Register wurde verändert
ledger-broken-what = Jemand oder etwas hat es verändert. Bewahren Sie diese Seite und eine Kopie der Datenbank auf, und klären Sie, wer oder was Zugriff darauf hatte.
ledger-events = Aufbewahrte Ereignisse
ledger-removed = Fristgerecht entfernte Ereignisse
ledger-since = Verkettet seit
ledger-end = Zeile zum Notieren für die nächste Prüfung
ledger-event = Ereignis { $number }
ledger-whole = Das Ganze
break-no-end = Die Kette hat kein Ende mehr.
break-end-moved = Das Ende der Kette wurde verschoben.
break-cut-off = Die Kette endet nicht mehr wie zuvor: Es fehlen Ereignisse.
break-noted-missing = Die notierte Zeile steht nicht mehr in der Kette.
break-stray = Das Ereignis wurde an der Kette vorbei eingefügt.
break-wording = Der Wortlaut wurde geändert.
break-order = Das Ereignis folgt nicht auf das vorige: Etwas wurde eingefügt, entfernt oder verschoben.
break-changed = Das Ereignis wurde geändert.
break-taken-out = Das Ereignis wurde entfernt.
break-false-removal = Das Ereignis wurde entfernt, und nicht von diesem Dienst.
break-back = Das Ereignis war entfernt worden und ist wieder da.
