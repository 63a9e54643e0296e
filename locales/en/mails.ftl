### The mails.

mail-hello = Hello,
mail-hello-name = Hello { $name },
mail-sender = This email was sent to you by:

confirmation-subject = Please confirm your subscription to “{ $newsletter }”
confirmation-subject-several = Please confirm your subscription to “{ $newsletter }” and { $others ->
    [one] one more newsletter
   *[other] { $others } more newsletters
 }
confirmation-preheader = One click and you’re on the list.
confirmation-title = Just one more click
confirmation-what = Someone, most likely you, wants to subscribe to “{ $newsletter }” (sent by { $sender }) with this address. If that’s right, please confirm:
confirmation-what-several = Someone, most likely you, wants to subscribe to these newsletters (sent by { $sender }) with this address:
confirmation-please-several = If that’s right, please confirm them all with one click:
confirmation-button = Yes, sign me up
confirmation-link = Button not working? Copy this address into your browser:
confirmation-valid = This link works for { $duration }.
confirmation-ignore = Not you? There’s nothing to do: unless you confirm, we won’t send you anything and your address will be erased. To stop getting these requests, open the link and choose “This wasn’t me”.

already-subscribed-subject = You’re already subscribed to “{ $newsletter }”
already-subscribed-preheader = Nothing to confirm: your subscription continues.
already-subscribed-title = You’re already subscribed
already-subscribed-what = Someone just signed your address up for “{ $newsletter }” again. It’s already on the list: nothing changes, and there’s nothing to confirm.
already-subscribed-how = To change what you get, go to your preferences:
already-subscribed-button = See my preferences
already-subscribed-leave = No longer want this newsletter?

welcome-subject = Welcome to “{ $newsletter }”
welcome-subject-several = Welcome to “{ $newsletter }” and { $others ->
    [one] one more newsletter
   *[other] { $others } more newsletters
 }
welcome-preheader = Your subscription is confirmed.
welcome-title = Welcome!
welcome-what = Your subscription to “{ $newsletter }” is confirmed. Thanks for signing up! The next issue will come to this inbox.
welcome-what-several = Your subscription to these newsletters is confirmed. Thanks for signing up! The next issues will come to this inbox.
welcome-archive = Until then, you can read the latest issue online:
welcome-archive-button = Read the latest issue
welcome-choices = You can change your countries, how often you hear from us, and your language at any time in your preferences.
welcome-choices-several = You can change your newsletters, your countries, how often you hear from us, and your language at any time in your preferences. That’s also where you can unsubscribe from one newsletter, or from all of them.
welcome-leave = And if you ever change your mind, one click is enough.
welcome-latest = The latest issue
welcome-leave-one = Unsubscribe from “{ $newsletter }”

footer-preferences = My preferences
footer-unsubscribe = Unsubscribe
footer-web = Read online
footer-why = You’re receiving this newsletter because this address is subscribed to “{ $newsletter }”.
footer-reply = Questions or comments? Just reply to this email.

# The subject of issues in safety mode; it tells nothing.
safety-subject = News of the week
# What begins such an issue; it tells nothing either.
safety-why = You’re receiving this email because this address is subscribed to it. You can change what you get, or unsubscribe, at any time.
# The same for mails about a subscription, and how they begin.
safety-confirmation-subject = Please confirm your subscription
safety-subscription-subject = Your subscription
safety-data-subject = Your data
safety-address-subject = Please confirm your address
safety-address-changed-subject = Your address has changed
safety-mail-why = This email is about a subscription of this address. A list of emails or a locked screen should tell nothing, so it says only further down which one it is and what you can do. If you know nothing of it, you need not do anything, and nobody learns that you have opened it.
