### Mots communs aux e-mails et aux pages.

legal-imprint = Mentions légales
legal-privacy = Protection des données
language-own-name = Français

country-kz = Kazakhstan
country-kg = Kirghizstan
country-uz = Ouzbékistan
country-tj = Tadjikistan
country-tm = Turkménistan
country-region = Toute la région

part-news = L’actualité à ne pas manquer
part-analysis = L’analyse de la semaine
part-articles = Les articles de la semaine
part-photo = La photo de la semaine
part-agenda = L’agenda
part-press = La revue de presse
part-support = Soutenir le journal

also-in-this-letter = Également dans ce numéro

# The summary of a month, made from its issues.
summary-subject = { $newsletter }, { $month } { $year } : l’essentiel du mois
summary-preheader = Toute l’actualité, les analyses et les articles du mois
summary-intro = Voici, en un seul numéro, ce que nous avons publié en { $month } { $year }.
summary-news = L’actualité du mois
summary-analysis = Les analyses du mois
summary-articles = Les articles du mois
summary-issues = Nos numéros du mois
# What its editors get before it goes out.
summary-copy-subject = Envoi le { $date } : { $subject }

access-paid = Article payant
photo-credit = Photo : { $credit }

date-long = { $weekday } { $day ->
    [1] 1er
   *[other] { $day }
 } { $month } { $year }

weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche

month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

duration-hours = { $count ->
    [one] une heure
   *[other] { $count } heures
 }
duration-days = { $count ->
    [one] un jour
   *[other] { $count } jours
 }

## La formule du consentement : toute modification change aussi sa version.

consent-wording = J’accepte de recevoir « { $newsletter } » par e-mail. Je peux me désabonner à tout moment, en un clic, grâce au lien placé en bas de chaque numéro.
consent-wording-ticked = J’accepte de recevoir par e-mail les lettres cochées ci-dessus. Je peux me désabonner de chacune à tout moment, en un clic, grâce au lien placé en bas de chaque numéro.
consent-wording-version = fr-2
