# The desk: home, issues, writing.

# navigation
desk-name = Desk
desk-home = Home
desk-issues = Issues
desk-settings = Settings
desk-people = People
desk-sign-out = Sign out
desk-newsletter = Newsletter
desk-all = All
desk-show = Show
desk-older = Older issues
desk-somebody = Somebody
desk-as-table = As a table
desk-day = Day

# states
desk-state = State
desk-state-draft = Draft
desk-state-scheduled = Scheduled
desk-state-sending = Being sent
desk-state-paused = Paused
desk-state-sent = Sent
desk-state-cancelled = Cancelled

# home
desk-home-greeting = Hello, { $name }
desk-home-no-newsletter = You have no newsletter yet. Ask an owner to give you a role in one.
desk-tasks = This needs you
desk-task-stopped = “{ $subject }” has stopped by itself.
desk-task-stopped-next = See why, and go on
desk-task-paused = “{ $subject }” is paused; readers are waiting.
desk-task-paused-next = Go on, correct it or stop it for good
desk-task-deferred =
  “{ $subject }” is being sent; mail servers ask { $count ->
    [one] one reader to wait.
    *[other] { $count } readers to wait.
  }
desk-task-deferred-next = Watch it
desk-task-summary = The monthly summary “{ $subject }” goes out by itself.
desk-task-summary-next = Look at it before
desk-task-approval = “{ $subject }” is to go out and needs the approval of a second person.
desk-task-approval-next = Look at it and approve it
desk-task-attack = Somebody is signing up strangers in great numbers. The form is protecting itself; real readers still get in. In the last hour: { $signups } sign-ups, { $confirmations } confirmations.
desk-task-attack-next = It ends by itself; there is nothing to do.
desk-task-held = All sending is held: no issue, summary or single mail goes out. Whoever runs the server can let it go on with { $command }.
desk-task-held-next = Look at the issues
desk-task-no-worker = No program that sends mails is running, so the issue is waiting. Whoever runs the server can start it with { $command }.
desk-task-relay-paused = The mail service { $relay } is paused: nothing goes out over it. Whoever runs the server can let it go on with { $command }.
desk-home-now = In progress
desk-home-last = Last sent
desk-home-nothing-open = Nothing is being written or sent.
desk-home-all-issues = All issues
desk-begun = begun { $time }
desk-goes-out = goes out { $time }
desk-sent-of =
  { $sent ->
    *[other] { $sent_shown }
  } of { $audience ->
    [one] { $audience_shown } reader · { $time }
    *[other] { $audience_shown } readers · { $time }
  }
desk-lost = { $count } did not get it
desk-readers = Readers
desk-readers-active =
  { $count ->
    *[other] active
  }
desk-readers-month = In 30 days: { $joined } joined, { $left } left
desk-readers-imported = { $count ->
     [one] One reader was imported in these days, with an older consent.
    *[other] { $number } readers were imported in these days, with an older consent.
 }
desk-readers-chart = Readers who joined (above the line) and left (below) on each of the last 30 days
desk-joined = Joined
desk-left = Left
desk-as-of = Counted { $time }

# issues
desk-new-issue = New issue
desk-no-issues = There are no issues here yet.
desk-find-issue = Find
desk-found-no-issue = No issue has these words in its subject or headlines.
desk-no-subject = (no subject yet)
desk-start = Begin with
desk-start-recipe = The usual parts
desk-start-recipe-hint = headings and empty items in your order
desk-start-blank = A blank page
desk-start-earlier = An earlier issue
desk-earlier = Which one
desk-start-writing = Start writing

# writing
desk-write = Write
desk-history = History
desk-to-send = Next: send
desk-subject = Subject
desk-preheader = Preview text
desk-preheader-hint = what a mailbox shows beside the subject
desk-intro = Greeting and intro
desk-text = Text
desk-new-part = Another part
desk-add-part = Add the part
desk-add-item = Add an item
desk-new-item = New item
desk-headline = Headline
desk-item-link = Link
desk-summary = Summary
desk-countries = Countries
desk-picture-and-access = Picture, free or paid
desk-picture-file = Upload a picture
desk-picture-address = Address of the picture
desk-picture-alt = What the picture shows
desk-picture-alt-hint = for people who cannot see it
desk-picture-credit = Credit
desk-access = Access
desk-access-none = say nothing
desk-access-free = free to read
desk-access-paid = for paying readers
desk-kind-news = Not to miss
desk-kind-analysis = Analysis
desk-kind-articles = Articles by country
desk-kind-photo = Photo
desk-kind-agenda = What’s on
desk-kind-press = Press review
desk-kind-support = Call for support
desk-kind-text = Free text
desk-part-up = Move this part up
desk-part-down = Move this part down
desk-part-remove = Remove this part
desk-item-up = Move this item up
desk-item-down = Move this item down
desk-item-remove = Remove this item
desk-removed = Removed: “{ $what }”.
desk-undo = Undo
desk-toolbar = Formatting
desk-bold = Bold
desk-italic = Italic
desk-link = Link
desk-list = List
desk-quote = Quotation
desk-save = Save
desk-saving = Saving…
desk-saved = Saved { $time }
desk-kept-aside = Kept in the history { $time }, not in the issue yet
desk-saved-as-shown = Everything is saved
desk-not-saved = Not saved: { $name } has changed this issue. Decide
desk-refused = Not saved: the service did not accept this. What you typed stays on this page.
desk-offline = Not saved: no connection. What you typed is kept in this browser and saved as soon as possible.
desk-signed-out-while-writing = Not saved: you are signed out. Sign in again in another tab; what you typed stays here and is then saved.
desk-rescue = This browser has text of { $at } that was never saved.
desk-rescue-use = Put it into the issue
desk-rescue-drop = Throw it away
desk-also-writing = { $name } is writing here too. Whoever saves second is told, and nothing is overwritten.
desk-conflict = { $name } has changed this issue while you were writing. Your text is on this page and in the history; nothing was overwritten.
desk-conflict-mine = Save mine over it
desk-conflict-theirs = Show the other one
desk-write-scheduled = This issue goes out { $time }. Changes count once you press “Change the scheduled issue”.
desk-apply-scheduled = Change the scheduled issue
desk-apply-errors = The scheduled issue was not changed, and goes out { $time } as it was. Mend this first: { $what } Your text is kept in the history.
desk-write-paused =
  { $sent ->
    [one] One reader has had this issue
    *[other] { $sent_shown } readers have had this issue
  }; { $waiting ->
    [one] one is waiting.
    *[other] { $waiting_shown } are waiting.
  } A correction reaches only those who wait.
desk-compare = See the difference
desk-correction-title = This is what changes
desk-correction-lead =
  { $waiting ->
    [one] One reader gets the new text.
    *[other] { $waiting } readers get the new text.
  } { $sent ->
    [one] One keeps the old one.
    *[other] { $sent } keep the old one.
  }
desk-correction-none = Nothing is different.
desk-correct =
  { $waiting ->
    [one] Correct it for one reader
    *[other] Correct it for { $waiting } readers
  }
desk-write-sent = This issue was sent. What you write here corrects its page on the web alone: no mail goes out again.
desk-correction-lead-page = No mail goes out again. The page on the web shows the corrected text and says so.
desk-correction-had =
  { $count ->
    [one] One reader had the old text: afterwards you can write an erratum to that reader.
    *[other] { $number } readers had the old text: afterwards you can write an erratum to them.
  }
desk-correction-had-unknown = Who had the old text is not known any more, so no erratum can be written to them alone.
desk-back-to-writing = Back to writing
desk-keep-as-recipe = Keep these parts for new issues
desk-recipe-kept = New issues of this newsletter begin with these parts now.
desk-throw-away = Throw this draft away …
desk-throw-away-question = It will no longer be in progress, and nobody will get it. A new issue can still begin with its text.
desk-throw-away-now = Throw it away
desk-thrown-away = The draft is thrown away. It stands here as cancelled, and a new issue can begin with its text.
desk-preview = Preview
desk-view-desktop = Desktop
desk-view-phone = Phone
desk-view-dark = Dark
desk-view-text = Text
desk-as-reader = As a reader who follows
desk-as-everything = everything
desk-as-follower = { $country }
desk-size = { $kilobytes } KB, { $percent }% of what Gmail shows
desk-size-clipped = Gmail would hide the end: shorten the issue.
desk-test-copy = Test copy to
desk-test-send = Send it
desk-test-hint = Several addresses: separate them by commas. The copy is the one chosen above.
desk-test-sent = { $count ->
     [one] The test copy is on its way.
    *[other] { $count } test copies are on their way.
 }
desk-test-arrived = The server of { $address } has taken the test copy.
desk-test-refused = The test copy to { $address } was refused: { $said }
desk-test-waits = The test copy to { $address } is waiting: { $said }
desk-test-refused-untold = The test copy to { $address } was refused.
desk-test-waits-untold = The test copy to { $address } is waiting.
desk-test-how-many = Name one to twenty addresses.
desk-test-wrong-address = “{ $address }” is no mail address.
desk-test-too-many = Too many test copies: sixty an hour and two hundred a day go out for one newsletter. None was sent. Try again in { $minutes } minutes.
desk-test-suppressed = These addresses must never be mailed, and got no copy: { $addresses }. Copies to others: { $count }.
desk-unapplied = This is your text of { $time }. It is not in the issue yet.
desk-unapplied-drop = Back to the text of the issue
desk-elsewhere = Your text of { $time } is not in the issue. You will find it in the history.
desk-of-the-issue = Test copies are of the text that is in the issue now; the checks are of what you write.
desk-recipe-what = These parts take the place of those with which every new issue of this newsletter begins.
desk-recipe-changed = Somebody has changed this newsletter meanwhile. Look at its usual parts in the settings; if you press the button again, the parts of this issue take their place.
desk-choose-newsletter = Choose a newsletter
desk-choose-newsletter-first = Nothing was begun: choose a newsletter first.
desk-paste-picture = A text cannot have pictures, so they were left out. Put a picture into the picture field of an item.
desk-paste-too-long = Nothing was pasted: it is too long for this field, which takes { $max } characters.
desk-not-saved-own = Not saved: you have changed this issue in another window. Decide
desk-conflict-own = You have changed this issue yourself, in another window. Your text is on this page and in the history; nothing was overwritten.
desk-conflict-apply = Keep mine and change the scheduled issue
desk-conflict-compare = Keep mine and see the difference
desk-conflict-fields = Both of you have changed: { $fields }. If you save yours, it takes the place of the other there alone.
desk-saved-beside = Saved { $time }. Somebody else has changed: { $fields }. Show it
desk-too-late = Too late: kept in the history, not in the issue
desk-too-late-sending = This issue has been going out since { $time }. Your text is in the history, not in the issue.
desk-too-late-sent = This issue has gone out; it began on { $time }. Your text is in the history, not in the issue.
desk-too-late-cancelled = This issue was stopped for good. Your text is in the history, not in the issue.
desk-upload-running = Uploading the picture…
desk-upload-offline = The picture was not uploaded: no connection. Choose it again.
desk-upload-signed-out = The picture was not uploaded: you are signed out. Sign in again in another tab, then choose the picture again.
desk-nothing-done-offline = Nothing was done: no connection. Try again.
desk-nothing-done-signed-out = Nothing was done: you are signed out. Sign in again in another tab, then press the button again.
desk-paste-form = Tables and struck-out words lose their form: look at what was pasted.

# history
desk-history-lead = Every state of the last hundred can be had back; going back keeps the present state too.
desk-history-lead-look = You can look at each of the last hundred states. Going back is possible only while the issue is a draft.
desk-history-empty = Nothing was changed here yet.
desk-history-aside = not in the issue
desk-history-old = A state of this issue, as { $name } saved it on { $time }. Close this tab to get back.
desk-history-look = Look at it
desk-history-restore = Go back to this
desk-changed-subject = Subject changed
desk-changed-preheader = Preview text changed
desk-changed-intro = Intro changed
desk-changed-added = { $count ->
     [one] one item added
    *[other] { $count } items added
 }
desk-changed-removed = { $count ->
     [one] one item removed
    *[other] { $count } items removed
 }
desk-changed-edited = { $count ->
     [one] one item or part edited
    *[other] { $count } items or parts edited
 }
desk-changed-arranged = order or parts changed
desk-changed-nothing = as it began

# refusals
desk-refused-invalid = This has to be mended first: { $places }.
desk-refused-state = The issue is in the state “{ $state }” now, where this is not possible.
desk-refused-changed = Somebody else has changed it meanwhile. Reload the page and look at what is there now.
desk-refused-empty = The issue has a subject and nothing else.
desk-refused-no-audience = Nobody would get it: the newsletter has no reader for it now.
desk-refused-time = This time does not work: it has passed, does not exist, or is more than two years away.
desk-refused-under-way = Mails of this issue are still under way. Who got the wrong text is known in a few minutes: try again then.
desk-place-item = part { $part }, item { $item } ({ $name })
desk-place-part = part { $part } ({ $name })
desk-place-whole-part = part { $part }
desk-place-parts = the parts
