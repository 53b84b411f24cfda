"""Bad queries on every route that reads: refused with the field named."""

import itertools

import pytest

from tests.cast import Cast
from tests.routes.rules import INTERFACE, path_of
from tests.support.portal import Browser

BAD: dict[str, list[str]] = {
    "activity?since": [
        "", "x", "0", "-1", "now", "2026-01-31", "2026-01-31T09:30:00", "2026-02-30T00:00:00Z", "2026-01-31T24:01:00Z",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "2026-03-29T02:30:00[Europe/Berlin]",
        "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "9" * 41, "２０２６-01-31T09:30:00Z", "1e309",
        "2026-01-31T09:30:00%2B99:99", "inf", "true", "{}", "2026-W99-1T00:00:00Z",
    ],
    "conversations?after": [
        "x", "~", "~x", "2026-01-31", "2026-01-31~x", "0001-01-01T00:00:00%2B23:59~x", "9999-12-31T23:59:59-23:59~x",
        "x~" + "0" * 32, "9" * 101, "' OR 1=1--",
    ],
    "conversations?limit": ["", "0", "-1", "101", "x", "1.5", "1e2", "true", str(2**31), str(2**63), "9" * 50, "５０"],
    "conversations?state": ["", "x", "Active", "deleted", "trash", "1", "%20active"],
    "conversations/{c}/messages?before": ["", "x", "0" * 31, "0" * 33, "A" * 32, "０" * 32, "-1", str(2**63), "null"],
    "conversations/{c}/messages?limit": ["", "0", "-1", "101", "x", str(2**63), "9" * 5000],
    "messages/{m}/events?after": ["9" * 101],
}  # fmt: skip
EACH = [(field, value) for field, values in BAD.items() for value in values]


@pytest.fixture(scope="module")
def here(people: Cast) -> dict[str, str]:
    """Ids to put into the addresses."""
    conversation, messages = people.alice.conversation("hello", "hi")
    return {"c": conversation, "m": messages[1]}


@pytest.mark.parametrize(("field", "value"), EACH, ids=[f"{field}={value[:30]}" for field, value in EACH])
def test_a_bad_query_is_named(alices: Browser, here: dict[str, str], field: str, value: str) -> None:
    answer = alices.get(f"/api/v1/{field.format(**here)}={value}")
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, field.partition("?")[2])


@pytest.mark.parametrize("call", [call for call in INTERFACE if call.startswith("GET")])
@pytest.mark.parametrize(
    "query", ["limits=1", "user_id=x", "owner_id=x", "a[$ne]=1", "__proto__=x", "é=x", "callback=x"]
)
def test_no_unknown_name_is_taken(alices: Browser, here: dict[str, str], call: str, query: str) -> None:
    answer = alices.get(f"{path_of(call, here['c'], here['m'])}?{query}")
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, query.partition("=")[0])


@pytest.mark.parametrize("call", [call for call in INTERFACE if call.startswith("GET")])
@pytest.mark.parametrize("query", ["%ff=1", "a=%ff", "a=%00", "%00=1", "&".join(f"a{n}=1" for n in range(100))])
def test_what_is_no_query_is_unreadable(alices: Browser, here: dict[str, str], call: str, query: str) -> None:
    answer = alices.get(f"{path_of(call, here['c'], here['m'])}?{query}")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    "after", ["x", "-1", "1e99", "1-", "1--1", "2-0", "0-0", "1-999", "1-" + "9" * 90, "1-٣", "1-end-", "%20"]
)
@pytest.mark.parametrize("way", ["query", "header"])
def test_a_place_that_is_not_ours_begins_anew(alices: Browser, here: dict[str, str], way: str, after: str) -> None:
    path = f"/api/v1/messages/{here['m']}/events"
    header = {"Last-Event-ID": after.encode().decode("latin-1")}
    answer = alices.get(f"{path}?after={after}") if way == "query" else alices.get(path, header)
    assert answer.text.split("\n\n")[1].startswith("event: snapshot")


@pytest.mark.parametrize(
    "since", ["2026-01-31T09:30:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-31T09:30:00-11:00"]
)
def test_a_good_moment_is_taken(alices: Browser, since: str) -> None:
    assert alices.get(f"/api/v1/activity?since={since}").status_code == 200


def test_every_page_of_a_list_comes_once(people: Cast) -> None:
    made = [people.bob.conversation("hello")[0] for _ in range(7)]
    browser, seen, after = people.bob.browser(), [], ""
    for _ in itertools.repeat(None, 10):
        page = browser.get(f"/api/v1/conversations?limit=3{after}").json
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == made[::-1]
