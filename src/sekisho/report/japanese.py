"""The section "Japanese": how much of it there is, how much may be used under each policy, against the web at large, and what would bring more."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from sekisho import protection
from sekisho.model import Policy, Text, Verdict
from sekisho.policy import POLICY_TEXT, VERDICTS
from sekisho.protection import Status
from sekisho.report import charts, reciprocity
from sekisho.report.again import Again

LANGUAGES = {
    "ja": Text("Japanese", "日本語"),
    "en": Text("English", "英語"),
    "zh": Text("Chinese", "中国語"),
    "ko": Text("Korean", "韓国語"),
}
REST = Text("other languages", "その他の言語")
SIZES = ("items", "characters", "units")
YEARS_AHEAD = 3
LONGEST_TERM = 120
"""Years after a death within which every country's term ends."""


class Line(NamedTuple):
    """A language: its name, its items, characters and units; of all characters its share, of its own those that may be used, in per cent.

    ``crawl`` is its share of the pages of Common Crawl.
    """

    name: Text
    sizes: tuple[int, int, int]
    share: float
    usable: float
    crawl: float


class Held(NamedTuple):
    """Japanese under one policy: its name, whether the run held to it, and for each verdict items and characters."""

    policy: Policy
    name: Text
    chosen: bool
    items: Mapping[Verdict, int]
    characters: Mapping[Verdict, int]
    share: float
    """Of the characters, those that are allowed everywhere, in per cent."""

    @property
    def by_verdict(self) -> list[tuple[Verdict, tuple[int, int]]]:
        """Items and characters of each verdict."""
        return [(verdict, (self.items[verdict], self.characters[verdict])) for verdict in Verdict]


class Freed(NamedTuple):
    """When the next works become free in a jurisdiction: those of authors who died in ``year``, or first ``published`` then."""

    place: str
    published: bool
    year: int
    day: date


@dataclass(frozen=True)
class Section:
    """What the section shows."""

    languages: list[Line]
    policies: list[Held]
    shares: Mapping[str, Markup]
    sources: list[tuple[Text, int, int]]
    ahead: list[Freed]
    store: Mapping[str, Any]
    crawl: Mapping[str, Any]
    origins: Mapping[Policy, list[reciprocity.Row]]
    exchange: list[Text]


def section(run: Mapping[str, Any], again: Again, places: Mapping[str, Text]) -> Section:
    """The section for a run, from ``run.json`` and its cases, which are judged ``again``; ``places`` names the jurisdictions asked."""
    held = list(_policies(again, Policy(run["options"]["policy"])))
    codes, on = run["options"]["jurisdictions"], date.fromisoformat(run["options"]["on"])
    tables = {policy: reciprocity.table(again, policy) for policy in dict.fromkeys((Policy.LAW, Policy(run["options"]["policy"])))}
    drawn = {
        lang: Markup(charts.shares({each.policy.value: each.characters for each in held}, lang))  # noqa: S704 - drawn here
        for lang in ("en", "ja")
    }
    return Section(
        languages=_languages(run.get("languages", {})),
        policies=held,
        shares=drawn,
        sources=_sources(again.cases),
        ahead=[freed for code in codes for freed in _ahead(code, on)],
        store=run.get("registered", {}),
        crawl=common_crawl(),
        origins=tables,
        exchange=reciprocity.sentences(tables[Policy.LAW], places),
    )


@cache
def common_crawl() -> dict[str, Any]:
    """The cited figures, the latest crawl under ``latest``."""
    table = tomllib.loads(Path(__file__).with_name("common_crawl.toml").read_text("utf-8"))
    title = Text(table["title"]["en"], table["title"]["ja"])
    return table | {"title": title, "latest": table["crawls"][-1]}


def _languages(counted: Mapping[str, Mapping[str, Mapping[str, int]]]) -> list[Line]:
    """Japanese first, then the languages it is compared with, then all others together; empty where no text was in hand."""
    total = max(sum(sum(each["characters"].values()) for each in counted.values()), 1)
    latest = common_crawl()["latest"]
    lines = [_line(text, [counted[name]] if name in counted else [], total, latest[name]) for name, text in LANGUAGES.items()]
    rest = 100 - sum(latest[name] for name in LANGUAGES)
    others = [each for name, each in counted.items() if name not in LANGUAGES]
    return [*lines, _line(REST, others, total, rest)] if counted else []


def _line(name: Text, counted: Sequence[Mapping[str, Mapping[str, int]]], total: int, crawl: float) -> Line:
    items, characters, units = (sum(sum(each[size].values()) for each in counted) for size in SIZES)
    usable = sum(each["characters"].get(Verdict.ALLOW.value, 0) for each in counted)
    return Line(name, (items, characters, units), 100 * characters / total, 100 * usable / max(characters, 1), crawl)


def _policies(again: Again, chosen: Policy) -> Iterator[Held]:
    """Japanese under each policy, the strictest of all jurisdictions; nothing where there is none."""
    sizes = [next((each for each in case.get("languages") or () if each["language"] == "ja"), None) for case in again.cases]
    if not any(sizes):
        return
    for policy in Policy:
        items, characters = Counter[Verdict](), Counter[Verdict]()
        for size, code in zip(sizes, again.verdicts(policy=policy).max(axis=1).tolist(), strict=True):
            items[VERDICTS[code]] += size["items"] if size else 0
            characters[VERDICTS[code]] += size["characters"] if size else 0
        share = 100 * characters[Verdict.ALLOW] / max(characters.total(), 1)
        yield Held(policy, POLICY_TEXT[policy], policy is chosen, items, characters, share)


SOURCES = {
    "free": Text("in the public domain in every country asked", "すべての法域でパブリックドメイン"),
    "open": Text("under a licence that covers the use", "この利用を許すライセンスつき"),
    "granted": Text("allowed by a registered holder", "登録権利者が許諾"),
    "offered": Text("offered for licence: ask the holder or the site", "許諾の申し出あり（権利者・配信元へ照会）"),
    "refused": Text("refused by a holder or a site", "権利者または配信元が拒否"),
    "unheard": Text("never asked: observe the site first", "未確認（まず配信元の観測が必要）"),
    "rest": Text("neither a yes nor a no", "同意も拒否もなし"),
}
"""Where Japanese text comes from, surest first, and what would bring more of it."""


def _sources(cases: Sequence[Mapping[str, Any]]) -> list[tuple[Text, int, int]]:
    """Items and characters of Japanese by what stands for or against their use, each counted once."""
    items, characters = Counter[str](), Counter[str]()
    for case in cases:
        for size in (each for each in case.get("languages") or () if each["language"] == "ja"):
            kind = _kind(case)
            items[kind] += size["items"]
            characters[kind] += size["characters"]
    return [(text, items[kind], characters[kind]) for kind, text in SOURCES.items() if items[kind]]


def _kind(case: Mapping[str, Any]) -> str:
    """What stands for or against a case: the claim that is worst off decides."""
    kinds = [_kind_of(claim) for claim in case["claims"]]
    return next(kind for kind in ("refused", "offered", "unheard", "rest", "open", "granted", "free") if kind in kinds)


def _kind_of(claim: Mapping[str, Any]) -> str:
    held = dict(claim["facts"])
    local = [dict(answer["local"]) for answer in claim["jurisdictions"]]
    terms = held.get("registry_terms", "")
    reserved = held.get("optout_loc") in {"yes", "general"} or held.get("optout_asset") == "yes"
    tests = {
        "free": all(each.get("pd") == "yes" for each in local),
        "refused": terms == "deny" or (reserved and held.get("offered") != "yes") or held.get("crawl") == "deny",
        "offered": terms == "offer" or reserved or held.get("crawl") == "licence",
        "granted": terms.startswith("allow"),
        "open": all(each.get("licence_covers", "").startswith("yes") for each in local),
        "unheard": held.get("looked") in {"never", "failed"},
    }
    return next((kind for kind, true in tests.items() if true), "rest")


def _ahead(place: str, on: date) -> list[Freed]:
    """The next works that become free there by the rules on terms of protection: by their authors' death, else by their first publication."""
    if place not in protection.countries() and place != "EU":
        return []
    by_death = list(_next(place, on, published=False))
    return (by_death or list(_next(place, on, published=True)))[:YEARS_AHEAD]


def _next(place: str, on: date, *, published: bool) -> Iterator[Freed]:
    long_dead = str(on.year - LONGEST_TERM)
    for year in range(on.year - LONGEST_TERM, on.year):
        record = {"died": [long_dead], "published": str(year)} if published else {"died": [str(year)]}
        told = protection.term(protection.work_of(record), place, on)
        if told.status is Status.PROTECTED and told.public_domain_from:
            yield Freed(place, published, year, told.public_domain_from)
