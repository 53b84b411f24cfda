"""Tells other processes at once that an answer has grown, through Redis where there is one; nothing depends on it."""

import logging
from typing import Any

import gevent
from gevent.event import Event

log = logging.getLogger(__name__)

CHANNEL = "celadon:grown"
PATIENCE = 2.0
PAUSE = 5.0


class Bell:
    """Without an address it is a bell that nobody hears: `wait` only sleeps. Ringing never waits.

    `pause` is how many seconds it leaves a Redis alone that could not be used.
    """

    def __init__(self, url: str | None, pause: float = PAUSE) -> None:
        self._url, self._pause = url, pause
        self._rung = Event()
        self._heard = Event()
        self._ringer: Any = None
        self._listener: Any = None

    def ring(self) -> None:
        """Something was kept that others may be waiting for."""
        if self._url:
            self._rung.set()
            self._ringer = self._ringer or gevent.spawn(self._for_ever, self._publish)

    def wait(self, seconds: float) -> None:
        """Sleep that long, or until another process rings."""
        if not self._url:
            gevent.sleep(seconds)
            return
        self._listener = self._listener or gevent.spawn(self._for_ever, self._listen)
        self._heard.wait(seconds)
        self._heard.clear()

    def close(self) -> None:
        """Hear and say nothing more."""
        gevent.killall([one for one in (self._ringer, self._listener) if one], block=False)

    def _for_ever(self, use: Any) -> None:
        is_down = False
        while True:
            try:
                use(self._client())
            except Exception as error:
                # The tables carry everything; without Redis it only takes a quarter of a second longer.
                if not is_down:
                    log.warning("Redis can't be used just now, answers travel through the tables: %s", error)
                is_down = True
                gevent.sleep(self._pause)

    def _client(self) -> Any:
        # Imported only where it is used: most portals are one process.
        import redis

        return redis.Redis.from_url(
            self._url or "", socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=15
        )

    def _publish(self, client: Any) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            client.publish(CHANNEL, b"")

    def _listen(self, client: Any) -> None:
        with client.pubsub(ignore_subscribe_messages=True) as ears:
            ears.subscribe(CHANNEL)
            while True:
                if ears.get_message(timeout=1.0):
                    self._heard.set()
