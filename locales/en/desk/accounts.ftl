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
