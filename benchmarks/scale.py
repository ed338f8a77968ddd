"""Clearing at the size of LAION: rate, memory and cost beside a plain copy and beside the loop over URLs; ``python -m benchmarks.scale [ROWS] [HOSTS]``.

Every task is a process of its own and is charged its CPU seconds, start included, so that neighbours on the machine weigh little. Ratios are
taken within a round, in which all tasks run one after the other; what is told is the median of the rounds. Writes ``docs/benchmarks.md`` and
``docs/benchmarks.ja.md`` with their pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import scale_page, scale_world
from benchmarks.scale_world import AGENTS

ROUNDS = 3
LOOP_ROWS = 30_000
ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}


class Cost(NamedTuple):
    """What a process took, those that it started included."""

    cpu_s: float
    peak_mb: float
    said: str


def cost(*words: str | Path) -> Cost:
    """Run a module in a process and say what it cost."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([sys.executable, "-m", *map(str, words)], stdout=said, env=ENVIRONMENT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in {0, 1}:
            raise SystemExit(f"{words[0]} ended with {process.returncode}")
        said.seek(0)
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said.read())


class Bench:
    """One made-up world in a folder, and what is measured in it."""

    def __init__(self, folder: Path, hosts: int) -> None:
        self.folder = folder
        self.hosts = hosts

    def world(self, rows: int) -> tuple[Path, Path]:
        """The data set and the observations."""
        return scale_world.write(self.folder, rows, self.hosts, files=max(1, rows // 250_000))

    def fresh(self) -> Path:
        """A folder that is not there."""
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        return self.folder / "out"

    def clear(self, rows: int, workers: int = 1) -> Cost:
        """Clear so many rows."""
        data, observed = self.world(rows)
        agents = [word for agent in AGENTS for word in ("--agent", agent)]
        asked = ["--observed", observed, "--on", "2026-11-22", "--workers", str(workers), "--json", *agents]
        return cost("sekisho", "clear", data, self.fresh(), *asked)

    def round(self, rows: int) -> dict[str, Cost]:
        """One round: every task at one size."""
        data, _ = self.world(rows)
        return {
            "clear": self.clear(rows),
            "copy": cost("benchmarks.scale_tasks", "copy", data, self.fresh(), "id", "URL"),
            "copy all": cost("benchmarks.scale_tasks", "copy", data, self.fresh()),
        }

    def loop(self, rows: int) -> float:
        """Rows a CPU second of the loop over URLs."""
        data, observed = self.world(rows)
        seconds, count = cost("benchmarks.scale_tasks", "loop", data, observed, str(LOOP_ROWS)).said.split()
        return int(count) / float(seconds)

    def table(self, rows: int) -> tuple[float, float]:
        """Hosts a CPU second: read, and compiled."""
        read, compiled, count = map(float, cost("benchmarks.scale_tasks", "table", self.world(rows)[1]).said.split())
        return count / read, count / compiled


def measured(folder: Path, most: int, hosts: int) -> dict[str, object]:
    """Everything that the page says, as medians."""
    bench = Bench(folder, hosts)
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= most]
    first = bench.clear(sizes[0])
    rounds = {size: [bench.round(size) for _ in range(ROUNDS)] for size in sizes}
    largest = rounds[sizes[-1]]
    loops = [bench.loop(most) for _ in range(ROUNDS)]
    tables = [bench.table(most) for _ in range(ROUNDS)]
    pairs = [(bench.clear(most, 1), bench.clear(most, 2)) for _ in range(ROUNDS)]
    steps = [_marginal(rounds, sizes, place) for place in range(ROUNDS)]
    return {
        "hosts": hosts,
        "sizes": sizes,
        "rates": {
            name: [median(size / each[name].cpu_s for each in rounds[size]) for size in sizes] for name in ("clear", "copy", "copy all")
        },
        "peaks": [median(each["clear"].peak_mb for each in rounds[size]) for size in sizes],
        "cold_s": first.cpu_s,
        "warm_s": median(each["clear"].cpu_s for each in rounds[sizes[0]]),
        "of_copy": median(each["copy"].cpu_s / each["clear"].cpu_s for each in largest),
        "of_copy_all": median(each["copy all"].cpu_s / each["clear"].cpu_s for each in largest),
        "marginal": median(clear for clear, _, _ in steps),
        "marginal_of_copy": median(clear / copy for clear, copy, _ in steps),
        "marginal_of_copy_all": median(clear / every for clear, _, every in steps),
        "loop": median(loops),
        "of_loop": median(clear / loop for (clear, _, _), loop in zip(steps, loops, strict=True)),
        "hosts_read": median(read for read, _ in tables),
        "hosts_compiled": median(compiled for _, compiled in tables),
        "second_worker": median(two.cpu_s / one.cpu_s for one, two in pairs),
    }


def _marginal(rounds: dict[int, list[dict[str, Cost]]], sizes: list[int], place: int) -> tuple[float, ...]:
    """Rows a CPU second once a task runs, by the difference of the two largest sizes: of clear, copy and copy of all columns."""
    small, large = sizes[-2:]
    names = ("clear", "copy", "copy all")
    return tuple((large - small) / (rounds[large][place][name].cpu_s - rounds[small][place][name].cpu_s) for name in names)


def main() -> None:
    """Measure, and write the page."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    with tempfile.TemporaryDirectory(prefix="sekisho-scale-") as folder:
        found = measured(Path(folder), *(numbers or [1_000_000, 200_000]))
    scale_page.write(found)
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
