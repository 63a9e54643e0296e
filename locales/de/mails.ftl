### Die E-Mails.

mail-hello = Guten Tag,
mail-hello-name = Guten Tag, { $name },
mail-sender = Diese E-Mail kommt von:

confirmation-subject = Bitte bestätigen Sie Ihre Anmeldung zu „{ $newsletter }“
confirmation-subject-several = Bitte bestätigen Sie Ihre Anmeldung zu „{ $newsletter }“ und { $others ->
    [one] einem weiteren Brief
   *[other] { $others } weiteren Briefen
 }
confirmation-preheader = Ein Klick, und Sie sind dabei.
confirmation-title = Nur noch ein Klick
confirmation-what = Jemand, vermutlich Sie selbst, möchte „{ $newsletter }“ (Absender: { $sender }) an diese Adresse bekommen. Wenn das stimmt, bestätigen Sie es bitte:
confirmation-what-several = Jemand, vermutlich Sie selbst, möchte diese Briefe (Absender: { $sender }) an diese Adresse bekommen:
confirmation-please-several = Wenn das stimmt, bestätigen Sie sie bitte mit einem einzigen Klick:
confirmation-button = Ja, ich melde mich an
confirmation-link = Der Knopf geht nicht? Kopieren Sie diese Adresse in Ihren Browser:
confirmation-valid = Dieser Link gilt { $duration }.
confirmation-ignore = Sie waren es nicht? Dann brauchen Sie nichts zu tun: Ohne Bestätigung schicken wir Ihnen nichts, und Ihre Adresse wird gelöscht. Damit keine solche Anfrage mehr kommt, öffnen Sie den Link und wählen Sie „Das war ich nicht“.

already-subscribed-subject = Sie bekommen „{ $newsletter }“ bereits
already-subscribed-preheader = Nichts zu bestätigen: Ihr Abonnement läuft weiter.
already-subscribed-title = Sie sind schon dabei
already-subscribed-what = Gerade wurde Ihre Adresse für „{ $newsletter }“ angemeldet. Sie steht schon auf der Liste: Es ändert sich nichts, und Sie müssen nichts bestätigen.
already-subscribed-how = Ihre Auswahl ändern Sie auf der Seite mit Ihren Einstellungen:
already-subscribed-button = Meine Einstellungen ansehen
already-subscribed-leave = Sie möchten diesen Brief lieber nicht mehr bekommen?

welcome-subject = Willkommen bei „{ $newsletter }“
welcome-subject-several = Willkommen bei „{ $newsletter }“ und { $others ->
    [one] einem weiteren Brief
   *[other] { $others } weiteren Briefen
 }
welcome-preheader = Ihre Anmeldung ist bestätigt.
welcome-title = Willkommen!
welcome-what = Ihre Anmeldung zu „{ $newsletter }“ ist bestätigt. Danke für Ihr Vertrauen: Ihr nächster Brief kommt in dieses Postfach.
welcome-what-several = Ihre Anmeldung zu diesen Briefen ist bestätigt. Danke für Ihr Vertrauen: Ihre nächsten Briefe kommen in dieses Postfach. Bis dahin können Sie frühere Ausgaben im Netz lesen.
welcome-archive = Bis dahin können Sie frühere Ausgaben im Netz lesen:
welcome-archive-button = Frühere Ausgaben lesen
welcome-choices = Ihre Länder, die Häufigkeit und Ihre Sprache können Sie jederzeit in Ihren Einstellungen ändern.
welcome-choices-several = Ihre Briefe, Ihre Länder, die Häufigkeit und Ihre Sprache können Sie jederzeit in Ihren Einstellungen ändern. Dort können Sie auch einzelne Briefe oder alle abbestellen.
welcome-leave = Und falls Sie es sich einmal anders überlegen, genügt ein Klick.
welcome-latest = Die neueste Ausgabe

footer-preferences = Meine Einstellungen
footer-unsubscribe = Abmelden
footer-web = Im Netz lesen
footer-why = Sie bekommen diesen Brief, weil diese Adresse für „{ $newsletter }“ angemeldet ist.
footer-reply = Eine Anmerkung, eine Frage? Antworten Sie einfach auf diese E-Mail.
