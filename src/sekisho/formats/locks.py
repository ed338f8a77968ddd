"""A kernel lock on a folder or a file: gone with the process that held it, however that died."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sekisho.errors import RunError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raises RunError when another process holds it."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        hold(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def hold(descriptor: int, path: Path) -> None:
    """Lock an open file until it is closed; ``path`` is what the user knows it by. Raises RunError when another process holds it."""
    try:
        _lock(descriptor)
    except OSError as error:
        raise RunError(
            f"{path} is in use by another Sekisho process. Wait for it, or choose another place.",
            f"{path} は別の Sekisho が使用中です。終了を待つか、別の場所を指定してください。",
        ) from error
