"""What an HTML page consists of: its elements with their attributes, the text of its scripts, the text a reader sees.

A tokenizer as in the HTML standard, section 13.2.5, that corrects nothing and builds no tree beyond who stands inside whom. The tree builders
at hand take minutes for a megabyte of open ``<div>`` or of attributes; this takes time and memory in proportion to the page, whatever it holds.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from urllib.parse import urljoin

LIMIT = 1 << 20
BLANK = r"[ \t\n\f\r]"
TAG = re.compile(r"<(/?)([A-Za-z][^ \t\n\f\r/>]*)(>?)")
ATTRIBUTE = re.compile(
    rf"""(?:{BLANK}|/)*(?:(?P<end>>)|(?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*)(?:{BLANK}*={BLANK}*"""
    r"""(?:"(?P<double>[^"]*)(?P<double_end>"?)|'(?P<single>[^']*)(?P<single_end>'?)|(?P<bare>[^ \t\n\f\r>"'][^ \t\n\f\r>]*)|(?=>)))?)"""
)
COMMENT_END = re.compile(r"<!--(?:-?>)|-->|--!>")
NEWLINE = "\n"
RAW = ("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title")
RAW_END = {tag: re.compile(rf"</{tag}(?={BLANK}|[/>])", re.IGNORECASE) for tag in RAW}
SHOWN_RAW = frozenset({"textarea", "title", "xmp"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905 - one line, as the standard has it
IN_HEAD = frozenset({"html", "head", "title", "base", "link", "meta", "style", "script", "noscript", "template"})
TEXT_IN_HEAD = IN_HEAD - {"html", "head"}
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
SNIFFED = 4096
ENCODINGS = re.compile(
    r"cp932|cp949|euc-jp|iso-2022-jp|gb18030|big5hkscs|windows-125[0-8]|iso-8859-(?:[2-8]|1[03-6])|koi8-[ru]|utf-16(?:-[lb]e)?"
)
"""What a page may be decoded from besides UTF-8: an encoding named by a stranger is looked up nowhere else."""
SPELLINGS = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms932": "cp932", "x-euc-jp": "euc-jp",
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-9": "windows-1254",
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Element:
    """One start tag: names in lower case, the first of repeated attributes; ``text`` only where the content is raw (scripts, the title)."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    in_head: bool
    _text_of_page: str
    _start: int
    _end: int
    text: str = ""

    @property
    def source(self) -> str:
        """The tag as written."""
        return self._text_of_page[self._start : self._end]

    @property
    def where(self) -> str:
        """The place as evidence names it."""
        return f"line {self._text_of_page.count(NEWLINE, 0, self._start) + 1}, {self.tag}"

    def words(self, attribute: str) -> list[str]:
        """The space-separated words of an attribute, in lower case."""
        return self.attributes.get(attribute, "").lower().split()

    def outward(self) -> Iterator[Element]:
        """The element itself, then those with attributes that it stands in, innermost first."""
        element: Element | None = self
        while element:
            yield element
            element = element.parent


@dataclass(slots=True)
class Page:
    """The elements of a page that have attributes or raw content, in order; ``truncated`` when the page was longer than what is read."""

    elements: list[Element] = field(default_factory=list)
    truncated: bool = False
    shown: list[str] = field(default_factory=list)

    def every(self, *tags: str) -> list[Element]:
        """The elements called one of ``tags``, in order."""
        return [element for element in self.elements if element.tag in tags]

    def address(self, url: str, reference: str) -> str:
        """What ``reference`` points to on the page at ``url``, by the first ``<base>``; empty when it is no address."""
        base = next((element.attributes["href"] for element in self.every("base") if "href" in element.attributes), "")
        try:
            return urljoin(urljoin(url, base.strip()), reference.strip())
        except ValueError:
            return ""

    @property
    def text(self) -> str:
        """What a reader sees between the tags, with the title, and no scripts or styles."""
        return unescape(" ".join(self.shown))


@lru_cache(maxsize=4)
def parse(body: bytes, content_type: str = "") -> Page:
    """The page in the first MiB of ``body``; never raises. ``content_type`` is the header's value, for its charset."""
    page = _Reader(_decoded(body[:LIMIT], content_type)).read()
    page.truncated = len(body) > LIMIT
    return page


def _decoded(body: bytes, content_type: str) -> str:
    """``body`` by its byte order mark, the header's charset, the page's own, or UTF-8; by Latin-1 where none of it fits."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    named = CHARSET.search(content_type.encode("utf-8", "replace")) or CHARSET.search(body[:SNIFFED])
    name = named[1].decode().lower() if named else ""
    encoding = SPELLINGS.get(name, name)
    if ENCODINGS.fullmatch(encoding) and not (encoding.startswith("utf-16") and b"\0" not in body[:SNIFFED]):
        return body.decode(encoding, "replace")
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "strict" if len(body) < LIMIT else "replace")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


class _Reader:
    """One pass over the text of one page."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page()
        self.open: list[tuple[str, Element | None]] = []
        self.opened: Counter[str] = Counter()
        self.in_head = True

    def read(self) -> Page:
        at = 0
        while (start := self.text.find("<", at)) >= 0:
            if start > at:
                self.show(self.text[at:start])
            tag = TAG.match(self.text, start)
            at = self.tag(tag) if tag else self.no_tag(start)
        self.show(self.text[at:])
        return self.page

    def show(self, text: str) -> None:
        if text and not text.isspace():
            self.page.shown.append(text)
            self.in_head = self.in_head and bool(self.open) and self.open[-1][0] in TEXT_IN_HEAD

    def no_tag(self, start: int) -> int:
        """Where reading goes on after what begins with the ``<`` at ``start``: a comment, something like one, or a mere character."""
        if self.text.startswith("<!--", start):
            end = COMMENT_END.search(self.text, start)
            return end.end() if end else len(self.text)
        if self.text.startswith(("<!", "<?", "</"), start):
            found = self.text.find(">", start)
            return found + 1 if found >= 0 else len(self.text)
        self.show("<")
        return start + 1

    def tag(self, found: re.Match[str]) -> int:
        """Past a tag; one that the page ends within is no tag at all."""
        name = found[2].lower()
        attributes, end = ({}, found.end()) if found[3] else self.attributes(found.end())
        if end < 0:
            return len(self.text)
        if found[1]:
            self.close(name)
            return end
        return self.start(name, attributes, found.start(), end)

    def attributes(self, at: int) -> tuple[dict[str, str], int]:
        """The attributes from ``at`` and where their tag ends; -1 when it does not."""
        said: dict[str, str] = {}
        while found := ATTRIBUTE.match(self.text, at):
            if found["end"]:
                return said, found.end()
            if "" in (found["double_end"], found["single_end"]):
                break
            value = found["double"] or found["single"] or found["bare"] or ""
            said.setdefault(found["name"].lower(), unescape(value) if "&" in value else value)
            at = found.end()
        return said, -1

    def start(self, name: str, attributes: dict[str, str], start: int, end: int) -> int:
        self.in_head = self.in_head and name in IN_HEAD
        parent = self.open[-1][1] if self.open else None
        kept = attributes or name in RAW_END
        element = Element(name, attributes, parent, self.in_head, self.text, start, end) if kept else None
        if element:
            self.page.elements.append(element)
        if name in RAW_END and element:
            return self.raw(element, end)
        if name not in VOID:
            self.open.append((name, element or parent))
            self.opened[name] += 1
        return end

    def raw(self, element: Element, at: int) -> int:
        """Past the content of an element in which markup means nothing; it runs to the end of the page when it is not closed."""
        end = RAW_END[element.tag].search(self.text, at)
        stop = end.start() if end else len(self.text)
        element.text = self.text[at:stop]
        if element.tag in SHOWN_RAW and element.text:
            self.page.shown.append(element.text)
        return stop

    def close(self, name: str) -> None:
        """Close the innermost open element called ``name`` and all within it; an end tag that closes nothing is passed over."""
        if not self.opened[name]:
            return
        closed = ""
        while closed != name:
            closed, _ = self.open.pop()
            self.opened[closed] -= 1
