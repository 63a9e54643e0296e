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
