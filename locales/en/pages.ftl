### The pages.

page-skip = Skip to content
page-languages = Languages
page-archive = Past issues
page-subscribe = Subscribe
page-menu = Menu
page-news-saved = Saved
page-news-wrong = Error
page-news-done = Done
page-news-more = One more step

subscribe-title = Subscribe to “{ $newsletter }”
subscribe-lead = Each issue comes to your inbox.
subscribe-written-in = This newsletter’s language:
subscribe-problem = Something’s missing: please see the notes below.
subscribe-email = Your email address
subscribe-letters = Newsletters
subscribe-others = See all our newsletters
subscribe-more = Personalise (optional)
subscribe-countries = The countries you follow
subscribe-countries-hint = Articles about them come first. Leave blank to treat all countries equally.
field-optional = (optional)
field-choose = Please choose…
fields-asked = One more step: the newsletters you ticked ask for a little more. Please answer below, then press the button again. Nothing has been saved yet.
subscribe-website = Leave this field empty
subscribe-button = Subscribe
subscribe-next = You’ll first get an email to confirm your address.
subscribe-privacy-title = What we keep
subscribe-privacy = Your address, your language, your choices, the proof that you agreed, and what we sent you. No tracking, and we never share your address. You can change your choices at any time.
subscribe-privacy-answers = Your address, your language, your choices, your answers above, the proof that you agreed, and what we sent you. No tracking, and we never share your address. You can change your choices at any time.

accepted-title = Check your inbox
accepted-what = We’ve sent an email to { $email }. It usually arrives within a few minutes.
accepted-next = Click the link in it to confirm your subscription.
accepted-mailbox = Open the demo mailbox
accepted-nothing = Nothing there? Check your spam folder, and check the address.
accepted-limits = We send one address at most { $short ->
        [one] one email
       *[other] { $short } emails
    } every 15 minutes and { $day } a day. If you ask for another one sooner, it leaves when the 15 minutes are over.
accepted-subject = Subject
accepted-change = Change the address
accepted-resend = Send the email again

confirm-title = Confirm your subscription
confirm-what = You’re about to subscribe to “{ $newsletter }”.
confirm-what-several = You’re about to subscribe to these newsletters:
confirm-button = Yes, sign me up
confirm-ignore = Not you? Unless you confirm, nothing will happen and the request will be erased. You can also erase it now.
confirm-not-me = This wasn’t me

confirmed-title = You’re in. Welcome!
confirmed-what = Your subscription to “{ $newsletter }” is confirmed. The next issue will come to your inbox.
confirmed-what-several = Your subscription to these newsletters is confirmed. The next issues will come to your inbox.
confirmed-latest = Until then, read the latest issue:
confirmed-preferences = Choose your countries, frequency and language

not-me-title = Request erased
not-me-what = We’ve erased what this request left with us.
not-me-silence = For several months, we’ll send no other confirmation request to your address, even if someone enters it again. For that we keep a fingerprint of the address, and not the address.
not-me-why = Someone probably mistyped an address, or gave yours without your knowledge. Sorry for the trouble.
not-me-slip = Pressed by mistake? For an hour you can take it back.
not-me-undo = It was me: back to the form
not-me-undo-address = It was me: let emails come again
not-me-undone-title = Taken back
not-me-undone-what = Emails can come to this address again. Nothing else has changed.

superseded-title = There’s a newer email
superseded-what = We’ve sent a later email with a new link since. Please use the link in the newest one.
superseded-why = Only the latest link confirms, so that nobody can have you confirm what you didn’t ask for.

link-invalid-title = This link is no longer valid
link-invalid-expired = For your security, confirmation links work for a limited time. This one has expired.
link-invalid-gone = This link no longer leads anywhere: the subscription has ended, or the request was erased or replaced by a later one.
link-invalid-forged = This link is incomplete, or it isn’t ours. Your mail app may have cut it off: try copying all of it.
link-invalid-again = Sign up again
link-invalid-again-hint = Signing up again takes a minute, and we’ll send you a new link.
link-invalid-copy = This link does nothing, as it’s from a test copy for editors. In readers’ own mails it ends their subscription.
link-confirmed-title = This subscription is already confirmed
link-invalid-expired-address = For your security, a link to a new address works for a day. This one has expired, and nothing has changed.
link-invalid-expired-undo = An unsubscription can be taken back for an hour.
link-invalid-confirmed = This link has done its work: there’s nothing left to confirm. You’ll find your preferences at the end of every email.
link-invalid-other-mail = Try the same link in another of our emails, or reply to one of them and tell us what you’d like.
link-invalid-new-address = You can ask for the change again: the page with your preferences leads to your data, and there to your address.
link-copy-title = A link from a test copy

unsubscribe-title = Unsubscribe
unsubscribe-what = Press the button and you’ll no longer receive “{ $newsletter }”. It takes effect immediately.
unsubscribe-button = Unsubscribe
unsubscribe-also = You also receive:
unsubscribe-all = Unsubscribe from all
unsubscribe-stay = Change my preferences instead

unsubscribed-title = Goodbye, and thank you
unsubscribed-what = You’ve unsubscribed from “{ $newsletter }”. You won’t receive any more issues.
unsubscribed-what-all = You’ve unsubscribed from all our newsletters.
unsubscribed-what-several = You’ve unsubscribed from:
unsubscribed-what-ended = Your subscription to “{ $newsletter }” has ended. You won’t receive any more issues.
unsubscribed-still = You still receive:
unsubscribed-undo = Undo, and subscribe me again
unsubscribed-back = Changed your mind?
unsubscribed-again = Subscribe again

undone-title = You’re subscribed again
undone-what = You’ll receive again:

frequency = How often
frequency-each = Every issue
frequency-monthly = One summary a month
frequency-hint = The summary brings together a month’s articles and comes at the start of the next month.
frequency-from = Your choice applies from the next issue.

preferences-title = Your preferences
preferences-what = “{ $newsletter }”, sent to { $email }
preferences-what-moved = “{ $newsletter }”, sent to the address that we have now
preferences-saved = Saved.
preferences-letters = Your newsletters
preferences-letters-hint = Tick the newsletters you agree to receive by email, and untick the others. You can unsubscribe from any of them at any time with one click.
preferences-pause = Take a break
preferences-pause-hint = During the break the newsletters of this page don’t come. Afterwards they start again by themselves.
preferences-pause-none = No break
preferences-pause-keep = No change
preferences-pause-weeks = { $weeks ->
    [one] One week
   *[other] { $weeks } weeks
 }
preferences-pause-date = Until a date
preferences-pause-day = Resume on
preferences-paused = On a break. Your newsletters resume on { $date }.
preferences-resume = Resume now
preferences-language = Language of pages and service emails
preferences-countries = The countries you follow
preferences-countries-hint = Articles about them come first, and the others follow as a list. Leave blank to treat all countries equally.
preferences-button = Save
preferences-leave = No longer want this newsletter?
preferences-unsubscribe = Unsubscribe

archive-title = Past issues
archive-lead = All issues of “{ $newsletter }”, newest first.
archive-empty = No issues yet. The first will be here soon.
archive-feed = Atom feed
archive-newer = Newer
archive-older = Older
archive-subscribe-title = Get the next issue in your inbox
archive-subscribe-what = It’s free, and you can unsubscribe with one click.
archive-all = All issues
archive-neighbours = More issues
archive-issue-before = Previous issue:
archive-issue-after = Next issue:
archive-share = Share the link by email
archive-pages = Pages of the list
archive-home-lead = Every issue of our newsletters, to read online.
archive-latest = Latest issue:
archive-others = Our other newsletters
archive-corrected = This issue was corrected after publication ({ $date }).
archive-gone-title = This issue is no longer here
archive-gone = “{ $newsletter }” has taken this page down.

search-title = Search
search-label = Search past issues
search-button = Search
search-nothing = No issue has all of these words. Try fewer words, or the beginning of one.
search-everywhere = Search all our newsletters

error-home = Go to the sign-up page

demo-banner = Demo
demo-banner-what = No email leaves this computer.
demo-banner-start = Start page
demo-banner-desk = The desk
demo-desk = The editors’ desk
demo-desk-what = Write an issue, look at it, send it and watch it go out. You are signed in; a half-written issue is waiting for you.
demo-desk-button = Open the desk
demo-as-reader = As a reader
demo-banner-mailbox = Mailbox
demo-title = Try Xabar in a minute
demo-lead = Three steps from the sign-up form to an issue in your inbox. No email leaves this computer.
demo-sign-up = Sign up
demo-sign-up-what = Type any email address, even one that doesn’t exist, and tick the box.
demo-sign-up-button = Open the sign-up form
demo-mailbox = Confirm
demo-mailbox-what = The demo mailbox has the confirmation email. Open it and click its button.
demo-send = Send the sample issue
demo-send-what = It goes to you and to the twenty sample readers of the demo, and appears in the mailbox. Then try the links at its end: preferences and unsubscribe.
demo-send-button = Send the sample issue
demo-then = More to look at
demo-archive = The archive, with issues of the past weeks
demo-corrected = An issue that was corrected after it was sent
demo-fields = A form with questions of its own and a logo
demo-api = The API

mailbox-title = Demo mailbox
mailbox-lead = The emails this demo has sent. None of them left this computer.
mailbox-sent = The sample issue is on its way to { $readers ->
    [one] { $readers } reader.
   *[other] { $readers } readers.
} If you have confirmed, yours appears here in a moment.
mailbox-count = { $count ->
    [one] { $count } email
   *[other] { $count } emails
}
mailbox-live = New ones appear by themselves.
mailbox-reload = Reload
mailbox-others = { $count ->
    [one] { $count } email to a sample reader is hidden.
   *[other] { $count } emails to sample readers are hidden.
}
mailbox-all = Show all
mailbox-mine = Hide the emails to sample readers
mailbox-empty = Nothing here yet. Sign up, and the confirmation email comes here.
mailbox-from = From
mailbox-to = To
mailbox-received = Received
mailbox-html = Layout
mailbox-text = Text
mailbox-headers = Headers
mailbox-views = Views
mailbox-frame = Content of the email
mailbox-back = All emails

## The page that reads the record of consent.

ledger-title = Is the record of consent intact?
ledger-lead = Everything a reader does is an event in a chain of keyed hashes. This page reads all of it and says whether anything was changed, added or removed. It’s for owners of this service.
ledger-token = An owner’s token
ledger-token-hint = Make one at the desk under People → API tokens, with the role Owner.
ledger-noted = Line from an earlier check (optional)
ledger-noted-hint = What this page showed then as “Line to note down for the next check”, as in { $example }.
ledger-button = Read the record
ledger-token-wrong = This token doesn’t belong to an owner of all newsletters.
ledger-noted-wrong = This must look like { $example }.
ledger-intact = The record is intact
ledger-intact-what = Every event is as it was recorded.
ledger-broken = The record has been changed
ledger-broken-what = Someone or something has changed it. Keep this page and a copy of the database, and find out who or what had access to it.
ledger-events = Events kept
ledger-removed = Events removed on schedule
ledger-since = Chained since
ledger-end = Line to note down for the next check
ledger-event = Event { $number }
ledger-whole = The whole record
break-no-end = The chain no longer has an end.
break-end-moved = The end of the chain was moved.
break-cut-off = The chain doesn’t end where it did: events are missing.
break-noted-missing = The line you noted down is no longer in the chain.
break-stray = The event was added outside the chain.
break-wording = The wording was changed.
break-order = The event doesn’t follow the one before: something was added, removed or moved.
break-changed = The event was changed.
break-taken-out = The event was removed.
break-false-removal = The event was removed, and not by this service.
break-back = The event had been removed and is back.
