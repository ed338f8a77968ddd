"""All matches of a run on one page, in English and Japanese: a line that counts them, small pictures that open large, a link for each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from sekisho.model import Text
from sekisho.works.evidence import LEVELS, SIMILAR, Shown
from sekisho.works.terms import TERMS_TEXT

STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:84rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,36rem),1fr));gap:1.5rem}"
    "section{border:1px solid #ccc;padding:1rem}h2{font-size:1.1rem;margin:0;overflow-wrap:anywhere}p{margin:.4rem 0;overflow-wrap:anywhere}"
    "img{width:100%;height:auto}"
)


def write(shown: Sequence[Shown], folder: Path) -> None:
    """Write ``index.html`` into ``folder``, the surest matches first."""
    ordered = sorted(shown, key=lambda one: -one.match.score)
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Sekisho: matches 照合結果</title><style>{STYLE}</style>"
        f"<h1>Matches <span lang=ja>照合結果</span></h1><p>{both(SIMILAR)}</p><p>{both(counts(shown))}</p>"
        f"<main>{''.join(map(section, ordered))}</main></html>\n"
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def counts(shown: Sequence[Shown]) -> Text:
    """How many matches there are of how many items, by level."""
    levels = Counter(one.match.level for one in shown)
    items = len({one.item for one in shown})
    en = ", ".join(f"{LEVELS[level].en} {count}" for level, count in levels.items())
    ja = "、".join(f"{LEVELS[level].ja} {count}" for level, count in levels.items())
    return Text(f"{len(shown)} matches in {items} items: {en}", f"対象 {items} 件に一致 {len(shown)} 件：{ja}")


def section(one: Shown) -> str:
    """One match."""
    match = one.match
    level, terms = LEVELS[match.level], TERMS_TEXT[match.terms.kind]
    unproved = both(Text(" · unproved", "・未証明")) if not match.proved else ""
    return (
        f"<section><h2>{escape(match.title or match.work)} / {escape(match.holder)}</h2><p>{escape(one.item)}</p>"
        f"<p>{both(level)} · {match.score:.3f}{unproved} · {both(terms)} ({escape(str(match.terms))})</p>{picture_or_link(one.name)}</section>"
    )


def picture_or_link(name: str) -> str:
    """The picture of a match, which opens in full, or the way to its page."""
    if name.endswith(".html"):
        return f'<p><a href="{name}">{both(Text("side by side", "並べて見る"))}</a></p>'
    return f'<a href="{name}"><img loading=lazy src="{name}" alt="item, registered work, strokes 対象、登録作品、線の重ね合わせ"></a>'


def both(text: Text) -> str:
    """English and Japanese side by side."""
    return f"{escape(text.en)} <span lang=ja>{escape(text.ja)}</span>"
