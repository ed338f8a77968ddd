"""Kills runs at random moments and goes on with them until they are whole: ``python tests/kills.py COUNT [local|ray]``.

A kill meets the whole run, or one of its workers alone. What counts is that the rows and all that stands beside them are the same bytes in the end.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SHARDS, ROWS = 6, 120_000
BETWEEN_RUNS = {".lock", "run.json", "report.html"}
"""The files that hold the clock."""


def data(folder):
    """A data set of several shards, and a robots.txt."""
    (folder / "data").mkdir()
    for shard in range(SHARDS):
        urls = [f"http://h{i % 97}.example/{'private/' * (i % 3 == 0)}{shard}/{i}" for i in range(ROWS)]
        pq.write_table(pa.table({"url": urls}), folder / "data" / f"{shard}.parquet")
    hosts = [f"http://h{i}.example/robots.txt" for i in range(90)]
    pq.write_table(
        pa.table({"url": hosts, "status": [200] * 90, "body": pa.array([b"User-agent: *\nDisallow: /private/"] * 90)}),
        folder / "seen.parquet",
    )


def start(folder, out, engine="local"):
    words = [
        "clear",
        folder / "data",
        out,
        "--observed",
        folder / "seen.parquet",
        "--workers",
        "2",
        "--on",
        "2026-11-22",
        "--resume",
        "--engine",
        engine,
        "--json",
    ]
    command = [sys.executable, "-m", "sekisho", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def workers(run):
    """The processes that ``run`` started to work, by the kernel's own list."""
    try:
        below = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        return [int(pid) for pid in below if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    except OSError:
        return []


def kill(run, draw):
    """Kill the run or one of its workers; says which."""
    below = workers(run)
    if below and draw.random() < 0.5:
        os.kill(draw.choice(below), signal.SIGKILL)
        return "worker"
    os.killpg(run.pid, signal.SIGKILL)
    return "run"


def octets(out):
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file() and path.name not in BETWEEN_RUNS
    }


def trial(folder, wanted, seconds, draw, engine="local"):
    """One run killed up to five times; fails when its bytes differ in the end, or a traceback was seen."""
    out, met = folder / "cut", []
    while len(met) < draw.randint(1, 5):
        run = start(folder, out, engine)
        try:
            run.wait(draw.random() * seconds)
        except subprocess.TimeoutExpired:
            met.append(kill(run, draw))
        told = run.communicate()[1]
        assert b"Traceback" not in told, told.decode()
        if run.returncode in {0, 1}:
            break
    last = start(folder, out, engine)
    told = last.communicate()[1]
    assert last.returncode in {0, 1}, told.decode()
    assert octets(out) == wanted
    assert not list(out.rglob("*.part"))
    subprocess.run(["rm", "-r", str(out)], check=True)
    return met


def killed(count, seed=0, engine="local"):
    """So many kills; gives back how many met runs, and how many workers alone."""
    draw, met = random.Random(seed), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data(folder)
        started = time.monotonic()
        whole = start(folder, folder / "whole")
        whole.communicate()
        assert whole.returncode in {0, 1}
        wanted, seconds = octets(folder / "whole"), time.monotonic() - started
        while len(met) < count:
            met += trial(folder, wanted, seconds, draw, engine)
    return {kind: met.count(kind) for kind in ("run", "worker")}


if __name__ == "__main__":
    print(killed(int(sys.argv[1]), engine=sys.argv[2] if len(sys.argv) > 2 else "local"))  # noqa: T201 - a tool
