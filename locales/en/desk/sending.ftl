# Before an issue goes out
desk-sending-send = Send
desk-sending-back-to-writing = Back to the text
desk-sending-because-not-approved = This issue was planned, but when its time came nobody had approved what it says now. It was not sent. Have it approved, and send it again.
desk-sending-is-erratum = This is a correction: it goes only to those who got the wrong text and are still readers.
desk-sending-planned = It goes out on { $time }, in { $zone } (UTC{ $offset }; { $utc } UTC).
desk-sending-who = Who gets it
desk-sending-lead =
  { $count ->
    [one] One reader gets it
    *[other] { $number } readers get it
  }{ $variants ->
    [one] , in a single form.
    *[other] , in { $variants } forms by the countries they follow.
  }
desk-sending-candidates = All who ever subscribed
desk-sending-candidates-erratum = All who got the wrong text
desk-sending-get-it = Get this issue
desk-sending-left-out-paused = have paused
desk-sending-left-out-monthly = get the summary of the month
desk-sending-left-out-each = get each issue
desk-sending-left-out-pending = have not confirmed yet
desk-sending-left-out-unsubscribed = have unsubscribed
desk-sending-left-out-bounced = cannot be reached any more
desk-sending-left-out-complained = have complained
desk-sending-takes-unknown = How long it takes cannot be told yet: there is no earlier issue to go by.
desk-sending-takes-as-earlier = It takes about { $lasts }, at { $rate } as “{ $subject }” did.
desk-sending-takes-by-settings = It takes about { $lasts }: the settings allow { $rate }.
desk-sending-lasts-seconds =
  { $count ->
    [one] one second
    *[other] { $count } seconds
  }
desk-sending-rate =
  { $count ->
    [one] { $number } mail a minute
    *[other] { $number } mails a minute
  }
desk-sending-lasts-minutes =
  { $count ->
    [one] one minute
    *[other] { $count } minutes
  }
desk-sending-lasts-hours =
  { $count ->
    [one] one hour
    *[other] { $count } hours
  }
desk-sending-lasts-days =
  { $count ->
    [one] one day
    *[other] { $count } days
  }
desk-sending-approval = The second person
desk-sending-approved = { $name } approved this text on { $time }.
desk-sending-approval-changed = The text was changed after { $name } approved it. Somebody else than the one who sends must approve it as it is now.
desk-sending-approval-changed-own = The text was changed after you approved it. Somebody else than the one who sends must approve it as it is now.
desk-sending-approval-missing = This newsletter needs two people: somebody else than the one who sends must approve the text.
desk-sending-approval-own = You have approved this text. Now another person must send it.
desk-sending-approval-own-schedule = You have planned this issue yourself. Another person must approve it.
desk-sending-approval-given = { $name } has approved this text already. You can send it yourself.
desk-sending-approve = Approve as second person
desk-sending-approve-hint = You cannot send it yourself then. Every later change voids it.
desk-sending-ask-approval = Ask for approval
desk-sending-ask-approval-hint = Your colleagues find it among what needs them.
desk-sending-asked = You have asked for the approval of this issue. Your colleagues find it on their first page.
desk-sending-after-approval = It can be sent once another person has approved it.
desk-sending-resume-own = You have approved this text. Now another person must let it go on.
desk-sending-resume-changed = The text was changed after { $name } approved it. It goes on once somebody has approved it as it is now, and another person lets it go on.
desk-sending-resume-changed-own = The text was changed after you approved it. Approve it as it is now, and another person can let it go on. Or another person approves it, and you let it go on.
desk-sending-resume-missing = This newsletter needs two people: one approves the text, and another lets it go on.
desk-sending-when = When
desk-sending-viewer = You may look at everything here. An editor can send.
desk-sending-mend = Mend it
desk-sending-soon = In a minute
desk-sending-soon-hint = until then you can take it back
desk-sending-slot-hint = as usual
desk-sending-at = At another time
desk-sending-at-field = Day and time in { $zone }
desk-sending-zone = Times are those of { $zone }, where it is { $time } now.
desk-sending-button =
  { $count ->
    [one] Send to one reader
    *[other] Send to { $number } readers
  }
desk-sending-take-back = Take it back
desk-sending-move = Move it
desk-sending-button-later =
  { $count ->
    [one] Schedule for one reader
    *[other] Schedule for { $number } readers
  }

# While it goes out
desk-sending-countdown = It goes out in { $seconds } s.
desk-sending-headline-sending =
  Sent to { $sent } of { $count ->
    [one] one reader.
    *[other] { $audience } readers.
  }
desk-sending-headline-paused =
  Paused: sent to { $sent } of { $count ->
    [one] one reader, nobody else gets it for now.
    *[other] { $audience } readers, nobody else gets it for now.
  }
desk-sending-headline-sent =
  Sent to { $sent } of { $count ->
    [one] one reader.
    *[other] { $audience } readers.
  }
desk-sending-headline-cancelled =
  Stopped for good: sent to { $sent } of { $count ->
    [one] one reader.
    *[other] { $audience } readers.
  }
desk-sending-progress = How much is done
desk-sending-sent = Sent
desk-sending-queued = Waiting
desk-sending-deferred = Later again
desk-sending-refused = Refused
desk-sending-bounced = No such mailbox
desk-sending-failed = Failed
desk-sending-unknown = Perhaps sent
desk-sending-skipped = Not sent any more
desk-sending-waiting = Waiting
desk-sending-pace = { $rate }; expected end: { $time }.
desk-sending-pace-rest = { $rate }. Expected end of the first tries: { $time }. The rest are tried again later.
desk-sending-pace-next-try = Everybody was tried. Next try for the rest: { $time }.
desk-sending-pace-begins = It has just begun; the speed will be known in a few seconds.
desk-sending-provider-slows =
  { $provider } asks us to slow down: { $count ->
    [one] one reader waits, the others go on; next try: { $time }.
    *[other] { $number } readers wait, the others go on; next try: { $time }.
  }
desk-sending-provider-limit =
  { $provider } gets no more at a time: { $count ->
    [one] one reader waits; next try: { $time }.
    *[other] { $number } readers wait; next try: { $time }.
  }
desk-sending-standstill-held = All sending is held: nothing goes out. Whoever runs the server can let it go on.
desk-sending-standstill-relays-paused = All mail services are paused: nothing goes out. Whoever runs the server can let them go on.
desk-sending-standstill-no-worker = No program that sends mails is running. Tell whoever runs the server; the issue goes on by itself afterwards.
desk-sending-relay-limit = The mail server “{ $relay }” takes { $connections } of { $configured } connections; one more is tried at { $time }. It goes on, only slower.
desk-sending-waits-no_mailbox =
  { $count ->
    [one] One reader is tried again later: their mailbox is not found at the moment.
    *[other] { $number } readers are tried again later: their mailbox is not found at the moment.
  }
desk-sending-waits-full =
  { $count ->
    [one] One reader is tried again later: their mailbox is full.
    *[other] { $number } readers are tried again later: their mailbox is full.
  }
desk-sending-waits-slow_down =
  { $count ->
    [one] One reader is tried again later: their mail server wants fewer mails at a time.
    *[other] { $number } readers are tried again later: their mail server wants fewer mails at a time.
  }
desk-sending-waits-unwanted =
  { $count ->
    [one] One reader is tried again later: their mail server does not want this mail.
    *[other] { $number } readers are tried again later: their mail server does not want this mail.
  }
desk-sending-waits-too_large =
  { $count ->
    [one] One reader is tried again later: the mail is too large for them.
    *[other] { $number } readers are tried again later: the mail is too large for them.
  }
desk-sending-waits-later =
  { $count ->
    [one] One reader is tried again later: their mail server asks us to come back later.
    *[other] { $number } readers are tried again later: their mail server asks us to come back later.
  }
desk-sending-waits-no_answer =
  { $count ->
    [one] One reader is tried again later: no mail server answered.
    *[other] { $number } readers are tried again later: no mail server answered.
  }
desk-sending-waits-other =
  { $count ->
    [one] One reader is tried again later: their mail server gave another reason.
    *[other] { $number } readers are tried again later: their mail server gave another reason.
  }
desk-sending-because-refused = It paused itself: the mail server refused this issue for several readers in a row, each time with the same answer: “{ $said }”. None of them counts as failed. Once that is mended, go on.
desk-sending-because-unanswered = It paused itself: for several readers in a row, nobody said after the mail whether the mail server took it: “{ $said }”. These mails may have arrived, and each goes out once more when you go on. Ask whoever runs the server to look at the mail server’s log first.
desk-sending-because-cannot-be-built = It paused itself: its mails cannot be made. The reason: “{ $said }”. Nobody counts as failed. Once that is mended, go on.
desk-sending-because-held = All sending was held by whoever runs the server: “{ $said }” This issue does not go on by itself: once sending is released, press “Go on”.
desk-sending-because-held-unsaid = All sending was held by whoever runs the server. This issue does not go on by itself: once sending is released, press “Go on”.
desk-sending-because-copied = This database was restored or copied while the issue was being sent. Readers who got it after the copy was made would get it twice. Look how far it went, then go on or stop it for good.
desk-sending-because-overdue = Its time came while this database was restored or copied. Look whether it has gone out already. If it has not, send it.
desk-sending-because-other = { $said }
desk-sending-connection-lost = The connection is lost. The sending goes on; this page comes back by itself.
desk-sending-pause = Pause
desk-sending-resume = Go on
desk-sending-correct = Correct it for the rest
desk-sending-corrected = The text was corrected. Those who still wait get the new one when you go on.
desk-sending-stop = Stop for good …
desk-sending-stop-question =
  { $count ->
    [one] One reader will not get this issue. That cannot be undone.
    *[other] { $number } readers will not get this issue. That cannot be undone.
  }
desk-sending-stop-page = “Read online” goes on working in the mails that have gone out. Lists, feed and search of the archive leave the issue out.
desk-sending-stop-now = Stop for good

# The report
desk-sending-report = Report
desk-sending-watch = Watch it go out
desk-sending-csv = Table (CSV)
desk-sending-begin-with = Begin a new issue with this
desk-sending-archive = In the archive
desk-sending-from = From { $time }
desk-sending-until = until { $time }
desk-sending-result = What became of it
desk-sending-sent-means = Sent means that the mail server took the mail. Whether it reached the mailbox is not known here.
desk-sending-skipped-means = Not sent any more: these readers unsubscribed or paused, or the issue was stopped first.
desk-sending-what = Result
desk-sending-readers = Readers
desk-sending-share = Share
desk-sending-left =
  { $count ->
    [one] One reader left in the week after it
    *[other] { $number } readers left in the week after it
  }{ $complained ->
    [0] .
    [one] ; one complained.
    *[other] ; { $complained } complained.
  }
desk-sending-left-so-far = That is so far: the week is not over.
desk-sending-left-week = Left in a week
desk-sending-failed-list = Who did not get it, and why
desk-sending-failed-none = Nobody.
desk-sending-failed-more = More
desk-sending-retry =
  { $count ->
    [one] Send again to the one that failed
    *[other] Send again to the { $number } that failed
  }
desk-sending-erratum = Write to those who got the wrong text
desk-sending-erratum-hint = A new draft for them alone.
desk-sending-erratum-subject = Correction: { $subject }
desk-sending-nothing-wrong = Nobody got another text than the present one, or all of them had a correction already: there is nothing to put right.
desk-sending-ledger-removed = It is not known any more who got the wrong text: these entries are removed after a time. Write a new issue to all readers instead.
desk-sending-page = The page on the web
desk-sending-page-off = Page off the web
desk-sending-page-hide = Take the page off the web
desk-sending-page-hint = Its address then says that it was taken down, and lists, feed and search leave the issue out. Mails stay as they are, and you can put the page back.
desk-sending-page-hidden = The page has been off the web since { $time }. Its address says that it was taken down.
desk-sending-page-unhide = Put the page back
desk-sending-page-correct = Correct the page
desk-sending-page-corrected = The page has the corrected text. No mail went out.
desk-sending-no-page = This issue has no page on the web: it was not sent, or was stopped before anybody got it.
desk-sending-course = Over time
desk-sending-course-chart = Mails that were sent, and on top of them those that were refused, over time
desk-sending-time = Time
desk-sending-next-try = Next try
desk-sending-providers = By mailbox provider
desk-sending-providers-later = This table is made when the issue has ended; it takes about a minute.
desk-sending-provider = Provider
desk-sending-other-providers = all others
desk-sending-all-providers = all
desk-sending-causes = Why mails did not arrive, or wait
desk-sending-cause = Reason
desk-sending-answer = Answer of the server
desk-sending-meaning-no_mailbox = The mailbox does not exist
desk-sending-meaning-full = The mailbox is full
desk-sending-meaning-slow_down = The server wants fewer mails
desk-sending-meaning-unwanted = The server does not want this mail
desk-sending-meaning-too_large = The mail is too large
desk-sending-meaning-later = The server asks to come back later
desk-sending-meaning-no_answer = No server answered
desk-sending-meaning-other = Another reason
desk-sending-state-queued = waiting
desk-sending-state-sent = sent
desk-sending-state-deferred = tried again later
desk-sending-state-bounced = no such mailbox
desk-sending-state-failed = failed
desk-sending-state-skipped = not sent any more
desk-sending-state-unknown = perhaps sent
desk-sending-earlier = Beside earlier issues
desk-sending-issue = Issue
desk-sending-reader = Reader
desk-sending-reader-number = No. { $number }
desk-sending-attempts = Tries
desk-sending-errors-first = The checks found something that has to be mended before this goes out.
desk-sending-errors-planned = The checks found something to mend. It goes out like this unless somebody changes it or takes it back.
desk-sending-changed = Somebody has changed the text since you opened this page. What is here now is what goes out: look at it, then press the button once more.
desk-sending-warnings-first = Look at what the checks found, and tick that you have seen it.
desk-sending-time-or-choice = You typed a time, but another answer was chosen. Now the time is chosen: send again if you mean it, or choose the other answer.
desk-sending-warnings-seen = { $count ->
     [one] I have seen the warning, and want to send all the same.
    *[other] I have seen the { $count } warnings, and want to send all the same.
 }
desk-sending-all-checks = All checks, also of links and sending
