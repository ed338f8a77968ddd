"""Writes ``terms.md`` and ``terms.ja.md``: every rule of protection by country, with its steps, sources and cases. Run it after a change of either."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from sekisho.model import NOT_ADVICE, Text
from sekisho.protection import countries, digest, loading, term, work_of
from sekisho.protection.dates import ja
from sekisho.protection.rules import Country, Pick, Rule, Step
from sekisho.protection.wording import BASES, standing

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "cases" / "term"
PAGES = {"en": "terms.md", "ja": "terms.ja.md"}
TITLE = Text("Terms of protection, country by country", "国別の保護期間")
OTHER = Text("[日本語](terms.ja.md)", "[English](terms.md)")
HOW = Text(
    "Within a country the first rule that applies decides. A step reaches what was still protected when it came into force. Printed from "
    "[the files](../src/sekisho/protection); [how terms are counted](protection.md).",
    "各国では、最初に当てはまる規定による。各段階は、その施行時に保護が存続していたものに及ぶ。[データ](../src/sekisho/protection)から出力したもの。"
    "[計算の方法](protection.ja.md)も参照。",
)
HEADS = Text("| Rule | Works | Steps | Cases |", "| 規定 | 対象 | 段階 | 事例 |")


def pages() -> dict[str, str]:
    """Both pages by name."""
    return {name: "\n".join(_page(lang)) + "\n" for lang, name in PAGES.items()}


def _page(lang: str) -> Iterator[str]:
    pack = Text(f"Pack `{digest()[:16]}`.", f"規定集 `{digest()[:16]}`。").lang(lang)
    yield from (f"# {TITLE.lang(lang)}", "", OTHER.lang(lang), "", f"{NOT_ADVICE.lang(lang)} {pack}", "", HOW.lang(lang))
    for code in countries():
        if (place := loading.country(code)).code == code:
            yield from _country(place, lang)


def _country(place: Country, lang: str) -> Iterator[str]:
    checked = Text(
        f"Gone through on {place.checked}; each step says whether its source was looked up.",
        f"{ja(place.checked)}に点検。各段階に、根拠が確認済みか要確認かを示す。",
    ).lang(lang)
    yield from ("", f"## {place.name.lang(lang)} ({place.code})", "", f"{checked} {_shorter(place).lang(lang)}".rstrip(), "")
    yield from (HEADS.lang(lang), "| --- | --- | --- | --- |")
    own = [rule for rule in place.rules if rule.id.startswith(place.code)]
    for rule in own:
        yield f"| {rule.id} | {rule.name.lang(lang)} | {'<br>'.join(_steps(rule, lang))} | {', '.join(_cases()[rule.id])} |"
    if len(own) < len(place.rules):
        yield from ("", Text("Otherwise as in the European Union.", "その他は欧州連合と同じ。").lang(lang))
    yield from ("", *(f"- {note.text.lang(lang)}" for note in place.notes)) if place.notes else ()


def _steps(rule: Rule, lang: str) -> Iterator[str]:
    if rule.free:
        yield Text(f"Never protected. {rule.free.text.en}", f"保護されない。{rule.free.text.ja}").lang(lang)
    yield from (_step(step).lang(lang) for step in rule.steps)


def _shorter(place: Country) -> Text:
    if place.shorter is None:
        return Text("The shorter term of the country of origin is not counted.", "短い保護期間の原則は考慮しない。")
    partners, cite, mark = ", ".join(place.shorter.partners), place.shorter.cite.text, standing(verified=place.shorter.verified)
    but = Text(f", except for {partners}", f"（{partners} を除く）") if partners else Text("", "")
    return Text(
        f"No longer than in the country of origin{but.en} ({cite.en}; {mark.en}).",
        f"本国の期間を限度とする{but.ja}（{cite.ja}、{mark.ja}）。",
    )


def _step(step: Step) -> Text:
    terms = [Text(f"{years} years from {BASES[base].en}", f"{BASES[base].ja}の翌年から{years}年") for base, years in step.terms]
    if step.until:
        terms.append(Text(f"until {step.until}", f"{ja(step.until)}まで"))
    if step.lapse:
        terms.append(Text(f"({step.lapse} from making while unpublished)", f"（未公表の間は創作の翌年から{step.lapse}年）"))
    joint = Text(" or ", "又は")
    mark, cite = standing(verified=step.verified), step.cite.text
    pick = Text("", "") if len(step.terms) < 2 else Text(f", the {step.pick}", "の長い方" if step.pick is Pick.LATER else "の短い方")
    return Text(
        f"{step.since}: {joint.en.join(term.en for term in terms)}{pick.en}{_more(step).en}. {cite.en} ({mark.en})".replace(" or (", " ("),
        f"{ja(step.since)}：{joint.ja.join(term.ja for term in terms)}{pick.ja}{_more(step).ja}。{cite.ja}（{mark.ja}）".replace(
            "又は（", "（"
        ),
    )


def _more(step: Step) -> Text:
    days = Text(f" and {step.plus_days:,} days", f"と{step.plus_days}日") if step.plus_days else Text("", "")
    floor = Text(f", not before {step.at_least}", f"、{ja(step.at_least)}以後") if step.at_least else Text("", "")
    revives = Text(", also for what had ended", "、消滅していたものにも及ぶ") if step.revives else Text("", "")
    return Text(days.en + floor.en + revives.en, days.ja + floor.ja + revives.ja)


@cache
def _cases() -> defaultdict[str, list[str]]:
    """Rule id → links to the cases it decides, three at most."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            for expected in case["expect"]:
                answer = term(work_of(case["work"]), expected["country"], expected.get("on", date(2026, 11, 22)))
                if answer.rule and len(found[answer.rule]) < 3:
                    found[answer.rule][f"[{case['id']}](../tests/cases/term/{path.name})"] = None
    return defaultdict(list, {rule: list(links) for rule, links in found.items()})


if __name__ == "__main__":
    for name, text in pages().items():
        HERE.joinpath(name).write_text(text, encoding="utf-8")
