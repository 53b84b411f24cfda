"""The portal before a real model behind a real server. Judges no answer, only that it arrives, stays and is equal."""
