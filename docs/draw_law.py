"""Draws the chart "as of": how the answer to one and the same use moved from year to year, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape

from sekisho import law
from sekisho.law.scenarios import Case
from sekisho.law.wording import OUTCOME_TEXT
from sekisho.model import NOT_ADVICE, Outcome, Stage, Text

BEGIN = date(2018, 1, 1)
PLACES = ("JP", "EU", "US")
USES = {
    "S01": Text("Open web page, commercial training", "公開ウェブページの営利目的の学習"),
    "S02": Text("News site that refuses AI and plans a paid feed", "AIを拒否し有償配信を予定するニュースサイトの学習"),
    "S03": Text("LoRA to bring out one manga artist's characters", "特定の漫画家のキャラクターを出力させるLoRA"),
    "S04": Text("Pages of a site known to be a pirate site", "海賊版サイトと知る元からの収集"),
    "S07": Text("University research against an opt-out", "オプトアウトのあるサイトの大学研究での解析"),
    "T5": Text("Output: near copy of a character that was learned", "出力：学習したキャラクターの近似複製"),
}
"""The cases drawn, and a short name for each."""

COLOUR = {
    Outcome.PERMITTED: "#009e73",
    Outcome.CONDITIONS: "#8fd3bd",
    Outcome.UNSETTLED: "#c8c8c8",
    Outcome.LICENCE: "#e69f00",
    Outcome.PROHIBITED: "#b03a2e",
}
FONTS = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Helvetica, Arial, sans-serif"
LEFT, YEAR, BAR, GAP, TOP, EDGE = 60, 110, 22, 40, 74, 20

Segment = tuple[date, date, Outcome, str]


def chart(pack: law.Pack, cases: Sequence[Case], lang: str) -> str:
    """The picture as SVG text, up to the day the pack was checked."""
    drawn = {case.id: case for case in cases if case.id in USES}
    width, height = LEFT + _x(pack.dated) + 2 * EDGE, TOP + len(USES) * (GAP + len(PLACES) * BAR) + 50
    foot = f"{NOT_ADVICE.lang(lang)} {Text('Law pack of', '法令パック').lang(lang)} {pack.dated}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONTS}">',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *_legend(lang),
            *_years(pack.dated, height),
            *_uses(pack, drawn, lang),
            _text(EDGE, height - 16, foot, fill="#555555"),
            "</svg>\n",
        ]
    )


def _legend(lang: str) -> Iterator[str]:
    for place, (outcome, colour) in enumerate(COLOUR.items()):
        x = EDGE + place * 190
        yield f'<rect x="{x}" y="16" width="14" height="14" fill="{colour}"/>'
        yield _text(x + 20, 28, OUTCOME_TEXT[outcome].lang(lang))


def _years(end: date, height: int) -> Iterator[str]:
    for year in range(BEGIN.year, end.year + 1):
        x = LEFT + _x(date(year, 1, 1))
        yield f'<line x1="{x}" x2="{x}" y1="50" y2="{height - 40}" stroke="#e5e5e5"/>'
        yield _text(x + 4, 60, str(year), fill="#555555")


def _uses(pack: law.Pack, cases: Mapping[str, Case], lang: str) -> Iterator[str]:
    y = TOP
    for name, title in USES.items():
        yield _text(LEFT, y + 16, title.lang(lang), weight="bold")
        for row, place in enumerate(PLACES):
            top = y + 24 + row * BAR
            yield _text(EDGE, top + 14, place)
            for since, until, outcome, rule in segments(pack, cases[name], place):
                yield from _segment(top, since, until, COLOUR[outcome], rule)
        y += GAP + len(PLACES) * BAR


def _segment(top: int, since: date, until: date, colour: str, rule: str) -> Iterator[str]:
    x, width = LEFT + _x(since), _x(until) - _x(since)
    yield f'<rect x="{x}" y="{top}" width="{width}" height="{BAR - 4}" fill="{colour}"><title>{rule}: {since} – {until}</title></rect>'
    yield f'<line x1="{x}" x2="{x}" y1="{top}" y2="{top + BAR - 4}" stroke="#ffffff" stroke-width="1.5"/>'
    if width > 7 * len(rule):
        yield _text(x + 5, top + 13, rule, size=10)


def segments(pack: law.Pack, case: Case, place: str) -> Iterator[Segment]:
    """The stretches of time with one deciding rule: first day, day after the last, outcome, rule."""
    days = sorted({BEGIN, *(day for day in _turns(pack, place) if BEGIN < day <= pack.dated)})
    found = [_answer(pack, case, place, day) for day in days]
    starts = [n for n in range(len(days)) if n == 0 or found[n] != found[n - 1]]
    for start, stop in zip(starts, [*starts[1:], None], strict=True):
        outcome, rule = found[start]
        yield days[start], pack.dated if stop is None else days[stop], outcome, rule


def _answer(pack: law.Pack, case: Case, place: str, day: date) -> tuple[Outcome, str]:
    rulings = law.evaluate(pack, place, day, Stage(case.stage), law.columns([case.claim]))
    rule = rulings.rule_of(0)
    return rulings.outcome_of(0), rule.id if rule else "–"


def _turns(pack: law.Pack, place: str) -> Iterator[date]:
    for rule in (rule for file in pack.lineage(place) for rule in file.rules):
        yield rule.since
        if rule.until:
            yield rule.until + timedelta(1)


def _x(day: date) -> int:
    return round((day - BEGIN).days * YEAR / 365.25)


def _text(x: int, y: int, words: str, *, fill: str = "#111111", weight: str = "normal", size: int = 12) -> str:
    return f'<text x="{x}" y="{y}" fill="{fill}" font-weight="{weight}" font-size="{size}">{escape(words)}</text>'
