"""Serves the portal with gunicorn's gevent worker: start, the words printed at it, and an end that loses nothing."""

import contextlib
import ctypes
import logging
import resource
import signal
import socket
import sys
import time
from typing import Any

import gevent
import gunicorn
from flask import Flask
from gunicorn.app.base import BaseApplication

import config
import logs
import migrating
from app import create_app
from services import answers, orphans, setup, upstream

log = logging.getLogger(__name__)

# What serves us, and in which version, is nobody's business.
gunicorn.SERVER = "Celadon"

CONNECTIONS = 4000
DRAIN = 25.0
LAST_REQUESTS = 2.0
HOUSEKEEPING = 30.0
# The number that malloc.h gives it, and from how many bytes on memory goes back to the system as soon as it is free.
MMAP_THRESHOLD, LARGE = -3, 8 * 2**20
# Seconds that a connection lives whose other side takes nothing.
READER_PATIENCE = 60.0
# What the system keeps for one of them meanwhile; it takes twice as much. Left alone, it would be megabytes.
SEND_BUFFER = 128 * 1024


def main() -> int:
    """Serve until stopped; 2 when a setting or the database can't be used."""
    try:
        here = config.load()
    except config.BadSetting as reason:
        print(f"Celadon can't start: {reason}", file=sys.stderr)
        return 2
    logs.install(here)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _raise_file_limit()
    _give_back_large_blocks()
    Server(here).run()
    return 0


class Server(BaseApplication):
    """gunicorn with our settings; reads no command line, no file and no environment of its own."""

    def __init__(self, here: config.Config) -> None:
        self.here = here
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        values = {
            "bind": f"{self.here.host}:{self.here.port}",
            "worker_class": "gevent",
            "workers": self.here.processes,
            "worker_connections": CONNECTIONS,
            "graceful_timeout": int(DRAIN) + 5,
            "keepalive": 30,
            "control_socket_disable": True,
            "logger_class": "gunicorn.glogging.Logger",
            "loglevel": "warning",
            "post_worker_init": _worker_is_up,
            "worker_exit": lambda _server, worker: _close(getattr(worker, "wsgi", None)),
            "forwarded_allow_ips": "",
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the worker."""
        try:
            return create_app(self.here)
        except (config.BadSetting, migrating.Unusable) as reason:
            print(f"Celadon can't start: {reason}", file=sys.stderr)
            raise SystemExit(4) from None
        except PermissionError as reason:
            print(f"Celadon can't start: it may not read and write {reason.filename}.", file=sys.stderr)
            raise SystemExit(4) from None


def _worker_is_up(worker: Any) -> None:
    app: Flask = worker.wsgi
    with app.app_context():
        orphans.close(answers.desk().process)
    upstream.start_demonstration(app)
    gevent.spawn(_keep_house, app)
    for listener in worker.sockets:
        _let_go_of_who_never_reads(listener)
    # gunicorn's own SIGTERM stops accepting at once; ours lets running answers finish and readers hear of it.
    gevent.signal_handler(signal.SIGTERM, lambda: gevent.spawn(_drain, app, worker))
    # A terminal tells the worker as well as the server, which then tells the worker again.
    for number in (signal.SIGINT, signal.SIGQUIT):
        gevent.signal_handler(number, lambda: gevent.spawn(_end_now, app, worker))
    if worker.age == 1:
        _greet(app, worker)


def _let_go_of_who_never_reads(listener: Any) -> None:
    # Connections inherit both. A write waits as long as the other side is there; this ends what takes in nothing.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(READER_PATIENCE * 1000))


def _greet(app: Flask, worker: Any) -> None:
    here: config.Config = app.config["CELADON"]
    host, port = worker.sockets[0].getsockname()[:2]
    address = here.public_url or f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    print(f"Celadon is ready: {address}", flush=True)
    with app.app_context():
        if setup.is_needed():
            print(f"Set it up at {address}/setup with this code: {setup.code(here)}", flush=True)


def _keep_house(app: Flask) -> None:
    while True:
        gevent.sleep(HOUSEKEEPING)
        try:
            with app.app_context():
                orphans.close(answers.desk().process)
        except Exception:
            log.exception("housekeeping failed; it is tried again")


def _drain(app: Flask, worker: Any) -> None:
    desk: answers.Desk = app.extensions["answers"]
    desk.is_closing = True
    deadline = time.monotonic() + DRAIN
    while len(desk.generations) and time.monotonic() < deadline and worker.alive:
        gevent.sleep(0.1)
    _close(app)
    # What ended just now is told first; who reads an answer of another process is asked to come again.
    gevent.sleep(0.1)
    app.extensions["readers"].send_away()
    worker.handle_exit(signal.SIGTERM, None)
    # What is left are requests of a moment, and connections that browsers keep for later: gunicorn waits for both.
    gevent.sleep(LAST_REQUESTS)
    sys.exit(0)


def _end_now(app: Flask, worker: Any) -> None:
    """At once, but not before what was said is kept."""
    if worker.alive:
        worker.alive = False
        _close(app)
        sys.exit(0)


def _close(app: Flask | None) -> None:
    if app is not None:
        app.extensions["answers"].close()
        app.extensions["renderings"].close()
        upstream.close(app)


def _give_back_large_blocks() -> None:
    # Each password takes 19 MB for a moment. glibc learns from the first to keep such blocks, each thread its own.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 1000
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
