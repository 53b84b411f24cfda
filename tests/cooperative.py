"""The pytest plugin that runs the tests as the portal runs: monkey-patched by gevent before all other imports."""

from gevent import monkey

monkey.patch_all()
