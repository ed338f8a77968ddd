"""A page for each passage of a text that was found: the item and the registered text side by side, with their differences marked.

Where the registered file is not here (it was moved, or only a snapshot is), the item's side alone is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from typing import NamedTuple

from sekisho.fingerprints import Closeness
from sekisho.fingerprints.folding import fold
from sekisho.formats import reading
from sekisho.model import Text
from sekisho.works.terms import TERMS_TEXT
from sekisho.works.values import Match

LONGEST = 4000
"""Characters of a passage that are compared sign by sign."""
AROUND = 40
LEVELS = {
    Closeness.VERBATIM: Text("word for word", "一字一句同じ"),
    Closeness.NEAR: Text("the same passage with differences", "相違のある同じ一節"),
    Closeness.PARTIAL: Text("parts of the passage", "一節の一部"),
}
SIMILAR = Text(
    "This shows similarity. It does not say that a right is infringed.", "類似性を示すものであり、権利侵害を示すものではありません。"
)
ITEM, WORK = Text("item", "対象"), Text("registered text", "登録された文章")
GONE = Text("its file is not here", "元ファイルがここにありません")
MARKS = Text(
    "dark: other letters; light: other spelling, spacing or punctuation only", "濃い色：文字の相違　薄い色：表記・空白・句読点だけの相違"
)
STYLE = (
    "body{font:16px/1.9 sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}.pair p{white-space:pre-wrap;border:1px solid #ccc;padding:1rem;margin:0}"
    "mark{background:#f3b0a4}mark.form{background:#f6ecc4}.around{color:#767676}h1{font-size:1.3rem}h2{font-size:1rem}"
    "@media(max-width:50rem){.pair{grid-template-columns:1fr}}"
)


class Sides(NamedTuple):
    """Both passages, marked up for a page."""

    item: str
    work: str


def write(item: str | bytes | Path, name: str, matches: Sequence[Match], folder: Path, number: int) -> Iterator[tuple[Match, str]]:
    """Write one page for each of ``matches`` that is a passage; the match and the page's name."""
    folder.mkdir(parents=True, exist_ok=True)
    text = decoded(item) if any(len(match.item_region) == 2 for match in matches) else None
    for place, match in enumerate(matches, 1):
        if text is not None and len(match.item_region) == 2:
            target = f"{number:05d}-{place}.html"
            (folder / target).write_text(page(text, decoded(Path(match.path)), match, name), encoding="utf-8")
            yield match, target


def decoded(source: str | bytes | Path) -> str | None:
    """The text that regions count in; None where the file is gone."""
    if isinstance(source, str):
        return source
    try:
        return reading.decoded(source.read_bytes() if isinstance(source, Path) else source)
    except OSError:
        return None


def page(item: str, work: str | None, match: Match, name: str) -> str:
    """The page of one match."""
    start, end = map(int, match.item_region)
    first, last = map(int, match.work_region)
    sides = marked(item[start:end], "" if work is None else work[first:last])
    left = f"{around(item[max(0, start - AROUND) : start])}{sides.item}{around(item[end : end + AROUND])}"
    right = (
        both(GONE) if work is None else f"{around(work[max(0, first - AROUND) : first])}{sides.work}{around(work[last : last + AROUND])}"
    )
    told = f"{both(LEVELS.get(match.level, LEVELS[Closeness.PARTIAL]))} · {match.score:.3f} · {both(TERMS_TEXT[match.terms.kind])} ({escape(str(match.terms))})"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(match.title)}</title>"
        f"<style>{STYLE}</style><h1>{escape(match.title or match.work)} / {escape(match.holder)}</h1><p>{told}</p><p>{both(SIMILAR)}</p>"
        f"<div class=pair><section><h2>{both(ITEM)}: {escape(name)} [{start}, {end}]</h2><p>{left}</p></section>"
        f"<section><h2>{both(WORK)}: {escape(Path(match.path).name)} [{first}, {last}]</h2><p>{right}</p></section></div><p>{both(MARKS)}</p></html>\n"
    )


def marked(item: str, work: str) -> Sides:
    """Both passages with their differences marked; what goes beyond LONGEST is left unmarked."""
    if not work:
        return Sides(escape(item), "")
    ours, theirs = list[str](), list[str]()
    compared = SequenceMatcher(None, item[:LONGEST], work[:LONGEST], autojunk=False)
    for how, a, b, c, d in compared.get_opcodes():
        same = how == "equal"
        form = not same and fold(item[a:b]).codes.tolist() == fold(work[c:d]).codes.tolist()
        ours.append(escape(item[a:b]) if same else mark(item[a:b], form))
        theirs.append(escape(work[c:d]) if same else mark(work[c:d], form))
    return Sides("".join(ours) + escape(item[LONGEST:]), "".join(theirs) + escape(work[LONGEST:]))


def mark(text: str, form: bool) -> str:
    """A difference; ``form`` when it is one of spelling, spacing or punctuation alone."""
    return f"<mark{' class=form' if form else ''}>{escape(text)}</mark>" if text else ""


def around(text: str) -> str:
    """What stands beside a passage."""
    return f"<span class=around>{escape(text)}</span>"


def both(text: Text) -> str:
    """English and Japanese side by side."""
    return f"{escape(text.en)} <span lang=ja>{escape(text.ja)}</span>"
