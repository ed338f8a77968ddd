"""From evidence to facts, pure: what was heard at an address, in a file, from a table or a holder becomes values of the fact table.

Follows design section 2: levels L and P become ``optout_loc``, level A ``optout_asset``; a source that was read and is silent is a
``no``, one that could not be read is ``unreadable``, one never looked at stays ``unknown``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sekisho.claims import facts
from sekisho.combine import GENERAL, PUBLIC_LICENCES, RESTRICTIVE, Combined, combine
from sekisho.model import Axis, Level, Signal, Source, Text, Value

SITE = (Level.RESPONSE, Level.LOCATION)
BROKEN = frozenset({"malformed", "truncated", "unreadable", "encrypted", "missing-extra"})
"""Warnings of an unknown that could not be read at all, not merely misspelt."""
CLOSED = frozenset({401, 402, 403})

ASSUMED = {
    "use_kind": "train",
    "single_creator_ft": "no",
    "intent_reproduce": "no",
    "competes": "no",
    "model_memorises": "no",
    "circumvention": "no",
    "training_in_jurisdiction": "yes",
    "lawful_access": "yes",
    "pd": "no",
    "licence_covers": "none",
}
"""What ``--assume public-web`` supposes unless something else is shown; ``nothing`` supposes none of it."""
ASSUMPTIONS = {"public-web": ASSUMED, "nothing": dict[str, str]()}

PUBLIC_WEB = Text(
    "general training on pages of the public web, lawfully reached, inside the countries asked",
    "公開ウェブから適法に取得した資料による、対象法域内での一般的な学習",
)


class Seen(Protocol):
    """What the facts need to know of a record of observation."""

    @property
    def status(self) -> int | None: ...
    @property
    def failed(self) -> bool: ...
    @property
    def source(self) -> Source: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What an address said, as values of facts by name; ``warnings`` and ``lost`` are for people."""

    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]

    def codes(self) -> dict[str, int]:
        """Fact → code."""
        return {name: facts()[name].codes[value] for name, value in self.facts}


def heard(
    signals: Collection[Signal],
    seen: Sequence[Seen],
    axis: Axis,
    agents: Collection[str],
    *,
    file: str = "absent",
    nowhere: bool = False,
    statuses: Collection[int] = (),
    places: Collection[str] = (),
) -> Heard:
    """The facts that follow from ``signals``, all that one item's location, answers and file said, asked on ``axis`` on behalf of ``agents``.

    ``seen`` are the observations they come from, ``file`` says whether the item's bytes were read, ``nowhere`` that it has no address, ``statuses`` how the item
    itself was answered, ``places`` are the jurisdictions asked: terms limited to others do not cover them.
    """
    spoken = [signal for signal in signals if signal.protocol != PUBLIC_LICENCES]
    use, crawl = combine(spoken, axis, agents=agents, places=places), combine(spoken, Axis.CRAWL, agents=agents)
    licensed = len(spoken) < len(signals) and combine(signals, axis, agents=agents, places=places).warnings
    robots = [record for record in seen if record.source is Source.ROBOTS]
    failed = any(record.failed for record in seen)
    read = bool(robots) and not any(record.failed for record in robots)
    found = {
        "optout_loc": _site(use, failed=failed, read=read or nowhere),
        "crawl": _crawl(crawl, failed=any(record.failed for record in robots), read=read or nowhere),
        "looked": "nowhere" if nowhere else "read" if read else "failed" if robots else "never",
        "unclear": "yes" if use.doubts else "no",
        "file": file,
        **({} if file == "absent" else {"optout_asset": _asset(use, file)}),
        **_offered(use),
        **licence_facts(signals, axis, agents),
    }
    if CLOSED & {*statuses, *(record.status for record in seen if not _well_known(record))}:
        found["lawful_access"] = "no"
    return Heard(tuple(found.items()), tuple(sorted({*use.warnings, *crawl.warnings, *(licensed or ())})))


def _asset(use: Combined, file: str) -> str:
    """What the file itself says: a file that was read and is silent is a ``no``."""
    if any(signal.level is Level.ASSET and signal.value in RESTRICTIVE for signal in use.standing):
        return "yes"
    return "unreadable" if file == "unreadable" else "no"


def _site(use: Combined, *, failed: bool, read: bool) -> str:
    restrictive = [signal for signal in use.standing if signal.level in SITE and signal.value in RESTRICTIVE]
    if restrictive:
        return "general" if all(GENERAL in signal.warnings for signal in restrictive) else "yes"
    if failed or any(signal.level in SITE and BROKEN & set(signal.warnings) for signal in use.doubts):
        return "unreadable"
    return "no" if read else "unknown"


def _crawl(crawl: Combined, *, failed: bool, read: bool) -> str:
    if crawl.value in RESTRICTIVE:
        return crawl.value.value
    return "unreadable" if failed else "allow" if read else "unknown"


def _offered(use: Combined) -> dict[str, str]:
    """Whether terms are offered, only where something is reserved at all."""
    return {"offered": "yes" if use.value is Value.LICENCE else "no"} if use.value in RESTRICTIVE else {}


def licence_facts(signals: Iterable[Signal], axis: Axis, agents: Collection[str]) -> dict[str, str]:
    """``licence_covers`` as the public licences found say; empty where none was found. A licence that does not cover the use is a ``no``."""
    found = combine([signal for signal in signals if signal.protocol == PUBLIC_LICENCES], axis, agents=agents)
    if found.value is Value.ALLOW:
        return {"licence_covers": "yes_attrib" if "attribution" in found.conditions else "yes"}
    return {"licence_covers": "no"} if found.value in RESTRICTIVE else {}


def _well_known(record: Seen) -> bool:
    return record.source in {Source.ROBOTS, Source.TDMREP, Source.AI_TXT, Source.TRUST_TXT, Source.LLMS_TXT}
