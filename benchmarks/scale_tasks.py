"""What is measured by ``benchmarks.scale``, each in a process of its own: ``python -m benchmarks.scale_tasks TASK ...``."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from protego import Protego

from benchmarks.scale_world import AGENTS
from sekisho import hosts
from sekisho.addresses import address, sibling
from sekisho.model import Ask
from sekisho.observe import records


def copy(data: str, out: str, *columns: str) -> None:
    """Read and write the rows, some of the columns or all of them, and nothing between."""
    Path(out).mkdir(parents=True)
    for path in sorted(Path(data).iterdir()):
        file = pq.ParquetFile(path)
        chosen = list(columns) or file.schema_arrow.names
        with pq.ParquetWriter(Path(out, path.name), file.schema_arrow.empty_table().select(chosen).schema) as writer:
            for batch in file.iter_batches(100_000, columns=chosen):
                writer.write_batch(batch)


def loop(data: str, observed: str, rows: str) -> None:
    """The practice of today: of each row the host's parsed robots.txt, kept, and every agent asked; prints the seconds that asking took."""
    bodies = {row["url"].removesuffix("/robots.txt"): row for row in pq.read_table(observed, columns=["url", "status", "body"]).to_pylist()}
    urls = pq.ParquetFile(min(Path(data).iterdir())).read_row_group(0, columns=["URL"]).column("URL").to_pylist()[: int(rows)]
    known: dict[str, Protego | None] = {}
    started = time.process_time()
    for url in urls:
        split = address(url or "")
        if split is None:
            continue
        if split[0] not in known:
            row = bodies.get(split[0]) or bodies.get(sibling(split[0]) or "")
            known[split[0]] = Protego.parse(row["body"].decode("utf-8", "replace")) if row and row["status"] == 200 else None
        parsed = known[split[0]]
        _ = [parsed.can_fetch(url, agent) for agent in AGENTS] if parsed else []
    print(time.process_time() - started, len(urls))


def table(observed: str) -> None:
    """Read observations and compile their host table; prints the seconds of each and the number of hosts."""
    ask = Ask(agents=AGENTS)
    started = time.process_time()
    seen = hosts.load(records.files_of(Path(observed)), ask)
    read = time.process_time()
    hosts.build(seen, ask, date(2026, 11, 22))
    print(read - started, time.process_time() - read, len(seen))


if __name__ == "__main__":
    {"copy": copy, "loop": loop, "table": table}[sys.argv[1]](*sys.argv[2:])
