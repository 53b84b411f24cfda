"""An upstream that gives every question the same long answer. Speaks just enough of DeerAPI's wire format for that."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PIECE = "Celadon is a glaze the colour of young leaves. " * 20
MODELS = {"object": "list", "data": [{"id": "gpt-4o-mini", "object": "model", "created": 0, "owned_by": "bench"}]}


class LongAnswer:
    """The upstream as a with-block; `address` is where it listens. The answer takes about `seconds`."""

    def __init__(self, megabytes: float, seconds: float = 5.0):
        count = int(megabytes * 1_000_000 / len(PIECE))
        pause = seconds / count

        class Handler(_Handler):
            pieces, between = count, pause

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "LongAnswer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    pieces = 0
    between = 0.0

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Any GET asks for the models."""
        self._say(MODELS)

    def do_POST(self) -> None:
        """A question: streamed when that is asked for; else it is a title that is wanted."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked.get("stream"):
            self._stream()
        else:
            self._say({"choices": [{"message": {"role": "assistant", "content": "Long"}, "finish_reason": "stop"}]})

    def _say(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for _ in range(self.pieces):
            self._event({"choices": [{"index": 0, "delta": {"content": PIECE}, "finish_reason": None}]})
            time.sleep(self.between)
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, value: dict[str, object]) -> None:
        chunk = {"id": "long", "object": "chat.completion.chunk", "created": 0, "model": "gpt-4o-mini", **value}
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
