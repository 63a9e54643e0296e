# Die Einstellungen eines Newsletters.

# pages
desk-set-pages = Seiten der Einstellungen
desk-set-choose = Wählen Sie einen Newsletter.
desk-set-look-only = Nur ansehen
desk-set-basics = Grundlagen
desk-set-basics-lead = Wie der Newsletter heißt, wer ihn verschickt und wo seine Rechtstexte stehen.
desk-set-look = Aussehen
desk-set-look-lead = Farbe und Logo der Mails und Seiten. Die Vorschau folgt Ihrer Wahl; Leserinnen und Leser sehen sie erst nach dem Speichern.
desk-set-recipe = Übliche Teile
desk-set-recipe-lead = Die Teile, mit denen eine neue Ausgabe beginnt, und ihre Reihenfolge. Begonnene Ausgaben bleiben, wie sie sind.
desk-set-fields = Fragen
desk-set-fields-lead = Was die Anmeldung außer der Adresse fragt. Jede Frage kostet Anmeldungen: Fragen Sie nur, was Sie brauchen.
desk-set-texts = Texte der Mails
desk-set-texts-lead = Was die Mails rund um die Anmeldung sagen. Jeden Text können Sie neu fassen und jederzeit zum mitgelieferten zurückkehren.
desk-set-signup = Anmeldung und Archiv
desk-set-signup-lead = Wer den Newsletter findet, wo man sich anmelden kann und was neue Leserinnen und Leser bekommen.

# what every page says
desk-set-save = Speichern
desk-set-saved = Gespeichert.
desk-set-zone-changed = Geplante Ausgaben gehen im selben Augenblick hinaus wie zuvor; auf diesen Uhren ist das eine andere Zeit. Verschieben Sie sie, wenn es anders gemeint ist:
desk-set-language-changed = Entwürfe, Mails und Seiten dieses Newsletters haben ihre Überschriften und Fußzeilen nun in dieser Sprache. Was Sie selbst geschrieben haben, bleibt, wie es ist.
desk-set-unsaved = Noch nicht gespeichert. Drücken Sie „Speichern“, wenn es so ist, wie Sie es wollen.
desk-set-conflict = Nicht gespeichert: Jemand anders hat die Einstellungen dieses Newsletters geändert, seit Sie diese Seite geöffnet haben. Was Sie getippt haben, steht noch hier. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann.
desk-set-conflict-own = Nicht gespeichert: Sie haben die Einstellungen dieses Newsletters am { $time } selbst geändert, in einem anderen Fenster. Was Sie getippt haben, steht noch hier. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann.
desk-set-conflict-by = Nicht gespeichert: { $name } hat die Einstellungen dieses Newsletters am { $time } geändert, nachdem Sie diese Seite geöffnet hatten. Was Sie getippt haben, steht noch hier. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann.
desk-set-overwrite = Meine Fassung trotzdem speichern
desk-set-see-theirs = Jetzigen Stand ansehen (neuer Tab)
desk-set-read-only-owner = Sie können diese Einstellungen ansehen. Ändern kann sie nur die Leitung: Sie entscheidet, in wessen Namen der Newsletter spricht.
desk-set-read-only-editor = Sie können die üblichen Teile ansehen. Ändern kann sie nur, wer Ausgaben schreibt.
desk-set-preview = Vorschau
desk-set-preview-now = Vorschau zeigen
desk-set-preview-none = Noch keine Vorschau

# basics
desk-set-group-newsletter = Der Newsletter
desk-set-title = Titel
desk-set-description = Beschreibung
desk-set-description-hint = Ein Satz auf der Anmeldeseite: was man bekommt und wie oft.
desk-set-language = Sprache
desk-set-language-hint = In der die Ausgaben geschrieben sind.
desk-set-time-zone = Zeitzone
desk-set-time-zone-hint = In der „Montag 8 Uhr“ gemeint ist, etwa Europe/Berlin.
desk-set-group-sender = Absender
desk-set-sender-name = Name des Absenders
desk-set-sender-address = Adresse des Absenders
desk-set-sender-address-hint = Die Domain der Adresse muss diesem Server das Senden erlauben.
desk-set-reply-to = Wohin Antworten gehen
desk-set-reply-to-hint = Ein Postfach, das jemand liest.
desk-set-postal-address = Postanschrift
desk-set-postal-address-hint = Das Gesetz verlangt sie: Sie steht am Fuß jeder Mail.
desk-set-group-legal = Rechtstexte
desk-set-legal-hint = Adressen von Seiten. Fehlen sie in einer Sprache, stehen dort die in der Sprache des Newsletters.
desk-set-imprint = Impressum
desk-set-privacy = Datenschutzerklärung

# what does not fit
desk-set-wrong-title = Nicht gespeichert: Schreiben Sie einen Titel, in einer Zeile mit höchstens 250 Zeichen.
desk-set-wrong-description = Nicht gespeichert: Die Beschreibung ist eine Zeile mit höchstens 250 Zeichen.
desk-set-wrong-sender-name = Nicht gespeichert: Der Absender braucht einen Namen, in einer Zeile.
desk-set-wrong-sender-address = Nicht gespeichert: Die Adresse des Absenders ist keine E-Mail-Adresse oder hat vor dem @ Buchstaben, die viele Mailserver ablehnen.
desk-set-wrong-reply-to = Nicht gespeichert: Die Adresse für Antworten ist keine E-Mail-Adresse oder hat vor dem @ Buchstaben, die viele Mailserver ablehnen.
desk-set-wrong-postal-address = Nicht gespeichert: Die Postanschrift hat höchstens 1000 Zeichen.
desk-set-wrong-time-zone = Nicht gespeichert: Diese Zeitzone gibt es nicht. Schreiben Sie sie wie Europe/Berlin oder Asia/Almaty.
desk-set-wrong-accent = Das ist keine Farbe. Schreiben Sie ein # und sechs der Zeichen 0–9 und a–f, wie #0b5c68, oder nehmen Sie die Farbauswahl.
desk-set-wrong-legal = Nicht gespeichert: Ein Rechtstext braucht die volle Adresse einer Seite, die mit https beginnt.
desk-set-wrong-sites = Nicht gespeichert: Eine Zeile ist keine Adresse einer Website. Schreiben Sie in jede Zeile eine, wie https://magazine.example.org, und nichts dahinter.
desk-set-wrong-parts = Nicht gespeichert: Es sind höchstens 50 Teile möglich.
desk-set-wrong-logo-kind = Nicht gespeichert: Diese Datei ist kein PNG, JPEG oder GIF. Andere Bilder zeigen Mailprogramme als Logo nicht.
desk-set-wrong-logo-long = Nicht gespeichert: Das Logo darf höchstens 100 KB haben, da es mit jeder Seite und Mail kommt. Verkleinern Sie es.
desk-set-wrong-logo-large = Nicht gespeichert: Das Logo darf höchstens 2000 Pixel breit und hoch sein.
desk-set-wrong-logo-damaged = Nicht gespeichert: Das Bild ist beschädigt. Speichern Sie es neu oder wählen Sie ein anderes.

# look
desk-set-accent = Farbe
desk-set-accent-code = Farbe der Links und Buttons
desk-set-accent-hint = Ein # und sechs der Zeichen 0–9 und a–f, etwa #0b5c68. Die Farbe muss dunkel genug sein, um lesbar zu bleiben.
desk-set-accent-picker = Farbe auswählen
desk-set-accent-shipped = Zurück zur mitgelieferten Farbe
desk-set-contrast-high = Kontrast { $contrast }: sehr gut lesbar. Im Dunkelmodus wird ein hellerer Ton verwendet.
desk-set-contrast-enough = Kontrast { $contrast }: lesbar genug (nötig sind 4,5). Im Dunkelmodus wird ein hellerer Ton verwendet.
desk-set-contrast-low = Zu hell: ein Kontrast von { $contrast }, nötig sind 4,5. Der nächste lesbare Ton ist { $darker }; ihn zeigt die Vorschau.
desk-set-logo = Logo
desk-set-logo-now = Das jetzige Logo
desk-set-logo-none = Es gibt keines; die Mails zeigen nur den Titel.
desk-set-logo-file = Anderes Logo
desk-set-logo-hint = PNG, JPEG oder GIF, höchstens 100 KB. Es wird 48 Pixel hoch gezeigt.
desk-set-logo-remove = Logo entfernen
desk-set-preview-mail = Mail
desk-set-preview-page = Anmeldeseite

# recipe
desk-set-recipe-heading = Überschrift; leer für die übliche
desk-set-recipe-empty = Keine Teile: Eine neue Ausgabe beginnt mit einer leeren Seite.
desk-set-recipe-shipped = Zurück zu den mitgelieferten Teilen

# questions
desk-set-kind-text = Eine Zeile Text
desk-set-kind-choice = Eine von mehreren Antworten
desk-set-kind-yes-no = Ein Kästchen zum Ankreuzen
desk-set-kind-number = Eine Zahl
desk-set-kind-date = Ein Tag
desk-set-fields-new = Neue Frage
desk-set-fields-add = Frage hinzufügen
desk-set-fields-empty = Außer der Adresse wird nichts gefragt.
desk-set-fields-key = heißt { $key } in Exporten
desk-set-fields-label = Frage
desk-set-fields-other-languages = In anderen Sprachen
desk-set-fields-required = Muss beantwortet werden
desk-set-fields-greets = Die Antwort steht in der Anrede der Mails (etwa ein Vorname)
desk-set-fields-choices = Antworten zur Auswahl
desk-set-fields-choice = Antwort { $number }
desk-set-fields-add-choice = Antwort hinzufügen
desk-set-fields-remove-choice = Antwort { $number } entfernen
desk-set-fields-up = Diese Frage nach oben
desk-set-fields-down = Diese Frage nach unten
desk-set-fields-remove = Diese Frage entfernen
desk-set-fields-preview = Das Formular, wie andere es sehen
desk-set-fields-gone = Wenn Sie eine Frage entfernen und speichern, wird sie niemandem mehr gestellt. Schon gegebene Antworten bleiben, bis die Person das Formular neu ausfüllt, und stehen in der Auskunft über ihre Daten. Fügen Sie dieselbe Frage später hinzu, ist es eine neue.
desk-set-fields-no-label = Frage { $number } hat keinen Text in der Sprache des Newsletters.
desk-set-fields-long-label = Frage { $number } ist zu lang: höchstens 150 Zeichen, auch für ihre Antworten.
desk-set-fields-no-choice-label = Frage { $number } hat eine Antwort ohne Text in der Sprache des Newsletters.
desk-set-fields-few-choices = Frage { $number } braucht mindestens zwei Antworten zur Auswahl.
desk-set-fields-too-many = Höchstens 12 Fragen; längere Formulare füllt niemand aus.
desk-set-fields-two-greetings = Die Anrede der Mails enthält nur eine Antwort: Kreuzen Sie das nur bei einer Frage an.
desk-set-fields-other = Etwas an diesen Fragen passt nicht. Sehen Sie sich ihre Texte noch einmal an.

# wording
desk-set-texts-mail = Mail
desk-set-texts-hint = Was in geschweiften Klammern steht, wird für jede Person eingesetzt und bleibt, wie es ist. Ein leerer Text wird wieder der mitgelieferte.
desk-set-mail-confirmation = Bitte bestätigen
desk-set-mail-already-subscribed = Schon angemeldet
desk-set-mail-welcome = Willkommen
desk-set-mail-greeting = Anrede aller Mails
desk-set-text-subject = Betreff
desk-set-text-preheader = Vorschautext
desk-set-text-title = Überschrift
desk-set-text-button = Button
desk-set-text-archive-button = Button zur letzten Ausgabe
desk-set-text-archive = Vor dem Button zur letzten Ausgabe
desk-set-text-hello = Anrede
desk-set-text-hello-name = Anrede mit Namen
desk-set-text-what = Erster Absatz
desk-set-text-link = Wenn der Button nicht funktioniert
desk-set-text-valid = Wie lange der Link gilt
desk-set-text-ignore = Für die, die sich nicht angemeldet haben
desk-set-text-leave = Zum Abmelden
desk-set-text-latest = Überschrift der letzten Ausgabe
desk-set-text-more = Weiterer Text
desk-set-text-several = wenn mehrere Newsletter gewählt wurden
desk-set-text-shipped = Mitgelieferter Text:
desk-set-text-reset = Zurück zum mitgelieferten Text
desk-set-text-not-editable = Dieser Text lässt sich nicht ändern.
desk-set-text-empty = Dieser Text darf nicht leer sein. Den mitgelieferten bringt sein Button zurück.
desk-set-text-too-long = Der Text hat hier höchstens { $most } Zeichen.
desk-set-text-one-line = Ein Text ist eine Zeile, ohne Umbruch.
desk-set-text-unreadable = Die geschweiften Klammern stimmen nicht. Übernehmen Sie, was in ihnen steht, aus dem mitgelieferten Text.
desk-set-text-unknown-value = { $name } bedeutet in diesem Text nichts. Nehmen Sie es heraus.
desk-set-text-missing-value = Dieser Text muss { $name } enthalten, wie der mitgelieferte: Die Leute brauchen es.
desk-set-text-link-refused = Nehmen Sie die Webadresse aus diesem Text: Die Bestätigungsmail darf keinen anderen Link haben als den, der bestätigt.

# sign-up and archive
desk-set-visibility = Wer den Newsletter findet
desk-set-visibility-public = Alle
desk-set-visibility-public-hint = Seine Ausgaben stehen im Archiv, in der Suche, im Feed und in Suchmaschinen.
desk-set-visibility-private = Nur wer davon weiß
desk-set-visibility-private-hint = Er steht in keiner Liste, und seine Ausgaben öffnen sich nur über die Links in seinen Mails. Suchmaschinen erinnern sich vielleicht an das, was vorher öffentlich war.
desk-set-welcome = Neue Leserinnen und Leser
desk-set-welcome-issue = Die Willkommensmail bringt die letzte Ausgabe mit
desk-set-welcome-issue-hint = Wer sich am Dienstag anmeldet, wartet dann nicht bis Montag.
desk-set-sites = Andere Websites
desk-set-sites-label = Websites, die die Anmeldung einbetten dürfen
desk-set-sites-hint = Eine je Zeile, wie https://magazine.example.org, und nichts dahinter. Ein einzelnes * ist jede Website.
desk-set-snippet = Was andere Websites einfügen
desk-set-snippet-lead = Wer die andere Website betreut, kopiert eines davon in deren Seite.
desk-set-snippet-language = Sprache des Formulars
desk-set-snippet-link = Ein Link zur Anmeldeseite
desk-set-snippet-form = Ein Formular
desk-set-snippet-form-hint = Geht auf jeder Website, sieht aus wie sie und braucht kein Skript.
desk-set-snippet-frame = Ein Rahmen
desk-set-snippet-frame-hint = Zeigt unser Formular in der Farbe des Newsletters auf den oben genannten Websites.
desk-set-snippet-no-frame = Nennen Sie oben eine Website und speichern Sie; dann lässt sich hier ein Rahmen kopieren.
desk-set-copy = Kopieren
desk-set-copied = Kopiert
desk-set-summary = Monatszusammenfassung
desk-set-summary-words = Wer eine Mail im Monat gewählt hat, bekommt die Ausgaben des Monats als Zusammenfassung. Sie entsteht von selbst am Monatsende, wartet auf der Seite „Start“ auf Ihre Durchsicht und geht am { $day }. des nächsten Monats um { $hour } Uhr hinaus ({ $zone }). Hier ist nichts einzustellen.
desk-set-see-archive = Archiv ansehen

# safety mode
desk-set-safety = Schutzmodus
desk-set-safety-lead = Für Menschen an Orten, an denen ein Newsletter jemanden in Schwierigkeiten bringen kann.
desk-set-safety-on = Im Schutzmodus versenden
desk-set-safety-does = Was er tut
desk-set-safety-does-text = Alle bekommen jeden Artikel ganz in der Mail: Niemand muss eine Website öffnen, und keine Mail zeigt, welchen Ländern jemand folgt.
desk-set-safety-does-remote = Mails laden nichts: keine Bilder, kein Logo. Wer die Leitung überwacht, sieht nicht, wann eine Mail geöffnet wird.
desk-set-safety-does-subject = Der Betreff und die Vorschau sind neutral: Eine Mailliste oder ein Sperrbildschirm verrät nichts. Der wirkliche Betreff steht innen als Überschrift.
desk-set-safety-does-logs = Wer welche Ausgabe bekam und was Mailserver sagten, wird { $days } Tage nach der Ausgabe gelöscht, ebenso die Netzadressen der Anmeldungen. Die Summen bleiben.
desk-set-safety-costs = Was er kostet
desk-set-safety-costs-words = Mails sind schlichter und länger, und niemand bekommt eine Auswahl nach Ländern. Ein neutraler Betreff wird seltener geöffnet. Alte Zustellungen lassen sich nicht mehr nachschlagen.
desk-set-safety-limits = Was er nicht kann
desk-set-safety-limits-words = Name und Adresse des Absenders und der Name des Newsletters in den Kopfzeilen sagen weiterhin, woher die Mail kommt. Die Links in ihr führen weiter auf Websites. Mailserver auf dem Weg können sie lesen.
desk-set-neutral-subject = Betreff jeder Ausgabe
desk-set-neutral-subject-hint = Eine Zeile, die nichts verrät. Leer für den üblichen.
desk-set-wrong-neutral-subject = Nicht gespeichert: Der Betreff ist eine Zeile mit höchstens 150 Zeichen.
desk-set-group-approval = Vor dem Versand
desk-set-needs-approval = Eine zweite Person muss jede Ausgabe freigeben.
