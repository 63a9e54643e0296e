### What is wrong, and what to do.

address-missing = Please enter your e-mail address.
address-no-at-sign = An e-mail address has a name, an @ and a domain, for example name@example.org.
address-too-long = This address is too long: at most 64 characters before the @, and 254 in all.
address-bad-local-part = The part before the @ has a character or a dot that mail servers refuse.
address-bad-domain = The part after the @ is not a valid domain name.
address-disposable = Addresses of this domain are not accepted here. Give one that you use every day.
address-no-mail = No mail can be delivered to this domain. Please check what stands after the @.
consent-missing = Please tick this box to receive the letter.
letters-missing = Please choose at least one letter.
country-unknown = One of the countries you chose is not on our list.
frequency-unknown = Choose each issue or one summary a month.
pause-bad-day = Please choose a day after today, at most a year ahead.
answer-missing = This answer is needed.
answer-too-long = This answer is too long: at most 200 characters on one line.
answer-no-choice = Please choose one of the answers offered.
answer-no-number = Please enter a number.
answer-no-date = Please enter a date.
signup-limited = Too many sign-ups came from here in a short time. Please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
 }.
gate-again = One more click, please: press the button again.
gate-work = Many people are signing up at the moment. Press the button once more: your browser will do a small calculation that protects us from robots.
gate-wait = If it cannot, as without JavaScript, wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
 }, then press the button.
gate-working = Your browser is calculating. This takes a few seconds…

error-bad-request-title = We did not understand this request
error-bad-request-advice = Go back to the page before and try again.
error-not-found-title = There is no such page
error-not-found-advice = The address may be incomplete. Check it, or start from the sign-up page or the earlier issues.
error-method-not-allowed-title = This page cannot be used this way
error-method-not-allowed-advice = Open it from the link in your e-mail or from the sign-up page.
error-payload-too-large-title = That is too long
error-payload-too-large-advice = What you sent is larger than we accept. Shorten it and try again.
error-unsupported-media-type-title = This format is not accepted
error-unsupported-media-type-advice = Please use the form on the sign-up page.
error-too-many-requests-title = A little too fast
error-too-many-requests-advice = Too many requests came from here in a short time. Wait a few minutes, then try again.
error-unavailable-title = A short pause
error-unavailable-advice = We cannot save anything at the moment. Try again in a minute: nothing has been lost.
error-internal-title = Something went wrong on our side
error-internal-advice = It is not your fault. Try again in a few minutes; if it goes on, write to us.
error-status = Error { $status }
