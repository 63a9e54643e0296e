# Signing in, people, and what the desk says when something does not work.

desk-error-signed-out-title = You are signed out
desk-error-signed-out-advice = Nothing you typed is lost. Sign in again in a new tab, come back to this one (if the page has changed, press “Back”), and save again.
desk-error-sign-in-again = Sign in in a new tab
desk-error-not-allowed-title = Your role does not include this
desk-error-not-allowed-advice = You can look at this newsletter, but you cannot do this. Ask an owner for a higher role.
desk-error-not-found-title = This page does not exist
desk-error-not-found-advice = It may have been removed, or the address is incomplete.
desk-error-forged-title = This did not come from a page of the desk
desk-error-forged-advice = Nothing was changed. Go back, reload the page, and try again.
desk-error-unreadable-title = We did not understand this request
desk-error-unreadable-advice = Nothing was changed. Go back to the page before and try again.
desk-error-too-large-title = That is too large
desk-error-too-large-advice = Nothing was saved. Make it smaller and try again.
desk-error-conflict-title = Something has changed meanwhile
desk-error-conflict-advice = Somebody else was faster. Go back, reload the page, and look at what is there now.
desk-error-invalid-title = Something is not right yet
desk-error-invalid-advice = Nothing was saved. Go back and check what you typed.
desk-error-unavailable-title = A short pause
desk-error-unavailable-advice = Nothing can be saved right now. Try again in a minute; keep this page open.
desk-error-internal-title = Something went wrong on our side
desk-error-internal-advice = It is not your fault. Try again; if it keeps happening, tell whoever runs this service.
desk-error-home = Go to the desk

# Mails about an editor's account.

editor-invitation-subject = Your account at the desk of “{ $newsletter }”
editor-invitation-preheader = Set a password, and you can start writing.
editor-invitation-title = Welcome to the team
editor-invitation-what = You are invited to work on “{ $newsletter }”. Set a password to open your account:
editor-invitation-button = Set a password
editor-invitation-valid = The link works for { $duration }, and only once. Please don’t pass it on.
editor-invitation-ignore = You don’t know what this is about? Then ignore this email: without a password the account stays closed.

password-reset-subject = A new password for the desk of “{ $newsletter }”
password-reset-preheader = Set a new password with this link.
password-reset-title = Set a new password
password-reset-what = Somebody, probably you, asked for a new password for the desk of “{ $newsletter }”. Set it with this link:
password-reset-button = Set a new password
password-reset-valid = The link works for { $duration }, and only once. All browsers will be signed out.
password-reset-ignore = Not you? There’s nothing to do: your password stays as it is.

new-browser-subject = New sign-in at the desk of “{ $newsletter }”
new-browser-preheader = A browser signed in to your account that had not done so before.
new-browser-title = A new browser has signed in
new-browser-what = On { $time } ({ $zone }), somebody signed in to your account at the desk of “{ $newsletter }”. That browser had not done so before.
new-browser-which = Browser: { $browser }
new-browser-was-you = Was it you? Then there is nothing to do.
new-browser-not-you = It wasn’t you? Then set a new password at once. That signs out all browsers.
new-browser-quiet = This is not the only new browser within the last hour. To keep your mailbox from filling up, no further notice comes before { $until } ({ $zone }). Your account page lists every browser that is signed in.
new-browser-button = Set a new password
new-browser-everywhere = You can also sign out everywhere without a new password, at the foot of the page of your account:

# Signing in.

desk-outside-name = Desk
desk-sign-in-title = Sign in
desk-sign-in-email = Email address
desk-sign-in-password = Password
desk-sign-in-button = Sign in
desk-sign-in-forgot = Forgot your password?
desk-sign-in-wrong = Address or password is not right. Please check both and try again.
desk-sign-in-code = This code is not right, or it has been used already. Wait for the next one and try again.
desk-sign-in-limited = { $minutes ->
    [one] Too many tries. Wait a minute, then try again.
   *[other] Too many tries. Wait { $minutes } minutes, then try again.
}
desk-sign-in-expired = That took too long. Please give your password again.
desk-signed-out-done = You are signed out.
desk-signed-out-everywhere-done = You are signed out in all browsers.
desk-password-set-done = Your new password is set. Sign in with it.
desk-code-title = Your code
desk-code-what = Open the app on your phone and type the code it shows.
desk-code-label = Six-digit code
desk-code-hint = Phone not at hand? Type one of your recovery codes instead.
desk-code-back = Back to signing in
desk-forgot-title = Forgot your password?
desk-forgot-what = Give the address of your account. We will send you a link to set a new password.
desk-forgot-button = Send the link
desk-forgot-sent = If { $email } has an account, a link is on its way. It works for one hour.
desk-forgot-again = Nothing there after a few minutes? Look in your spam folder, or ask an owner to invite you again.
desk-invitation-title = Welcome, { $name }
desk-invitation-what = Choose a password for your account. Then you can start.
desk-reset-title = Set a new password
desk-reset-what = With the new password you will be signed out in all other browsers.
desk-new-password = New password
desk-new-password-hint = At least 12 characters. Several words that have nothing to do with each other are good, and easy to remember.
desk-new-password-button = Save the password
desk-weak-short = This is too short. Take at least 12 characters.
desk-weak-long = This is too long. Take at most 200 characters.
desk-weak-personal = Please leave out your name and your address.
desk-weak-guessable = This is easy to guess. Take several words that have nothing to do with each other.
desk-link-invalid-title = This link does not work any more
desk-link-invalid-what = It has been used already, has expired, or is not complete. You can have a new one sent to you.
desk-link-invalid-button = Send me a new link

# The own account, people, tokens and the log.

desk-proof-label = Your password, or the code of your app
desk-proof-hint = You signed in a while ago. This shows that it is still you.
desk-proof-missing = Please give your password or a code again: you signed in a while ago. Nothing was changed.
desk-proof-wrong = This password or code is not right. Nothing was changed.
desk-account = Your account
desk-account-name = Name
desk-account-language = Language of the desk
desk-account-saved = Saved.
desk-account-password = Password
desk-account-password-ends = All other browsers will be signed out.
desk-account-password-saved = Your new password is saved. All other browsers are signed out.
desk-totp = Codes from an app
desk-totp-is-on = The app’s code is asked for at every sign-in.
desk-totp-is-off = With an app on your phone, a stolen password is not enough to sign in.
desk-totp-set-up = Set up the app
desk-totp-what = With an app on your phone, a stolen password is not enough to sign in. Any app for one-time codes (TOTP) will do.
desk-totp-required-what = Here everybody signs in with a code from an app. Set it up now; any app for one-time codes (TOTP) will do.
desk-totp-required = Codes are required here and cannot be turned off.
desk-totp-step-scan = Open the app on your phone and scan this picture:
desk-totp-qr = QR code for your app
desk-totp-step-type = Or type this into the app:
desk-totp-this-phone = Open it in an app on this device
desk-totp-step-code = Type the code that the app shows:
desk-totp-turn-on = Turn on codes
desk-totp-turn-off = Turn off codes
desk-totp-off-done = Codes are no longer asked for.
desk-codes = Your recovery codes
desk-codes-what = Codes are asked for from now on. If your phone is gone, each of these signs you in once. They are shown only now: print them or keep them with your passwords.
desk-codes-kept = I have kept them
desk-codes-renew = Make new recovery codes
desk-browsers = Where you are signed in
desk-browser = Browser
desk-browser-began = Signed in
desk-browser-seen = Last used
desk-browser-this = This browser:
desk-browser-unknown = Unknown
desk-browser-zone = Times are those of { $zone }.
desk-sign-out-everywhere = Sign out everywhere
desk-people-roles = Roles
desk-people-role = Role
desk-people-everywhere = all newsletters
desk-people-waiting = has not set a password yet
desk-people-invite = Invite somebody
desk-people-invite-button = Send the invitation
desk-people-invite-again = Send the invitation again
desk-people-invited = The invitation is on its way. Its link works for seven days.
desk-people-removed = The account is removed.
desk-people-no-role = No role
desk-people-take-role = Take the role away
desk-people-set-role = Change the role
desk-people-remove-title = Remove the account
desk-people-remove-what = The person is signed out at once and cannot sign in any more. What they did stays in the log.
desk-people-remove = Remove { $name }
desk-people-taken = This address has an account already.
desk-people-last-owner = This is the last owner of all newsletters. Make somebody else an owner first.
desk-people-bad-name = A name has 1 to 100 characters.
desk-role-viewer = Viewer
desk-role-viewer-may = reads
desk-role-editor = Editor
desk-role-editor-may = writes and sends
desk-role-owner = Owner
desk-role-owner-may = everything, also people and settings
desk-tokens = API tokens
desk-tokens-what = A program uses a token to work with the API. It is shown once. Give each program its own, with no more rights than it needs.
desk-tokens-none = There are no tokens.
desk-token-made = This is the new token. Copy it now: it will not be shown again.
desk-token-new = Make a token
desk-token-name = What it is for
desk-token-expires = Expires
desk-token-never = never
desk-token-make = Make the token
desk-token-revoke = Revoke
desk-token-revoke-which = Revoke the token “{ $name }”
desk-log = Log
desk-log-what = Who did what. Nobody can change or remove anything here.
desk-log-check = Check the log
desk-log-broken = The log is not what was written:
desk-log-when = When
desk-log-who = Who
desk-log-did = What
desk-log-by-nobody = unknown
desk-log-by-command-line = Command line
desk-log-by-schedule = Schedule
desk-log-by-token = Token
desk-log-unreadable = This entry cannot be read
desk-log-everybody = everybody
desk-log-everything = everything
desk-log-none = Nothing fits.
desk-log-newest = To the newest
desk-log-older = Older entries
desk-log-csv = Download as CSV
desk-log-csv-hint = All entries that fit. The download itself is logged.
desk-log-with-password = with the password
desk-log-with-code = with password and code
desk-log-fresh-proof = password asked again
desk-log-everywhere = in all browsers
desk-log-one-reader = one reader
desk-log-exported = this log
desk-codes-left = { $count ->
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
desk-token-days = { $days ->
    [one] in one day
   *[other] in { $days } days
}
desk-log-intact = { $events ->
    [one] The log is as it was written: one entry.
   *[other] The log is as it was written: { $events } entries.
}
desk-did-signed-in = signed in
desk-did-sign-in-failed = failed to sign in
desk-did-signed-out = signed out
desk-did-sent = sent an issue
desk-did-scheduled = scheduled an issue
desk-did-taken-back = took a scheduled issue back
desk-did-sending-held = held all sending
desk-did-sending-released = let sending go on
desk-did-approved = approved an issue
desk-did-sent-again = sent an issue again to those that failed
desk-did-paused = paused a sending
desk-did-resumed = resumed a sending
desk-did-cancelled = cancelled a sending
desk-did-corrected = corrected an issue
desk-did-newsletter-edited = changed a newsletter
desk-did-exported = exported data
desk-did-reader-erased = erased a reader
desk-did-imported = imported readers
desk-did-editor-added = added an account
desk-did-editor-removed = removed an account
desk-did-invited = invited somebody
desk-did-role-given = gave a role
desk-did-role-taken = took a role away
desk-did-token-made = made a token
desk-did-token-revoked = revoked a token
desk-did-password-changed = set a password
desk-did-totp-on = turned codes on
desk-did-totp-off = turned codes off
desk-did-recovery-codes-made = made recovery codes
desk-did-recovery-code-used = used a recovery code
desk-did-mail-retried = sent a mail again
desk-did-throttle-reset = lifted a throttle
desk-did-addresses-suppressed = suppressed addresses
desk-did-suppression-removed = took a suppression back
desk-did-relay-paused = paused a mail service
desk-did-relay-resumed = resumed a mail service
