### A reader’s own data: what is held, how to see, correct and erase it.

## Names of what is recorded.

consent-requested = Sign-up requested
consent-mailed = Confirmation email sent and accepted by the mail server
consent-confirmed = Confirmed
consent-imported = Imported, with earlier consent
consent-changed = Choices changed
consent-corrected = Name corrected
consent-moved = Address changed
consent-withdrawn = Unsubscribed
consent-erased = Erased on request
way-page = on a page of this service
way-api = through a form on another site, or a program
way-one_click = with one click in the mail app
way-import = from a file
way-mail = by email
way-owner = through the publisher
way-operator = by whoever runs the server
way-signed_link = through the personal link in an email
subscription-pending = not confirmed yet
subscription-active = active
subscription-ended = ended
ended-unsubscribed = unsubscribed
ended-bounced = the mailbox no longer exists
ended-complained = reported as spam
ended-erased = erased on request
delivery-queued = waiting
delivery-sent = sent
delivery-deferred = delayed
delivery-bounced = refused
delivery-failed = not delivered
delivery-skipped = not sent
delivery-unknown = sent, arrival unknown
mail-kind-confirmation = Confirmation request
mail-kind-already_subscribed = “You’re already subscribed”
mail-kind-welcome = Welcome
mail-kind-test_copy = Test copy
mail-kind-data_link = Link to your data
mail-kind-new_address = Request to confirm a new address
mail-kind-address_changed = Notice of the new address
mail-kind-erased = Confirmation of erasure
mail-kind-editor_invitation = Invitation to the desk
mail-kind-password_reset = Link to set a new password
mail-kind-new_browser = Notice of a new browser
mail-kind-codes_off = Notice that codes were turned off

## The file.

dossier-title = What we hold about { $address }
dossier-title-consent = Proof of consent from { $address }
dossier-label = { $name }:
dossier-made = Created on
dossier-since = With us since
dossier-name = Name
dossier-new-address = New address requested, not confirmed yet
dossier-locked = This person’s data was erased. Only the locked proof of consent is left. It holds no address, and was found by the keyed hash of the address you asked about.
dossier-state = Status
dossier-asked = Requested
dossier-confirmed = Confirmed
dossier-ended = Ended
dossier-paused = Paused until
dossier-language = Language
dossier-frequency = How often
dossier-countries = Countries
dossier-countries-all = all equally
dossier-answer-yes = yes
dossier-consent = The record of consent
dossier-page = Where
dossier-ip = IP address
dossier-wording = Wording, version
dossier-event = Event { $number }, hash
dossier-not-genuine = This event no longer says what was recorded.
dossier-deliveries = Issues
dossier-mails = Other emails
dossier-reply = The mail server replied
dossier-proof = All times are in UTC. Each event carries a keyed hash of its content and of the event before, so nothing can be changed, removed or added afterwards without being noticed.
dossier-imported = Imported
dossier-wording-alone = Wording

## The pages.

my-data-open = View, download, correct or erase my data
my-data-ask-title = Your data
my-data-ask-what = View everything we hold about you, download it, correct it, change your address, or have everything erased.
my-data-ask-why = Emails get forwarded, and so do their links. That’s why we’ll send a new link to { $email }. It works for { $duration }.
my-data-ask-why-moved = Emails get forwarded, and so do their links. That’s why we’ll send a new link to the address that we have now. It works for { $duration }.
my-data-ask-button = Send me the link
my-data-asked-title = Check your inbox
my-data-asked-what = We’ve sent a link to your data to { $email }.
my-data-asked-what-moved = We’ve sent a link to your data to the address that we have now.
my-data-asked-again = Nothing there after a few minutes? Check your spam folder. You can ask a few times a day.
my-data-expired-title = This link has expired
my-data-expired-what = For your security, a link to your data works only for a short time.
my-data-expired-button = Get a new link
my-data-title = Your data
my-data-lead = This is everything we hold about you. Nothing else is kept: we don’t track what you open or click.
my-data-saved = Saved.
my-data-who = Who you are
my-data-address = Address
my-data-name = Name
my-data-since = With us since
my-data-none = none
my-data-subscriptions = Your subscriptions
my-data-consent-many = The record of your consent ({ $count })
my-data-deliveries-many = Issues ({ $count })
my-data-mails-many = Other emails ({ $count })
my-data-take = Download my data
my-data-take-text = As a file to read
my-data-take-json = As a file for programs (JSON)
my-data-name-title = Correct your name
my-data-name-hint = Leave it blank, and we’ll delete it.
my-data-name-button = Save name
my-data-name-wrong = A name is one line of at most 200 characters.
my-data-address-title = Change your address
my-data-address-new = Your new email address
my-data-address-hint = We’ll send a link to the new address. Nothing changes until you click it. Then we’ll let the old address know.
my-data-address-button = Change address
my-data-address-asked = We’ve sent an email to the new address. Open it and click the link.
my-data-address-postponed = We’re sending a lot of emails right now. The one to the new address leaves after { $time }. Then open it and click the link.
my-data-address-same = That’s already your address.
my-data-address-often = You’ve asked for this too often today. Please try again tomorrow.
my-data-erase-title = Have everything erased
my-data-erase-what = All your subscriptions end immediately. Your address, your name, your choices, your answers and the list of what we sent you are deleted. Nobody can undo it. What remains: a fingerprint of your address from which nobody can work it out, so that no list can bring you back, and the locked proof of your consent { $until }.
my-data-erase-until = until { $date }
my-data-erase-always = indefinitely
my-data-erase-button = Erase everything about me
my-data-erase-sure = Yes, erase everything
my-data-erase-unticked = Please tick “Yes, erase everything” first: nobody can undo it.
new-address-page-title = Confirm your new address
new-address-page-what = From now on “{ $newsletter }” and all your other subscriptions with us will come to this address.
new-address-button = Yes, use this address
new-address-decline = Not you? Nothing changes unless you confirm. You can also erase the request: then, for several months, nobody can make us write to this address.
new-address-done-title = Done
new-address-done-what = From now on your newsletters will come to this address. We’ve let the old one know.
erased-page-title = Everything is erased
erased-certificate = See the certificate

## The e-mails.

data-link-subject = Your data at “{ $newsletter }”
data-link-preheader = View, correct, download or erase it.
data-link-title = Your data
data-link-what = You asked to see what we hold about you as a reader of “{ $newsletter }”. Open it with this link:
data-link-button = Open my data
data-link-valid = The link works for { $duration }. Please don’t pass it on.
data-link-ignore = Not you? There’s nothing to do: without this email, nobody can see or change anything.

new-address-subject = Please confirm your new address for “{ $newsletter }”
new-address-preheader = One click, and your newsletters come here.
new-address-title = Your new address
new-address-mail-what = A reader of “{ $newsletter }” wants to receive it at this address. If that’s you, please confirm:
new-address-ignore = Not you? There’s nothing to do: nothing changes unless you confirm. To stop getting these requests, open the link and choose “This wasn’t me”.

address-changed-subject = Your address for “{ $newsletter }” has changed
address-changed-preheader = Your newsletters now go to another address.
address-changed-title = Your address has changed
address-changed-what = Your subscription to “{ $newsletter }” now goes to another address. This was requested through a link sent to this address, and confirmed at the new one. This is the last email to this address.
address-changed-not-you = Not you? Please write to us right away: { $reply }

erased-subject = Your data has been erased
erased-preheader = What was deleted, what remains, and until when.
erased-title = Everything is erased
erased-what = As you asked, we’ve erased what we held about you. Here is the certificate.
erased-deleted = Deleted
erased-deleted-person = your address, your name, your choices and your answers
erased-deleted-subscriptions = { $count ->
    [one] one subscription, which has ended
   *[other] { $count } subscriptions, which have ended
 }
erased-deleted-deliveries = { $count ->
    [one] one record of an issue sent to you
   *[other] { $count } records of issues sent to you
 }
erased-deleted-mails = { $count ->
    [one] one other email, with the mail server’s reply
   *[other] { $count } other emails, with the mail server’s replies
 }
erased-remains = What remains
erased-remains-hash = a fingerprint of your address, so that no list can bring you back. The address can’t be worked out from it. It stays until you sign up again yourself.
erased-remains-proof = the proof of your consent, locked and without your address, until { $until }
erased-remains-proof-always = the proof of your consent, locked and without your address, indefinitely
erased-remains-mail = your address in our outgoing mail, only until the last email about this erasure has been sent; backups of the database, until they are replaced
erased-remains-totals = how many readers each issue had, as a plain number
erased-at = Erased on:
erased-again = You’re welcome back at any time: sign up and confirm, just like the first time.
