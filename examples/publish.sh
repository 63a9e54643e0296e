#!/usr/bin/env bash
# Creates an issue over the API, shows it, sends a test copy, and after a question sends it to
# all readers and reports until it is sent.
#
#   TOKEN=… examples/publish.sh [issue.json]
#
#   TOKEN         an API token of an editor: xabar token add --name publish --role editor
#   SERVICE       the address of the service (http://127.0.0.1:8080)
#   TEST_ADDRESS  who gets the test copy (editor@example.org)
#   YES=1         sends without the question
set -euo pipefail

service=${SERVICE:-http://127.0.0.1:8080}
test_address=${TEST_ADDRESS:-editor@example.org}
file=${1:-$(dirname "${BASH_SOURCE[0]}")/issue.json}
: "${TOKEN:?is missing; make one with: xabar token add --name publish --role editor}"
[[ -r $file ]] || { echo "publish.sh: cannot read $file" >&2; exit 1; }

# The token goes in by standard input: other users of a machine can read arguments.
call() {
    curl --silent --show-error --fail-with-body --config - "$@" <<<"header = \"Authorization: Bearer $TOKEN\""
}
# Repeated with the same key, a request is done once: a lost answer makes no second draft, and no second copy.
run=$(date +%s)-$$
post_json() {
    local answer
    # A refusal names the field and says what to do.
    answer=$(call --header 'Content-Type: application/json' --header "Idempotency-Key: $run-${2##*/}" \
        --retry 3 --data-binary "$@") ||
        { tail -n 1 <<<"$answer" >&2; return 1; }
    echo "$answer"
}

# The new issue's address is in the header Location.
answer=$(post_json "@$file" "$service/api/v1/issues" --include)
issue=$service$(tr -d '\r' <<<"$answer" | sed -n 's/^[Ll]ocation: //p')
echo "Draft: $issue"

call "$issue/preview?format=text"
echo "In HTML, with the same token: $issue/preview"

post_json "{\"to\": [\"$test_address\"]}" "$issue/test" >/dev/null
printf 'A test copy is on its way to %s.\n' "$test_address"

if [[ -z ${YES-} ]]; then
    read -r -p 'Send it to all readers now? Type yes: ' reply
    [[ $reply == yes ]] || { echo "Not sent; it stays a draft."; exit 0; }
fi

# The same call again would change nothing: an issue is sent once.
post_json '{}' "$issue/send" >/dev/null
# Server-sent events with the counts, until the issue is sent or cancelled.
call --no-buffer "$issue/events" | sed -u -n '/^event: counts/,/^$/s/^data: //p'
