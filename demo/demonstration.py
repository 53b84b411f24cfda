"""What the demonstration itself says, to people who try Celadon without a key; no AI, only prepared pages."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from demo.chat import Chat
from demo.language import is_chinese, shorten, title_for
from demo.scene import Scene, Step
from demo.wire import Refusal

MODELS = {"demo-quick": "celadon-demonstration", "demo-thinker": "celadon-demonstration"}
WORDS = Path(__file__).with_name("words")
LATER = ("key", "markdown", "safety")
SUBJECTS = {
    "key": r"\bkey\b|deerapi|real model|密钥|真实|真正",
    "markdown": r"markdown|\btable|\bcode\b|format|formula|表格|代码|格式|公式",
    "safety": r"\bsafe|privacy|private|secur|where.*(data|stor)|安全|隐私|数据|保存",
}
PIECE = re.compile(r"[\u2e80-\uffef]{1,2}|\s*[^\s\u2e80-\uffef]{1,8}|\s+")


class Demonstration:
    """The one stage of the demonstration; it remembers nothing."""

    models = MODELS

    def scene(self, chat: Chat | None) -> Scene | None:
        if chat is None:
            return None
        if chat.model not in MODELS:
            raise Refusal(404, f"The model `{chat.model}` does not exist", "model_not_found")
        if chat.wants_title:
            return Scene([["text", title_for(chat.question)]])
        return _answer(chat)

    def hold(self, name: str | None) -> None:
        """Nothing here waits for anybody."""

    def end(self, how: str) -> None:
        """Nothing is kept."""


def _answer(chat: Chat) -> Scene:
    steps = list(_steps("text", _page(_subject(chat), chat)))
    most = chat.most_tokens or len(steps)
    finish = "stop" if most >= len(steps) else "length"
    thoughts = list(_steps("reasoning", _page("thoughts", chat))) if chat.model == "demo-thinker" else []
    lead = ["pause", 0.3 if chat.streams else 0.0]
    return Scene([lead, *thoughts, *steps[:most]], pace=0.022, finish=finish)


def _subject(chat: Chat) -> str:
    """A page for what the question names; else the tour first, and later one of the others in turn."""
    named = (name for name, pattern in SUBJECTS.items() if re.search(pattern, chat.question, re.IGNORECASE))
    return next(named, "tour" if chat.turn == 1 else LATER[(chat.turn - 2) % len(LATER)])


def _page(name: str, chat: Chat) -> str:
    language = "zh" if is_chinese(chat.question) else "en"
    return _read(language, name).replace("{question}", shorten(chat.question, 60)).replace("{model}", chat.model)


@cache
def _read(language: str, name: str) -> str:
    return (WORDS / language / f"{name}.md").read_text(encoding="utf-8").strip()


def _steps(kind: str, text: str) -> Iterator[Step]:
    """About what a model says at a time: a short word, or two Chinese characters."""
    return ([kind, piece] for piece in PIECE.findall(text))
