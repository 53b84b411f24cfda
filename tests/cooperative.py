"""The pytest plugin that makes the tests run as the portal does: monkey-patched by gevent before anything else is imported."""

from gevent import monkey

monkey.patch_all()

import pytest  # noqa: E402
from gevent.hub import Hub  # noqa: E402

# pytest-timeout raises its failure from a signal, which arrives in the hub while a test waits. The hub passes on to the
# test only what it counts as a system error, and would print anything else and wait for ever.
Hub.SYSTEM_ERROR = (*Hub.SYSTEM_ERROR, pytest.fail.Exception)
