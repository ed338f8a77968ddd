"""What cannot be true of a work on a day; such an answer is unknown, never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sekisho.model import Text
from sekisho.protection.dates import Span, ja
from sekisho.protection.work import Dates


def contradiction(work: Dates, on: date) -> Text | None:
    """The first thing in ``work`` that cannot be true on the day ``on``, in a sentence; None when nothing is seen."""
    return next((found for found in (_born_late(work), _published_early(work), _in_the_future(work, on), _both_ways(work)) if found), None)


def _born_late(work: Dates) -> Text | None:
    for born, died in zip(work.born, work.died, strict=False):
        if born and died and died.last < born.first:
            return Text(
                f"The death ({died.text.en}) lies before the birth ({born.text.en}).",
                f"死亡（{died.text.ja}）が出生（{born.text.ja}）より前になっている。",
            )
    return None


def _published_early(work: Dates) -> Text | None:
    for born in work.born:
        if born and work.published and work.published.last < born.first:
            published = work.published.text
            return Text(
                f"Publication ({published.en}) lies before the birth of a contributor ({born.text.en}): it is that of another layer.",
                f"公表（{published.ja}）が著作者の出生（{born.text.ja}）より前であり、別の層（原作など）の公表と考えられる。",
            )
    return None


def _in_the_future(work: Dates, on: date) -> Text | None:
    if late := _after(on, work.died):
        return Text(
            f"The death ({late.en}) lies after the day asked about ({on}).", f"死亡（{late.ja}）が基準日（{ja(on)}）より後になっている。"
        )
    if late := _after(on, (work.published, work.created)):
        return Text(
            f"Publication or making ({late.en}) lies after the day asked about ({on}).",
            f"公表または創作（{late.ja}）が基準日（{ja(on)}）より後になっている。",
        )
    return None


def _after(on: date, spans: Iterable[Span | None]) -> Text | None:
    return next((span.text for span in spans if span and span.first > on), None)


def _both_ways(work: Dates) -> Text | None:
    if work.unpublished and work.published:
        return Text("It is said to be published and to be unpublished.", "公表済みであり、かつ未公表であるとされている。")
    return None
