"""What the registered works matched in an item make of its claims, pure (design section 1).

A work that is the item, or covers at least nine tenths of it word for word or nearly so, replaces the item's own claim; one of which the item
holds a part adds a claim of its own. Two works' facts never share a claim, and what is merely alike in a part or in style claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING

from sekisho import protection
from sekisho.cases import key_of
from sekisho.claims import altered, code_in, facts
from sekisho.errors import UsageError
from sekisho.protection import Status
from sekisho.tables import stricter

if TYPE_CHECKING:
    from sekisho.works import Work
    from sekisho.works.prospects import Dated

OF_THE_ITEM = ("pd", "licence_covers", "grant", "registry_terms", "claimed")
"""What is known of the item's own rights; it says nothing of a work of somebody else inside it."""

Claim = tuple[int, ...]
"""One packed tuple of facts for each jurisdiction."""


class Asked(Enum):
    """Whether the store was asked for an item: not at all, with an answer, or with content that it could not read."""

    NEVER = auto()
    ANSWERED = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class Claimed:
    """One registered work found in an item, as facts: whether it stands for the whole, codes by fact, and ``pd`` for each jurisdiction."""

    whole: bool
    facts: tuple[tuple[str, int], ...]
    public_domain: tuple[int, ...]

    @property
    def free_everywhere(self) -> bool:
        """Whether the work is in the public domain in every jurisdiction asked; a part of it then says nothing of the item."""
        return set(self.public_domain) == {facts()["pd"].codes["yes"]}


def key(own: bytes, found: Iterable[Claimed], asked: Asked, given: Mapping[str, int]) -> bytes:
    """The key of the case of an item whose own claim has the key ``own``, with the works ``found`` in it."""
    return key_of(claims(_claim(own), tuple(found), asked, given))


def claims(own: Claim, found: Sequence[Claimed], asked: Asked, given: Mapping[str, int]) -> set[Claim]:
    """The claims of an item; ``given`` are the codes of OF_THE_ITEM that hold unless something else is shown."""
    works = {_of_work(own, each, given) for each in found if each.whole or not each.free_everywhere}
    replaced = asked is not Asked.UNREADABLE and any(each.whole for each in found)
    return works if replaced else works | {tuple(_with_answer(word, asked) for word in own)}


def _claim(own: bytes) -> Claim:
    """A key of one claim as that claim."""
    return tuple(int.from_bytes(own[start : start + 8], "big") for start in range(0, len(own), 8))


def _with_answer(word: int, asked: Asked) -> int:
    """The item's own facts once the store was asked: no work is registered for it, or nobody can tell."""
    codes = facts()["registry_terms"].codes
    held = code_in(word, "registry_terms")
    silent = held == codes["unknown"]
    if asked is Asked.ANSWERED and silent:
        return altered(word, {"registry_terms": codes["none"]})
    if asked is Asked.UNREADABLE and (silent or held in {codes["none"], codes["allow"], codes["allow_attrib"]}):
        return altered(word, {"registry_terms": codes["unreadable"]})
    return word


def _of_work(own: Claim, found: Claimed, given: Mapping[str, int]) -> Claim:
    """The claim of one work: where it was found and for what use stay the item's facts, the rights are the work's own."""
    return tuple(altered(word, _rights(word, found, given, free)) for word, free in zip(own, found.public_domain, strict=True))


def _rights(word: int, found: Claimed, given: Mapping[str, int], free: int) -> dict[str, int]:
    """The codes of a work's rights: what is shown of the work, else, where it is the item, what is known of the item, else what is given.

    Whether it is free is only ever the work's own: a data set's word does not lift what the holder of a registered work says.
    """
    item = {name: code_in(word, name) if found.whole else 0 for name in OF_THE_ITEM}
    shown = _fetched(word) | dict(found.facts)
    rights = {name: shown.get(name) or item[name] or given.get(name, 0) for name in OF_THE_ITEM}
    terms = stricter("registry_terms", shown.get("registry_terms", 0), item["registry_terms"])
    return {**shown, **rights, "registry_terms": terms, "pd": free or given.get("pd", 0)}


def _fetched(word: int) -> dict[str, int]:
    """A grant held for the item settles that it may be fetched, whatever is inside."""
    granted = code_in(word, "grant") == facts()["grant"].codes["yes"]
    return {"crawl": facts()["crawl"].codes["allow"]} if granted else {}


def public_domain(work: Work, place: str, on: date) -> str:
    """The fact ``pd``: whether a registered work is free in ``place`` on the day; not known where its creators, or the country's terms, are not."""
    if not work.creators:
        return "unknown"
    try:
        dates = _dates([creator.died for creator in work.creators], work.first_published, work.country, work.kind)
        return protection.public_domain(dates, place, on)
    except UsageError:  # a country that the terms of protection do not cover
        return "unknown"


def freed_in(dated: Dated, place: str, on: date) -> str:
    """When works of these dates become free in ``place``: ``free`` already, a year, or ``unknown``."""
    try:
        term = protection.term(_dates(dated.died, dated.published, dated.country, dated.kind), place, on)
    except UsageError:
        return "unknown"
    if term.status is Status.PROTECTED and term.public_domain_from:
        return str(term.public_domain_from.year)
    return "free" if term.status is Status.PUBLIC_DOMAIN else "unknown"


def _dates(died: Sequence[int | None], published: str, country: str, kind: str) -> protection.Dates:
    """What a catalogue says of a work, as the terms of protection ask it; kinds that they do not treat apart are works."""
    known = kind.lower() in protection.kinds()
    years = [str(year) if year else None for year in died]
    return protection.work_of({"died": years, "published": published or None, "origin": country or None, "kind": kind if known else None})
