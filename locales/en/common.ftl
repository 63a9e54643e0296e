### Words shared by mails and pages.

legal-imprint = Imprint
legal-privacy = Privacy notice
language-own-name = English

country-kz = Kazakhstan
country-kg = Kyrgyzstan
country-uz = Uzbekistan
country-tj = Tajikistan
country-tm = Turkmenistan
country-region = The whole region

part-news = Three things not to miss
part-analysis = The analysis of the week
part-articles = The articles of the week
part-photo = The photo of the week
part-agenda = What’s on
part-press = In other papers
part-support = Support our work

also-in-this-letter = Also in this letter

# The summary of a month, made from its issues.
summary-subject = { $newsletter }, { $month } { $year }: the month in one letter
summary-preheader = All news, analyses and articles of the month
summary-intro = This is what we published in { $month } { $year }, in a single letter.
summary-news = The news of the month
summary-analysis = The analyses of the month
summary-articles = The articles of the month
summary-issues = Our issues of the month
# What its editors get before it goes out.
summary-copy-subject = To be sent on { $date }: { $subject }

access-paid = Subscribers
photo-credit = Photo: { $credit }

date-long = { $weekday }, { $day ->
   *[other] { $day }
 } { $month } { $year }

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

duration-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
 }
duration-days = { $count ->
    [one] one day
   *[other] { $count } days
 }

## The wording of the consent: whoever changes it changes its version too.

consent-wording = I agree to receive “{ $newsletter }” by e-mail. I can leave at any time, with one click, by the link at the foot of every letter.
consent-wording-ticked = I agree to receive the letters ticked above by e-mail. I can leave each of them at any time, with one click, by the link at the foot of every letter.
consent-wording-version = en-1
