### Wörter, die E-Mails und Seiten gemeinsam haben.

legal-imprint = Impressum
legal-privacy = Datenschutz
language-own-name = Deutsch

country-kz = Kasachstan
country-kg = Kirgisistan
country-uz = Usbekistan
country-tj = Tadschikistan
country-tm = Turkmenistan
country-region = Die ganze Region

part-news = Das sollten Sie nicht verpassen
part-analysis = Die Analyse der Woche
part-articles = Die Artikel der Woche
part-photo = Das Foto der Woche
part-agenda = Termine
part-press = Presseschau
part-support = Unsere Arbeit unterstützen

also-in-this-letter = Außerdem in dieser Ausgabe

# The summary of a month, made from its issues.
summary-subject = { $newsletter }: der { $month } { $year } im Überblick
summary-preheader = Alle Nachrichten, Analysen und Artikel des Monats
summary-intro = Das haben wir im { $month } { $year } veröffentlicht, zusammengefasst in einer Ausgabe.
summary-news = Die Nachrichten des Monats
summary-analysis = Die Analysen des Monats
summary-articles = Die Artikel des Monats
summary-issues = Unsere Ausgaben im Monat
# What its editors get before it goes out.
summary-copy-subject = Versand am { $date }: { $subject }

access-paid = Bezahlartikel
photo-credit = Foto: { $credit }

date-long = { $weekday }, { $day ->
   *[other] { $day }.
 } { $month } { $year }

weekday-1 = Montag
weekday-2 = Dienstag
weekday-3 = Mittwoch
weekday-4 = Donnerstag
weekday-5 = Freitag
weekday-6 = Samstag
weekday-7 = Sonntag

month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

duration-hours = { $count ->
    [one] eine Stunde
   *[other] { $count } Stunden
 }
duration-days = { $count ->
    [one] einen Tag
   *[other] { $count } Tage
 }

## Der Wortlaut der Einwilligung: Wer ihn ändert, ändert auch seine Version.

consent-wording = Ich möchte „{ $newsletter }“ per E-Mail erhalten. Ich kann mich jederzeit mit einem Klick abmelden, über den Link am Ende jeder Ausgabe.
consent-wording-ticked = Ich möchte die oben angekreuzten Newsletter per E-Mail erhalten. Ich kann jeden davon jederzeit mit einem Klick abbestellen, über den Link am Ende jeder Ausgabe.
consent-wording-version = de-2
