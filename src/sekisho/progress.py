"""How far a run is, told while it works: every process notes its shards in one small file, which anybody may read.

A shard has a place of its own in the file, so nobody waits for anybody; the file is no part of the result and goes when the run is whole.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sekisho.model import Verdict
from sekisho.plan import Plan

FILE = ".progress"
EVERY_S = 0.5
NOTE = struct.Struct("<d?7x" + "Q" * len(Verdict))
"""Of one shard: the share behind it, whether it was found done, rows by verdict."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: ``share`` of the input behind it (0 to 1), rows by verdict, ``seconds`` since it began; ``found`` rows were done before."""

    share: float
    found_share: float
    verdicts: Mapping[Verdict, int]
    found: int
    seconds: float

    @property
    def rows(self) -> int:
        """Rows judged so far."""
        return sum(self.verdicts.values())

    @property
    def rate(self) -> float:
        """Rows a second in this run."""
        return (self.rows - self.found) / self.seconds if self.seconds else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds left, judged by what this run has done; None while that says nothing."""
        done = self.share - self.found_share
        return self.seconds * (1 - self.share) / done if done > 0 else None


def note(out: Path, place: int, share: float, verdicts: Mapping[str, int], *, found: bool = False) -> None:
    """Note how far the shard at ``place`` is; a disk that is full has worse to tell than this, so it goes unsaid."""
    counts = (verdicts.get(verdict.value, 0) for verdict in Verdict)
    try:
        descriptor = os.open(out / FILE, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.lseek(descriptor, place * NOTE.size, os.SEEK_SET)
            os.write(descriptor, NOTE.pack(min(share, 1.0), found, *counts))
        finally:
            os.close(descriptor)
    except OSError:
        return


def told(out: Path, plan: Plan, seconds: float) -> Progress:
    """What the processes have noted so far."""
    try:
        raw = (out / FILE).read_bytes()
    except OSError:
        raw = b""
    weights = _weights(plan)
    total = sum(weights) or 1.0
    share = found_share = 0.0
    found, counted = 0, dict.fromkeys(Verdict, 0)
    for weight, (done, before, *counts) in zip(weights, NOTE.iter_unpack(raw[: len(raw) // NOTE.size * NOTE.size]), strict=False):
        share += weight * done / total
        found_share += weight * done / total if before else 0.0
        found += sum(counts) if before else 0
        for verdict, count in zip(Verdict, counts, strict=True):
            counted[verdict] += count
    return Progress(min(share, 1.0), found_share, counted, found, seconds)


def _weights(plan: Plan) -> list[float]:
    """How much of the work each shard is: its part of its input's bytes."""
    pieces = [0] * len(plan.inputs)
    for shard in plan.shards:
        pieces[shard.input] += 1
    return [max(plan.inputs[shard.input].bytes, 1) / pieces[shard.input] for shard in plan.shards]


@contextmanager
def watched(out: Path, plan: Plan, tell: Callable[[Progress], None] | None) -> Iterator[None]:
    """Call ``tell`` twice a second while the body runs, from a thread of its own, and once at the end; forget the notes afterwards."""
    (out / FILE).unlink(missing_ok=True)
    started, over = time.monotonic(), threading.Event()

    def tell_now() -> None:
        if tell:
            tell(told(out, plan, time.monotonic() - started))

    def keep_telling() -> None:
        while not over.wait(EVERY_S):
            tell_now()

    thread = threading.Thread(target=keep_telling, daemon=True)
    try:
        if tell:
            thread.start()
        yield
        tell_now()
    finally:
        over.set()
        if tell:
            thread.join()
        (out / FILE).unlink(missing_ok=True)
