"""Answers as the HTML that pages begin with: made by a process of its own, kept in memory. Knows no request.

A long text would stop every stream while it is read, so another process reads it; it is started when there is
something to read, and ended when there was nothing for a minute. What it doesn't manage in time the browser does.
"""

import json
import logging
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, cast

import gevent
from flask import Flask
from gevent.lock import RLock

from extensions import portal
from rendering.trust import trusted

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 64 * 1024
"""Characters of a text; a longer one is the browser's."""
PATIENCE = 1.0
"""Seconds for all texts of a page."""
IDLE = 60.0
MOST = 1000
"""Texts whose HTML is kept."""


def init_app(app: Flask) -> None:
    """Give the portal its renderer; no process is started yet."""
    app.extensions["renderings"] = Renderings()


def html_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Of texts by the ids of their messages the HTML, marked as such, of those that could be rendered in time."""
    renderings: Renderings = portal().extensions["renderings"]
    return renderings.html_of(texts)


class Renderings:
    """One text at a time; what was rendered is found again as long as it is the same text."""

    def __init__(self, patience: float = PATIENCE, idle: float = IDLE) -> None:
        self._patience, self._idle = patience, idle
        self._kept: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._lock = RLock()
        self._child: subprocess.Popen[str] | None = None
        self._leaving: gevent.Greenlet | None = None

    def html_of(self, texts: Mapping[str, str]) -> dict[str, str]:
        """See the function of that name."""
        wanted = {name: text for name, text in texts.items() if text and len(text) <= LONGEST}
        missing = [name for name, text in wanted.items() if (name, hash(text)) not in self._kept]
        if missing:
            with self._lock, gevent.Timeout(self._patience, False):  # type: ignore[arg-type]
                for name in missing:
                    self._keep(name, wanted[name])
            self._leave_later()
        kept = {name: self._kept.get((name, hash(text))) for name, text in wanted.items()}
        return {name: trusted(html) for name, html in kept.items() if html is not None}

    def close(self) -> None:
        """End the process; the next text starts another."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child.wait()
            self._child = None

    def _keep(self, name: str, text: str) -> None:
        html = self._ask(text, f"{name}-")
        if html is not None:
            self._kept[name, hash(text)] = html
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def _ask(self, text: str, prefix: str) -> str | None:
        is_answered = False
        try:
            said, heard = self._running()
            said.write(json.dumps([text, prefix]) + "\n")
            said.flush()
            html = str(json.loads(heard.readline()))
            is_answered = True
            return html
        except (OSError, ValueError):
            log.warning("a text of %d characters could not be rendered", len(text))
            return None
        finally:
            # One that is still at a text would give its answer to the next one.
            if not is_answered:
                self.close()

    def _running(self) -> tuple[IO[str], IO[str]]:
        """What it hears and what it says."""
        if self._child is None or self._child.poll() is not None:
            # Nothing of our environment: the key may be in it.
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-s", "-m", "rendering"],
                cwd=ROOT,
                env={},
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return cast(IO[str], self._child.stdin), cast(IO[str], self._child.stdout)

    def _leave_later(self) -> None:
        if self._leaving is not None:
            self._leaving.kill(block=False)
        self._leaving = gevent.spawn_later(self._idle, self.close)
