"""The figures of the picture benchmark as tables for the documentation, in English and in Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.picture_exam import Exam
from benchmarks.picture_scores import RULES, Counted, Worth, reliability
from benchmarks.picture_words import EDITS, TARGETS
from sekisho.model import Text

OURS = "Sekisho"
TOLD = ("related", "sharing")
BAND, BAND_TARGET = (0.8, 0.95), 0.8
ASKED = Text(
    "Part `{part}`: {works} registered, {copies} altered copies, {strangers} strangers ({every} of the questions drawn).",
    "区分 `{part}`：登録 {works} 件、改変した複製 {copies} 件、無関係な画像 {strangers} 件（作成した質問の {every} を使用）。",
)
TWICE = Text(
    "Below, the first figure excuses works of the same creator alone, the second true remixes too.",
    "以下、一つ目の数値は同じ作者の作品だけを、二つ目は実際の改作も除外したものです。",
)
EXCUSED = Text(
    "Shares found: without excuse / works of the same creator excused / true remixes excused too. uAP and top-1: by the second.",
    "発見の割合は、除外なし／同じ作者の作品を除外／実際の改作も除外、の順。uAP と第1位は二番目の基準によります。",
)
METHOD, EDIT, TARGET = Text("method", "手法"), Text("edit", "改変"), Text("target", "目標")
ZERO, THOUSANDTH, FIRST = Text("at 0 false", "誤り 0"), Text("at 1 in 1,000", "1,000 件に 1 件"), Text("top-1", "第1位")
GOAL, REACHED = Text("of all edits", "全体"), Text("reached", "結果")
MET, MISSED = Text("met", "達成"), Text("missed", "未達")
FOUND_AT = Text("found {}", "発見（{}）")
BANDED = Text("right, of {count} answers scored 0.80 to 0.95", "スコア 0.80〜0.95 の回答 {count} 件の正しさ")


def tables(exam: Exam, every: int, figures: dict[str, dict[str, Worth]], pairs: Sequence[Counted], lang: str) -> str:
    """All tables of one part. ``figures`` are those of each method under each rule, ``pairs`` the counted answers of ours."""
    copies = sum(asked.work is not None for asked in exam.questions)
    counts = {"part": exam.part, "works": len(exam.works), "copies": copies, "strangers": len(exam.questions) - copies}
    ours = [figures[OURS][rule] for rule in TOLD]
    methods = table(
        [word.lang(lang) for word in (METHOD, Text("uAP", "uAP"), ZERO, THOUSANDTH, FIRST)],
        map(method_row, *zip(*figures.items(), strict=True)),
    )
    heads = [word.lang(lang) for word in (EDIT, ZERO, THOUSANDTH, FIRST, TARGET)]
    said = ASKED.lang(lang).format(**counts, every=f"1/{every}")
    return "\n\n".join(
        [
            said,
            methods,
            EXCUSED.lang(lang),
            TWICE.lang(lang),
            goals(ours, pairs, lang),
            table(heads, (edit_row(ours, edit, lang) for edit in EDITS)),
        ]
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown writes it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def method_row(name: str, by_rule: dict[str, Worth]) -> list[str]:
    """One method: its figures under each rule."""
    told = [by_rule[rule] for rule in RULES]
    related = by_rule["related"]
    zero, thousandth = (
        " / ".join(f"{share:.2f}" for share in shares)
        for shares in zip(*((one.found_at_zero, one.found_at_thousandth) for one in told), strict=True)
    )
    return [name, f"{related.uap:.3f}", zero, thousandth, f"{related.first:.3f}"]


def edit_row(ours: Sequence[Worth], edit: str, lang: str) -> list[str]:
    """One edit under both rules, beside its target where it has one."""
    zero, thousandth, first = zip(*(one.by_edit[edit] for one in ours), strict=True)
    return [
        EDITS[edit].lang(lang),
        both(zero),
        both(thousandth),
        f"{first[0]:.2f}",
        aim(thousandth, TARGETS[edit], lang) if edit in TARGETS else "",
    ]


def goals(ours: Sequence[Worth], pairs: Sequence[Counted], lang: str) -> str:
    """What was to be reached over all edits, and what was."""
    banded = [one for one in pairs if BAND[0] <= one.told.score <= BAND[1]]
    right = reliability(banded, (0.0, 1.0))[0].right
    reached = [
        ("uAP", [one.uap for one in ours], 0.975),
        (FOUND_AT.lang(lang).format(THOUSANDTH.lang(lang)), [one.found_at_thousandth for one in ours], 0.90),
        (FOUND_AT.lang(lang).format(ZERO.lang(lang)), [one.found_at_zero for one in ours], 0.80),
        (BANDED.lang(lang).format(count=len(banded)), [right], BAND_TARGET),
    ]
    return table(
        [word.lang(lang) for word in (GOAL, REACHED, TARGET)],
        ([name, both(shares), aim(shares, wanted, lang)] for name, shares, wanted in reached),
    )


def both(shares: Sequence[float]) -> str:
    """The same figure under each rule."""
    return " / ".join(f"{share:.2f}" if round(share, 2) in {0, 1} else f"{share:.3f}".rstrip("0") for share in shares)


def aim(shares: Sequence[float], wanted: float, lang: str) -> str:
    """A target, and whether it was met under each rule."""
    return f"{wanted:g}: " + " / ".join((MET if share >= wanted else MISSED).lang(lang) for share in shares)
