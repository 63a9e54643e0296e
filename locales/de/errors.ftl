### Was nicht stimmt und was zu tun ist.

address-missing = Bitte geben Sie Ihre E-Mail-Adresse ein.
address-no-at-sign = Eine E-Mail-Adresse hat einen Namen, ein @ und eine Domain, zum Beispiel name@example.org.
address-too-long = Diese Adresse ist zu lang: höchstens 64 Zeichen vor dem @ und 254 insgesamt.
address-bad-local-part = Der Teil vor dem @ enthält ein Zeichen oder einen Punkt, den Mailserver ablehnen.
address-bad-domain = Der Teil nach dem @ ist kein gültiger Domainname.
address-unseen = In der Adresse steht ein Leerzeichen oder ein unsichtbares Zeichen. Bitte tippen Sie sie neu.
address-decorated = Bitte geben Sie nur die Adresse ein, zum Beispiel name@example.org: ohne „mailto:“, Namen, Klammern und ohne Punkt oder Komma am Ende.
address-mixed-scripts = Der Buchstabe „{ $letter }“ in dieser Adresse ist { $script ->
    [greek] griechisch
   *[cyrillic] kyrillisch
 }, die Buchstaben daneben stammen aus einem anderen Alphabet. Sie können gleich aussehen. Bitte tippen Sie die Adresse neu.
address-disposable = Adressen dieser Domain werden hier nicht angenommen. Bitte geben Sie eine Adresse an, die Sie regelmäßig nutzen.
address-no-mail = An diese Domain kann keine E-Mail zugestellt werden. Bitte prüfen Sie, was nach dem @ steht.
address-refused = Der Mailserver dieser Adresse hat unsere letzte E-Mail abgelehnt: Das Postfach gibt es nicht, oder es nimmt nichts an. Bitte prüfen Sie die Schreibweise.
consent-missing = Bitte setzen Sie dieses Häkchen, um den Newsletter zu abonnieren.
letters-missing = Bitte wählen Sie mindestens einen Newsletter.
country-unknown = Eines der gewählten Länder steht nicht auf unserer Liste.
frequency-unknown = Bitte wählen Sie jede Ausgabe oder eine Zusammenfassung pro Monat.
pause-bad-day = Bitte wählen Sie einen Tag nach heute, höchstens ein Jahr im Voraus.
answer-missing = Bitte beantworten Sie diese Frage.
answer-too-long = Diese Antwort ist zu lang: höchstens 200 Zeichen in einer Zeile.
answer-no-choice = Bitte wählen Sie eine der angebotenen Antworten.
answer-no-number = Bitte geben Sie eine Zahl ein.
answer-no-date = Bitte geben Sie ein Datum ein.
signup-limited = Aus Ihrem Netzwerk kamen in kurzer Zeit zu viele Anmeldungen. Versuchen Sie es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
 } noch einmal.
gate-again = Noch ein Klick, bitte: Klicken Sie noch einmal auf den Button.
gate-work = Gerade gehen sehr viele Anmeldungen ein. Klicken Sie noch einmal auf den Button: Ihr Browser löst dann eine kleine Rechenaufgabe, die uns vor Bots schützt.
gate-wait = Wenn er das nicht kann, zum Beispiel ohne JavaScript, warten Sie { $seconds ->
    [one] eine Sekunde
   *[other] { $seconds } Sekunden
 } und klicken Sie dann auf den Button.
gate-working = Ihr Browser rechnet. Das dauert einige Sekunden …

error-bad-request-title = Diese Anfrage haben wir nicht verstanden
error-bad-request-advice = Gehen Sie zur vorherigen Seite zurück und versuchen Sie es noch einmal.
error-not-found-title = Diese Seite gibt es nicht
error-not-found-advice = Vielleicht ist die Adresse unvollständig. Prüfen Sie sie, oder gehen Sie zur Anmeldung oder zu den früheren Ausgaben.
error-method-not-allowed-title = So lässt sich diese Seite nicht aufrufen
error-method-not-allowed-advice = Öffnen Sie sie über den Link in Ihrer E-Mail oder über die Anmeldeseite.
error-payload-too-large-title = Das ist zu lang
error-payload-too-large-advice = Was Sie geschickt haben, ist größer als erlaubt. Kürzen Sie es und versuchen Sie es noch einmal.
error-unsupported-media-type-title = Dieses Format wird nicht angenommen
error-unsupported-media-type-advice = Bitte verwenden Sie das Formular auf der Anmeldeseite.
error-too-many-requests-title = Etwas zu schnell
error-too-many-requests-advice = Aus Ihrem Netzwerk kamen in kurzer Zeit zu viele Anfragen. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.
error-unavailable-title = Kurze Pause
error-unavailable-advice = Im Moment können wir nichts speichern. Versuchen Sie es in einer Minute noch einmal: Es geht nichts verloren.
error-internal-title = Ein Fehler auf unserer Seite
error-internal-advice = Es liegt nicht an Ihnen. Versuchen Sie es in einigen Minuten noch einmal. Wenn der Fehler bleibt, schreiben Sie uns bitte.
error-status = Fehler { $status }
