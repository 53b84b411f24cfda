"""F36, F47–F51, F54, F55, F59–F61, F67, F68: real processes that are killed, starved, or given a bad disk."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import gevent
import pytest

from tests.drills.conftest import needs_time
from tests.drills.running import Running, worker_of
from tests.faults.conftest import url, worker
from tests.support import clocks
from tests.support.canaries import PROMPT, files_below
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import Upstream

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def clock() -> str:
    """Debian's library that moves a program's clock."""
    return clocks.mover()


def test_f47_a_killed_worker_is_replaced_and_its_answer_closed(running: Running, half: str) -> None:
    gone = worker(running)
    os.kill(gone, signal.SIGKILL)
    wait_for_another(running, gone)
    message = running.message_when(half, lambda message: message["status"] != "streaming", 20)
    assert (message["status"], message["error"]["code"], message["text"]) == ("interrupted", "restarted", "Half of ")


def test_f48_a_power_cut_leaves_a_whole_database(running: Running, half: str) -> None:
    running.restart("kill")
    assert running.message(half)["status"] == "interrupted" and broken(url(running)) == []


def test_f50_a_recycled_worker_ends_its_answers_first(running: Running, half: str, upstream: Upstream) -> None:
    gone = worker(running)
    os.kill(gone, signal.SIGTERM)
    gevent.sleep(0.3)
    upstream.open_gate()
    wait_for_another(running, gone)
    assert (running.message(half)["status"], running.message(half)["text"]) == ("complete", "Half of it")


def wait_for_another(portal: Running, gone: int) -> None:
    """Until the server has another worker that answers."""
    with gevent.Timeout(25):
        while gone in worker_of(portal.pid) or not worker_of(portal.pid) or not _is_healthy(portal):
            gevent.sleep(0.1)


def test_f51_kills_while_starting_leave_each_orphan_closed_once(running: Running, half: str) -> None:
    for moment in range(10 if os.environ.get("CELADON_FULL") == "1" else 3):
        running.end("kill")
        running.begin()
        time.sleep(0.5 + 0.2 * moment)
    running.end("kill")
    running.start()
    assert running.message(half)["status"] == "interrupted" and running.log.count("whose process is gone") == 1


def test_f54_who_runs_out_of_memory_fails_alone(running: Running, upstream: Upstream) -> None:
    pid = worker(running)
    running.message_when(running.ask_alice(PROMPT)["answer"]["id"], lambda message: message["status"] == "complete")
    most = _address_space(pid) + 4 * 2**20
    resource.prlimit(pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    upstream.will_send(b"data: " + b"A" * (8 * 2**20))
    failed = running.ask_alice(PROMPT)["answer"]["id"]
    ended = running.message_when(failed, lambda message: message["status"] not in ("waiting", "streaming"), 30)
    assert ended["status"] == "failed" and worker(running) == pid
    resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = running.ask_alice(PROMPT)["answer"]["id"]
    running.message_when(again, lambda message: message["status"] == "complete")


def test_f55_no_more_files_is_over_when_they_are_back(running: Running) -> None:
    pid = worker(running)
    open_files = len(os.listdir(f"/proc/{pid}/fd"))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files + 10, open_files + 10))
    where = (urlsplit(running.address).hostname, urlsplit(running.address).port)
    crowd = [socket.create_connection(where) for _ in range(30)]
    time.sleep(1)
    for one in crowd:
        one.close()
    with gevent.Timeout(15):
        while not _is_healthy(running):
            gevent.sleep(0.2)
    answer = running.ask_alice(PROMPT)["answer"]["id"]
    running.message_when(answer, lambda message: message["status"] == "complete")


def test_f59_a_full_disk_refuses_heals_and_loses_nothing(
    make: Callable[..., Running], furnished: Path, tmp_path: Path
) -> None:
    with _tiny_disk(tmp_path / "disk", "6m") as disk:
        shutil.copytree(furnished, disk / "instance")
        portal = make(CELADON_DATA_DIR=str(disk / "instance")).start()
        portal.is_whole = False  # looked at below, before the disk goes
        kept = portal.ask_alice(PROMPT)
        portal.message_when(kept["answer"]["id"], lambda message: message["status"] == "complete")
        with suppress_full(), (disk / "ballast").open("wb") as ballast:
            while True:
                ballast.write(b"x" * 4096)
        conversation, body = kept["answer"]["conversation_id"], '{"text": "%s", "client_id": "fullfull"}'
        path = f"/api/v1/conversations/{conversation}/messages"
        long = body % ("long " * 8000)
        refused = portal.ask("POST", path, long, "application/json", ALICE)
        assert refused.status == 503 and "Retry-After" in refused.headers and '"storage_full"' in refused.body
        assert portal.message(kept["question"]["id"])["text"] == PROMPT
        assert portal.get("/readyz").status == 503
        (disk / "ballast").unlink()
        assert portal.ask("POST", path, long, "application/json", ALICE).status == 201
        portal.end()
        assert broken(url(portal)) == []


def test_f60_a_folder_of_somebody_elses_is_told_at_the_start(make: Callable[..., Running]) -> None:
    running = make()
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can be somebody else for a moment")
    running.folder.chmod(0o755)
    before = files_below(running.data_dir)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = running.try_to_start(*nobody)
    assert done.returncode != 0 and "Celadon can't start" in done.stderr and "Traceback" not in done.stderr
    assert files_below(running.data_dir) == before


def spoilt(content: bytes, how: str) -> bytes:
    """The bytes of a database file after that happened to them."""
    if how == "header":
        return b"x" * 100 + content[100:]
    if how == "half":
        return content[: len(content) // 2]
    page = 4096 * (len(content) // 4096 // 2)
    return content[:page] + b"\xa5" * 64 + content[page + 64 :]


@pytest.fixture(scope="module")
def left(furnished: Path) -> Iterator[Path]:
    """A data folder as a power cut left it: with a backup, and with words that are in the WAL only."""
    portal = Running(copy_of=furnished).start()
    portal.manage("backup")
    portal.send("POST", "/api/v1/conversations", {})
    portal.end("kill")
    yield portal.data_dir
    portal.stop()


@pytest.mark.parametrize("how", ["header", "half", "page"])
def test_f61_a_damaged_database_is_not_touched(make: Callable[..., Running], left: Path, how: str) -> None:
    running = make()
    running.is_whole = False
    shutil.rmtree(running.data_dir)
    shutil.copytree(left, running.data_dir)
    file = running.data_dir / "celadon.db"
    file.write_bytes(spoilt(file.read_bytes(), how))
    before = kept(running)
    done = running.try_to_start()
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert re.search("restore a backup: ./run manage restore /.*/backups/celadon-[0-9-]+ --yes", done.stderr)
    assert kept(running) == before and "celadon.db-wal" in before


def kept(portal: Running) -> dict[str, bytes]:
    """The database and its WAL; the third file is SQLite's own notebook."""
    return {path.name: path.read_bytes() for path in portal.data_dir.glob("celadon.db*") if path.suffix != ".db-shm"}


@pytest.fixture
def deaf(running: Running, upstream: Upstream) -> Iterator[socket.socket]:
    """The line of somebody who asked for a long answer and takes nothing of it."""
    upstream.will_say(*["x" * 8000] * 200)
    answer = running.ask_alice(PROMPT)["answer"]["id"]
    running.message_when(answer, lambda message: message["status"] == "complete")
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect((urlsplit(running.address).hostname, urlsplit(running.address).port))
        head = f"GET /api/v1/messages/{answer}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        line.sendall(f"{head}Cookie: {running.pass_of(ALICE)}\r\n\r\n".encode())
        yield line


def test_f36_who_never_reads_costs_a_small_buffer(running: Running, deaf: socket.socket) -> None:
    gevent.sleep(1.5)
    assert 30_000 < _unsent(deaf.getpeername()[1], deaf.getsockname()[1]) <= 256 * 1024
    answer = running.ask_alice(PROMPT)["answer"]["id"]
    assert running.follow(answer).end()[1]["status"] == "complete"


def _unsent(here: int, there: int) -> int:
    """Bytes that the system keeps at the one end of a connection because the other end doesn't take them."""
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, local, remote, _state, queues, *_ = row.split()
        if (int(local.split(":")[1], 16), int(remote.split(":")[1], 16)) == (here, there):
            return int(queues.split(":")[0], 16)
    return 0


@needs_time
@pytest.mark.timeout(180)
def test_f36_who_never_reads_is_let_go(running: Running, deaf: socket.socket) -> None:
    before = len(os.listdir(f"/proc/{worker(running)}/fd"))
    time.sleep(75)
    assert len(os.listdir(f"/proc/{worker(running)}/fd")) < before


@pytest.mark.parametrize("moved", ["+1h", "-1h", "+3650d"])
def test_f67_a_moved_clock_signs_nobody_out_and_keeps_the_order(clock: str, running: Running, moved: str) -> None:
    first = running.ask_alice(PROMPT)["answer"]
    running.message_when(first["id"], lambda message: message["status"] == "complete")
    running.end()
    running._environ |= clocks.moved(clock, moved)
    running.start()
    if moved.endswith("d"):
        running._cookies.clear()
    second = running.ask_alice(PROMPT, first["conversation_id"])["answer"]
    ended = running.message_when(second["id"], lambda message: message["status"] == "complete")
    items = running.send("GET", f"/api/v1/conversations/{first['conversation_id']}/messages", None)["items"]
    assert [item["id"] for item in items][1::2] == [first["id"], ended["id"]]


def test_f68_a_clock_five_minutes_ahead_reaps_nobody(
    clock: str, running: Running, half: str, upstream: Upstream
) -> None:
    other = running.twin()
    other._environ |= clocks.moved(clock, "+5m")
    try:
        other.start()
        assert other.message(half)["status"] == "streaming"
        upstream.open_gate()
        assert other.message_when(half, lambda message: message["status"] == "complete")["text"] == "Half of it"
    finally:
        other.stop()


@contextmanager
def suppress_full() -> Iterator[None]:
    """The disk is full now, as was wanted."""
    try:
        yield
    except OSError as error:
        assert "No space left" in str(error)


@contextmanager
def _tiny_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own, of this size."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _address_space(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


def _is_healthy(portal: Running) -> bool:
    try:
        return portal.get("/healthz").status == 200
    except OSError:
        return False
