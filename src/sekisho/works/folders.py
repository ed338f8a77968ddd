"""The files under a folder, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT = {".csv", ".json", ".jsonld", ".xml", ".opf", ".db", ".ini"}


def files_in(path: Path) -> Iterator[Path]:
    """The files under ``path`` in order of their names; hidden ones and lists are left out, links are followed no second time."""
    if not path.is_dir():
        yield path
        return
    seen: set[tuple[int, int]] = set()
    for folder, below, names in os.walk(path, followlinks=True):
        here = os.stat(folder)  # noqa: PTH116 - os.walk speaks in strings
        if (here.st_dev, here.st_ino) in seen:
            below.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith(".") and Path(name).suffix.lower() not in LEFT_OUT)
