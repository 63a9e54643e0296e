### What is wrong, and what to do.

address-missing = Please enter your email address.
address-no-at-sign = An email address has a name, an @ and a domain, for example name@example.org.
address-too-long = This address is too long: at most 64 characters before the @, and 254 in total.
address-bad-local-part = The part before the @ has a character or a dot that mail servers don’t accept.
address-bad-domain = The part after the @ isn’t a valid domain name.
address-unseen = There’s a space or an invisible character in the address. Please type it again.
address-decorated = Please enter just the address, for example name@example.org: no “mailto:”, no name, no brackets, no full stop or comma at the end.
address-mixed-scripts = The letter “{ $letter }” in this address is { $script ->
    [greek] Greek
   *[cyrillic] Cyrillic
 }, and the letters beside it are from another alphabet. They may look the same. Please type the address again.
address-disposable = Addresses at this domain aren’t accepted here. Please use one you check regularly.
address-no-mail = This domain doesn’t receive mail. Please check the part after the @.
address-refused = The mail server of this address refused our last email: there is no such mailbox, or it takes no mail. Please check the spelling.
consent-missing = Please tick this box to subscribe.
letters-missing = Please choose at least one newsletter.
country-unknown = One of the countries you chose isn’t on our list.
frequency-unknown = Please choose every issue or one summary a month.
pause-bad-day = Please choose a day after today, at most a year from now.
answer-missing = Please answer this question.
answer-too-long = This answer is too long: at most 200 characters on one line.
answer-no-choice = Please choose one of the options.
answer-no-number = Please enter a number.
answer-no-date = Please enter a date.
signup-limited = Too many sign-ups came from your network in a short time. Please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
 }.
gate-again = One more click, please: press the button again.
gate-work = A lot of people are signing up right now. Press the button again: your browser will do a small calculation that protects us from bots.
gate-wait = If it can’t, for example without JavaScript, wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
 }, then press the button.
gate-working = Your browser is calculating. This takes a few seconds…

error-bad-request-title = We didn’t understand this request
error-bad-request-advice = Go back to the previous page and try again.
error-not-found-title = This page doesn’t exist
error-not-found-advice = The address may be incomplete. Check it, or go to the sign-up page or past issues.
error-method-not-allowed-title = This page can’t be opened this way
error-method-not-allowed-advice = Open it from the link in your email or from the sign-up page.
error-payload-too-large-title = That’s too long
error-payload-too-large-advice = What you sent is larger than we accept. Shorten it and try again.
error-unsupported-media-type-title = This format isn’t accepted
error-unsupported-media-type-advice = Please use the form on the sign-up page.
error-too-many-requests-title = That was a little too fast
error-too-many-requests-advice = Too many requests came from your network in a short time. Wait a few minutes, then try again.
error-unavailable-title = A short pause
error-unavailable-advice = We can’t save anything right now. Try again in a minute: nothing has been lost.
error-internal-title = Something went wrong on our side
error-internal-advice = It’s not your fault. Try again in a few minutes. If it keeps happening, please write to us.
error-status = Error { $status }
