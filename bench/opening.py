"""Opening a conversation of 2,000 messages: how soon one reads and writes in it, and what crosses the wire for that."""

import json
import os
import statistics
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from bench.figure import Figure
from bench.first_page import CHROMIUM, QUIET, signed_in
from bench.portal import Portal, portal
from ids import new_id
from models import Conversation, Message, User, now

MESSAGES = 2000
TIMES = 5
WORDS = "**Celadon** is a glaze the colour of young leaves.\n\n- It needs iron.\n- It needs fire.\n\n" * 6
# From the click to the frame in which the page is dressed and its last message stands there.
READY = """() => new Promise((resolve) => {
  const ready = () => requestAnimationFrame(() => resolve(performance.now()));
  customElements.whenDefined("chat-page").then(ready);
})"""


def main() -> list[Figure]:
    """Milliseconds and kilobytes; the scripts are in the browser's cache, as they are all day."""
    with portal() as made:
        conversation = _filled(made)
        with made.running():
            ready, kilobytes = _opened(made, conversation)
    note = f"median of {TIMES}; the last 40 messages"
    return [
        Figure(f"a conversation of {MESSAGES} messages, open", ready, "ms", 300, note),
        Figure("the page of it, on the wire", kilobytes, "KB", 20, "compressed"),
    ]


def _filled(made: Portal) -> str:
    """The id of a conversation with answers of real models, or of words of our own where they are not at hand."""
    engine = create_engine(f"sqlite:///{made.folder / 'celadon.db'}")
    with Session(engine) as session, session.begin():
        owner = session.scalars(select(User.id)).one()
        conversation = Conversation(id=new_id(), owner_id=owner, title="Glazes", active_at=now())
        session.add(conversation)
        session.flush()
        leaf = None
        for place, text in enumerate(islice(cycle(_texts()), MESSAGES)):
            is_answer = place % 2 == 1
            message = Message(
                id=new_id(),
                conversation_id=conversation.id,
                owner_id=owner,
                parent_id=leaf,
                role="assistant" if is_answer else "user",
                status="complete",
                parts=[{"type": "text", "text": text if is_answer else text[:80]}],
                finished_at=now(),
            )
            session.add(message)
            session.flush()
            leaf = message.id
        session.execute(update(Conversation).values(active_leaf_id=leaf))
        return str(conversation.id)


def _texts() -> list[str]:
    path = Path(os.environ.get("CELADON_TEST_DATA", "../shared")) / "data/chats/answers.jsonl"
    if not path.is_file():
        return [WORDS]
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    return [text for row in rows for text in row.values() if isinstance(text, str) and len(text) > 50]


def _opened(made: Portal, conversation: str) -> tuple[float, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = browser.new_context(storage_state=signed_in(browser, made))
        looks = [_look(context.new_page(), f"{made.address}/c/{conversation}") for _ in range(TIMES + 1)]
        browser.close()
    # The first look fills the browser's cache.
    return statistics.median(ready for ready, _ in looks[1:]), looks[-1][1]


def _look(page: Any, address: str) -> tuple[float, float]:
    response = page.goto(address, wait_until="commit")
    ready = float(page.evaluate(READY))
    size = response.request.sizes()["responseBodySize"] / 1024
    page.close()
    return ready, size
