"""Progress on a terminal: rows, rate, time left, verdicts so far; silent for programs, for short jobs and without a terminal."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Protocol, Self

from sekisho.model import VERDICT_TEXT, Text, Verdict

PATIENCE_S = 2.0
EVERY_S = 0.5


class Counted(Protocol):
    """What a finished shard tells of itself."""

    @property
    def rows(self) -> int: ...
    @property
    def counts(self) -> dict[str, dict[str, int]]: ...


class Meter:
    """One line on standard error that is written over as the work goes on, and cleared at its end."""

    def __init__(self, lang: str, *, quiet: bool) -> None:
        self.lang = lang
        self.silent = quiet or not sys.stderr.isatty()
        self.started = self.last = time.monotonic()
        self.rows = 0
        self.verdicts: Counter[str] = Counter()
        self.shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def shard(self, footer: Counted, done: int, of: int) -> None:
        """Take note of one finished shard."""
        self.rows += footer.rows
        self.verdicts.update(footer.counts.get("verdict", {}))
        now = time.monotonic()
        if self.silent or now - self.started < PATIENCE_S or now - self.last < EVERY_S:
            return
        self.last, self.shown = now, True
        print(f"\r\033[K{self.line(now - self.started, done, of)}", end="", file=sys.stderr, flush=True)

    def line(self, seconds: float, done: int, of: int) -> str:
        """The line as people read it after ``seconds``, ``done`` shards ``of`` all."""
        left = seconds / done * (of - done)
        shares = ", ".join(f"{VERDICT_TEXT[v].lang(self.lang)} {self.verdicts[v.value] * 100 // max(self.rows, 1)} %" for v in Verdict)
        return Text(
            f"{done}/{of} parts, {self.rows:,} rows, {self.rows / seconds:,.0f}/s, about {_duration(left)} left: {shares}",
            f"{of} 分割中 {done} 完了、{self.rows:,} 行、毎秒 {self.rows / seconds:,.0f} 行、残り約 {_duration(left)}：{shares}",
        ).lang(self.lang)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
