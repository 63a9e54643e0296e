# Before an issue goes out
desk-sending-send = Versenden
desk-sending-back-to-writing = Zurück zum Text
desk-sending-because-not-approved = Diese Ausgabe war geplant, aber zu ihrer Zeit hatte niemand den jetzigen Text freigegeben. Sie wurde nicht versandt. Lassen Sie sie freigeben und versenden Sie sie dann.
desk-sending-is-erratum = Dies ist eine Berichtigung: Sie geht nur an die, die den falschen Text bekommen haben und noch Leser sind.
desk-sending-planned = Sie geht hinaus am { $time }, Ortszeit { $zone } (UTC{ $offset }; { $utc } UTC).
desk-sending-who = Wer sie bekommt
desk-sending-lead =
  { $count ->
    [one] Eine Person bekommt sie
    *[other] { $number } Leserinnen und Leser bekommen sie
  }{ $variants ->
    [one] , in einer einzigen Fassung.
    *[other] , in { $variants } Fassungen je nach Ländern.
  }
desk-sending-candidates = Alle, die sich je angemeldet haben
desk-sending-candidates-erratum = Alle, die den falschen Text bekamen
desk-sending-get-it = Bekommen diese Ausgabe
desk-sending-left-out-paused = machen Pause
desk-sending-left-out-monthly = bekommen die Monatszusammenfassung
desk-sending-left-out-each = bekommen jede Ausgabe
desk-sending-left-out-pending = haben noch nicht bestätigt
desk-sending-left-out-unsubscribed = haben sich abgemeldet
desk-sending-left-out-bounced = sind nicht mehr erreichbar
desk-sending-left-out-complained = haben sich beschwert
desk-sending-takes-unknown = Wie lange es dauert, lässt sich noch nicht sagen: Es gibt keine frühere Ausgabe zum Vergleich.
desk-sending-takes-as-earlier = Das dauert etwa { $lasts }, mit { $rate } wie bei „{ $subject }“.
desk-sending-takes-by-settings = Das dauert etwa { $lasts }: Die Einstellungen erlauben { $rate }.
desk-sending-lasts-seconds =
  { $count ->
    [one] eine Sekunde
    *[other] { $count } Sekunden
  }
desk-sending-rate =
  { $count ->
    [one] { $number } Mail je Minute
    *[other] { $number } Mails je Minute
  }
desk-sending-lasts-minutes =
  { $count ->
    [one] eine Minute
    *[other] { $count } Minuten
  }
desk-sending-lasts-hours =
  { $count ->
    [one] eine Stunde
    *[other] { $count } Stunden
  }
desk-sending-lasts-days =
  { $count ->
    [one] einen Tag
    *[other] { $count } Tage
  }
desk-sending-approval = Die zweite Person
desk-sending-approved = { $name } hat diesen Text am { $time } freigegeben.
desk-sending-approval-changed = Der Text wurde geändert, nachdem { $name } ihn freigegeben hatte. Den jetzigen Text muss eine andere Person freigeben als die, die versendet.
desk-sending-approval-changed-own = Der Text wurde geändert, nachdem Sie ihn freigegeben hatten. Den jetzigen Text muss eine andere Person freigeben als die, die versendet.
desk-sending-approval-missing = Dieser Newsletter braucht zwei Personen: Den Text muss eine andere Person freigeben als die, die versendet.
desk-sending-approval-own = Sie haben diesen Text freigegeben. Versenden muss ihn nun eine andere Person.
desk-sending-approval-own-schedule = Sie haben diese Ausgabe selbst geplant. Freigeben muss sie eine andere Person.
desk-sending-approval-given = { $name } hat diesen Text schon freigegeben. Sie können ihn selbst versenden.
desk-sending-approve = Als zweite Person freigeben
desk-sending-approve-hint = Sie können sie dann nicht selbst versenden. Jede spätere Änderung hebt die Freigabe auf.
desk-sending-ask-approval = Um Freigabe bitten
desk-sending-ask-approval-hint = Ihre Kolleginnen und Kollegen finden sie unter dem, was sie braucht.
desk-sending-asked = Sie haben um die Freigabe dieser Ausgabe gebeten. Ihre Kolleginnen und Kollegen finden sie auf ihrer Startseite.
desk-sending-after-approval = Sie kann versandt werden, sobald eine andere Person sie freigegeben hat.
desk-sending-resume-own = Sie haben diesen Text freigegeben. Fortsetzen muss den Versand nun eine andere Person.
desk-sending-resume-changed = Der Text wurde geändert, nachdem { $name } ihn freigegeben hatte. Es geht weiter, wenn jemand den jetzigen Text freigegeben hat und eine andere Person den Versand fortsetzt.
desk-sending-resume-changed-own = Der Text wurde geändert, nachdem Sie ihn freigegeben hatten. Geben Sie den jetzigen Text frei, dann kann eine andere Person den Versand fortsetzen. Oder eine andere Person gibt ihn frei, und Sie setzen den Versand fort.
desk-sending-resume-missing = Dieser Newsletter braucht zwei Personen: Eine gibt den Text frei, eine andere setzt den Versand fort.
desk-sending-when = Wann
desk-sending-viewer = Sie dürfen hier alles ansehen. Versenden kann, wer die Rolle Redaktion hat.
desk-sending-mend = Beheben
desk-sending-soon = In einer Minute
desk-sending-soon-hint = bis dahin können Sie es zurücknehmen
desk-sending-slot-hint = wie gewöhnlich
desk-sending-at = Zu einer anderen Zeit
desk-sending-at-field = Tag und Uhrzeit in { $zone }
desk-sending-zone = Alle Zeiten gelten für { $zone }; dort ist es jetzt { $time } Uhr.
desk-sending-button =
  { $count ->
    [one] An eine Person versenden
    *[other] An { $number } Personen versenden
  }
desk-sending-take-back = Zurücknehmen
desk-sending-move = Verschieben
desk-sending-button-later =
  { $count ->
    [one] Für eine Person planen
    *[other] Für { $number } Personen planen
  }

# While it goes out
desk-sending-countdown = Sie geht in { $seconds } s hinaus.
desk-sending-headline-sending =
  Versandt an { $sent } von { $count ->
    [one] einer Person.
    *[other] { $audience } Personen.
  }
desk-sending-headline-paused =
  Angehalten: versandt an { $sent } von { $count ->
    [one] einer Person, vorerst geht nichts mehr hinaus.
    *[other] { $audience } Personen, vorerst geht nichts mehr hinaus.
  }
desk-sending-headline-sent =
  Versandt an { $sent } von { $count ->
    [one] einer Person.
    *[other] { $audience } Personen.
  }
desk-sending-headline-cancelled =
  Endgültig beendet: versandt an { $sent } von { $count ->
    [one] einer Person.
    *[other] { $audience } Personen.
  }
desk-sending-progress = Fortschritt
desk-sending-sent = Versandt
desk-sending-queued = Wartend
desk-sending-deferred = Später noch einmal
desk-sending-refused = Abgelehnt
desk-sending-bounced = Adresse unbekannt
desk-sending-failed = Fehlgeschlagen
desk-sending-unknown = Vielleicht versandt
desk-sending-skipped = Nicht mehr versandt
desk-sending-waiting = Wartend
desk-sending-pace = { $rate }; voraussichtliches Ende: { $time }.
desk-sending-pace-rest = { $rate }. Voraussichtliches Ende der ersten Versuche: { $time }. Der Rest folgt später noch einmal.
desk-sending-pace-next-try = Bei allen haben wir es versucht. Nächster Versuch für den Rest: { $time }.
desk-sending-pace-begins = Es hat gerade begonnen; das Tempo zeigt sich in wenigen Sekunden.
desk-sending-provider-slows =
  { $provider } bittet uns, langsamer zu senden: { $count ->
    [one] eine Person wartet, bei den anderen geht es weiter; nächster Versuch: { $time }.
    *[other] { $number } Personen warten, bei den anderen geht es weiter; nächster Versuch: { $time }.
  }
desk-sending-provider-limit =
  { $provider } bekommt nicht mehr auf einmal: { $count ->
    [one] eine Person wartet; nächster Versuch: { $time }.
    *[other] { $number } Personen warten; nächster Versuch: { $time }.
  }
desk-sending-standstill-held = Jeder Versand ist angehalten: Nichts geht hinaus. Wer den Server betreibt, kann ihn wieder freigeben.
desk-sending-standstill-relays-paused = Alle Maildienste sind angehalten: Nichts geht hinaus. Wer den Server betreibt, kann sie wieder freigeben.
desk-sending-standstill-no-worker = Es läuft kein Programm, das Mails verschickt. Sagen Sie es der Person, die den Server betreibt; danach geht die Ausgabe von selbst weiter.
desk-sending-relay-limit = Der Mailserver „{ $relay }“ nimmt { $connections } von { $configured } Verbindungen an; um { $time } Uhr wird eine weitere versucht. Es geht weiter, nur langsamer.
desk-sending-waits-no_mailbox =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Das Postfach ist gerade nicht auffindbar.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Das Postfach ist gerade nicht auffindbar.
  }
desk-sending-waits-full =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Das Postfach ist voll.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Das Postfach ist voll.
  }
desk-sending-waits-slow_down =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Der Mailserver will weniger Mails auf einmal.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Der Mailserver will weniger Mails auf einmal.
  }
desk-sending-waits-unwanted =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Der Mailserver will diese Mail nicht.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Der Mailserver will diese Mail nicht.
  }
desk-sending-waits-too_large =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Die Mail ist dem Mailserver zu groß.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Die Mail ist dem Mailserver zu groß.
  }
desk-sending-waits-later =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Der Mailserver bittet, später wiederzukommen.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Der Mailserver bittet, später wiederzukommen.
  }
desk-sending-waits-no_answer =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Kein Mailserver hat geantwortet.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Kein Mailserver hat geantwortet.
  }
desk-sending-waits-other =
  { $count ->
    [one] Bei einer Person versuchen wir es später noch einmal: Der Mailserver nennt einen anderen Grund.
    *[other] Bei { $number } Personen versuchen wir es später noch einmal: Der Mailserver nennt einen anderen Grund.
  }
desk-sending-because-refused = Der Versand hat sich selbst angehalten: Der Mailserver hat diese Ausgabe bei mehreren Leserinnen und Lesern nacheinander abgelehnt, jedes Mal mit derselben Antwort: „{ $said }“. Keine dieser Mails gilt als fehlgeschlagen. Sobald das behoben ist, setzen Sie den Versand fort.
desk-sending-because-unanswered = Der Versand hat sich selbst angehalten: Bei mehreren Leserinnen und Lesern nacheinander blieb nach der Mail offen, ob der Mailserver sie angenommen hat: „{ $said }“. Diese Mails können angekommen sein, und jede geht noch einmal hinaus, wenn Sie fortsetzen. Wer den Server betreibt, sollte zuerst im Protokoll des Mailservers nachsehen.
desk-sending-because-cannot-be-built = Der Versand hat sich selbst angehalten: Die Mails lassen sich nicht erzeugen. Der Grund: „{ $said }“. Keine Mail gilt als fehlgeschlagen. Sobald das behoben ist, setzen Sie den Versand fort.
desk-sending-because-held = Wer den Server betreibt, hat allen Versand angehalten: „{ $said }“ Diese Ausgabe geht nicht von selbst weiter: Wenn der Versand wieder frei ist, drücken Sie „Fortsetzen“.
desk-sending-because-held-unsaid = Wer den Server betreibt, hat allen Versand angehalten. Diese Ausgabe geht nicht von selbst weiter: Wenn der Versand wieder frei ist, drücken Sie „Fortsetzen“.
desk-sending-because-copied = Diese Datenbank wurde während des Versands wiederhergestellt oder kopiert. Wer die Ausgabe nach der Kopie bekommen hat, bekäme sie ein zweites Mal. Sehen Sie nach, wie weit der Versand war, und setzen Sie ihn dann fort oder beenden Sie ihn endgültig.
desk-sending-because-overdue = Die Zeit dieser Ausgabe kam, während diese Datenbank wiederhergestellt oder kopiert wurde. Sehen Sie nach, ob sie schon versandt wurde. Wenn nicht, versenden Sie sie.
desk-sending-because-other = { $said }
desk-sending-connection-lost = Die Verbindung ist weg. Der Versand geht weiter; diese Seite kommt von selbst wieder.
desk-sending-pause = Anhalten
desk-sending-resume = Fortsetzen
desk-sending-correct = Für die Übrigen korrigieren
desk-sending-corrected = Der Text wurde korrigiert. Wer noch wartet, bekommt beim Fortsetzen den neuen.
desk-sending-stop = Endgültig beenden …
desk-sending-stop-question =
  { $count ->
    [one] Eine Person wird diese Ausgabe nicht bekommen. Das lässt sich nicht rückgängig machen.
    *[other] { $number } Personen werden diese Ausgabe nicht bekommen. Das lässt sich nicht rückgängig machen.
  }
desk-sending-stop-page = „Online lesen“ geht in den schon verschickten Mails weiterhin. In Listen, Feed und Suche des Archivs steht die Ausgabe nicht mehr.
desk-sending-stop-now = Endgültig beenden

# The report
desk-sending-report = Bericht
desk-sending-watch = Versand verfolgen
desk-sending-csv = Tabelle (CSV)
desk-sending-begin-with = Neue Ausgabe damit beginnen
desk-sending-archive = Im Archiv
desk-sending-from = Von { $time }
desk-sending-until = bis { $time }
desk-sending-result = Was daraus wurde
desk-sending-sent-means = Versandt heißt: Der Mailserver hat die Mail angenommen. Ob sie im Postfach ankam, ist hier nicht bekannt.
desk-sending-skipped-means = Nicht mehr versandt: Diese Personen haben sich vorher abgemeldet oder machen Pause, oder die Ausgabe wurde vorher beendet.
desk-sending-what = Ergebnis
desk-sending-readers = Leser
desk-sending-share = Anteil
desk-sending-left =
  { $count ->
    [one] Eine Person hat sich in der Woche danach abgemeldet
    *[other] { $number } Personen haben sich in der Woche danach abgemeldet
  }{ $complained ->
    [0] .
    [one] ; eine hat sich beschwert.
    *[other] ; { $complained } haben sich beschwert.
  }
desk-sending-left-so-far = Das ist der bisherige Stand: Die Woche ist noch nicht um.
desk-sending-left-week = In einer Woche abgemeldet
desk-sending-failed-list = Wer sie nicht bekommen hat, und warum
desk-sending-failed-none = Niemand.
desk-sending-failed-more = Weitere
desk-sending-retry =
  { $count ->
    [one] Den fehlgeschlagenen Versand an eine Person wiederholen
    *[other] Den fehlgeschlagenen Versand an { $number } Personen wiederholen
  }
desk-sending-erratum = An die schreiben, die den falschen Text haben
desk-sending-erratum-hint = Ein neuer Entwurf, nur für sie.
desk-sending-erratum-subject = Berichtigung: { $subject }
desk-sending-nothing-wrong = Niemand hat einen anderen als den jetzigen Text bekommen, oder alle haben schon eine Berichtigung; es gibt nichts zu berichtigen.
desk-sending-ledger-removed = Wer den falschen Text bekam, ist nicht mehr bekannt: Diese Einträge werden nach einiger Zeit gelöscht. Schreiben Sie stattdessen eine neue Ausgabe an alle.
desk-sending-page = Die Seite im Netz
desk-sending-page-off = Seite nicht im Netz
desk-sending-page-hide = Seite aus dem Netz nehmen
desk-sending-page-hint = Unter ihrer Adresse steht dann, dass sie aus dem Netz genommen wurde; Listen, Feed und Suche lassen die Ausgabe aus. Mails bleiben, wie sie sind, und Sie können die Seite wieder zeigen.
desk-sending-page-hidden = Die Seite ist seit { $time } nicht mehr im Netz. Unter ihrer Adresse steht, dass sie aus dem Netz genommen wurde.
desk-sending-page-unhide = Seite wieder zeigen
desk-sending-page-correct = Seite korrigieren
desk-sending-page-corrected = Die Seite hat den korrigierten Text. Es ging keine Mail hinaus.
desk-sending-no-page = Diese Ausgabe hat keine Seite im Netz: Sie wurde nicht verschickt, oder sie wurde beendet, bevor jemand sie bekam.
desk-sending-course = Im Lauf der Zeit
desk-sending-course-chart = Versandte und darüber abgelehnte Mails im Lauf der Zeit
desk-sending-time = Zeit
desk-sending-next-try = Nächster Versuch
desk-sending-providers = Nach Postfachanbieter
desk-sending-providers-later = Diese Tabelle entsteht nach dem Ende des Versands; das dauert etwa eine Minute.
desk-sending-provider = Anbieter
desk-sending-other-providers = alle übrigen
desk-sending-all-providers = alle
desk-sending-causes = Warum Mails nicht ankamen oder warten
desk-sending-cause = Grund
desk-sending-answer = Antwort des Servers
desk-sending-meaning-no_mailbox = Das Postfach gibt es nicht
desk-sending-meaning-full = Das Postfach ist voll
desk-sending-meaning-slow_down = Der Server will weniger Mails
desk-sending-meaning-unwanted = Der Server will diese Mail nicht
desk-sending-meaning-too_large = Die Mail ist zu groß
desk-sending-meaning-later = Der Server bittet um einen späteren Versuch
desk-sending-meaning-no_answer = Kein Server hat geantwortet
desk-sending-meaning-other = Ein anderer Grund
desk-sending-state-queued = wartend
desk-sending-state-sent = versandt
desk-sending-state-deferred = später noch einmal
desk-sending-state-bounced = Adresse unbekannt
desk-sending-state-failed = fehlgeschlagen
desk-sending-state-skipped = nicht mehr versandt
desk-sending-state-unknown = vielleicht versandt
desk-sending-earlier = Neben früheren Ausgaben
desk-sending-issue = Ausgabe
desk-sending-reader = Leser
desk-sending-reader-number = Nr. { $number }
desk-sending-attempts = Versuche
desk-sending-errors-first = Die Prüfungen haben etwas gefunden, das vor dem Versand in Ordnung kommen muss.
desk-sending-errors-planned = Die Prüfungen haben etwas gefunden, das in Ordnung kommen muss. Die Ausgabe geht so hinaus, wenn niemand sie ändert oder zurückholt.
desk-sending-changed = Jemand hat den Text geändert, seit Sie diese Seite geöffnet haben. Was jetzt hier steht, geht hinaus: Sehen Sie es an und drücken Sie dann noch einmal.
desk-sending-warnings-first = Sehen Sie sich an, was die Prüfungen gefunden haben, und setzen Sie das Häkchen.
desk-sending-time-or-choice = Sie haben eine Zeit eingegeben, gewählt war aber eine andere Antwort. Jetzt ist die Zeit gewählt: Senden Sie noch einmal, wenn sie gemeint ist, oder wählen Sie die andere Antwort.
desk-sending-warnings-seen = { $count ->
     [one] Ich habe die Warnung gesehen und will trotzdem versenden.
    *[other] Ich habe die { $count } Warnungen gesehen und will trotzdem versenden.
 }
desk-sending-all-checks = Alle Prüfungen, auch von Links und Versand
