### A reader’s own data: what is held, how to see, correct and erase it.

## Names of what is recorded.

consent-requested = Sign-up asked for
consent-mailed = Confirmation e-mail sent, and taken by the mail server
consent-confirmed = Confirmed
consent-imported = Brought in from elsewhere, with an earlier consent
consent-changed = Choices changed
consent-corrected = Name corrected
consent-moved = Address changed
consent-withdrawn = Unsubscribed
consent-erased = Erased on request
way-page = on a page of this service
way-api = by a form on another site or a program
way-one_click = by one click in the mailbox
way-import = from a file
way-mail = by e-mail
way-owner = through the publisher
way-signed_link = by the personal link of an e-mail
subscription-pending = not confirmed yet
subscription-active = active
subscription-ended = ended
ended-unsubscribed = unsubscribed
ended-bounced = the mailbox does not exist any more
ended-complained = reported as unwanted
ended-erased = erased on request
delivery-queued = waiting
delivery-sent = sent
delivery-deferred = delayed
delivery-bounced = refused
delivery-failed = not delivered
delivery-skipped = not sent
delivery-unknown = sent, arrival unknown
mail-kind-confirmation = Request to confirm
mail-kind-already_subscribed = “You are already with us”
mail-kind-welcome = Welcome
mail-kind-test_copy = Test copy
mail-kind-data_link = Link to your data
mail-kind-new_address = Request to confirm a new address
mail-kind-address_changed = Notice of a new address
mail-kind-erased = Confirmation of the erasure

## The file.

dossier-title = What is held about { $address }
dossier-title-consent = Proof of consent of { $address }
dossier-made = Put together on:
dossier-since = Known since:
dossier-name = Name:
dossier-new-address = Address asked for, not confirmed yet:
dossier-locked = The person was erased. Only the locked proof of consent is left; it holds no address, and was found by the keyed hash of the address asked for.
dossier-state = State:
dossier-asked = Asked for:
dossier-confirmed = Confirmed:
dossier-ended = Ended:
dossier-paused = Paused until:
dossier-language = Language:
dossier-frequency = How often:
dossier-countries = Countries:
dossier-countries-all = all alike
dossier-consent = The record of consent
dossier-page = Where:
dossier-ip = IP address:
dossier-wording = Wording, version
dossier-event = Event { $number }, hash
dossier-not-genuine = This event does not say any more what was recorded.
dossier-deliveries = Issues
dossier-mails = Other e-mails
dossier-reply = The mail server replied:
dossier-proof = All times are in UTC. Each event carries a keyed hash over its content and over the event before, so that nothing can be changed, taken out or put in afterwards without being seen.

## The pages.

my-data-open = See, take along, correct or erase my data
my-data-ask-title = Your data
my-data-ask-what = See all that we hold about you, take it with you, correct it, change your address, or have everything erased.
my-data-ask-why = E-mails get forwarded, and so do their links. That is why we send a fresh link to { $email }; it works for { $duration }.
my-data-ask-button = Send me the link
my-data-asked-title = Check your inbox
my-data-asked-what = A link to your data is on its way to { $email }.
my-data-asked-again = Nothing there after a few minutes? Look in your spam folder. You can ask a few times a day.
my-data-expired-title = This link has run out
my-data-expired-what = For your safety, a link to your data works for a short time only.
my-data-expired-button = Get a fresh link
my-data-title = Your data
my-data-lead = This is all that we hold about you. Nothing else is kept: we do not track what you open or click.
my-data-saved = Saved.
my-data-who = Who you are
my-data-address = Address
my-data-name = Name
my-data-since = With us since
my-data-none = none
my-data-subscriptions = Your subscriptions
my-data-consent-many = The record of your consent ({ $count })
my-data-deliveries-many = Issues ({ $count })
my-data-mails-many = Other e-mails ({ $count })
my-data-take = Take it with you
my-data-take-text = As a file to read
my-data-take-json = As a file for programs (JSON)
my-data-name-title = Correct your name
my-data-name-hint = Leave it empty, and we forget it.
my-data-name-button = Save the name
my-data-name-wrong = A name is one line of at most 200 characters.
my-data-address-title = Change your address
my-data-address-new = Your new e-mail address
my-data-address-hint = A link goes to the new address; nothing changes before you have followed it. Afterwards we tell the old one.
my-data-address-button = Change the address
my-data-address-asked = If this address can receive the letter, an e-mail will arrive there within a few minutes. Open it and follow the link.
my-data-address-same = This is your address already.
my-data-address-often = You have asked for this too often today. Please try again tomorrow.
my-data-erase-title = Have everything erased
my-data-erase-what = All your subscriptions end at once, and your address, your name, your choices, your answers and the list of what was sent to you are deleted. Nobody can undo it. What remains: a keyed hash of your address, so that no list can bring you back, and the locked proof of your consent { $until }.
my-data-erase-until = until { $date }
my-data-erase-always = without an end
my-data-erase-button = Erase everything about me
new-address-page-title = Confirm your new address
new-address-page-what = “{ $newsletter }” and all your other subscriptions with us will come to this address from now on.
new-address-button = Yes, use this address
new-address-done-title = Done
new-address-done-what = From now on your letters come to this address. We have told the old one.
erased-page-title = Everything is erased

## The e-mails.

data-link-subject = Your data at “{ $newsletter }”
data-link-preheader = See, correct, take along or erase.
data-link-title = Your data
data-link-what = You asked to see what we hold about you as a reader of “{ $newsletter }”. This link opens it:
data-link-button = Open my data
data-link-valid = The link works for { $duration }. Please do not pass it on.
data-link-ignore = Was it not you? There is nothing to do: without this e-mail nobody can see or change anything.

new-address-subject = Please confirm your new address for “{ $newsletter }”
new-address-preheader = One click, and your letters come here.
new-address-title = Your new address
new-address-mail-what = A reader of “{ $newsletter }” wants to receive it at this address. If that is you, please confirm it:
new-address-ignore = Was it not you? There is nothing to do: without your confirmation nothing changes.

address-changed-subject = Your address for “{ $newsletter }” has changed
address-changed-preheader = Your letters go to another address from now on.
address-changed-title = Your address has changed
address-changed-what = Your subscription to “{ $newsletter }” now goes to another address, as was asked for by a link sent to this one and confirmed at the new one. This is the last e-mail to this address.
address-changed-not-you = Was it not you? Please write to us at once: { $reply }

erased-subject = Your data has been erased
erased-preheader = What was deleted, what remains, and until when.
erased-title = Everything is erased
erased-what = As you wished, we have erased what we held about you. This is the certificate.
erased-deleted = Deleted
erased-deleted-person = your address, your name, your choices and your answers
erased-deleted-subscriptions = { $count ->
    [one] one subscription, which has ended
   *[other] { $count } subscriptions, which have ended
 }
erased-deleted-deliveries = { $count ->
    [one] one note that an issue was sent to you
   *[other] { $count } notes that an issue was sent to you
 }
erased-deleted-mails = { $count ->
    [one] one other e-mail, with what the mail server said
   *[other] { $count } other e-mails, with what the mail server said
 }
erased-remains = What remains
erased-remains-hash = a keyed hash of your address, so that no list can bring you back; it cannot be turned into the address again. It stays until you sign up again yourself.
erased-remains-proof = the proof of your consent, locked and without your address, until { $until }
erased-remains-proof-always = the proof of your consent, locked and without your address, without an end
erased-remains-mail = your address in our outgoing mail, only until the last e-mail about this erasure has been sent; copies of the database kept for emergencies, until they are replaced
erased-remains-totals = how many readers each issue had, as a mere number
erased-at = Erased on:
erased-again = You are welcome back at any time: sign up and confirm, and it is as if it were the first time.
