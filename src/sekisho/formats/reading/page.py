"""The running text of an HTML page: what is shown, without scripts, styles and the readings of ruby (WHATWG HTML, 4.5.10)."""

from __future__ import annotations

import re
from html import unescape

from turbohtml import Token, TokenType, tokenize

from sekisho.formats.reading.running import Pieces, Reading

READINGS = frozenset({"", "rt", "rp", "rtc"})
HIDDEN = frozenset({"script", "style", "template", "noscript", "rt", "rp", "rtc", "title", "svg", "math", "textarea", "select"})
BREAKS = frozenset({"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"})  # fmt: skip
START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
LINE_END = re.compile(r"\r\n?|\n")
REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?")


def recognises(text: str) -> bool:
    """True when ``text`` opens as an HTML page."""
    head = text[:4096]
    return "<" in head and START.match(head) is not None


def read(text: str) -> Reading:
    """What the page shows, and its title."""
    lines = [0, *(found.end() for found in LINE_END.finditer(text))]
    tokens = list(tokenize(text))
    places = [*(lines[token.line - 1] + token.col for token in tokens), len(text)]
    pieces, hidden, title = Pieces(), _Hidden(), list[str]()
    for token, start, end in zip(tokens, places, places[1:], strict=False):
        if token.type is not TokenType.TEXT:
            hidden.follow(token)
            pieces.put("\n" if token.tag in BREAKS else "", start)
        elif hidden.inside == "title":
            title.append(token.data or "")
        elif not hidden.inside:
            _shown(text, start, end, token.data or "", pieces)
    running, offsets = pieces.text_and_offsets()
    return Reading(running, offsets, len(text), " ".join("".join(title).split()))


class _Hidden:
    """Which hidden element the tokens are inside of; ``rt`` and ``rp`` may be left unclosed."""

    def __init__(self) -> None:
        self.inside = ""

    def follow(self, token: Token) -> None:
        tag = token.tag or ""
        if token.type is TokenType.START_TAG and not token.self_closing:
            self._open(tag)
        elif token.type is TokenType.END_TAG and (tag == self.inside or (tag == "ruby" and self.inside in READINGS)):
            self.inside = ""

    def _open(self, tag: str) -> None:
        if self.inside in READINGS and (tag in HIDDEN or tag in {"rb", "ruby"}):
            self.inside = tag if tag in HIDDEN else ""


def _shown(text: str, start: int, end: int, shown: str, pieces: Pieces) -> None:
    """One run of text; character references stand for what they name."""
    if end - start == len(shown):
        pieces.keep(text, start, end)
        return
    at = start
    for found in REFERENCE.finditer(text, start, end):
        pieces.keep(text, at, found.start())
        pieces.put(unescape(found[0]), found.start())
        at = found.end()
    pieces.keep(text, at, end)
