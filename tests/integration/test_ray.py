"""The same run on a Ray cluster: a real one on this machine, a worker of which is killed in the middle."""

import os
import re
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import ROWS, clear, sekisho

pytest.importorskip("ray", reason="Ray is not installed: pip install 'sekisho[ray]'")
pytestmark = pytest.mark.slow
SHARDS = 6


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for number in range(SHARDS):
        urls = [url for url, _ in ROWS] * 4_000
        pq.write_table(pa.table({"url": urls, "number": pa.array(range(len(urls)))}), folder / f"{number}.parquet")
    return folder


def rows_of(out):
    return {str(path.relative_to(out)): path.read_bytes() for side in ("kept", "left_out") for path in sorted((out / side).iterdir())}


def children(process):
    """The processes below ``process`` that run a task."""
    found = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    table = [(int(pid), int(ppid), words) for pid, ppid, words in (line.split(None, 2) for line in found)]
    family = {process}
    for _ in range(5):
        family |= {pid for pid, parent, _ in table if parent in family}
    return [pid for pid, _, words in table if pid in family and re.match(r"ray::\d", words)]


def test_ray_writes_the_same_bytes_though_a_worker_is_killed(data, world, tmp_path):
    clear(data, tmp_path / "local", "--observed", world, "--workers", "1")
    words = ["clear", data, tmp_path / "ray", "--observed", world, "--engine", "ray", "--workers", "2", "--on", "2026-11-22"]
    run = subprocess.Popen([sys.executable, "-m", "sekisho", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    killed, deadline = 0, time.monotonic() + 300
    while run.poll() is None and time.monotonic() < deadline:
        for pid in children(run.pid) if not killed else ():
            os.kill(pid, signal.SIGKILL)
            killed += 1
        time.sleep(0.05)
    told = run.communicate(timeout=60)[1].decode()
    assert run.returncode in {0, 1}, told
    assert "Traceback" not in told
    assert killed
    assert rows_of(tmp_path / "ray") == rows_of(tmp_path / "local")
    assert not list((tmp_path / "ray").rglob("*.part"))


def test_a_cluster_that_is_not_there_is_named(data, world, tmp_path):
    done = sekisho("clear", data, tmp_path / "ray", "--observed", world, "--engine", "ray=127.0.0.1:1", "--workers", "2")
    assert done.returncode == 2
    assert "Ray" in done.stderr
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_that_nobody_knows_is_named(data, tmp_path):
    done = sekisho("clear", data, tmp_path / "out", "--engine", "dask")
    assert done.returncode == 2
    assert "dask" in done.stderr
