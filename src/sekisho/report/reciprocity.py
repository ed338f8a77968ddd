"""Works by where they come from against the country that trains on them: how much its law allows, wants licensed, refuses and leaves open.

Counted from cases. What an origin rests on is told with it, and works of unknown origin are a row of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekisho import origins
from sekisho.model import Policy, Text, Verdict
from sekisho.origins import Basis
from sekisho.policy import VERDICTS
from sekisho.report.again import Again

COUNTRIES_SHOWN = 12
WEST, OTHERS, UNKNOWN = "west", "others", ""
NAMES = {
    WEST: Text("All Western countries", "欧米諸国 計"),
    OTHERS: Text("Other countries", "その他の国"),
    UNKNOWN: Text("Origin unknown", "出所不明"),
}
BASIS_TEXT = {
    Basis.STATED: Text("stated by the data set or a register", "データまたは登録簿に記載"),
    Basis.BOTH: Text("probable: language and host agree", "推定（言語と配信元が一致）"),
    Basis.LANGUAGE: Text("possible: language alone", "可能性（言語のみ）"),
    Basis.HOST: Text("possible: host alone", "可能性（配信元のみ）"),
    Basis.NOTHING: Text("no sign, or signs that differ", "手がかりなし、または矛盾"),
}


@dataclass
class Row:
    """Works of one origin: how many, on what that rests, and for each jurisdiction how many under each verdict."""

    country: str
    bases: Counter[Basis] = field(default_factory=Counter)
    verdicts: dict[str, Counter[Verdict]] = field(default_factory=dict)

    @property
    def name(self) -> Text:
        """The country's name."""
        named = origins.countries().get(self.country)
        return named.name if named else NAMES.get(self.country, Text(self.country, self.country))

    @property
    def rows(self) -> int:
        """How many works there are."""
        return self.bases.total()

    @property
    def certainty(self) -> list[tuple[Text, int]]:
        """What the origin rests on, surest first."""
        return [(BASIS_TEXT[basis], self.bases[basis]) for basis in Basis if self.bases[basis]]

    def add(self, basis: Basis, rows: int, verdicts: Mapping[str, Verdict]) -> None:
        """Count rows of one case in."""
        self.bases[basis] += rows
        for place, verdict in verdicts.items():
            self.verdicts.setdefault(place, Counter())[verdict] += rows

    def take_in(self, other: Row) -> None:
        """Count another origin in."""
        self.bases += other.bases
        for place, counted in other.verdicts.items():
            self.verdicts[place] = self.verdicts.get(place, Counter()) + counted

    def percent(self, place: str, verdict: Verdict) -> float:
        """The share of a verdict in one jurisdiction, in per cent."""
        return 100 * self.verdicts[place][verdict] / max(self.rows, 1)


def table(again: Again, policy: Policy) -> list[Row]:
    """The origins under ``policy``: Japan and the West first, then countries with the most works, the rest, the unknown; empty where nothing is told."""
    found = _by_country(again.cases, again.codes, again.verdicts(policy=policy))
    named = origins.countries()
    unknown = found.pop(UNKNOWN, None)
    western = [row for country, row in found.items() if country in named and named[country].west]
    ordered = sorted(found.values(), key=lambda row: (row.country != "JP", -row.rows, row.country))
    shown, rest = ordered[:COUNTRIES_SHOWN], ordered[COUNTRIES_SHOWN:]
    groups = [_together(WEST, western)] if len(western) > 1 else []
    japan = [row for row in shown if row.country == "JP"]
    last = [_together(OTHERS, rest)] if rest else []
    return [*japan, *groups, *(row for row in shown if row.country != "JP"), *last, *([unknown] if unknown else [])]


def _by_country(cases: Sequence[Mapping[str, Any]], codes: Sequence[str], verdicts: NDArray[np.uint8]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for case, answers in zip(cases, verdicts.tolist(), strict=True):
        said = {code: VERDICTS[answer] for code, answer in zip(codes, answers, strict=True)}
        for each in case.get("origins") or ():
            found.setdefault(each["country"], Row(each["country"])).add(Basis(each["basis"]), each["rows"], said)
    return found


def _together(name: str, rows: Iterable[Row]) -> Row:
    whole = Row(name)
    for row in rows:
        whole.take_in(row)
    return whole


def sentences(rows: Sequence[Row], places: Mapping[str, Text]) -> list[Text]:
    """What a developer of one side may use of the other's works, in figures, as far as the rows say; ``places`` names the jurisdictions asked."""
    japanese = next((row for row in rows if row.country == "JP"), None)
    western = next((row for row in rows if row.country == WEST or _is_western(row.country)), None)
    ours = [_sentence("JP", places["JP"], western)] if western and "JP" in places else []
    theirs = [_sentence(code, name, japanese) for code, name in places.items() if japanese and (code == "EU" or _is_western(code))]
    return [*ours, *theirs]


def _is_western(code: str) -> bool:
    country = origins.countries().get(code)
    return country is not None and country.west


def _sentence(place: str, name: Text, row: Row) -> Text:
    works = (
        Text("works of Western origin", "欧米の著作物")
        if row.country == WEST
        else Text(f"works from {row.name.en}", f"{row.name.ja}の著作物")
    )
    share = {verdict: f"{row.percent(place, verdict):.1f} %" for verdict in Verdict}
    return Text(
        f"Training in {name.en}: of {row.rows:,} {works.en} {share[Verdict.ALLOW]} may be used, {share[Verdict.LICENCE]} need a licence, "
        f"{share[Verdict.DENY]} are refused, {share[Verdict.UNKNOWN]} are open.",
        f"{name.ja}で学習する場合：{works.ja} {row.rows:,} 件のうち、可 {share[Verdict.ALLOW]}、要許諾 {share[Verdict.LICENCE]}、"
        f"不可 {share[Verdict.DENY]}、不明 {share[Verdict.UNKNOWN]}。",
    )
