"""Titles that conversations get by themselves: from a cheap model call, or the question's words when that fails."""

import logging

import gevent

import catalog
from deerapi import chat
from deerapi.errors import DeerAPIError
from errors import Busy
from extensions import Portal, db, portal, writing
from models import Conversation, Message, now
from parts import Completion
from services import upstream
from services.answer_store import record_usage

log = logging.getLogger(__name__)

INSTRUCTION = (
    "Write a title of at most six words for a conversation that begins with the following message, "
    "in the language of the message. Answer with the title alone."
)
EXCERPT = 2000
LENGTH = 80


def begin(answer_id: str) -> None:
    """Make a title in the background if this conversation still has only its question's words."""
    config = portal().config["CELADON"]
    answer = db.session.get_one(Message, answer_id)
    conversation = db.session.get_one(Conversation, answer.conversation_id)
    if config.titles and conversation.title_source == "question" and answer.parent_id:
        question = db.session.get_one(Message, answer.parent_id)
        app = portal()
        model = config.title_model or answer.model or ""
        gevent.spawn(_make, app, conversation.id, model, question.text[:EXCERPT])


def _make(app: Portal, conversation_id: str, model: str, question: str) -> None:
    prompt = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": question}]
    parameters = catalog.to_wire(model, {"max_tokens": 200, "temperature": 0.3})
    with app.app_context():
        try:
            client = upstream.client()
            db.session.rollback()
            completion = chat.complete(client, model=model, messages=prompt, parameters=parameters)
            with writing():
                _keep(conversation_id, model, completion)
        except (DeerAPIError, Busy) as error:
            log.info("no title for conversation %s: %s", conversation_id, error.code)


def _keep(conversation_id: str, model: str, completion: Completion) -> None:
    # For update: whoever gives it a title of their own in this moment has the last word.
    conversation = db.session.get(Conversation, conversation_id, with_for_update={"key_share": True})
    if conversation is None:
        return
    if completion.usage:
        record_usage(db.session, "title", completion.usage, conversation.owner_id, conversation_id, model)
    title = tidy(completion.text)
    if title and conversation.title_source == "question":
        conversation.title, conversation.title_source = title, "model"
        conversation.changed_at = now()


def tidy(text: str) -> str:
    """One line without quotation marks, a label or a closing full stop; empty when it is no title."""
    lines = [line.strip() for line in text.replace("\0", "").splitlines() if line.strip()]
    title = lines[0] if lines else ""
    for label in ("title:", "标题：", "标题:"):
        title = title[len(label) :].strip() if title.lower().startswith(label) else title
    title = title.strip("#*_`\"'“”‘’「」《》 ").rstrip(".。")
    return title if 0 < len(title) <= LENGTH else ""
