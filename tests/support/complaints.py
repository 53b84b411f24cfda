"""Hears everything that a portal under test complains of: errors in the log and greenlets that died. Knows no cause."""

import logging
import traceback
from typing import Any

import gevent


class Complaints(logging.Handler):
    """As long as the with-block; `heard` has one text for each error logged and each exception nobody caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def __enter__(self) -> "Complaints":
        logging.getLogger().addHandler(self)
        gevent.get_hub().handle_error = self._greenlet_died
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        del gevent.get_hub().handle_error

    def emit(self, record: logging.LogRecord) -> None:
        """Note one record of the log."""
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.name}: {record.getMessage()}\n{trace}")

    def _greenlet_died(self, _context: Any, kind: type[BaseException], value: BaseException, trace: Any) -> None:
        if not issubclass(kind, gevent.GreenletExit):
            self.heard.append("".join(traceback.format_exception(kind, value, trace)))
