"""Which DeerAPI this portal talks to: with the environment's key, the one from set-up, or as a demonstration."""

import deerapi
from demo.launch import Demo, start_demo
from extensions import Portal, portal
from services import settings

DEMONSTRATION_KEY = "demonstration"


class Upstream:
    """The client in use and the demonstration's process, if any. `limits` count for clients made from now on."""

    def __init__(self) -> None:
        self.limits = deerapi.Limits()
        self.client: deerapi.Client | None = None
        self.client_for = ("", "")
        self.demo: Demo | None = None


def init_app(app: Portal) -> None:
    """Give the portal its upstream."""
    app.extensions["upstream"] = Upstream()


def start_demonstration(app: Portal) -> None:
    """Start the demonstration's own process when there is no key; set-up or a setting only switches it on."""
    with app.app_context():
        here: Upstream = app.extensions["upstream"]
        if settings.api_key() is None and here.demo is None:
            here.demo = start_demo()


def close(app: Portal) -> None:
    """End the demonstration's process."""
    here: Upstream = app.extensions["upstream"]
    if here.demo is not None:
        here.demo.stop()


def is_demonstration() -> bool:
    """Whether answers come from the demonstration."""
    return settings.api_key() is None and settings.get("demonstration") == "on"


def name() -> str:
    """Where requests go, as one word to tell upstreams apart."""
    return "demonstration" if is_demonstration() else str(portal().config["CELADON"].base_url)


def client() -> deerapi.Client:
    """The client for the key in use; kept as long as the key stays. Raises deerapi.errors.NoKey without one."""
    here: Upstream = portal().extensions["upstream"]
    wanted = _address_and_key(here)
    if here.client is None or here.client_for != wanted:
        here.client, here.client_for = deerapi.Client(*wanted, limits=here.limits), wanted
    return here.client


def _address_and_key(here: Upstream) -> tuple[str, str]:
    key = settings.api_key()
    if key is not None:
        return str(portal().config["CELADON"].base_url), key
    if here.demo is not None and settings.get("demonstration") == "on":
        return here.demo.address, DEMONSTRATION_KEY
    raise deerapi.errors.NoKey("no key is set and the demonstration is off")
