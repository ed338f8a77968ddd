"""What an HTML page consists of: its elements with their attributes, the text of its scripts, the text a reader sees.

Only the tokenizer of the HTML standard runs (section 13.2.5), not its tree construction: the tree builders at hand take minutes for a megabyte
of open ``<div>`` or stray end tags. Beyond who stands inside whom nothing is corrected, so time and memory grow with the page alone.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from turbohtml import Token, TokenType, detect, tokenize

LIMIT = 1 << 20
LIMIT_OUTWARD = 256
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"})
SHOWN_RAW = frozenset({"textarea", "title", "xmp"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905 - one line, as the standard has it
IN_HEAD = frozenset({"html", "head", "title", "base", "link", "meta", "style", "script", "noscript", "template"})
TEXT_IN_HEAD = IN_HEAD - {"html", "head"}
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Element:
    """One start tag: names in lower case, the first of repeated attributes; ``text`` only where the content is raw (scripts, the title)."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    in_head: bool
    line: int
    source: str
    """The tag as written."""
    text: str = ""

    @property
    def where(self) -> str:
        """The place as evidence names it."""
        return f"line {self.line}, {self.tag}"

    def words(self, attribute: str) -> list[str]:
        """The space-separated words of an attribute, in lower case."""
        return self.attributes.get(attribute, "").lower().split()

    def outward(self) -> Iterator[Element]:
        """The element itself, then those with attributes that it stands in, innermost first; no deeper than any page is meant."""
        element: Element | None = self
        for _ in range(LIMIT_OUTWARD):
            if element is None:
                return
            yield element
            element = element.parent


@dataclass(slots=True)
class Page:
    """The elements of a page that have attributes or raw content, in order; ``truncated`` when the page was longer than what is read."""

    elements: list[Element] = field(default_factory=list)
    truncated: bool = False
    base: str = ""
    shown: list[str] = field(default_factory=list)

    def every(self, *tags: str) -> list[Element]:
        """The elements called one of ``tags``, in order."""
        return [element for element in self.elements if element.tag in tags]

    def address(self, url: str, reference: str) -> str:
        """What ``reference`` points to on the page at ``url``, by the first ``<base>``; empty when it is no address."""
        try:
            return urljoin(urljoin(url, self.base.strip()), reference.strip())
        except ValueError:
            return ""

    @property
    def text(self) -> str:
        """What a reader sees between the tags, with the title, and no scripts or styles."""
        return " ".join(self.shown)


@lru_cache(maxsize=4)
def parse(body: bytes, content_type: str = "") -> Page:
    """The page in the first MiB of ``body``; never raises. ``content_type`` is the header's value, for its charset."""
    reader = _Reader()
    reader.read(_decoded(body[:LIMIT], content_type), 0)
    reader.page.truncated = len(body) > LIMIT
    return reader.page


def _decoded(body: bytes, content_type: str) -> str:
    """``body`` as browsers decode it (standard section 13.2.3.2): by its mark, the header's charset, the page's own, or a guess."""
    guessed = detect.detect(body)
    named = CHARSET.search(content_type)
    codec = f"whatwg-{named[1].lower()}" if named and not guessed.bom else guessed.codec or ""
    return body.decode(codec if _is_codec(codec) else "utf-8", "replace").removeprefix("\ufeff")


def _is_codec(name: str) -> bool:
    try:
        return bool(codecs.lookup(name))
    except LookupError:
        return False


class _Reader:
    """One pass over the tokens of one page."""

    def __init__(self) -> None:
        self.page = Page()
        self.open: list[tuple[str, Element | None]] = []
        self.opened: Counter[str] = Counter()
        self.in_head = True
        self.in_noscript = False

    def read(self, source: str, lines_before: int) -> None:
        raw: Element | None = None
        for token in tokenize(source, capture_source=True):
            if token.type is TokenType.START_TAG:
                raw = self.start(token, lines_before)
            elif token.type is TokenType.TEXT:
                self.content(token.data or "", raw)
            elif token.type is TokenType.END_TAG:
                raw = None
                self.close(token.tag or "")

    def start(self, token: Token, lines_before: int) -> Element | None:
        """Takes a start tag in; what it gives back is the element whose raw content comes next."""
        name, attributes = token.tag or "", dict(token.attrs or ())
        self.in_head = self.in_head and name in IN_HEAD
        parent = self.open[-1][1] if self.open else None
        element = Element(name, attributes, parent, self.in_head, lines_before + token.line, token.source or "")
        kept = attributes or name in RAW
        if name == "base" and not self.page.base:
            self.page.base = attributes.get("href", "")
        if kept:
            self.page.elements.append(element)
        if name not in VOID:
            self.open.append((name, element if kept else parent))
            self.opened[name] += 1
        return element if name in RAW or name == "noscript" else None

    def content(self, text: str, raw: Element | None) -> None:
        if raw is None:
            self.show(text)
        elif raw.tag == "noscript":
            self.noscript(text, raw.line - 1)
        else:
            raw.text += text
            self.page.shown += [text] if raw.tag in SHOWN_RAW else []

    def noscript(self, text: str, lines_before: int) -> None:
        """Reads what only shows without scripts, which the tokenizer leaves as text; inside it there is no second such place."""
        if not self.in_noscript:
            self.in_noscript = True
            self.read(text, lines_before)
            self.in_noscript = False

    def show(self, text: str) -> None:
        if text and not text.isspace():
            self.page.shown.append(text)
            self.in_head = self.in_head and bool(self.open) and self.open[-1][0] in TEXT_IN_HEAD

    def close(self, name: str) -> None:
        """Close the innermost open element called ``name`` and all within it; an end tag that closes nothing is passed over."""
        while self.opened[name]:
            closed, _ = self.open.pop()
            self.opened[closed] -= 1
            if closed == name:
                return
