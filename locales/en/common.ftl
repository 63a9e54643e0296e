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

part-news = Don’t miss this week
part-analysis = Analysis of the week
part-articles = Articles of the week
part-photo = Photo of the week
part-agenda = What’s on
part-press = In the press
part-support = Support our work

also-in-this-letter = Also in this issue

# The summary of a month, made from its issues.
summary-subject = { $newsletter }: { $month } { $year } in review
summary-preheader = All the news, analysis and articles of the month
summary-intro = Here is what we published in { $month } { $year }, all in one issue.
summary-news = News of the month
summary-analysis = Analysis of the month
summary-articles = Articles of the month
summary-issues = This month’s issues
# What its editors get before it goes out.
summary-copy-subject = Going out on { $date }: { $subject }

access-paid = Paid article
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

consent-wording = I agree to receive “{ $newsletter }” by email. I can unsubscribe at any time with one click, using the link at the bottom of every issue.
consent-wording-ticked = I agree to receive the newsletters ticked above by email. I can unsubscribe from any of them at any time with one click, using the link at the bottom of every issue.
consent-wording-version = en-2
