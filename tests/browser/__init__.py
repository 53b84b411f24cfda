"""The portal as people meet it: a real Chromium before a running program. Imports nothing of the portal."""
