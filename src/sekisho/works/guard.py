"""Watches a text while it is being generated: says within one call that a passage of a protected work has begun.

Each piece is looked at together with the end of what came before it, so a passage is seen wherever it was cut; the cost of a call does not
grow with the length of the output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sekisho.errors import UsageError
from sekisho.fingerprints import Hit, text
from sekisho.fingerprints.folding import fold
from sekisho.fingerprints.text import TextSegment
from sekisho.kernels.passages import Limits
from sekisho.works.matching import Found, Matcher
from sekisho.works.values import Match, TermsKind

SHORTEST = 16
"""Characters below which a passage cannot be told from a turn of phrase."""
LETTERS = 2
"""Letters of an alphabet that count as one character of kana, kanji or Hangul."""
LOOKED_BACK = 8
"""How many times the shortest passage is kept of what came before: room for errors, blanks and punctuation."""


@dataclass(slots=True)
class Guard:
    """One output as it is generated; a new output needs a new guard.

    ``least`` is the length in characters (kana, kanji, Hangul; twice as many letters of an alphabet) from which a passage is told.
    ``quotation`` is the allowance: passages of one work are not told while they take up no more characters of the output than this in all.
    """

    matcher: Matcher
    on: date
    least: int = 26
    quotation: int = 0
    _tail: str = ""
    _passed: int = 0
    _taken: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.least < SHORTEST:
            raise UsageError(
                f"A guard cannot tell passages shorter than {SHORTEST} characters; least={self.least} was asked.",
                f"{SHORTEST}字より短い一節は見分けられません（least={self.least} が指定されました）。",
            )
        self.matcher.renew(self.on)

    def feed(self, piece: str) -> list[Match]:
        """The protected works of which more than the allowance has come out, now that ``piece`` has; regions count from the start of the output.

        A work is told again with each piece that goes on with it. Works whose terms are ``yes`` are not protected.
        """
        self._tail += piece
        start = self._passed + len(self._tail) - len(piece)
        found = [hit for hit in self._search() if hit.likeness.item_region[1] > start]
        matches = self.matcher.matches([Found(text.SPEC.name, 0, hit) for hit in found], self.on)
        self._forget()
        return [match for match in matches if match.terms.kind is not TermsKind.YES and self._beyond_quotation(match)]

    def _search(self) -> list[Hit]:
        """The passages in what is looked at, with regions in the whole output."""
        folded = fold(self._tail)
        limits = Limits(self.least, LETTERS * self.least)
        segments = self.matcher.following(text.SPEC.name, text).open.values()
        return [
            Hit(one.file, text.likeness(one, self._passed))
            for segment in segments
            if isinstance(segment, TextSegment)
            for volume in segment.volumes
            for one in volume.passages(folded, limits)
        ]

    def _forget(self) -> None:
        kept = LOOKED_BACK * LETTERS * self.least
        if len(self._tail) > 2 * kept:
            self._passed += len(self._tail) - kept
            self._tail = self._tail[-kept:]

    def _beyond_quotation(self, match: Match) -> bool:
        """Take the passage into account and say whether the work's allowance is used up."""
        start, end = map(int, match.item_region)
        taken = self._taken.setdefault(match.work, [])
        while taken and taken[-1][1] >= start:
            start = min(start, taken.pop()[0])
        taken.append((start, end))
        return sum(end - start for start, end in taken) > self.quotation
