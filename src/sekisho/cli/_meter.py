"""Progress on a terminal: rows, rate, time left, verdicts so far; silent for programs, for short jobs and without a terminal."""

from __future__ import annotations

import shutil
import sys
import threading
from types import TracebackType
from typing import Self

from sekisho.cli._terminal import width
from sekisho.model import VERDICT_TEXT, Text
from sekisho.progress import Progress

PATIENCE_S = 2.0
BEGINNING = Text("Looking through the inputs and observations ...", "入力と観測記録を確認しています……")
ENDING = Text("Writing the report ...", "報告書を作成しています……")


class Line:
    """One line on standard error that is written over as the work goes on; silent when asked to be and without a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.silent = quiet or not sys.stderr.isatty()
        self.shown = False

    def write(self, text: str) -> None:
        """Write ``text`` over the line, cut to the terminal's width."""
        if not self.silent:
            self.shown = True
            print(f"\r\033[K{_cut(text, shutil.get_terminal_size().columns - 1)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave nothing of it."""
        if self.shown:
            self.shown = False
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Meter(Line):
    """How far a run is, from the moment it takes longer than people wait without asking, cleared at its end."""

    def __init__(self, lang: str, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self.lang = lang
        self.beginning = threading.Timer(PATIENCE_S, self.write, [BEGINNING.lang(lang)])
        self.beginning.daemon = True

    def __enter__(self) -> Self:
        if not self.silent:
            self.beginning.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.beginning.cancel()
        self.clear()

    def tell(self, progress: Progress) -> None:
        """Show how far the work is, once it has taken long enough to be worth a line."""
        self.beginning.cancel()
        if self.shown or progress.seconds >= PATIENCE_S:
            self.write(line(progress, self.lang) if progress.share < 1 else ENDING.lang(self.lang))


def line(progress: Progress, lang: str) -> str:
    """Rows, rate, time left and the share of each verdict, in a line."""
    shares = ", ".join(f"{VERDICT_TEXT[v].lang(lang)} {100 * count // max(progress.rows, 1)} %" for v, count in progress.verdicts.items())
    left = time_left(progress.left_s)
    return Text(
        f"{100 * progress.share:.0f} %, {progress.rows:,} rows, {progress.rate:,.0f}/s, {left.en}: {shares}",
        f"{100 * progress.share:.0f} %、{progress.rows:,} 行、毎秒 {progress.rate:,.0f} 行、{left.ja}：{shares}",
    ).lang(lang)


def time_left(seconds: float | None) -> Text:
    """How long it will still take; None is not known yet."""
    if seconds is None:
        return Text("time left not known yet", "残り時間は計測中")
    return Text(f"about {_duration(seconds)} left", f"残り約 {_duration(seconds)}")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _cut(text: str, columns: int) -> str:
    """``text`` as far as it fits into ``columns``: a line that wraps could not be written over."""
    while width(text) > columns > 0:
        text = text[:-1]
    return text
