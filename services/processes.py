"""Which process writes which answer: each holds a lock on a file of its own, so that its death shows at once."""

import contextlib
import fcntl
import os
import socket
from pathlib import Path
from typing import IO, Self

from ids import new_id


class Process:
    """This process, for as long as it lives. `host` names the folder too: locks mean nothing across machines."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "processes"
        self._folder.mkdir(parents=True, exist_ok=True)
        self.id = new_id()
        place = self._folder.stat()
        self.host = f"{socket.gethostname()}:{place.st_dev}:{place.st_ino}"
        self._lock: IO[str] = self._path(self.id).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_dead(self, process_id: str, host: str) -> bool:
        """Whether that process is known to be gone; False also where this host can't tell."""
        if host != self.host or process_id == self.id:
            return False
        try:
            with self._path(process_id).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def forget(self, process_id: str) -> None:
        """Remove what a dead process left behind."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(process_id))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the lock up, as death would."""
        self._lock.close()
        self.forget(self.id)

    def _path(self, process_id: str) -> Path:
        return self._folder / f"{process_id}.lock"
