"""F71: two tabs answer again and ask otherwise at the same time."""

import itertools

import gevent
import pytest

from tests.routes.api.telling import ask, client_id, finished
from tests.support.canaries import PROMPT
from tests.support.witness import Witness

pytestmark = pytest.mark.fault


def branch(witness: Witness, conversation: str) -> list[dict]:
    return witness.get(f"/api/v1/conversations/{conversation}/messages").json["items"]


def reachable(witness: Witness, conversation: str) -> set[str]:
    """Every message that a person can come to with the arrows, from wherever the conversation stands."""
    seen: set[str] = set()
    wanted = {message["id"] for message in branch(witness, conversation)}
    while wanted - seen:
        leaf = min(wanted - seen)
        answer = witness.send("PATCH", f"/api/v1/conversations/{conversation}", {"active_leaf_id": leaf})
        assert answer.status_code == 200, answer.text
        shown = branch(witness, conversation)
        seen |= {leaf}
        wanted |= {other for message in shown for other in message["sibling_ids"]}
    return seen


def test_f71_two_tabs_at_once_lose_no_branch(alice: Witness) -> None:
    alice.get("/api/v1/models")
    first = ask(alice, PROMPT)
    finished(alice, first["answer"]["id"])
    conversation, question = first["answer"]["conversation_id"], first["question"]["id"]
    made = {question, first["answer"]["id"]}

    def again() -> list[str]:
        sent = alice.send("POST", f"/api/v1/messages/{question}/answers", {"client_id": client_id()})
        assert sent.status_code in (201, 409), sent.text
        return [sent.json["answer"]["id"]] if sent.status_code == 201 else []

    def otherwise() -> list[str]:
        sent = ask(alice, f"Otherwise? {PROMPT}", conversation, parent_id=first["answer"]["id"])
        return [sent["question"]["id"], sent["answer"]["id"]]

    for act in itertools.islice(itertools.cycle([(again, otherwise), (again, again), (otherwise, otherwise)]), 6):
        tabs = [gevent.spawn(one) for one in act]
        new = [tab.get(timeout=10) for tab in tabs]
        made |= set(itertools.chain(*new))
        assert any(new)
        for message in made:
            finished(alice, message)
    assert reachable(alice, conversation) == made
