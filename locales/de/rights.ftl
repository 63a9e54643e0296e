### Die eigenen Daten: was gespeichert ist, wie man es sieht, berichtigt und löscht.

## Namen dessen, was aufgezeichnet wird.

consent-requested = Anmeldung angefragt
consent-mailed = Bestätigungsmail gesendet und vom Mailserver angenommen
consent-confirmed = Bestätigt
consent-imported = Von anderswo übernommen, mit früherer Einwilligung
consent-changed = Auswahl geändert
consent-corrected = Name berichtigt
consent-moved = Adresse geändert
consent-withdrawn = Abgemeldet
consent-erased = Auf Wunsch gelöscht
way-page = auf einer Seite dieses Dienstes
way-api = über das Formular einer anderen Website oder ein Programm
way-one_click = mit einem Klick im Postfach
way-import = aus einer Datei
way-mail = per E-Mail
way-owner = durch den Herausgeber
way-operator = durch den Betrieb des Servers
way-signed_link = über den persönlichen Link einer E-Mail
subscription-pending = noch nicht bestätigt
subscription-active = aktiv
subscription-ended = beendet
ended-unsubscribed = abgemeldet
ended-bounced = das Postfach gibt es nicht mehr
ended-complained = als unerwünscht gemeldet
ended-erased = auf Wunsch gelöscht
delivery-queued = wartet
delivery-sent = gesendet
delivery-deferred = verzögert
delivery-bounced = abgelehnt
delivery-failed = nicht zugestellt
delivery-skipped = nicht gesendet
delivery-unknown = gesendet, Ankunft unbekannt
mail-kind-confirmation = Bitte um Bestätigung
mail-kind-already_subscribed = „Sie sind schon dabei“
mail-kind-welcome = Willkommen
mail-kind-test_copy = Testexemplar
mail-kind-data_link = Link zu Ihren Daten
mail-kind-new_address = Bitte um Bestätigung einer neuen Adresse
mail-kind-address_changed = Hinweis auf die neue Adresse
mail-kind-erased = Bestätigung der Löschung
mail-kind-editor_invitation = Einladung in die Redaktion
mail-kind-password_reset = Link für ein neues Passwort
mail-kind-new_browser = Hinweis auf einen neuen Browser
mail-kind-codes_off = Hinweis auf abgeschaltete Codes

## Die Datei.

dossier-title = Was zu { $address } gespeichert ist
dossier-title-consent = Nachweis der Einwilligung von { $address }
dossier-label = { $name }:
dossier-made = Zusammengestellt am
dossier-since = Bei uns seit
dossier-name = Name
dossier-new-address = Gewünschte neue Adresse, noch nicht bestätigt
dossier-locked = Die Daten dieser Person wurden gelöscht. Geblieben ist nur der gesperrte Nachweis der Einwilligung; er enthält keine Adresse und wurde über den Schlüssel-Hash der gesuchten Adresse gefunden.
dossier-state = Stand
dossier-asked = Angefragt
dossier-confirmed = Bestätigt
dossier-ended = Beendet
dossier-paused = Pause bis
dossier-language = Sprache
dossier-frequency = Häufigkeit
dossier-countries = Länder
dossier-countries-all = alle gleichermaßen
dossier-answer-yes = ja
dossier-consent = Das Register der Einwilligungen
dossier-page = Wo
dossier-ip = IP-Adresse
dossier-wording = Wortlaut, Version
dossier-event = Ereignis { $number }, Hash
dossier-not-genuine = Dieses Ereignis sagt nicht mehr, was aufgezeichnet wurde.
dossier-deliveries = Ausgaben
dossier-mails = Andere E-Mails
dossier-reply = Antwort des Mailservers
dossier-proof = Alle Zeiten sind in UTC. Jedes Ereignis trägt einen Schlüssel-Hash über seinen Inhalt und über das Ereignis davor: Nichts lässt sich nachträglich unbemerkt ändern, entfernen oder einfügen.
dossier-imported = Importiert
dossier-wording-alone = Wortlaut

## Die Seiten.

my-data-open = Meine Daten ansehen, herunterladen, berichtigen oder löschen
my-data-ask-title = Ihre Daten
my-data-ask-what = Sehen Sie alles, was wir über Sie speichern, laden Sie es herunter, berichtigen Sie es, ändern Sie Ihre Adresse oder lassen Sie alles löschen.
my-data-ask-why = E-Mails werden weitergeleitet und ihre Links mit ihnen. Deshalb senden wir einen neuen Link an { $email }; er ist { $duration } gültig.
my-data-ask-why-moved = E-Mails werden weitergeleitet und ihre Links mit ihnen. Deshalb senden wir einen neuen Link an Ihre jetzige Adresse; er ist { $duration } gültig.
my-data-ask-button = Link zusenden
my-data-asked-title = Schauen Sie in Ihr Postfach
my-data-asked-what = Wir haben einen Link zu Ihren Daten an { $email } geschickt.
my-data-asked-what-moved = Wir haben einen Link zu Ihren Daten an Ihre jetzige Adresse geschickt.
my-data-asked-again = Nach ein paar Minuten nichts da? Sehen Sie im Spam-Ordner nach. Sie können den Link mehrmals am Tag anfordern.
my-data-expired-title = Dieser Link ist abgelaufen
my-data-expired-what = Zu Ihrer Sicherheit ist ein Link zu Ihren Daten nur kurze Zeit gültig.
my-data-expired-button = Neuen Link anfordern
my-data-title = Ihre Daten
my-data-lead = Das ist alles, was wir über Sie speichern. Sonst nichts: Wir verfolgen nicht, was Sie öffnen oder anklicken.
my-data-saved = Gespeichert.
my-data-who = Wer Sie sind
my-data-address = Adresse
my-data-name = Name
my-data-since = Bei uns seit
my-data-none = keiner
my-data-subscriptions = Ihre Abonnements
my-data-consent-many = Das Register Ihrer Einwilligungen ({ $count })
my-data-deliveries-many = Ausgaben ({ $count })
my-data-mails-many = Andere E-Mails ({ $count })
my-data-take = Meine Daten herunterladen
my-data-take-text = Als Datei zum Lesen
my-data-take-json = Als Datei für Programme (JSON)
my-data-name-title = Ihren Namen berichtigen
my-data-name-hint = Wenn Sie das Feld leer lassen, löschen wir den Namen.
my-data-name-button = Namen speichern
my-data-name-wrong = Ein Name ist eine Zeile mit höchstens 200 Zeichen.
my-data-address-title = Ihre Adresse ändern
my-data-address-new = Ihre neue E-Mail-Adresse
my-data-address-hint = Wir senden einen Link an die neue Adresse. Erst wenn Sie darauf klicken, ändert sich etwas. Danach benachrichtigen wir die alte Adresse.
my-data-address-button = Adresse ändern
my-data-address-asked = Wir haben eine E-Mail an die neue Adresse geschickt. Öffnen Sie sie und klicken Sie auf den Link.
my-data-address-postponed = Wir verschicken gerade sehr viele E-Mails. Die an die neue Adresse geht erst nach diesem Zeitpunkt hinaus: { $time }. Öffnen Sie sie dann und klicken Sie auf den Link.
my-data-address-same = Das ist bereits Ihre Adresse.
my-data-address-often = Sie haben das heute schon zu oft angefordert. Bitte versuchen Sie es morgen wieder.
my-data-erase-title = Alles löschen lassen
my-data-erase-what = Alle Ihre Abonnements enden sofort. Ihre Adresse, Ihr Name, Ihre Auswahl, Ihre Antworten und die Liste dessen, was wir Ihnen geschickt haben, werden gelöscht. Niemand kann das rückgängig machen. Was bleibt: ein Fingerabdruck Ihrer Adresse, aus dem sie sich nicht ablesen lässt, damit keine Liste Sie zurückholt, und der gesperrte Nachweis Ihrer Einwilligung { $until }.
my-data-erase-until = bis zum { $date }
my-data-erase-always = unbefristet
my-data-erase-button = Alles über mich löschen
my-data-erase-sure = Ja, alles löschen
my-data-erase-unticked = Bitte setzen Sie zuerst das Häkchen bei „Ja, alles löschen“: Niemand kann das rückgängig machen.
new-address-page-title = Ihre neue Adresse bestätigen
new-address-page-what = „{ $newsletter }“ und alle Ihre anderen Abonnements bei uns kommen ab jetzt an diese Adresse.
new-address-button = Ja, diese Adresse verwenden
new-address-decline = Das waren nicht Sie? Ohne Ihre Bestätigung ändert sich nichts. Sie können die Anfrage auch löschen: Dann kann uns in den nächsten Monaten niemand mehr dazu bringen, an diese Adresse zu schreiben.
new-address-done-title = Erledigt
new-address-done-what = Ab jetzt kommen Ihre Newsletter an diese Adresse. Die alte haben wir benachrichtigt.
erased-page-title = Alles ist gelöscht
erased-certificate = Bescheinigung ansehen

## Die E-Mails.

data-link-subject = Ihre Daten bei „{ $newsletter }“
data-link-preheader = Ansehen, berichtigen, herunterladen oder löschen.
data-link-title = Ihre Daten
data-link-what = Sie möchten sehen, was wir über Sie als Leser von „{ $newsletter }“ speichern. Mit diesem Link öffnen Sie es:
data-link-button = Meine Daten öffnen
data-link-valid = Der Link ist { $duration } gültig. Bitte geben Sie ihn nicht weiter.
data-link-ignore = Das waren nicht Sie? Sie müssen nichts tun: Ohne diese E-Mail kann niemand etwas sehen oder ändern.

new-address-subject = Bitte bestätigen Sie Ihre neue Adresse für „{ $newsletter }“
new-address-preheader = Ein Klick, und Ihre Newsletter kommen hierher.
new-address-title = Ihre neue Adresse
new-address-mail-what = Jemand, der „{ $newsletter }“ liest, möchte den Newsletter an diese Adresse erhalten. Wenn Sie das sind, bestätigen Sie es bitte:
new-address-ignore = Das waren nicht Sie? Sie müssen nichts tun: Ohne Ihre Bestätigung ändert sich nichts. Wenn Sie solche E-Mails nicht mehr erhalten möchten, öffnen Sie den Link und wählen Sie „Das war ich nicht“.

address-changed-subject = Ihre Adresse für „{ $newsletter }“ hat sich geändert
address-changed-preheader = Ihre Newsletter gehen ab jetzt an eine andere Adresse.
address-changed-title = Ihre Adresse hat sich geändert
address-changed-what = „{ $newsletter }“ geht ab jetzt an eine andere Adresse. Das wurde über einen Link angefordert, der an diese Adresse ging, und an der neuen bestätigt. Dies ist die letzte E-Mail an diese Adresse.
address-changed-not-you = Das waren nicht Sie? Bitte schreiben Sie uns sofort: { $reply }

erased-subject = Ihre Daten sind gelöscht
erased-preheader = Was gelöscht wurde, was bleibt und bis wann.
erased-title = Alles ist gelöscht
erased-what = Wie gewünscht haben wir gelöscht, was wir über Sie gespeichert hatten. Hier ist die Bescheinigung.
erased-deleted = Gelöscht
erased-deleted-person = Ihre Adresse, Ihr Name, Ihre Auswahl und Ihre Antworten
erased-deleted-subscriptions = { $count ->
    [one] ein Abonnement, das beendet ist
   *[other] { $count } Abonnements, die beendet sind
 }
erased-deleted-deliveries = { $count ->
    [one] ein Vermerk über eine Ausgabe, die an Sie ging
   *[other] { $count } Vermerke über Ausgaben, die an Sie gingen
 }
erased-deleted-mails = { $count ->
    [one] eine andere E-Mail, samt der Antwort des Mailservers
   *[other] { $count } andere E-Mails, samt den Antworten des Mailservers
 }
erased-remains = Was bleibt
erased-remains-hash = ein Fingerabdruck Ihrer Adresse, damit keine Liste Sie zurückholt; die Adresse lässt sich daraus nicht wiederherstellen. Er bleibt, bis Sie sich selbst wieder anmelden.
erased-remains-proof = der Nachweis Ihrer Einwilligung, gesperrt und ohne Ihre Adresse, bis zum { $until }
erased-remains-proof-always = der Nachweis Ihrer Einwilligung, gesperrt und ohne Ihre Adresse, unbefristet
erased-remains-mail = Ihre Adresse im Postausgang, nur bis die letzte E-Mail über diese Löschung gesendet ist; Sicherungskopien der Datenbank, bis sie ersetzt werden
erased-remains-totals = wie viele Leser jede Ausgabe hatte, als bloße Zahl
erased-at = Gelöscht am:
erased-again = Sie sind jederzeit wieder willkommen: Melden Sie sich an und bestätigen Sie, und es ist wie beim ersten Mal.
