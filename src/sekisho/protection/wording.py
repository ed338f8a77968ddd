"""The steps of an answer in sentences, English and Japanese."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sekisho.law.rules import Citation
from sekisho.model import Text
from sekisho.protection.counting import ANTIQUITY, Applied, Count
from sekisho.protection.dates import Span, ja
from sekisho.protection.rules import Base, Country, Pick, Point, Rule, Step
from sekisho.protection.work import Dates

BASES = {
    Base.DEATH: Text("death", "著作者の死亡"),
    Base.PUBLICATION: Text("publication", "公表"),
    Base.CREATION: Text("making", "創作"),
    Base.REHABILITATION: Text("rehabilitation", "名誉回復"),
}
MISSING = {
    Base.DEATH: Text("the year of death of every contributor", "すべての著作者の没年"),
    Base.PUBLICATION: Text("the date of publication", "公表の年月日"),
    Base.CREATION: Text("the date of making", "創作の年月日"),
    Base.REHABILITATION: Text("the year of rehabilitation", "名誉回復の年"),
}
DEATH = Text("The year of death", "没年")
PUBLISHED = Text("The date of publication", "公表の年月日")
MADE = Text("The date of making", "創作の年月日")
MADE_WHEN_PUBLISHED = Text(
    "The date of making is not given: taken to be that of publication.", "創作の年月日の指定がないため、公表の時に創作されたものとした。"
)
STEPS_TOLD = 2
"""How many of the steps that applied are told: the one that decides and the one it rests on."""


def steps(count: Count) -> Iterable[Text]:
    """How the term was counted, step by step."""
    told = count.applied[-STEPS_TOLD:]
    for place, applied in enumerate(told):
        yield _applied(applied, count.point, extended=place > 0)
    if count.too_late:
        yield _too_late(count.too_late)


def _applied(applied: Applied, point: Point, *, extended: bool) -> Text:
    step, term = applied.step, _term(applied.step, point)
    still, limit = Text("", ""), Text("", "")
    if extended:
        kept = Text("", "施行時に存続") if not step.revives else Text("also for what had ended, ", "消滅していたものを含む")
        still = Text(f"in force from {step.since}, {kept.en}", f"（{ja(step.since)}施行。{kept.ja}）")
    own = step.end(point)
    if point.cap and own and point.cap < own:
        limit = Text(", limited by the country of origin", "（本国の期間を限度とする）")
    cite, mark = step.cite.text, standing(verified=step.verified)
    return Text(
        f"{cite.en}: {still.en}{term.en}{limit.en}; protected until {applied.end} ({mark.en}).",
        f"{cite.ja}{still.ja}：{term.ja}{limit.ja}。{ja(applied.end)}まで存続（{mark.ja}）。",
    )


def _too_late(step: Step) -> Text:
    cite, mark = step.cite.text, standing(verified=step.verified)
    return Text(
        f"{cite.en}: in force from {step.since}; protection had ended before and was not revived ({mark.en}).",
        f"{cite.ja}（{ja(step.since)}施行）：施行前に消滅しており、復活しない（{mark.ja}）。",
    )


def _term(step: Step, point: Point) -> Text:
    terms = [_years(base, years, end) for base, years, end in step.counted(point)]
    if step.until:
        terms.append(Text(f"a fixed end on {step.until}", f"{ja(step.until)}という定められた満了日"))
    term = terms[0] if len(terms) == 1 else _picked(step.pick, terms)
    if step.plus_days:
        term = Text(f"{term.en} and {step.plus_days:,} days", f"{term.ja}に{step.plus_days}日を加えた期間")
    if step.at_least:
        term = Text(f"{term.en}, but not before {step.at_least}", f"{term.ja}（ただし{ja(step.at_least)}より前には満了しない）")
    return term


def _years(base: Base, years: int, end: date) -> Text:
    year = end.year - years
    return Text(
        f"{years} years from the end of the year of {BASES[base].en} ({year})", f"{BASES[base].ja}（{year}年）の翌年から起算して{years}年"
    )


def _picked(pick: Pick, terms: list[Text]) -> Text:
    longer = pick is Pick.LATER
    en, japanese = " and ".join(term.en for term in terms), "と".join(f"「{term.ja}」" for term in terms)
    return Text(f"the {'longer' if longer else 'shorter'} of {en}", f"{japanese}のうち{'長い' if longer else '短い'}方")


def standing(*, verified: bool) -> Text:
    """Whether a source was looked up, in words."""
    return Text("verified", "確認済み") if verified else Text("to be confirmed", "要確認")


def rule(applies: Rule) -> Text:
    """Which class of works it falls in."""
    return Text(f"Rule {applies.id}: {applies.name.en}.", f"規定 {applies.id}：{applies.name.ja}。")


def several(number: int, latest: Text) -> Text:
    """That the latest death counts."""
    return Text(
        f"Of {number} contributors the latest death counts ({latest.en}).",
        f"関与した著作者{number}人のうち、最後の死亡（{latest.ja}）を基準とする。",
    )


def shorter(cite: Citation, origin: str, cap: date, *, verified: bool) -> Text:
    """The rule of the shorter term, where it decides."""
    text, mark = cite.text, standing(verified=verified)
    return Text(
        f"{text.en}: no longer than in the country of origin ({origin}), where protection ends on {cap} ({mark.en}).",
        f"{text.ja}：本国（{origin}）での保護期間（{ja(cap)}満了）を超えない（{mark.ja}）。",
    )


def wartime(cite: Citation, origin: str, days: int, *, verified: bool) -> Text:
    """The wartime addition, where there is one."""
    text, mark = cite.text, standing(verified=verified)
    return Text(
        f"{text.en}: wartime addition for works of {origin}, {days:,} days on top of each term ({mark.en}).",
        f"{text.ja}：{origin} の著作物に対する戦時加算{days}日を各期間に加える（{mark.ja}）。",
    )


def contested(until: date) -> Text:
    """That the wartime days may come on top."""
    return Text(
        f"The courts counted without the wartime days, which may come on top: contested until {until}.",
        f"裁判所は戦時加算をせずに計算したが、加算される可能性があり、{ja(until)}までは争いがある。",
    )


def free(citation: Citation) -> Text:
    """That there never was protection."""
    return Text(f"{citation.text.en}: not protected.", f"{citation.text.ja}：保護されない。")


def between(first: date, last: date) -> Text:
    """That the dates are not known well enough."""
    begin = f"from {first} at the earliest" if first >= ANTIQUITY else "long since"
    opening = f"早ければ{ja(first)}から" if first >= ANTIQUITY else "すでに"
    return Text(
        f"What is known leaves it open: free {begin}, or only from {last}.",
        f"分かっている事実だけでは決まらない。{opening}自由に利用できるか、{ja(last)}以降となる。",
    )


def missing(bases: Iterable[Base]) -> Text:
    """What would have to be known."""
    wanted = list(bases)
    return Text(
        f"Needed and not known: {', '.join(MISSING[base].en for base in wanted)}.",
        f"判断に必要な事項が不明である：{'、'.join(MISSING[base].ja for base in wanted)}。",
    )


def begins(place: Country, on: date) -> Text:
    """That the rules do not reach back to the day asked about."""
    return Text(
        f"The rules for {place.name.en} in this pack begin after {on}.",
        f"この規定集の{place.name.ja}に関する規定は{ja(on)}より後に始まる。",
    )


def no_rule(work: Dates, place: Country) -> Text:
    """That nothing is known of this kind of work there."""
    return Text(
        f"This pack has no rule for works of the kind {work.kind} in {place.name.en}.",
        f"{place.name.ja}における種別 {work.kind} の規定はこの規定集にない。",
    )


def no_origin(place: Country) -> Text:
    """What follows when the country of origin is not given."""
    extra = Text(" or wartime days", "も戦時加算も") if place.wartime else Text("", "を")
    return Text(
        f"The country of origin is not given: counted as a work of {place.name.en}, without the rule of the shorter term{extra.en}.",
        f"本国の指定がないため{place.name.ja}の著作物とみなし、短い保護期間の原則{extra.ja}適用していない。",
    )


def home_unknown(origin: str) -> Text:
    """What follows when the term at home cannot be told."""
    return Text(
        f"The end of protection in the country of origin ({origin}) is not known here: no comparison with it was made.",
        f"本国（{origin}）での満了日がここでは分からないため、比較していない。",
    )


def latest(what: Text, when: Span) -> Text:
    """That an uncertain date was counted from its latest year."""
    return Text(
        f"{what.en} is only known as {when.text.en}: counted from the latest year.",
        f"{what.ja}は{when.text.ja}としか分からないため、最も遅い年から計算した。",
    )


def last_part(when: Span) -> Text:
    """That a serial counts from its last part."""
    return Text(
        f"It appeared in parts ({when.text.en}): counted from the last one; earlier parts may be free before.",
        f"分割して公表された（{when.text.ja}）ため、最終部分から計算した。それ以前の部分は先に満了することがある。",
    )


def most_days(days: int) -> Text:
    """That the day on which a right arose is not known."""
    return Text(
        f"How many days the war adds depends on a day that is not certain: the most possible ({days:,}) were added.",
        f"戦時加算の起算日が確かでないため、考えられる最大の日数（{days}日）を加算した。",
    )


def unreadable(value: str) -> Text:
    """That a value was left out."""
    return Text(f"Not readable as a date, so not known: {value!r}.", f"日付として読めないため不明として扱った：{value!r}。")


def outcome(free_from: date | None) -> Text:
    """The first free day."""
    if free_from is None:
        return Text("In the public domain.", "パブリックドメインである。")
    return Text(f"First free day: {free_from}.", f"自由に利用できる最初の日：{ja(free_from)}。")
