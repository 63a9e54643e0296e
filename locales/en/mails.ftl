### The mails.

mail-hello = Hello,
mail-hello-name = Hello { $name },
mail-sender = This e-mail was sent to you by:

confirmation-subject = Please confirm that you want “{ $newsletter }”
confirmation-subject-several = Please confirm that you want “{ $newsletter }” and { $others ->
    [one] one more letter
   *[other] { $others } more letters
 }
confirmation-preheader = One click, and you are on the list.
confirmation-title = Just one more click
confirmation-what = Someone, most likely you, asked for “{ $newsletter }” (sent by { $sender }) at this address. If that is what you want, please confirm it:
confirmation-what-several = Someone, most likely you, asked for these letters (sent by { $sender }) at this address:
confirmation-please-several = If that is what you want, please confirm them all with one click:
confirmation-button = Yes, sign me up
confirmation-link = Does the button not work? Copy this address into your browser:
confirmation-valid = This link works for { $duration }.
confirmation-ignore = Was it not you? There is nothing to do: unless you confirm, we will send you nothing and your address will be erased. To get no more such requests, open the link and choose “This was not me”.

already-subscribed-subject = You already receive “{ $newsletter }”
already-subscribed-preheader = Nothing to confirm: your subscription goes on.
already-subscribed-title = You are already with us
already-subscribed-what = Someone has just asked to sign your address up for “{ $newsletter }”. It is on the list already: nothing changes, and there is nothing to confirm.
already-subscribed-how = To change your choices, open your preferences:
already-subscribed-button = See my preferences
already-subscribed-leave = Would you rather not receive this letter any more?

welcome-subject = Welcome to the readers of “{ $newsletter }”
welcome-subject-several = Welcome to “{ $newsletter }” and { $others ->
    [one] one more letter
   *[other] { $others } more letters
 }
welcome-preheader = Your subscription is confirmed.
welcome-title = Welcome!
welcome-what = Your subscription to “{ $newsletter }” is confirmed. Thank you for your trust: your next letter will arrive in this mailbox.
welcome-what-several = Your sign-up to these letters is confirmed. Thank you for your trust: your next letters will come to this mailbox. Until then, earlier issues can be read on the web.
welcome-archive = Until then, you can read the earlier issues on the web:
welcome-archive-button = Read earlier issues
welcome-choices = You can change your countries, how often letters come, and your language at any time in your preferences.
welcome-choices-several = You can change your letters, your countries, how often they come, and your language at any time in your preferences. That is also where you can stop one letter, or all of them.
welcome-leave = And should you change your mind one day, one click is enough.
welcome-latest = The latest issue

footer-preferences = My preferences
footer-unsubscribe = Unsubscribe
footer-web = Read on the web
footer-why = You receive this letter because this address is signed up for “{ $newsletter }”.
footer-reply = A remark, a question? Just answer this e-mail.
