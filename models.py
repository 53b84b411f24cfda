"""Every table: columns, named constraints and facts about one row. No verbs; those are in services/."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, MetaData, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from ids import new_id

MESSAGE_ROLES = ("user", "assistant")
LIVE_STATUSES = ("waiting", "streaming")
FINAL_STATUSES = ("complete", "stopped", "interrupted", "failed")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def moment_from(text: str) -> datetime | None:
    """The moment that an ISO 8601 text with a zone names, in UTC; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
        # A moment at the end of time may have no place in UTC.
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC that comes back aware on every database; SQLite itself keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store in UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back where the database dropped it."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


identity = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
reference = Annotated[str, mapped_column(String(32))]
token_digest = Annotated[str, mapped_column(String(64), unique=True)]
moment = Annotated[datetime, mapped_column(UTCDateTime)]
moment_now = Annotated[datetime, mapped_column(UTCDateTime, default=now)]
flag = Annotated[bool, mapped_column(default=False, server_default=false())]
word = Annotated[str, mapped_column(String(40))]
line = Annotated[str, mapped_column(String(200))]
text = Annotated[str, mapped_column(Text)]
count = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
document = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]


def owned_by(target: str, *, cascade: bool = True, primary_key: bool = False) -> Any:
    """A foreign key to `target`.id; rows go with their owner unless told otherwise."""
    key = ForeignKey(f"{target}.id", ondelete="CASCADE" if cascade else "SET NULL")
    return mapped_column(String(32), key, primary_key=primary_key, nullable=not (cascade or primary_key))


class Base(DeclarativeBase):
    """What every table shares: constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class User(Base):
    """A person with an account. `state`: active | frozen. `theme`: system | light | dark.

    `text_size`: normal | large. `enter_key`: send | line. `model` is what new chats begin with, `about_me` goes with
    every question, `notifies` allows a notification when an answer is ready, `news_seen` is the release they know.
    """

    __tablename__ = "users"

    id: Mapped[identity]
    email: Mapped[Annotated[str, mapped_column(String(254), unique=True)]]
    name: Mapped[line]
    password_hash: Mapped[line | None]
    is_admin: Mapped[flag]
    state: Mapped[word] = mapped_column(default="active", server_default="active")
    language: Mapped[word | None]
    theme: Mapped[word] = mapped_column(default="system", server_default="system")
    text_size: Mapped[word] = mapped_column(default="normal", server_default="normal")
    enter_key: Mapped[word] = mapped_column(default="send", server_default="send")
    model: Mapped[line | None]
    about_me: Mapped[text | None]
    notifies: Mapped[flag]
    news_seen: Mapped[word | None]
    created_at: Mapped[moment_now]

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in and use what they own."""
        return self.state == "active"


class Session(Base):
    """One signed-in browser; its token is kept only as a SHA-256 digest."""

    __tablename__ = "sessions"

    id: Mapped[identity]
    user_id: Mapped[str] = owned_by("users")
    token_digest: Mapped[token_digest]
    user_agent: Mapped[line]
    created_at: Mapped[moment_now]
    seen_at: Mapped[moment_now]
    expires_at: Mapped[moment]
    revoked_at: Mapped[moment | None]

    __table_args__ = (Index("ix_sessions_user_id", "user_id"),)


class AccessToken(Base):
    """A key for a person's own scripts; kept only as a SHA-256 digest."""

    __tablename__ = "access_tokens"

    id: Mapped[identity]
    user_id: Mapped[str] = owned_by("users")
    name: Mapped[line]
    token_digest: Mapped[token_digest]
    created_at: Mapped[moment_now]
    seen_at: Mapped[moment | None]
    expires_at: Mapped[moment | None]
    revoked_at: Mapped[moment | None]

    __table_args__ = (Index("ix_access_tokens_user_id", "user_id"),)


class PasswordLink(Base):
    """A link that lets one person choose a password once; kept only as a SHA-256 digest."""

    __tablename__ = "password_links"

    id: Mapped[identity]
    user_id: Mapped[str] = owned_by("users")
    token_digest: Mapped[token_digest]
    created_at: Mapped[moment_now]
    expires_at: Mapped[moment]
    used_at: Mapped[moment | None]

    __table_args__ = (Index("ix_password_links_user_id", "user_id"),)


class Conversation(Base):
    """A tree of messages of one person, in the trash when `deleted_at`.

    `title_source`: none | question | model | person. `read_at`: when its owner last looked.
    """

    __tablename__ = "conversations"

    id: Mapped[identity]
    owner_id: Mapped[str] = owned_by("users")
    title: Mapped[line] = mapped_column(default="")
    title_source: Mapped[word] = mapped_column(default="none", server_default="none")
    model: Mapped[line | None]
    system_prompt: Mapped[text] = mapped_column(default="")
    parameters: Mapped[document]
    pinned: Mapped[flag]
    archived: Mapped[flag]
    active_leaf_id: Mapped[reference | None]
    created_at: Mapped[moment_now]
    changed_at: Mapped[moment_now]
    active_at: Mapped[moment_now]
    read_at: Mapped[moment | None]
    deleted_at: Mapped[moment | None]

    __table_args__ = (
        Index("ix_conversations_owner_activity", "owner_id", "active_at", "id"),
        Index("ix_conversations_owner_changed", "owner_id", "changed_at"),
    )

    @property
    def is_unread(self) -> bool:
        """Whether something came that its owner hasn't looked at; False where nobody kept count."""
        return self.read_at is not None and self.read_at < self.active_at


class Message(Base):
    """One question or answer. `parts` is the whole text once the answer has ended; until then it is in the pieces.

    `notes` is what is true of how it was asked: how many messages were left out, whom it was meant for (see context).
    """

    __tablename__ = "messages"

    id: Mapped[identity]
    conversation_id: Mapped[str] = owned_by("conversations")
    owner_id: Mapped[str] = owned_by("users")
    parent_id: Mapped[reference | None]
    role: Mapped[word]
    status: Mapped[word]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    model: Mapped[line | None]
    parameters: Mapped[document]
    finish_reason: Mapped[word | None]
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    usage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    notes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[moment_now]
    finished_at: Mapped[moment | None]

    __table_args__ = (
        Index("ix_messages_conversation_id", "conversation_id", "id"),
        Index("ix_messages_parent_id", "parent_id"),
        Index("ix_messages_owner_finished", "owner_id", "finished_at"),
    )

    @property
    def is_live(self) -> bool:
        """Whether the answer may still grow."""
        return self.status in LIVE_STATUSES

    @property
    def can_go_on(self) -> bool:
        """Whether it broke off after it had said something."""
        broke_off = self.finish_reason == "length" or self.status in ("stopped", "interrupted")
        return self.role == "assistant" and broke_off and bool(self.text)

    @property
    def text(self) -> str:
        """What people read: everything but the reasoning."""
        return "".join(part["text"] for part in self.parts if part["type"] in ("text", "refusal"))

    @property
    def reasoning(self) -> str:
        """What the model thought aloud."""
        return "".join(part["text"] for part in self.parts if part["type"] == "reasoning")


class AnswerPiece(Base):
    """A stretch of a live answer from `position` on, appended and never changed; gone once the answer has ended."""

    __tablename__ = "answer_pieces"

    message_id: Mapped[str] = owned_by("messages", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int]
    type: Mapped[word]
    text: Mapped[text | None]
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Generation(Base):
    """A live answer and the process that owns it; the row goes when the answer ends. Times are database seconds.

    One that is not `running` waits for a slot (services/slots.py).
    """

    __tablename__ = "generations"

    message_id: Mapped[str] = owned_by("messages", primary_key=True)
    user_id: Mapped[str] = owned_by("users")
    process_id: Mapped[reference]
    host: Mapped[line]
    revision: Mapped[int]
    heartbeat: Mapped[int] = mapped_column(BigInteger)
    stop_requested: Mapped[flag]
    running: Mapped[flag]

    __table_args__ = (Index("ix_generations_user_id", "user_id"), Index("ix_generations_process_id", "process_id"))


class ClientRequest(Base):
    """What a person's `client_id` made, so that a repeat returns the same and calls nobody."""

    __tablename__ = "client_requests"

    owner_id: Mapped[str] = owned_by("users", primary_key=True)
    client_id: Mapped[Annotated[str, mapped_column(String(64), primary_key=True)]]
    fingerprint: Mapped[Annotated[str, mapped_column(String(64))]]
    made: Mapped[document]
    created_at: Mapped[moment_now]

    __table_args__ = (Index("ix_client_requests_owner_created", "owner_id", "created_at"),)


class UsageRecord(Base):
    """What one call cost. `kind`: answer | title. The row outlives the conversation.

    `counted` is our own count of the prompt, 0 where there was none; beside `prompt_tokens` it shows how wrong we were.
    """

    __tablename__ = "usage_records"

    id: Mapped[identity]
    user_id: Mapped[str] = owned_by("users")
    conversation_id: Mapped[str | None] = owned_by("conversations", cascade=False)
    message_id: Mapped[reference | None]
    kind: Mapped[word]
    model: Mapped[line]
    prompt_tokens: Mapped[count]
    completion_tokens: Mapped[count]
    total_tokens: Mapped[count]
    cached_tokens: Mapped[count]
    reasoning_tokens: Mapped[count]
    estimated: Mapped[flag]
    counted: Mapped[count]
    created_at: Mapped[moment_now]

    __table_args__ = (
        Index("ix_usage_records_user_id", "user_id", "created_at"),
        Index("ix_usage_records_conversation_id", "conversation_id"),
    )


class Draft(Base):
    """What a person has typed and not yet sent; `place` is a conversation's id or "new"."""

    __tablename__ = "drafts"

    owner_id: Mapped[str] = owned_by("users", primary_key=True)
    place: Mapped[Annotated[str, mapped_column(String(32), primary_key=True)]]
    text: Mapped[text]
    model: Mapped[line | None]
    changed_at: Mapped[moment_now]


class PortalSetting(Base):
    """A setting made in the portal itself; secrets stand here encrypted."""

    __tablename__ = "settings"

    name: Mapped[Annotated[str, mapped_column(String(80), primary_key=True)]]
    value: Mapped[text]
    changed_at: Mapped[moment_now]
    changed_by: Mapped[str | None] = owned_by("users", cascade=False)
