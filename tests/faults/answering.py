"""Asking while something is wrong: one question to its end, with what was told on the way."""

from dataclasses import dataclass
from typing import Any

from tests.routes.api.telling import Told, ask, finished, follow
from tests.support.canaries import PROMPT
from tests.support.witness import Witness


@dataclass(frozen=True)
class Outcome:
    """How an answer ended, as its reader and as the tables know it."""

    message: dict[str, Any]
    told: list[Told]

    @property
    def status(self) -> str:
        return str(self.message["status"])

    @property
    def text(self) -> str:
        return str(self.message["text"])

    @property
    def code(self) -> str | None:
        return self.message["error"] and self.message["error"]["code"]

    @property
    def sentence(self) -> str:
        return str(self.message["error"]["message"])

    @property
    def short(self) -> tuple[str, str | None, str]:
        return self.status, self.code, self.text

    @property
    def notices(self) -> list[Any]:
        return [one.data for one in self.told if one.event == "notice"]


def asked(witness: Witness, about: str = "Why?", **body: Any) -> Outcome:
    """Ask and read along to the end; the end that was told is the one that is kept."""
    answer = ask(witness, f"{about} {PROMPT}", **body)["answer"]
    told = follow(witness, answer["id"])
    message = finished(witness, answer["id"], within=20)
    end = told[-1]
    assert (end.event, end.data["status"], end.data["error"]) == ("end", message["status"], message["error"])
    assert len([one for one in told if one.event == "end"]) == 1
    return Outcome(message, told)
