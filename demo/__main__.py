"""The program's entry: listens on loopback, says where, and ends with whoever started it."""

import argparse
import os
import stat
import sys
from threading import Thread
from time import sleep

from demo.api import API
from demo.demonstration import Demonstration
from demo.server import Application, listen, serve


def main() -> None:
    # What a server hands on to its children, such as its listening socket, is not for us to keep open.
    os.closerange(3, 65536)
    options = _options()
    if options.parent_pid is not None:
        Thread(target=_end_with_parent, args=(options.parent_pid,), daemon=True).start()
        Thread(target=_end_with_stdin, daemon=True).start()
    listener = listen(options.port)
    print(f"demo ready http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    try:
        serve(listener, _application(options))
    except KeyboardInterrupt:
        sys.exit(130)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m demo", description="A demonstration that speaks DeerAPI's wire format.")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--parent-pid", type=int, help="end when this process, our parent, does")
    parser.add_argument("--api-key", help="demand this key; without it any caller is answered")
    parser.add_argument("--scripted", action="store_true", help="say what tests tell it to, over /__script")
    return parser.parse_args()


def _application(options: argparse.Namespace) -> Application:
    if not options.scripted:
        stage = Demonstration()
        return API(lambda exchange: stage, options.api_key)
    from demo.control import Prompter
    from demo.script import Script

    prompter = Prompter(Script())
    return prompter.before(API(prompter.stage_for, options.api_key))


def _end_with_parent(parent: int) -> None:
    """The second way of noticing, for when another child of our parent still holds its end of the pipe."""
    while os.getppid() == parent:
        sleep(0.5)
    os._exit(0)


def _end_with_stdin() -> None:
    """Our parent holds the other end of this pipe and writes nothing: it ends when our parent does."""
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        while os.read(0, 1024):
            pass
        os._exit(0)


if __name__ == "__main__":
    main()
