### Die E-Mails.

mail-hello = Guten Tag!
mail-hello-name = Guten Tag { $name }!
mail-sender = Diese E-Mail kommt von:

confirmation-subject = Bitte bestätigen Sie Ihre Anmeldung zu „{ $newsletter }“
confirmation-subject-several = Bitte bestätigen Sie Ihre Anmeldung zu „{ $newsletter }“ und { $others ->
    [one] einem weiteren Newsletter
   *[other] { $others } weiteren Newslettern
 }
confirmation-preheader = Ein Klick, und Sie sind dabei.
confirmation-title = Nur noch ein Klick
confirmation-what = Jemand, vermutlich Sie selbst, möchte „{ $newsletter }“ (Absender: { $sender }) mit dieser E-Mail-Adresse abonnieren. Wenn das stimmt, bestätigen Sie es bitte:
confirmation-what-several = Jemand, vermutlich Sie selbst, möchte diese Newsletter (Absender: { $sender }) mit dieser E-Mail-Adresse abonnieren:
confirmation-please-several = Wenn das stimmt, bestätigen Sie bitte alle mit einem einzigen Klick:
confirmation-button = Ja, ich melde mich an
confirmation-link = Der Button funktioniert nicht? Kopieren Sie diese Adresse in Ihren Browser:
confirmation-valid = Dieser Link ist { $duration } gültig.
confirmation-ignore = Das waren nicht Sie? Dann brauchen Sie nichts zu tun: Ohne Bestätigung schicken wir Ihnen nichts, und Ihre Adresse wird gelöscht. Wenn Sie solche E-Mails nicht mehr erhalten möchten, öffnen Sie den Link und wählen Sie „Das war ich nicht“.

already-subscribed-subject = Sie haben „{ $newsletter }“ bereits abonniert
already-subscribed-preheader = Sie müssen nichts bestätigen: Ihr Abonnement läuft weiter.
already-subscribed-title = Sie sind schon dabei
already-subscribed-what = Gerade wurde Ihre Adresse noch einmal für „{ $newsletter }“ angemeldet. Sie ist bereits eingetragen: Für Sie ändert sich nichts, und Sie müssen nichts bestätigen.
already-subscribed-how = Ihre Auswahl ändern Sie in Ihren Einstellungen:
already-subscribed-button = Meine Einstellungen ansehen
already-subscribed-leave = Sie möchten diesen Newsletter nicht mehr erhalten?

welcome-subject = Willkommen bei „{ $newsletter }“
welcome-subject-several = Willkommen bei „{ $newsletter }“ und { $others ->
    [one] einem weiteren Newsletter
   *[other] { $others } weiteren Newslettern
 }
welcome-preheader = Ihre Anmeldung ist bestätigt.
welcome-title = Willkommen!
welcome-what = Ihre Anmeldung zu „{ $newsletter }“ ist bestätigt. Danke für Ihr Vertrauen! Die nächste Ausgabe kommt in dieses Postfach.
welcome-what-several = Ihre Anmeldung zu diesen Newslettern ist bestätigt. Danke für Ihr Vertrauen! Die nächsten Ausgaben kommen in dieses Postfach.
welcome-archive = Bis dahin können Sie die neueste Ausgabe online lesen:
welcome-archive-button = Neueste Ausgabe lesen
welcome-choices = Länder, Häufigkeit und Sprache können Sie jederzeit in Ihren Einstellungen ändern.
welcome-choices-several = Newsletter, Länder, Häufigkeit und Sprache können Sie jederzeit in Ihren Einstellungen ändern. Dort können Sie auch einzelne Newsletter oder alle abbestellen.
welcome-leave = Und falls Sie es sich anders überlegen, genügt ein Klick.
welcome-latest = Die neueste Ausgabe
welcome-leave-one = „{ $newsletter }“ abbestellen

footer-preferences = Meine Einstellungen
footer-unsubscribe = Abmelden
footer-web = Online lesen
footer-why = Sie erhalten diesen Newsletter, weil diese Adresse für „{ $newsletter }“ angemeldet ist.
footer-reply = Haben Sie eine Frage oder Anmerkung? Antworten Sie einfach auf diese E-Mail.

# Der Betreff der Ausgaben im Schutzmodus; er verrät nichts.
safety-subject = Neues der Woche
# Womit eine solche Ausgabe beginnt; auch das verrät nichts.
safety-why = Sie erhalten diese E-Mail, weil diese Adresse dafür angemeldet ist. Was Sie bekommen, können Sie jederzeit ändern oder abbestellen.
# Dasselbe für E-Mails über ein Abonnement, und womit sie beginnen.
safety-confirmation-subject = Bitte bestätigen Sie Ihre Anmeldung
safety-subscription-subject = Ihr Abonnement
safety-data-subject = Ihre Daten
safety-address-subject = Bitte bestätigen Sie Ihre Adresse
safety-address-changed-subject = Ihre Adresse hat sich geändert
safety-mail-why = Diese E-Mail betrifft ein Abonnement dieser Adresse. Eine Liste von E-Mails oder ein gesperrter Bildschirm soll nichts verraten: Um welches es geht und was Sie tun können, steht erst weiter unten. Wenn Sie davon nichts wissen, brauchen Sie nichts zu tun, und niemand erfährt, dass Sie sie geöffnet haben.
