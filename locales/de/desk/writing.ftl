# Die Redaktion: Start, Ausgaben, Schreiben.

# navigation
desk-name = Redaktion
desk-home = Start
desk-issues = Ausgaben
desk-settings = Einstellungen
desk-people = Team
desk-sign-out = Abmelden
desk-newsletter = Newsletter
desk-all = Alle
desk-show = Anzeigen
desk-older = Ältere Ausgaben
desk-somebody = Jemand
desk-as-table = Als Tabelle
desk-day = Tag

# states
desk-state = Stand
desk-state-draft = Entwurf
desk-state-scheduled = Geplant
desk-state-sending = Wird versandt
desk-state-paused = Angehalten
desk-state-sent = Versandt
desk-state-cancelled = Abgebrochen

# home
desk-home-greeting = Hallo { $name }
desk-home-no-newsletter = Sie haben noch keinen Newsletter. Bitten Sie die Leitung um eine Rolle darin.
desk-tasks = Hier sind Sie gefragt
desk-task-stopped = „{ $subject }“ hat von selbst angehalten.
desk-task-stopped-next = Den Grund ansehen und weitermachen
desk-task-paused = „{ $subject }“ ist angehalten, Leserinnen und Leser warten.
desk-task-paused-next = Fortsetzen, korrigieren oder beenden
desk-task-deferred = „{ $subject }“ wird versandt; Mailserver lassen { $count } Empfänger warten.
desk-task-deferred-next = Zusehen
desk-task-summary = Die Monatszusammenfassung „{ $subject }“ geht von selbst hinaus.
desk-task-summary-next = Vorher ansehen
desk-task-approval = „{ $subject }“ soll hinausgehen und braucht die Freigabe einer zweiten Person.
desk-task-approval-next = Ansehen und freigeben
desk-task-attack = Jemand meldet massenhaft Fremde an. Das Formular schützt sich; echte Anmeldungen gelingen weiterhin. In der letzten Stunde: { $signups } Anmeldungen, { $confirmations } Bestätigungen.
desk-task-attack-next = Das endet von selbst; zu tun ist nichts.
desk-task-held = Jeder Versand ist angehalten: Keine Ausgabe, keine Monatszusammenfassung und keine einzelne Mail geht hinaus. Wer den Server betreibt, gibt ihn mit { $command } wieder frei.
desk-task-held-next = Ausgaben ansehen
desk-task-no-worker = Es läuft kein Programm, das Mails verschickt, darum wartet die Ausgabe. Wer den Server betreibt, startet es mit { $command }.
desk-task-relay-paused = Der Maildienst { $relay } ist angehalten: Über ihn geht nichts hinaus. Wer den Server betreibt, gibt ihn mit { $command } wieder frei.
desk-home-now = In Arbeit
desk-home-last = Zuletzt versandt
desk-home-nothing-open = Gerade wird nichts geschrieben oder versandt.
desk-home-all-issues = Alle Ausgaben
desk-begun = begonnen { $time }
desk-goes-out = geht hinaus { $time }
desk-sent-of =
  { $sent ->
    *[other] { $sent_shown }
  } von { $audience ->
    [one] { $audience_shown } Empfänger · { $time }
    *[other] { $audience_shown } Empfängern · { $time }
  }
desk-lost =
  { $count ->
    [one] { $count } hat sie nicht bekommen
    *[other] { $count } haben sie nicht bekommen
  }
desk-readers = Leserinnen und Leser
desk-readers-active =
  { $count ->
    *[other] aktiv
  }
desk-readers-month = In 30 Tagen: { $joined } dazugekommen, { $left } gegangen
desk-readers-imported = { $count ->
     [one] Eine Person wurde in diesen Tagen importiert, mit älterer Einwilligung.
    *[other] { $number } Personen wurden in diesen Tagen importiert, mit älterer Einwilligung.
 }
desk-readers-chart = Dazugekommene (über der Linie) und Gegangene (darunter) an jedem der letzten 30 Tage
desk-joined = Dazugekommen
desk-left = Gegangen
desk-as-of = Gezählt { $time }

# issues
desk-new-issue = Neue Ausgabe
desk-no-issues = Hier gibt es noch keine Ausgaben.
desk-find-issue = Suchen
desk-found-no-issue = Keine Ausgabe hat diese Wörter im Betreff oder in einer Überschrift.
desk-no-subject = (noch ohne Betreff)
desk-start = Beginnen mit
desk-start-recipe = Den üblichen Teilen
desk-start-recipe-hint = Überschriften und leere Einträge in Ihrer Reihenfolge
desk-start-blank = Einem leeren Blatt
desk-start-earlier = Einer früheren Ausgabe
desk-earlier = Welcher
desk-start-writing = Losschreiben

# writing
desk-write = Schreiben
desk-history = Verlauf
desk-to-send = Weiter: versenden
desk-subject = Betreff
desk-preheader = Vorschautext
desk-preheader-hint = was ein Postfach neben dem Betreff zeigt
desk-intro = Anrede und Einleitung
desk-text = Text
desk-new-part = Weiterer Teil
desk-add-part = Teil hinzufügen
desk-add-item = Eintrag hinzufügen
desk-new-item = Neuer Eintrag
desk-headline = Überschrift
desk-item-link = Link
desk-summary = Zusammenfassung
desk-countries = Länder
desk-picture-and-access = Bild, frei oder kostenpflichtig
desk-picture-file = Bild hochladen
desk-picture-address = Adresse des Bildes
desk-picture-alt = Was das Bild zeigt
desk-picture-alt-hint = für alle, die es nicht sehen können
desk-picture-credit = Bildnachweis
desk-access = Zugang
desk-access-none = nichts dazu sagen
desk-access-free = frei zu lesen
desk-access-paid = für zahlende Leser
desk-kind-news = Nicht verpassen
desk-kind-analysis = Analyse
desk-kind-articles = Artikel nach Ländern
desk-kind-photo = Foto
desk-kind-agenda = Termine
desk-kind-press = Presseschau
desk-kind-support = Aufruf zur Unterstützung
desk-kind-text = Freier Text
desk-part-up = Diesen Teil nach oben
desk-part-down = Diesen Teil nach unten
desk-part-remove = Diesen Teil entfernen
desk-item-up = Diesen Eintrag nach oben
desk-item-down = Diesen Eintrag nach unten
desk-item-remove = Diesen Eintrag entfernen
desk-removed = Entfernt: „{ $what }“.
desk-undo = Rückgängig machen
desk-toolbar = Formatierung
desk-bold = Fett
desk-italic = Kursiv
desk-link = Link
desk-list = Liste
desk-quote = Zitat
desk-save = Speichern
desk-saving = Wird gespeichert …
desk-saved = Gespeichert { $time }
desk-kept-aside = Im Verlauf aufgehoben { $time }, noch nicht in der Ausgabe
desk-saved-as-shown = Alles ist gespeichert
desk-not-saved = Nicht gespeichert: { $name } hat diese Ausgabe geändert. Entscheiden
desk-refused = Nicht gespeichert: Der Dienst hat das abgelehnt. Was Sie geschrieben haben, bleibt auf dieser Seite.
desk-offline = Nicht gespeichert: keine Verbindung. Was Sie geschrieben haben, bleibt in diesem Browser und wird gespeichert, sobald es geht.
desk-signed-out-while-writing = Nicht gespeichert: Sie sind abgemeldet. Melden Sie sich in einem anderen Tab wieder an; was Sie geschrieben haben, bleibt hier und wird dann gespeichert.
desk-rescue = In diesem Browser liegt Text von { $at }, der nie gespeichert wurde.
desk-rescue-use = In die Ausgabe übernehmen
desk-rescue-drop = Verwerfen
desk-also-writing = { $name } schreibt hier auch gerade. Wer als Zweites speichert, erfährt es, und nichts wird überschrieben.
desk-conflict = { $name } hat diese Ausgabe geändert, während Sie geschrieben haben. Ihr Text steht auf dieser Seite und im Verlauf; nichts wurde überschrieben.
desk-conflict-mine = Meine Fassung darüber speichern
desk-conflict-theirs = Die andere anzeigen
desk-write-scheduled = Diese Ausgabe geht { $time } hinaus. Änderungen gelten, sobald Sie „Geplante Ausgabe ändern“ drücken.
desk-apply-scheduled = Geplante Ausgabe ändern
desk-apply-errors = Die geplante Ausgabe wurde nicht geändert und geht { $time } hinaus, wie sie war. Bitte zuerst beheben: { $what } Ihr Text ist im Verlauf.
desk-write-paused =
  { $sent ->
    [one] { $sent_shown } Person hat diese Ausgabe schon
    *[other] { $sent_shown } haben diese Ausgabe schon
  }; { $waiting ->
    [one] { $waiting_shown } wartet.
    *[other] { $waiting_shown } warten.
  } Eine Korrektur erreicht nur die Wartenden.
desk-compare = Unterschied ansehen
desk-correction-title = Das ändert sich
desk-correction-lead =
  { $waiting ->
    [one] { $waiting } Person bekommt den neuen Text.
    *[other] { $waiting } bekommen den neuen Text.
  } { $sent ->
    [one] { $sent } behält den alten.
    *[other] { $sent } behalten den alten.
  }
desk-correction-none = Es gibt keinen Unterschied.
desk-correct =
  { $waiting ->
    [one] Für { $waiting } Person korrigieren
    *[other] Für { $waiting } Wartende korrigieren
  }
desk-write-sent = Diese Ausgabe ist verschickt. Was Sie hier schreiben, korrigiert nur ihre Seite im Netz: Es geht keine Mail mehr hinaus.
desk-correction-lead-page = Es geht keine Mail mehr hinaus. Die Seite im Netz zeigt den korrigierten Text und sagt das dazu.
desk-correction-had =
  { $count ->
    [one] { $number } Person hatte den alten Text: Danach können Sie ihr eine Berichtigung schreiben.
    *[other] { $number } hatten den alten Text: Danach können Sie ihnen eine Berichtigung schreiben.
  }
desk-correction-had-unknown = Wer den alten Text hatte, ist nicht mehr bekannt; nur diesen eine Berichtigung zu schreiben, geht nicht.
desk-back-to-writing = Zurück zum Schreiben
desk-keep-as-recipe = Diese Teile für neue Ausgaben merken
desk-recipe-kept = Neue Ausgaben dieses Newsletters beginnen jetzt mit diesen Teilen.
desk-throw-away = Diesen Entwurf verwerfen …
desk-throw-away-question = Er ist dann nicht mehr in Arbeit, und niemand bekommt ihn. Eine neue Ausgabe kann trotzdem mit seinem Text beginnen.
desk-throw-away-now = Verwerfen
desk-thrown-away = Der Entwurf ist verworfen. Er steht hier als abgebrochen, und eine neue Ausgabe kann mit seinem Text beginnen.
desk-preview = Vorschau
desk-view-desktop = Computer
desk-view-phone = Telefon
desk-view-dark = Dunkel
desk-view-text = Text
desk-as-reader = Wie jemand, der Folgendes liest
desk-as-everything = alles
desk-as-follower = { $country }
desk-size = { $kilobytes } KB, { $percent } % dessen, was Gmail zeigt
desk-size-clipped = Gmail würde das Ende verbergen: Kürzen Sie die Ausgabe.
desk-test-copy = Testexemplar an
desk-test-send = Abschicken
desk-test-hint = Mehrere Adressen: durch Kommas trennen. Verschickt wird die oben gewählte Fassung.
desk-test-sent = { $count ->
     [one] Das Testexemplar ist unterwegs.
    *[other] { $count } Testexemplare sind unterwegs.
 }
desk-test-arrived = Der Server von { $address } hat das Testexemplar angenommen.
desk-test-refused = Das Testexemplar an { $address } wurde abgelehnt: { $said }
desk-test-waits = Das Testexemplar an { $address } wartet: { $said }
desk-test-refused-untold = Das Testexemplar an { $address } wurde abgelehnt.
desk-test-waits-untold = Das Testexemplar an { $address } wartet.
desk-test-how-many = Geben Sie eine bis zwanzig Adressen an.
desk-test-wrong-address = „{ $address }“ ist keine Mailadresse.
desk-test-too-many = Zu viele Testexemplare: Für einen Newsletter gehen sechzig in der Stunde und zweihundert am Tag hinaus. Keines wurde verschickt. Versuchen Sie es in { $minutes } Minuten wieder.
desk-test-suppressed = Diese Adressen dürfen nie Mails bekommen und bekamen kein Exemplar: { $addresses }. Exemplare an andere: { $count }.
desk-unapplied = Das ist Ihr Text von { $time }. Er steht noch nicht in der Ausgabe.
desk-unapplied-drop = Zurück zum Text der Ausgabe
desk-elsewhere = Ein Text von Ihnen von { $time } steht nicht in der Ausgabe. Sie finden ihn im Verlauf.
desk-of-the-issue = Testexemplare zeigen den Text, der jetzt in der Ausgabe steht; die Prüfungen gelten dem, was Sie schreiben.
desk-recipe-what = Diese Teile ersetzen die, mit denen jede neue Ausgabe dieses Newsletters beginnt.
desk-recipe-changed = Jemand hat diesen Newsletter inzwischen geändert. Sehen Sie seine üblichen Teile in den Einstellungen an; wenn Sie noch einmal drücken, ersetzen die Teile dieser Ausgabe sie.
desk-choose-newsletter = Newsletter wählen
desk-choose-newsletter-first = Es wurde nichts begonnen: Wählen Sie zuerst einen Newsletter.
desk-paste-picture = Ein Text kann keine Bilder haben, deshalb wurden sie weggelassen. Geben Sie ein Bild in das Bildfeld eines Eintrags.
desk-paste-too-long = Es wurde nichts eingefügt: Es ist zu lang für dieses Feld, das { $max } Zeichen fasst.
desk-not-saved-own = Nicht gespeichert: Sie haben diese Ausgabe in einem anderen Fenster geändert. Entscheiden
desk-conflict-own = Sie haben diese Ausgabe selbst geändert, in einem anderen Fenster. Ihr Text steht auf dieser Seite und im Verlauf; nichts wurde überschrieben.
desk-conflict-apply = Meine Fassung nehmen und die geplante Ausgabe ändern
desk-conflict-compare = Meine Fassung nehmen und den Unterschied ansehen
desk-conflict-fields = Beide haben geändert: { $fields }. Wenn Sie Ihre Fassung speichern, ersetzt sie nur dort die andere.
desk-saved-beside = Gespeichert { $time }. Jemand anderes hat geändert: { $fields }. Anzeigen
desk-too-late = Zu spät: im Verlauf aufgehoben, nicht in der Ausgabe
desk-too-late-sending = Diese Ausgabe geht seit { $time } hinaus. Ihr Text ist im Verlauf, nicht in der Ausgabe.
desk-too-late-sent = Diese Ausgabe ist versandt; der Versand begann { $time }. Ihr Text ist im Verlauf, nicht in der Ausgabe.
desk-too-late-cancelled = Diese Ausgabe wurde endgültig gestoppt. Ihr Text ist im Verlauf, nicht in der Ausgabe.
desk-upload-running = Das Bild wird hochgeladen …
desk-upload-offline = Das Bild wurde nicht hochgeladen: keine Verbindung. Wählen Sie es noch einmal.
desk-upload-signed-out = Das Bild wurde nicht hochgeladen: Sie sind abgemeldet. Melden Sie sich in einem anderen Tab wieder an und wählen Sie das Bild dann noch einmal.
desk-nothing-done-offline = Es ist nichts geschehen: keine Verbindung. Versuchen Sie es noch einmal.
desk-nothing-done-signed-out = Es ist nichts geschehen: Sie sind abgemeldet. Melden Sie sich in einem anderen Tab wieder an und drücken Sie den Button dann noch einmal.
desk-paste-form = Tabellen und durchgestrichene Wörter verlieren ihre Form: Sehen Sie an, was eingefügt wurde.

# history
desk-history-lead = Jeder der letzten hundert Stände lässt sich zurückholen; der jetzige bleibt dabei erhalten.
desk-history-lead-look = Jeden der letzten hundert Stände können Sie ansehen. Zurück geht es nur, solange die Ausgabe ein Entwurf ist.
desk-history-empty = Hier wurde noch nichts geändert.
desk-history-aside = nicht in der Ausgabe
desk-history-old = Ein Stand dieser Ausgabe, gespeichert von { $name } ({ $time }). Schließen Sie diesen Tab, um zurückzukommen.
desk-history-look = Ansehen
desk-history-restore = Hierhin zurück
desk-changed-subject = Betreff geändert
desk-changed-preheader = Vorschautext geändert
desk-changed-intro = Einleitung geändert
desk-changed-added = { $count ->
     [one] ein Eintrag dazu
    *[other] { $count } Einträge dazu
 }
desk-changed-removed = { $count ->
     [one] ein Eintrag entfernt
    *[other] { $count } Einträge entfernt
 }
desk-changed-edited = { $count ->
     [one] ein Eintrag oder Teil bearbeitet
    *[other] { $count } Einträge oder Teile bearbeitet
 }
desk-changed-arranged = Reihenfolge oder Teile geändert
desk-changed-nothing = wie begonnen

# refusals
desk-refused-invalid = Das muss zuerst in Ordnung kommen: { $places }.
desk-refused-state = Die Ausgabe ist jetzt im Stand „{ $state }“, in dem das nicht geht.
desk-refused-changed = Jemand anderes hat sie inzwischen geändert. Laden Sie die Seite neu und sehen Sie nach, was jetzt da ist.
desk-refused-empty = Die Ausgabe hat einen Betreff und sonst nichts.
desk-refused-no-audience = Niemand würde sie bekommen: Der Newsletter hat gerade keine Empfänger dafür.
desk-refused-time = Diese Zeit geht nicht: Sie ist vorbei, es gibt sie nicht, oder sie liegt über zwei Jahre entfernt.
desk-refused-under-way = Mails dieser Ausgabe sind noch unterwegs. Wer den falschen Text bekommen hat, steht in einigen Minuten fest: Versuchen Sie es dann noch einmal.
desk-place-item = Teil { $part }, Eintrag { $item } ({ $name })
desk-place-part = Teil { $part } ({ $name })
desk-place-whole-part = Teil { $part }
desk-place-parts = die Teile
