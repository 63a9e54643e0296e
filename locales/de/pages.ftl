### Die Seiten.

page-skip = Zum Inhalt
page-languages = Sprachen
page-archive = Frühere Ausgaben
page-subscribe = Anmelden
page-menu = Menü

subscribe-title = „{ $newsletter }“ bekommen
subscribe-lead = Kasachstan, Kirgisistan, Usbekistan, Tadschikistan, Turkmenistan: das Wichtigste aus Zentralasien in Ihrem Postfach.
subscribe-written-in = Sprache dieses Briefes:
subscribe-problem = Das Formular ist noch nicht vollständig: Bitte sehen Sie sich die Hinweise unten an.
subscribe-email = Ihre E-Mail-Adresse
subscribe-email-hint = Sie dient nur dazu, Ihnen den Brief zu schicken.
subscribe-letters = Die Briefe
subscribe-letters-hint = Kreuzen Sie so viele an, wie Sie möchten: Eine einzige E-Mail bestätigt sie alle.
subscribe-countries = Länder, denen Sie folgen
subscribe-countries-hint = Ihre Artikel kommen zuerst. Ohne Häkchen bekommen Sie alles gleich.
field-optional = (freiwillig)
field-choose = Bitte wählen …
fields-asked = Noch ein Schritt: Zu den angekreuzten Briefen haben wir noch Fragen. Bitte antworten Sie unten und drücken Sie den Knopf dann noch einmal. Gespeichert ist noch nichts.
subscribe-website = Bitte lassen Sie dieses Feld leer
subscribe-button = Anmelden
subscribe-next = Zuerst bekommen Sie eine E-Mail, um Ihre Adresse zu bestätigen.
subscribe-privacy-title = Was wir aufbewahren
subscribe-privacy = Ihre Adresse, Ihre Sprache, Ihre Auswahl, den Nachweis Ihrer Einwilligung und was wir Ihnen geschickt haben. Kein Tracking, keine Weitergabe an Dritte. Ihre Auswahl können Sie jederzeit ändern.
subscribe-privacy-answers = Ihre Adresse, Ihre Sprache, Ihre Auswahl, Ihre Antworten oben, den Nachweis Ihrer Einwilligung und was wir Ihnen geschickt haben. Kein Tracking, keine Weitergabe an Dritte. Ihre Auswahl können Sie jederzeit ändern.

accepted-title = Schauen Sie in Ihr Postfach
accepted-what = Wenn { $email } den Brief empfangen kann, kommt dort in wenigen Minuten eine E-Mail an.
accepted-next = Öffnen Sie sie und folgen Sie dem Link: Dann sind Sie angemeldet.
accepted-nothing = Es kommt nichts an? Sehen Sie im Spam-Ordner nach und prüfen Sie die Adresse.
accepted-again = Noch einmal versuchen

confirm-title = Ihre Anmeldung bestätigen
confirm-what = Sie sind dabei, sich für „{ $newsletter }“ anzumelden.
confirm-what-several = Sie sind dabei, sich für diese Briefe anzumelden:
confirm-button = Ja, ich melde mich an
confirm-ignore = Sie waren es nicht? Ohne Ihre Zustimmung passiert nichts, und die Anfrage wird gelöscht. Sie können sie auch jetzt löschen.
confirm-not-me = Das war ich nicht

confirmed-title = Geschafft, willkommen!
confirmed-what = Ihre Anmeldung zu „{ $newsletter }“ ist bestätigt. Ihr nächster Brief kommt in Ihr Postfach.
confirmed-what-several = Ihre Anmeldung zu diesen Briefen ist bestätigt. Ihre nächsten Briefe kommen in Ihr Postfach.
confirmed-archive = Bis dahin frühere Ausgaben lesen
confirmed-preferences = Länder, Häufigkeit und Sprache wählen

not-me-title = Gelöscht
not-me-what = Von dieser Anfrage bewahren wir nichts auf.
not-me-silence = Für mehrere Monate kann niemand uns dazu bringen, eine weitere Bestätigungsanfrage an Ihre Adresse zu schicken.
not-me-why = Wahrscheinlich hat sich jemand vertippt oder Ihre Adresse ohne Ihr Wissen angegeben. Bitte entschuldigen Sie die Störung.

link-invalid-title = Dieser Link funktioniert nicht mehr
link-invalid-expired = Zu Ihrer Sicherheit gilt ein Bestätigungslink nur eine Zeit lang. Dieser ist abgelaufen.
link-invalid-gone = Dieser Link führt zu nichts mehr: Das Abonnement ist beendet, oder die Anfrage wurde gelöscht oder durch eine spätere ersetzt.
link-invalid-forged = Dieser Link ist unvollständig oder nicht von uns. Vielleicht hat Ihr Mailprogramm ihn abgeschnitten: Versuchen Sie, ihn ganz zu kopieren.
link-invalid-again = Noch einmal anmelden
link-invalid-again-hint = Eine neue Anmeldung dauert eine Minute, und Sie bekommen einen frischen Link.

unsubscribe-title = Abmelden
unsubscribe-what = Ein Klick auf den Knopf, und Sie bekommen „{ $newsletter }“ nicht mehr. Das gilt sofort.
unsubscribe-button = Abmelden
unsubscribe-stay = Lieber meine Einstellungen ändern

unsubscribed-title = Auf Wiedersehen und danke
unsubscribed-what = Sie sind von „{ $newsletter }“ abgemeldet. Er kommt nicht mehr zu Ihnen.
unsubscribed-back = War es ein Versehen, oder fehlen wir Ihnen schon?
unsubscribed-again = Noch einmal anmelden

frequency = Wie oft
frequency-each = Jede Ausgabe
frequency-monthly = Eine Zusammenfassung im Monat
frequency-hint = Die Zusammenfassung versammelt die Artikel eines Monats und kommt am Anfang des nächsten.
frequency-from = Ihre Wahl gilt ab der nächsten Ausgabe.

preferences-title = Ihre Einstellungen
preferences-what = „{ $newsletter }“, geschickt an { $email }
preferences-saved = Gespeichert.
preferences-letters = Ihre Briefe
preferences-letters-hint = Kreuzen Sie die Briefe an, die Sie per E-Mail erhalten möchten, und entfernen Sie die anderen Häkchen. Jeder lässt sich jederzeit mit einem Klick abbestellen.
preferences-pause = Eine Pause machen
preferences-pause-hint = Während der Pause bekommen Sie nichts, danach kommen die Briefe von selbst wieder.
preferences-pause-none = Keine Pause
preferences-pause-keep = Nichts ändern
preferences-pause-weeks = { $weeks ->
    [one] Eine Woche
   *[other] { $weeks } Wochen
 }
preferences-pause-date = Bis zu einem Datum
preferences-pause-day = Wieder ab
preferences-paused = Pause. Die Briefe kommen wieder ab: { $date }.
preferences-resume = Jetzt gleich weiterlesen
preferences-language = Sprache der Seiten und der Service-E-Mails
preferences-countries = Länder, denen Sie folgen
preferences-countries-hint = Ihre Artikel kommen zuerst, die anderen folgen als Liste. Ohne Häkchen bekommen Sie alles gleich.
preferences-button = Speichern
preferences-leave = Sie möchten diesen Brief nicht mehr bekommen?
preferences-unsubscribe = Abmelden

archive-title = Frühere Ausgaben
archive-lead = Alle Ausgaben von „{ $newsletter }“, die neueste zuerst.
archive-empty = Noch ist keine Ausgabe erschienen. Die erste kommt bald.
archive-feed = Atom-Feed
archive-newer = Neuere
archive-older = Ältere
archive-subscribe-title = Die nächste Ausgabe in Ihrem Postfach
archive-subscribe-what = Kostenlos, und ein Klick genügt zum Abmelden.
archive-all = Alle Ausgaben
archive-pages = Seiten der Liste
archive-home-lead = Alle Ausgaben unserer Newsletter zum Nachlesen.
archive-others = Unsere anderen Newsletter
archive-corrected = Diese Ausgabe wurde nachträglich korrigiert ({ $date }).

search-title = Suchen
search-label = In den erschienenen Ausgaben suchen
search-button = Suchen
search-nothing = Keine Ausgabe enthält alle diese Wörter. Versuchen Sie es mit weniger Wörtern oder mit einem Wortanfang.
search-everywhere = In allen unseren Newslettern suchen

error-home = Zur Anmeldeseite

mailbox-title = Demo-Postfach
mailbox-lead = Alle E-Mails, die diese Demo verschickt hat. Keine hat diesen Rechner verlassen.
mailbox-empty = Noch nichts da. Melden Sie sich an und laden Sie diese Seite neu.
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
ledger-lead = Jede Handlung eines Lesers ist ein Ereignis in einer Kette von Schlüssel-Hashes. Diese Seite liest sie ganz und sagt, ob etwas geändert, eingefügt oder entfernt wurde. Sie ist für Eigentümer dieses Dienstes.
ledger-token = Das Token eines Eigentümers
ledger-noted = Ein notiertes Ende, falls vorhanden
ledger-noted-hint = Wie { $example }; es muss noch in der Kette stehen.
ledger-button = Register lesen
ledger-token-wrong = Dieses Token gehört keinem Eigentümer.
ledger-noted-wrong = Das muss aussehen wie { $example }.
ledger-intact = Das Register ist unversehrt
ledger-intact-what = Jedes Ereignis ist so, wie es aufgezeichnet wurde.
ledger-broken = Das Register ist nicht mehr, was aufgezeichnet wurde
ledger-broken-what = Jemand oder etwas hat es verändert. Bewahren Sie diese Seite und eine Kopie der Datenbank auf, und suchen Sie, was darauf Zugriff hatte.
ledger-events = Aufbewahrte Ereignisse
ledger-removed = Zu ihrer Zeit entfernte Ereignisse
ledger-since = Verkettet seit
ledger-end = Das Ende zum Notieren
ledger-event = Ereignis { $number }
ledger-whole = Das Ganze
break-no-end = Die Kette hat kein Ende mehr.
break-end-moved = Das Ende der Kette wurde verschoben.
break-cut-off = Die Kette endet nicht mehr wie zuvor: Es fehlen Ereignisse.
break-noted-missing = Das notierte Ende steht nicht mehr in der Kette.
break-stray = Das Ereignis wurde an der Kette vorbei eingefügt.
break-wording = Der Wortlaut wurde geändert.
break-order = Das Ereignis folgt nicht auf das vorige: Etwas wurde eingefügt, entfernt oder verschoben.
break-changed = Das Ereignis wurde geändert.
break-taken-out = Das Ereignis wurde entfernt.
break-false-removal = Das Ereignis wurde entfernt, und nicht von diesem Dienst.
break-back = Das Ereignis war entfernt worden und ist wieder da.
