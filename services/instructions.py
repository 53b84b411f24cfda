"""What a model is told first: what its owner wrote about themselves, then the conversation's own prompt."""

from extensions import db
from models import Conversation, User

ABOUT_ME = "The person you are talking with wrote this about themselves and the answers they want:"


def of(conversation: Conversation) -> str:
    """The system prompt as it is sent; empty where nobody wrote anything."""
    about_me = db.session.get_one(User, conversation.owner_id).about_me
    parts = (f"{ABOUT_ME}\n\n{about_me}" if about_me else "", conversation.system_prompt)
    return "\n\n".join(part for part in parts if part)
