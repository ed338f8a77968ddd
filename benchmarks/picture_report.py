"""Writes the answers of ``benchmarks.parts`` into the documentation. ``python -m benchmarks.picture_report EXAM docs``

EXAM is a folder that ``benchmarks.parts`` left. Tables go into ``pictures.md`` and ``pictures.ja.md`` where these have a place for them. Two charts, in English and in Japanese: what is found by edit, and how far the score can be believed. Three
pictures: missed copies of the edits that fare worst, registered pictures that are missed most, strongest wrong answers. Only openclipart's drawings are
shown, which are dedicated to the public domain; their creators are named.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from benchmarks import picture_exam, picture_scores
from benchmarks.parts import claims
from benchmarks.picture_exam import Asked, Exam
from benchmarks.picture_methods import Told
from benchmarks.picture_scores import Counted, Tenth, Worth
from benchmarks.picture_sources import Source
from benchmarks.picture_tables import OURS, tables
from benchmarks.picture_words import EDITS, TARGETS
from sekisho.model import Text

SHOWN = {OURS: "#005a8f", "ORB + RANSAC": "#e67800", "PDQ turned": "#8a8a8a"}
FONTS = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Helvetica, Arial, sans-serif"
LEFT, WIDE, ROW, TOP, SIDE = 230, 480, 22, 64, 420
TILE, ACROSS = 150, 6
FOUND = Text(
    "found where 1 in 1,000 strangers is recognised, true remixes excused",
    "無関係な画像 1,000 件中 1 件を誤認する閾値で見つけた割合（実際の改作を除外）",
)
TARGET = Text("target", "目標")
RIGHT, SCORE = Text("share of answers that is right", "正しい回答の割合"), Text("score", "スコア")


class Answers(NamedTuple):
    """The counted answers of a method under each rule, and what they are worth."""

    pairs: dict[str, list[Counted]]
    worth: dict[str, Worth]


def command() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exam", type=Path)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--every", type=int, default=1, help="as it was asked")
    args = parser.parse_args()
    exam, _ = picture_exam.load(args.exam)
    exam = replace(exam, questions=exam.questions[:: args.every])
    answers = {path.stem: read(exam, path) for path in sorted((exam.folder / "answers").glob("*.json"))}
    folder = args.docs / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    missed = list(misses(exam, answers[OURS]))
    sheets = {"worst-edits": worst_edits(missed), "worst-pictures": worst_pictures(missed), "wrong": wrong(exam, answers[OURS])}
    for name, shown in sheets.items():
        grid(exam, shown).save(folder / f"{name}.png", optimize=True)
    for lang, end in (("en", ""), ("ja", ".ja")):
        worth = {name: one.worth for name, one in answers.items()}
        (folder / f"by-edit{end}.svg").write_text(by_edit({name: one["sharing"] for name, one in worth.items()}, lang), encoding="utf-8")
        (folder / f"reliability{end}.svg").write_text(
            reliability(picture_scores.reliability(answers[OURS].pairs["related"]), lang), encoding="utf-8"
        )
        told = tables(exam, args.every, worth, answers[OURS].pairs["related"], lang)
        fill(args.docs / f"pictures{end}.md", "figures", told)
        for name, shown in sheets.items():
            fill(args.docs / f"pictures{end}.md", name, "; ".join(caption(exam, asked, place, lang) for asked, place in shown))


def fill(page: Path, place: str, words: str) -> None:
    """Put ``words`` between the two marks of ``place`` on ``page``."""
    begin, end = f"<!-- {place} -->", f"<!-- end of {place} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{words}\n{end}{after}", encoding="utf-8")


def read(exam: Exam, path: Path) -> Answers:
    """The kept answers of one method; of ours, those that claim more than a shared part."""
    told = {int(number): [Told(*one) for one in found] for number, found in json.loads(path.read_text()).items()}
    pairs = {rule: claims(found) for rule, found in picture_scores.readings(exam, told).items()}
    return Answers(pairs, {rule: picture_scores.worth(exam, found) for rule, found in pairs.items()})


def by_edit(figures: dict[str, Worth], lang: str) -> str:
    """A row for each edit, a dot for each method."""
    edits = sorted(EDITS, key=lambda edit: -figures[OURS].by_edit[edit][1])
    body = list(axis(len(edits), lang))
    for row, edit in enumerate(edits):
        y = TOP + row * ROW
        body.append(text(LEFT - 10, y + 4, EDITS[edit].lang(lang), "end"))
        body.append(f'<path d="M{LEFT} {y}h{WIDE}" stroke="#e4e4e4"/>')
        if edit in TARGETS:
            body.append(f'<path d="M{LEFT + WIDE * TARGETS[edit]:.1f} {y - 8}v16" stroke="#b03a2e" stroke-width="2"/>')
        for name, colour in [one for one in reversed(SHOWN.items()) if one[0] in figures]:
            x = LEFT + WIDE * figures[name].by_edit[edit][1]
            body.append(f'<circle cx="{x:.1f}" cy="{y}" r="{6 if name == OURS else 4.5}" fill="{colour}"/>')
    return svg(LEFT + WIDE + 40, TOP + len(edits) * ROW + 10, body)


def axis(rows: int, lang: str) -> Iterator[str]:
    """Title, legend and the lines of each fifth."""
    yield text(LEFT, 18, FOUND.lang(lang))
    for place, (name, colour) in enumerate([*SHOWN.items(), (TARGET.lang(lang), "#b03a2e")]):
        yield f'<circle cx="{LEFT + 6 + place * 125}" cy="36" r="5" fill="{colour}"/>' + text(LEFT + 16 + place * 125, 40, name)
    for fifth in range(6):
        x = LEFT + WIDE * fifth / 5
        yield f'<path d="M{x:.1f} {TOP - 10}v{rows * ROW}" stroke="#e4e4e4"/>' + text(x, TOP - 12, f"{20 * fifth} %", "middle")


def reliability(tenths: Sequence[Tenth], lang: str) -> str:
    """The share that is right over the mean score of each tenth; the band is what the target allows, the area of a dot its number of answers."""
    left, top = 60, 40
    place = lambda score, right: (left + SIDE * score, top + SIDE * (1 - right))  # noqa: E731 - two axes in a line
    band = [place(0, 0), place(0, 0.1), place(0.9, 1), place(1, 1), place(1, 0.9), place(0.1, 0)]
    body = [f'<path d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in band)}z" fill="#e8f1f7"/>']
    body.append(
        f'<path d="M{left} {top}v{SIDE}h{SIDE}" fill="none" stroke="#808080"/><path d="M{left} {top + SIDE}l{SIDE} {-SIDE}" stroke="#b0b0b0"/>'
    )
    for fifth in range(6):
        x, y = place(fifth / 5, fifth / 5)
        body += [text(x, top + SIDE + 18, f"{fifth / 5:.1f}", "middle"), text(left - 8, y + 4, f"{fifth / 5:.1f}", "end")]
    for tenth in tenths:
        if tenth.count:
            x, y = place(tenth.score, tenth.right)
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + tenth.count**0.5 / 4:.1f}" fill="#005a8f" fill-opacity="0.75"/>')
            body.append(text(x + 8, y - 8, str(tenth.count)))
    body += [text(left + SIDE / 2, top + SIDE + 38, SCORE.lang(lang), "middle"), text(left, top - 16, RIGHT.lang(lang))]
    return svg(left + SIDE + 50, top + SIDE + 50, body)


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="13" text-anchor="{anchor}" fill="#1a1a1a">{escape(words)}</text>'


def svg(width: float, height: float, body: Sequence[str]) -> str:
    """A whole drawing."""
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def misses(exam: Exam, answers: Answers) -> Iterator[Asked]:
    """The copies that are not found where one in 1,000 strangers is recognised."""
    found = {
        one.asked.number for one in answers.pairs["related"] if one.right and one.told.score > answers.worth["related"].threshold_thousandth
    }
    return (asked for asked in exam.questions if asked.work is not None and asked.number not in found)


def worst_edits(missed: Sequence[Asked]) -> list[tuple[Asked, int]]:
    """Missed copies of the three edits that are missed most."""
    most = [edit for edit, _ in Counter(asked.edit for asked in missed).most_common(3)]
    return [(asked, asked.work or 0) for edit in most for asked in [one for one in missed if one.edit == edit and free(one)][:4]]


def worst_pictures(missed: Sequence[Asked]) -> list[tuple[Asked, int]]:
    """A missed copy of each registered picture that is missed most."""
    by_work: dict[int, list[Asked]] = defaultdict(list)
    for asked in missed:
        if free(asked):
            by_work[asked.work or 0].append(asked)
    return [(found[0], place) for place, found in sorted(by_work.items(), key=lambda pair: -len(pair[1]))[:12]]


def wrong(exam: Exam, answers: Answers) -> list[tuple[Asked, int]]:
    """The strongest wrong answers: what was asked, and what was told."""
    told = sorted((one for one in answers.pairs["related"] if not one.right), key=lambda one: -one.told.score)
    pairs = [(one.asked, one.told.place) for one in told if free(one.asked) and is_free(exam.works[one.told.place])]
    return list({(asked.shown[0], place): (asked, place) for asked, place in reversed(pairs)}.values())[::-1][:12]


def free(asked: Asked) -> bool:
    """Whether everything in the question may be shown."""
    return all(map(is_free, asked.shown))


def is_free(source: Source) -> bool:
    """Whether a picture is one of openclipart's, which are dedicated to the public domain."""
    return "openclipart" in source.path.parts


def grid(exam: Exam, shown: Sequence[tuple[Asked, int]]) -> Image.Image:
    """Pairs side by side: what was asked, and the registered picture."""
    rows = -(-len(shown) // (ACROSS // 2))
    sheet = Image.new("RGB", (ACROSS * TILE + (ACROSS // 2 - 1) * 16, max(rows, 1) * (TILE + 8)), "#d8d8d8")
    for number, (asked, place) in enumerate(shown):
        row, column = divmod(number, ACROSS // 2)
        for side, path in enumerate((exam.question_path(asked), exam.work_path(place))):
            with Image.open(path) as picture:
                tile = ImageOps.pad(picture.convert("RGB"), (TILE - 4, TILE - 4), color="#d8d8d8")
            sheet.paste(tile, (column * (2 * TILE + 16) + side * TILE + 2, row * (TILE + 8) + 4))
    return sheet.quantize(128)


def caption(exam: Exam, asked: Asked, place: int, lang: str) -> str:
    """What a pair is, and who drew it."""
    creators = sorted({source.creator for source in (*asked.shown, exam.works[place]) if not source.creator.startswith("/")})
    by = ", ".join(creators) or Text("not named", "作者名なし").lang(lang)
    return f"{asked.shown[0].path.stem} ({EDITS[asked.edit].lang(lang)}) → {exam.works[place].path.stem}: {by}"


if __name__ == "__main__":
    command()
