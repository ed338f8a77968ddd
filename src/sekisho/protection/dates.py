"""Reads a date as catalogues write it: exact to the day, to the year, to a decade; what cannot be read safely is None."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from sekisho.model import Text

FIRST_YEAR, LAST_YEAR = 100, 9990
"""Years of two digits are not read; counting stops before the end of the calendar."""
LONGEST = 500
"""No date needs more letters; longer values are not read at all, or a last part might be missed."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days between which something happened, both included; ``parts`` when it went on all that time, as a serial does."""

    first: date
    last: date
    parts: bool = False

    @property
    def ending(self) -> Span:
        """When it may have been complete: a serial with its last part."""
        return Span(self.last, self.last) if self.parts else self

    def within(self, since: date, until: date) -> Span | None:
        """What of it lies between two days; None when nothing does."""
        first, last = max(self.first, since), min(self.last, until)
        return Span(first, last) if first <= last else None

    @property
    def text(self) -> Text:
        """It in words: a day, a year, or the first and the last year."""
        first, last = self.first.year, self.last.year
        if last < FIRST_YEAR:
            return Text("before the common era", "紀元前")
        if self.first == self.last:
            return Text(self.first.isoformat(), ja(self.first))
        return Text(f"{first}", f"{first}年") if first == last else Text(f"{first}-{last}", f"{first}～{last}年")


def ja(day: date) -> str:
    """A day as Japanese writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


BEFORE_CHRIST = Span(date.min, date.min)
"""Any year before the common era: our calendar cannot name it, and no term reaches from there."""


def year_end(year: int) -> date:
    """31 December of ``year``."""
    return date(min(year, LAST_YEAR), 12, 31)


def plus(day: date, days: int) -> date:
    """``day`` and so many days, never beyond the calendar."""
    return date.fromordinal(min(day.toordinal() + days, year_end(LAST_YEAR).toordinal()))


def years(first: int, last: int, *, parts: bool = False) -> Span | None:
    """The span from 1 January of ``first`` to 31 December of ``last``; None when that is no span of ours."""
    return Span(date(first, 1, 1), year_end(last), parts) if FIRST_YEAR <= first <= last <= LAST_YEAR else None


def read_date(value: object) -> Span | None:
    """The days that ``value`` may mean: a number, a date, or words such as ``1948-6-13``, ``1948年6月``, ``185X``, ``12世紀``, ``1943-48``.

    Among other words a year is read where its era stands beside it: ``「新潮」1918（大正7）年3月号``. Years of two digits, ``c. 1850``, impossible days and everything else give None: unknown, never a guess.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Span(value, value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value)
    return _words(_plain(text)) if len(text) <= LONGEST else None


ERA = r"(?:\([^)]{1,12}\))?"
BEFORE = re.compile(
    r"(?:紀元前|前|BCE?|B\.C\.) ?\d{1,4}(?:年|世紀)?(?:初|末|頃|前半|後半|中頃)?|\d{1,4} ?(?:BCE?|B\.C\.)|-\d{1,4}(?:\.0)?", re.IGNORECASE
)
YEAR = re.compile(rf"(\d{{3,4}})(?:\.0|{ERA}年?)")
MONTH = re.compile(rf"(\d{{3,4}}){ERA}[-/.年] ?(\d{{1,2}})月?")
DAY = re.compile(rf"(\d{{3,4}}){ERA}[-/.年] ?(\d{{1,2}})[-/.月] ?(\d{{1,2}})日?(?:[T ]00:00(?::00)?)?")
DECADE = re.compile(r"(\d{3})(?:[X?]|0年代|0S)", re.IGNORECASE)
HUNDRED = re.compile(r"(\d{2})(?:XX|\?\?)", re.IGNORECASE)
CENTURY = re.compile(r"(\d{1,2})(?:世紀(?:初|初頭|前半|中頃|中葉|後半|末)?|(?:ST|ND|RD|TH) CENTURY)", re.IGNORECASE)
PARTS = re.compile(r"(\d{4})年?[-/](\d{2}|\d{4})年?")


PRINTED = re.compile(r"(\d{4})\([一-龥]{2}(?:元|\d{1,2})年?\)年?")
"""A Western year with its era beside it, as colophons print it: safe to read in the middle of other words."""
ABOUT = re.compile(r"頃|ころ|ごろ|約|推定|[?]")


def _plain(words: str) -> str:
    """Full-width letters made plain, every dash a hyphen, stray blanks gone."""
    folded = unicodedata.normalize("NFKC", words)
    return re.sub(r"\s+", " ", re.sub(r"[‐‑‒–—―−〜~]", "-", folded)).strip()


def _words(text: str) -> Span | None:
    if BEFORE.fullmatch(text):
        return BEFORE_CHRIST
    if found := YEAR.fullmatch(text):
        return years(int(found[1]), int(found[1]))
    if found := DAY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if (found := MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return _month(int(found[1]), int(found[2]))
    return _rough(text)


def _rough(text: str) -> Span | None:
    if found := DECADE.fullmatch(text):
        return years(int(found[1]) * 10, int(found[1]) * 10 + 9)
    if found := HUNDRED.fullmatch(text):
        return years(int(found[1]) * 100, int(found[1]) * 100 + 99)
    if found := CENTURY.fullmatch(text):
        return years(int(found[1]) * 100 - 99, int(found[1]) * 100)
    if found := PARTS.fullmatch(text):
        ended = found[2] if len(found[2]) == 4 else found[1][:2] + found[2]
        return years(int(found[1]), int(ended), parts=True)
    return _printed(text)


def _printed(text: str) -> Span | None:
    found = [] if ABOUT.search(text) else [int(year) for year in PRINTED.findall(text)]
    return years(min(found), max(found), parts=min(found) < max(found)) if found else None


def _month(year: int, month: int) -> Span | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> Span | None:
    try:
        return Span(date(year, month, day), date(year, month, day)) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:  # the thirtieth of February
        return None
