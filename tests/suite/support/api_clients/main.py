"""Does the main job with the client that openapi-python-client made: main.py BASE TOKEN."""

import json
import re
import sys
import time
import uuid

import httpx

from xabar_client import AuthenticatedClient, Client
from xabar_client.api.issues import (
    create_issue,
    edit_issue,
    get_issue,
    list_deliveries,
    list_issues,
    send_issue,
)
from xabar_client.api.readers import create_subscription
from xabar_client.models import (
    ContentPatch,
    Country,
    DeliveryState,
    IssueState,
    Item,
    NewIssue,
    NewSubscription,
    Part,
    PartKind,
    Problem,
)

base, token = sys.argv[1:]
READER = "python@reader.example"
LINK = re.compile(r"http[^\s<>]*/confirm/[^\s<>]*")
client = AuthenticatedClient(base_url=base, token=token, raise_on_unexpected_status=True)
visitor = Client(base_url=base, raise_on_unexpected_status=True)


def issue(subject):
    item = Item(title="Sommet", url="https://example.org/sommet", countries=[Country.KZ])
    part = Part(kind=PartKind.NEWS, items=[item])
    return NewIssue(newsletter="asie-centrale", subject=subject, parts=[part])


def wait_for(what):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    sys.exit("waited in vain")


refused = create_issue.sync(client=client, body=issue(""))
assert isinstance(refused, Problem) and refused.errors[0].field == "subject", refused
print("refused:", refused.type_)

key = str(uuid.uuid4())
first = create_issue.sync_detailed(client=client, body=issue("Python"), idempotency_key=key)
draft = first.parsed
assert first.status_code == 201 and draft.status == IssueState.DRAFT, first
print(draft.status)
again = create_issue.sync_detailed(client=client, body=issue("Python"), idempotency_key=key)
assert again.parsed.id == draft.id and again.headers["ETag"] == first.headers["ETag"]
print("the same again")

wish = NewSubscription(email=READER, newsletter="asie-centrale", language="fr")
taken_in = create_subscription.sync(client=visitor, body=wish)
assert taken_in.status == "accepted", taken_in
print("signed up")


def confirmation():
    mails = httpx.get(f"{base}/mailbox.json").json()
    mine = [mail for mail in mails if READER in mail["to"]]
    return next((LINK.search(mail["text"])[0] for mail in mine), None)


assert httpx.post(wait_for(confirmation)).status_code == 200
print("confirmed")

old = first.headers["ETag"]
patch = ContentPatch(subject="Python, corrected")
changed = edit_issue.sync_detailed(draft.id, client=client, body=patch, if_match=old)
assert changed.status_code == 200, changed
stale = edit_issue.sync_detailed(draft.id, client=client, body=patch, if_match=old)
assert stale.status_code == 412 and stale.parsed.type_ == "/docs#stale", stale
print("changed meanwhile")

sent = send_issue.sync(draft.id, client=client)
assert sent.status == IssueState.SENDING, sent
print(sent.status)

# Server-sent events are a stream, which the generated call would wait for to its end.
events = f"/api/v1/issues/{draft.id}/events"
last_id, name = "", ""
with client.get_httpx_client().stream("GET", events) as stream:
    for line in stream.iter_lines():
        field, _, value = line.partition(": ")
        if field == "id":
            last_id = value
        elif field == "event":
            name = value
        elif field == "data" and name == "end":
            print("end:", json.loads(value)["status"])
ended = client.get_httpx_client().get(events, headers={"Last-Event-ID": last_id})
assert ended.status_code == 204, ended
print("not resumed")

shown = get_issue.sync(draft.id, client=client)
assert shown.counts.sent == shown.counts.audience > 0, shown
ledger = list_deliveries.sync(draft.id, client=client, state=DeliveryState.SENT)
assert len(ledger.items) == shown.counts.sent, ledger
print("delivered:", ledger.items[0].state)

page = list_issues.sync(client=client, newsletter="asie-centrale", status=IssueState.SENT, limit=1)
assert page.items[0].subject == "Python, corrected", page
assert "Sommet" in httpx.get(page.items[0].url).text
print("in the archive")
