"""How tests reach the script: a few addresses under /__script on the same port; knows no DeerAPI."""

import json
from urllib.parse import parse_qs

from demo.api import Stage
from demo.script import Asked, Script
from demo.server import Application, Exchange

ROOM = "/__script"


class Prompter:
    """Stands before the API: takes what tests whisper, and lets everything else through to the stage."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def stage_for(self, exchange: Exchange) -> Stage:
        return Asked(self._script, exchange)

    def before(self, application: Application) -> Application:
        def answer(exchange: Exchange) -> None:
            if exchange.request.path.startswith(ROOM):
                exchange.answer(200, self._control(exchange))
            else:
                application(exchange)

        return answer

    def _control(self, exchange: Exchange) -> object:
        request, script = exchange.request, self._script
        body = json.loads(request.body or b"{}")
        match request.method, request.path.removeprefix(ROOM):
            case "DELETE", "":
                script.reset()
            case "POST", "/scenes":
                script.add(body["for"], body["scene"])
            case "POST", "/gates":
                script.open_gate(body["name"], body["passes"])
            case "PUT", "/models":
                script.models = dict.fromkeys(body["models"], "scripted")
            case "GET", "/asked":
                return self._asked({name: values[0] for name, values in parse_qs(request.query).items()})
        return {}

    def _asked(self, wanted: dict[str, str]) -> object:
        """The log, at once or as soon as `count` requests of that kind are in that state."""
        count, state, kind = int(wanted.get("count", 0)), wanted.get("state"), wanted.get("kind")

        def met() -> bool:
            fitting = (
                asked for asked in self._script.log if state in (None, asked.state) and kind in (None, asked.kind)
            )
            return sum(1 for _ in fitting) >= count

        is_met = self._script.wait_for(met, float(wanted.get("within", 0)))
        return {"is_met": is_met, "asked": [asked.as_json() for asked in self._script.log]}
