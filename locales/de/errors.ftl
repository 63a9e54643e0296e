### Was nicht stimmt und was zu tun ist.

address-missing = Bitte geben Sie Ihre E-Mail-Adresse ein.
address-no-at-sign = Eine E-Mail-Adresse hat einen Namen, ein @ und eine Domain, zum Beispiel name@example.org.
address-too-long = Diese Adresse ist zu lang: höchstens 64 Zeichen vor dem @ und 254 insgesamt.
address-bad-local-part = Der Teil vor dem @ enthält ein Zeichen oder einen Punkt, den Mailserver ablehnen.
address-bad-domain = Der Teil nach dem @ ist kein gültiger Domainname.
address-disposable = Adressen dieser Domain werden hier nicht angenommen. Geben Sie eine Adresse an, die Sie auch sonst benutzen.
address-no-mail = An diese Domain kann keine E-Mail zugestellt werden. Bitte prüfen Sie, was nach dem @ steht.
consent-missing = Bitte setzen Sie dieses Häkchen, um den Brief zu bekommen.
letters-missing = Bitte wählen Sie mindestens einen Brief.
country-unknown = Eines der gewählten Länder steht nicht auf unserer Liste.
frequency-unknown = Wählen Sie jede Ausgabe oder eine Zusammenfassung im Monat.
pause-bad-day = Bitte wählen Sie einen Tag nach heute, höchstens ein Jahr im Voraus.
answer-missing = Diese Antwort wird gebraucht.
answer-too-long = Diese Antwort ist zu lang: höchstens 200 Zeichen in einer Zeile.
answer-no-choice = Bitte wählen Sie eine der angebotenen Antworten.
answer-no-number = Bitte geben Sie eine Zahl ein.
answer-no-date = Bitte geben Sie ein Datum ein.
signup-limited = Von hier kamen in kurzer Zeit zu viele Anmeldungen. Versuchen Sie es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
 } noch einmal.
gate-again = Noch ein Klick, bitte: Drücken Sie den Knopf noch einmal.
gate-work = Gerade gehen sehr viele Anmeldungen ein. Drücken Sie den Knopf noch einmal: Ihr Browser löst dann eine kleine Rechenaufgabe, die uns vor Robotern schützt.
gate-wait = Wenn er das nicht kann, zum Beispiel ohne JavaScript, warten Sie { $seconds ->
    [one] eine Sekunde
   *[other] { $seconds } Sekunden
 } und drücken Sie dann den Knopf.
gate-working = Ihr Browser rechnet. Das dauert einige Sekunden …

error-bad-request-title = Diese Anfrage haben wir nicht verstanden
error-bad-request-advice = Gehen Sie zur vorigen Seite zurück und versuchen Sie es noch einmal.
error-not-found-title = Diese Seite gibt es nicht
error-not-found-advice = Vielleicht ist die Adresse unvollständig. Prüfen Sie sie, oder beginnen Sie bei der Anmeldung oder den früheren Ausgaben.
error-method-not-allowed-title = So lässt sich diese Seite nicht benutzen
error-method-not-allowed-advice = Öffnen Sie sie über den Link in Ihrer E-Mail oder über die Anmeldeseite.
error-payload-too-large-title = Das ist zu lang
error-payload-too-large-advice = Was Sie geschickt haben, ist größer als erlaubt. Kürzen Sie es und versuchen Sie es noch einmal.
error-unsupported-media-type-title = Dieses Format wird nicht angenommen
error-unsupported-media-type-advice = Bitte benutzen Sie das Formular auf der Anmeldeseite.
error-too-many-requests-title = Etwas zu schnell
error-too-many-requests-advice = Von hier kamen in kurzer Zeit zu viele Anfragen. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.
error-unavailable-title = Eine kurze Pause
error-unavailable-advice = Im Moment können wir nichts speichern. Versuchen Sie es in einer Minute noch einmal: Es ist nichts verloren gegangen.
error-internal-title = Ein Fehler auf unserer Seite
error-internal-advice = Es liegt nicht an Ihnen. Versuchen Sie es in einigen Minuten noch einmal; wenn es dabei bleibt, schreiben Sie uns.
error-status = Fehler { $status }
