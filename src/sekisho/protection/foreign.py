"""What being foreign adds or takes: the wartime addition of the Peace Treaty, Art. 15(c)."""

from __future__ import annotations

from datetime import date

from sekisho.protection.rules import Ally, Country
from sekisho.protection.work import Dates

WAR_BEGAN = date(1941, 12, 8)


def added_days(place: Country, work: Dates) -> tuple[int, int]:
    """The fewest and the most days that ``place`` adds for the war; equal when the day on which the right arose is known well enough."""
    ally = place.wartime and place.wartime.allies.get(work.origin or "")
    if not ally or work.kind.neighbouring:
        return 0, 0
    right = work.created or work.published
    fewest = _days(ally, max(ally.since, default=WAR_BEGAN), right.last) if right else 0
    return fewest, _days(ally, min(ally.since, default=WAR_BEGAN), right.first if right else WAR_BEGAN)


def _days(ally: Ally, protected_since: date, arose: date) -> int:
    """From the day of war, or the later one on which Japan owed protection or the right arose, to the day before peace took effect."""
    return max(0, (ally.peace - max(WAR_BEGAN, protected_since, arose)).days)
