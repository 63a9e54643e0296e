### The pages.

page-skip = Skip to the content
page-languages = Languages
page-archive = Earlier issues
page-subscribe = Sign up
page-menu = Menu

subscribe-title = Get “{ $newsletter }”
subscribe-lead = Kazakhstan, Kyrgyzstan, Uzbekistan, Tajikistan, Turkmenistan: what matters in Central Asia, in your mailbox.
subscribe-written-in = Language of this letter:
subscribe-problem = The form is not complete yet: see the notes below.
subscribe-email = Your e-mail address
subscribe-email-hint = We use it only to send you the letter.
subscribe-letters = The letters
subscribe-letters-hint = Tick as many as you like: one e-mail confirms them all.
subscribe-countries = The countries you follow
subscribe-countries-hint = Their articles will come first. Tick none to get everything in the same way.
field-optional = (optional)
field-choose = Please choose…
fields-asked = One more step: the letters you ticked ask for a little more. Please answer below, then press the button again. Nothing has been saved yet.
subscribe-website = Leave this field empty
subscribe-button = Sign me up
subscribe-next = You will first get an e-mail to confirm your address.
subscribe-privacy-title = What we keep
subscribe-privacy = Your address, your language, your choices, the proof that you agreed, and what we sent you. No tracking, no address passed on to anyone. You can change your choices at any time.
subscribe-privacy-answers = Your address, your language, your choices, your answers above, the proof that you agreed, and what we sent you. No tracking, no address passed on to anyone. You can change your choices at any time.

accepted-title = Check your inbox
accepted-what = If { $email } can receive the letter, an e-mail will arrive there within a few minutes.
accepted-next = Open it and follow the link, and you are signed up.
accepted-nothing = Nothing there? Look in your spam folder, and check the address.
accepted-again = Try again

confirm-title = Confirm your subscription
confirm-what = You are about to sign up for “{ $newsletter }”.
confirm-what-several = You are about to sign up to these letters:
confirm-button = Yes, sign me up
confirm-ignore = Was it not you? Unless you agree, nothing will happen and the request will be erased. You can also erase it now.
confirm-not-me = This was not me

confirmed-title = Done, and welcome!
confirmed-what = Your subscription to “{ $newsletter }” is confirmed. Your next letter will arrive in your mailbox.
confirmed-what-several = Your sign-up to these letters is confirmed. Your next letters will come to your mailbox.
confirmed-archive = Until then, read the earlier issues
confirmed-preferences = Choose my countries, how often, and my language

not-me-title = It is erased
not-me-what = We keep nothing of this request.
not-me-silence = For several months nobody can make us send another request to confirm to your address.
not-me-why = Somebody probably mistyped an address, or gave yours without your knowledge. We are sorry for the trouble.

link-invalid-title = This link does not work any more
link-invalid-expired = For your safety, a confirmation link is good for a limited time. This one has run out.
link-invalid-gone = What this link was for is over: the subscription has ended, or the request was erased or replaced by a later one.
link-invalid-forged = This link is incomplete, or it is not ours. Your mail program may have cut it: try to copy it as a whole.
link-invalid-again = Sign up again
link-invalid-again-hint = Signing up again takes a minute, and we will send you a fresh link.

unsubscribe-title = Unsubscribe
unsubscribe-what = Press the button, and you will not receive “{ $newsletter }” any more. It takes effect at once.
unsubscribe-button = Unsubscribe
unsubscribe-stay = Change my preferences instead

unsubscribed-title = Goodbye, and thank you
unsubscribed-what = You have left “{ $newsletter }”. It will not come to you any more.
unsubscribed-back = Was it a mistake, or do you miss us already?
unsubscribed-again = Sign up again

frequency = How often
frequency-each = Each issue
frequency-monthly = One summary a month
frequency-hint = The summary brings the articles of a month together and comes at the beginning of the next.
frequency-from = What you choose holds from the next issue on.

preferences-title = Your preferences
preferences-what = “{ $newsletter }”, sent to { $email }
preferences-saved = Saved.
preferences-letters = Your letters
preferences-letters-hint = Tick the letters that you agree to receive by e-mail, and untick the others. You can leave each of them at any time, with one click.
preferences-pause = Take a break
preferences-pause-hint = You get nothing during the break, and the letters come back by themselves.
preferences-pause-none = No break
preferences-pause-keep = Leave it as it is
preferences-pause-weeks = { $weeks ->
    [one] One week
   *[other] { $weeks } weeks
 }
preferences-pause-date = Until a date
preferences-pause-day = Start again on
preferences-paused = On a break. The letters come back on { $date }.
preferences-resume = Start again now
preferences-language = The language of pages and service e-mails
preferences-countries = The countries you follow
preferences-countries-hint = Their articles will come first, the others follow as a list. Tick none to get everything in the same way.
preferences-button = Save
preferences-leave = Do you no longer want this letter?
preferences-unsubscribe = Unsubscribe

archive-title = Earlier issues
archive-lead = All issues of “{ $newsletter }”, the latest first.
archive-empty = No issue has come out yet. The first will be here soon.
archive-feed = Atom feed
archive-newer = Newer
archive-older = Older
archive-subscribe-title = The next issue in your mailbox
archive-subscribe-what = Free of charge, and one click is enough to stop.
archive-all = All issues
archive-pages = Pages of the list
archive-home-lead = Every issue of our newsletters, to read online.
archive-others = Our other newsletters
archive-corrected = This issue was corrected afterwards ({ $date }).

search-title = Search
search-label = Search the issues published so far
search-button = Search
search-nothing = No issue has all of these words. Try fewer of them, or the beginning of one.
search-everywhere = Search all our newsletters

error-home = Go to the sign-up page

mailbox-title = Demo mailbox
mailbox-lead = Every e-mail that this demo has sent. None of them left this machine.
mailbox-empty = Nothing yet. Sign up, then reload this page.
mailbox-from = From
mailbox-to = To
mailbox-received = Received
mailbox-html = Layout
mailbox-text = Text
mailbox-headers = Headers
mailbox-views = Views
mailbox-frame = Content of the e-mail
mailbox-back = All e-mails

## The page that reads the record of consent.

ledger-title = Is the record of consent intact?
ledger-lead = Each act of a reader is an event in a chain of keyed hashes. This page reads all of it and says whether anything was changed, put in or taken out. It is for owners of this service.
ledger-token = An owner’s token
ledger-noted = A noted end, if you have one
ledger-noted-hint = As in { $example }: it must still be in the chain.
ledger-button = Read the record
ledger-token-wrong = This token does not belong to an owner.
ledger-noted-wrong = This must look like { $example }.
ledger-intact = The record is intact
ledger-intact-what = Every event is as it was recorded.
ledger-broken = The record is not what was recorded
ledger-broken-what = Somebody or something has changed it. Keep this page and a copy of the database, and look for what had access to it.
ledger-events = Events that are kept
ledger-removed = Events that were removed in their time
ledger-since = Chained since
ledger-end = The end to note down
ledger-event = Event { $number }
ledger-whole = The whole
break-no-end = The chain has no end any more.
break-end-moved = The end of the chain was moved.
break-cut-off = The chain does not end as it did: events are missing.
break-noted-missing = The end that was noted is not in the chain any more.
break-stray = The event was added outside the chain.
break-wording = The wording was changed.
break-order = The event does not follow the one before: something was put in, taken out or moved.
break-changed = The event was changed.
break-taken-out = The event was taken out.
break-false-removal = The event was taken out, and not by this service.
break-back = The event was removed and is back.
