# The settings of a newsletter.

# pages
desk-set-pages = Pages of the settings
desk-set-choose = Choose a newsletter.
desk-set-look-only = You may look
desk-set-basics = Basics
desk-set-basics-lead = What the newsletter is called, who sends it, and where its legal texts are.
desk-set-look = Look
desk-set-look-lead = The colour and the logo of mails and pages. The preview follows while you choose; readers see it once you save.
desk-set-recipe = Usual parts
desk-set-recipe-lead = The parts with which a new issue begins, and their order. Issues that are already begun stay as they are.
desk-set-fields = Questions
desk-set-fields-lead = What the sign-up asks besides the address. Each question costs sign-ups: ask only what you use.
desk-set-texts = Wording of the mails
desk-set-texts-lead = What the mails around a subscription say. Each text can be worded anew, and you can always go back to the shipped wording.
desk-set-signup = Sign-up and archive
desk-set-signup-lead = Who finds the newsletter, where people can sign up, and what new readers get.

# what every page says
desk-set-save = Save
desk-set-saved = Saved.
desk-set-zone-changed = Scheduled issues go out at the same moment as before, which is another time on these clocks. Move them if they were meant for readers there:
desk-set-language-changed = Drafts, mails and pages of this newsletter have their headings and footers in this language now. What you have written yourself stays as it is.
desk-set-unsaved = Not saved yet. Press “Save” when it is as you want it.
desk-set-conflict = Not saved: somebody else has changed the settings of this newsletter since you opened this page. What you typed is still here. Look at what is there now, then decide.
desk-set-conflict-own = Not saved: you have changed the settings of this newsletter yourself on { $time }, in another window. What you typed is still here. Look at what is there now, then decide.
desk-set-conflict-by = Not saved: { $name } has changed the settings of this newsletter on { $time }, since you opened this page. What you typed is still here. Look at what is there now, then decide.
desk-set-overwrite = Save mine all the same
desk-set-see-theirs = See what is there now (new tab)
desk-set-read-only-owner = You can look at these settings. Only owners of the newsletter change them: they decide in whose name it speaks.
desk-set-read-only-editor = You can look at the usual parts. Only those who write issues change them.
desk-set-preview = Preview
desk-set-preview-now = Show the preview
desk-set-preview-none = No preview yet

# basics
desk-set-group-newsletter = The newsletter
desk-set-title = Title
desk-set-description = Description
desk-set-description-hint = One sentence on the sign-up page: what readers get, and how often.
desk-set-language = Language
desk-set-language-hint = In which issues are written.
desk-set-time-zone = Time zone
desk-set-time-zone-hint = In which “Monday 8:00” is meant, as in Europe/Paris.
desk-set-group-sender = Sender
desk-set-sender-name = Name of the sender
desk-set-sender-address = Address of the sender
desk-set-sender-address-hint = Its domain must allow this server to send.
desk-set-reply-to = Where answers go
desk-set-reply-to-hint = A mailbox that somebody reads.
desk-set-postal-address = Postal address
desk-set-postal-address-hint = The law asks for it: it stands at the foot of each mail.
desk-set-group-legal = Legal texts
desk-set-legal-hint = Addresses of pages. Where a language has none, readers get those of the newsletter’s language.
desk-set-imprint = Imprint
desk-set-privacy = Privacy notice

# what does not fit
desk-set-wrong-title = Not saved: write a title, on one line of at most 250 characters.
desk-set-wrong-description = Not saved: the description is one line of at most 250 characters.
desk-set-wrong-sender-name = Not saved: the sender needs a name, on one line.
desk-set-wrong-sender-address = Not saved: the address of the sender is no email address, or has letters before the @ that many mail servers refuse.
desk-set-wrong-reply-to = Not saved: the address for answers is no email address, or has letters before the @ that many mail servers refuse.
desk-set-wrong-postal-address = Not saved: the postal address has at most 1,000 characters.
desk-set-wrong-time-zone = Not saved: this time zone does not exist. Write it as in Europe/Paris or Asia/Almaty.
desk-set-wrong-accent = This is no colour. Write a # and six of the characters 0–9 and a–f, as in #0b5c68, or use the colour picker.
desk-set-wrong-legal = Not saved: a legal text needs the full address of a page, beginning with https.
desk-set-wrong-sites = Not saved: one line is not the address of a website. Write one on each line, as in https://magazine.example.org, with nothing after it.
desk-set-wrong-parts = Not saved: there may be at most 50 parts.
desk-set-wrong-logo-kind = Not saved: this file is no PNG, JPEG or GIF. Mail programs show no other pictures as a logo.
desk-set-wrong-logo-long = Not saved: the logo may have at most 100 KB, as it comes with every page and mail. Make it smaller.
desk-set-wrong-logo-large = Not saved: the logo may be at most 2,000 pixels wide and high.
desk-set-wrong-logo-damaged = Not saved: the picture is damaged. Save it again, or choose another.

# look
desk-set-accent = Colour
desk-set-accent-code = Colour of links and buttons
desk-set-accent-hint = A # and six of the characters 0–9 and a–f, as in #0b5c68. The colour must be dark enough to be read easily.
desk-set-accent-picker = Pick a colour
desk-set-accent-shipped = Back to the shipped colour
desk-set-contrast-high = Contrast { $contrast }: very easy to read. In dark mode a lighter tone stands in.
desk-set-contrast-enough = Contrast { $contrast }: easy enough to read (4.5 is needed). In dark mode a lighter tone stands in.
desk-set-contrast-low = Too light: a contrast of { $contrast }, and 4.5 is needed. The nearest tone that can be read is { $darker }; the preview shows it.
desk-set-logo = Logo
desk-set-logo-now = The logo as it is now
desk-set-logo-none = There is none; mails show the title alone.
desk-set-logo-file = Another logo
desk-set-logo-hint = PNG, JPEG or GIF, at most 100 KB. It is shown 48 pixels high.
desk-set-logo-remove = Take the logo away
desk-set-preview-mail = Mail
desk-set-preview-page = Sign-up page

# recipe
desk-set-recipe-heading = heading; empty for the usual one
desk-set-recipe-empty = No parts: a new issue begins with a blank page.
desk-set-recipe-shipped = Back to the shipped parts

# questions
desk-set-kind-text = A line of text
desk-set-kind-choice = One of several answers
desk-set-kind-yes-no = A box to tick
desk-set-kind-number = A number
desk-set-kind-date = A day
desk-set-fields-new = New question
desk-set-fields-add = Add the question
desk-set-fields-empty = Nothing is asked but the address.
desk-set-fields-key = called { $key } in exports
desk-set-fields-label = Question
desk-set-fields-other-languages = In other languages
desk-set-fields-required = Must be answered
desk-set-fields-greets = Mails greet with the answer (a first name, for example)
desk-set-fields-choices = Answers to choose from
desk-set-fields-choice = Answer { $number }
desk-set-fields-add-choice = Add an answer
desk-set-fields-remove-choice = Remove answer { $number }
desk-set-fields-up = Move this question up
desk-set-fields-down = Move this question down
desk-set-fields-remove = Remove this question
desk-set-fields-preview = The form as readers see it
desk-set-fields-gone = If you remove a question and save, nobody is asked it any more. Answers that readers have given are kept until that reader answers the form anew, and are shown to readers who ask for their data. If you add the same question later, it is a new one.
desk-set-fields-no-label = Question { $number } has no words in the newsletter’s language.
desk-set-fields-long-label = Question { $number } is too long: 150 characters at most, also for its answers.
desk-set-fields-no-choice-label = Question { $number } has an answer without words in the newsletter’s language.
desk-set-fields-few-choices = Question { $number } needs at least two answers to choose from.
desk-set-fields-too-many = There may be at most 12 questions; nobody fills in longer forms.
desk-set-fields-two-greetings = Mails greet with one answer: tick that box for one question only.
desk-set-fields-other = Something about these questions does not fit. Look at their words once more.

# wording
desk-set-texts-mail = Mail
desk-set-texts-hint = What stands in braces is filled in for each reader, so it stays as it is. An empty text goes back to the shipped wording.
desk-set-mail-confirmation = Please confirm
desk-set-mail-already-subscribed = Already subscribed
desk-set-mail-welcome = Welcome
desk-set-mail-greeting = Greeting of all mails
desk-set-text-subject = Subject
desk-set-text-preheader = Preview text
desk-set-text-title = Heading
desk-set-text-button = Button
desk-set-text-archive-button = Button to the latest issue
desk-set-text-archive = Before the button to the latest issue
desk-set-text-hello = Greeting
desk-set-text-hello-name = Greeting with a name
desk-set-text-what = First paragraph
desk-set-text-link = When the button does not work
desk-set-text-valid = How long the link works
desk-set-text-ignore = For those who did not sign up
desk-set-text-leave = About leaving
desk-set-text-latest = Heading of the latest issue
desk-set-text-more = Further text
desk-set-text-several = when several newsletters were chosen
desk-set-text-shipped = Shipped wording:
desk-set-text-reset = Back to the shipped wording
desk-set-text-not-editable = This text cannot be changed.
desk-set-text-empty = This text cannot be empty. To get the shipped wording back, press its button.
desk-set-text-too-long = A text has at most { $most } characters here.
desk-set-text-one-line = A text is one line, without line breaks.
desk-set-text-unreadable = The braces are not in order. Copy what stands in braces from the shipped wording.
desk-set-text-unknown-value = { $name } means nothing in this text. Take it out.
desk-set-text-missing-value = This text must say { $name }, as the shipped one does: readers need it.
desk-set-text-link-refused = Take the web address out of this text: the confirmation mail may have no link but the one that confirms.

# sign-up and archive
desk-set-visibility = Who finds the newsletter
desk-set-visibility-public = Everybody
desk-set-visibility-public-hint = Its issues are in the archive, the search, the feed and search engines.
desk-set-visibility-private = Only who was told of it
desk-set-visibility-private-hint = It is in no list, and its issues open by the links in its mails alone. Search engines may remember what was public before.
desk-set-welcome = New readers
desk-set-welcome-issue = The welcome mail brings the latest issue
desk-set-welcome-issue-hint = Who signs up on Tuesday then does not wait until Monday.
desk-set-sites = Other sites
desk-set-sites-label = Sites that may embed the sign-up
desk-set-sites-hint = One on each line, as in https://magazine.example.org, with nothing after it. A single * is any site.
desk-set-snippet = What other sites paste
desk-set-snippet-lead = Whoever looks after the other site copies one of these into its page.
desk-set-snippet-language = Language of the form
desk-set-snippet-link = A link to the sign-up page
desk-set-snippet-form = A form
desk-set-snippet-form-hint = Works on any site, looks like that site, and needs no script.
desk-set-snippet-frame = A frame
desk-set-snippet-frame-hint = Shows our form, with the newsletter’s colour, on the sites named above.
desk-set-snippet-no-frame = Name a site above and save; then a frame can be copied here.
desk-set-copy = Copy
desk-set-copied = Copied
desk-set-summary = Monthly summary
desk-set-summary-words = Readers who chose one mail a month get the month’s issues in a summary. It is made by itself when a month ends, waits on the Home page for you to look at, and goes out on day { $day } of the next month at { $hour } ({ $zone }). Nothing needs to be set here.
desk-set-see-archive = See the archive

# safety mode
desk-set-safety = Safety mode
desk-set-safety-lead = For readers in places where a newsletter can bring somebody into trouble.
desk-set-safety-on = Send in safety mode
desk-set-safety-does = What it does
desk-set-safety-does-text = Everybody gets every article in full in the mail itself: nobody needs to open a site, and no mail shows which countries somebody follows.
desk-set-safety-does-remote = Mails load nothing: no pictures, no logo. Whoever watches the line does not see when a mail is opened.
desk-set-safety-does-subject = The subject is a neutral one, and so is the preview: a list of mails or a locked screen tells nothing. The real subject stands inside as a heading.
desk-set-safety-does-logs = Who got which issue, and what mail servers said, is removed { $days } days after the issue; so are the network addresses of sign-ups. Totals stay.
desk-set-safety-costs = What it costs
desk-set-safety-costs-words = Mails are plainer and longer, and nobody gets a selection by country. A neutral subject is opened less often. Old deliveries can no longer be looked up.
desk-set-safety-limits = What it cannot do
desk-set-safety-limits-words = The sender’s name and address, and the name of the newsletter in the mail’s headers, still say where it comes from. The links in the mail still lead to sites. Mail servers on the way can read it.
desk-set-neutral-subject = Subject of every issue
desk-set-neutral-subject-hint = One line that tells nothing. Empty for the usual one.
desk-set-wrong-neutral-subject = Not saved: the subject is one line of at most 150 characters.
desk-set-group-approval = Before sending
desk-set-needs-approval = A second person must approve each issue.
