"""Which kind of text a file is: a page, a feed, a licence, a list of rules, recorded headers. By its beginning, and by its name where beginnings are alike."""

from __future__ import annotations

import re
from typing import NamedTuple

from sekisho.model import Source

NAMES = {
    "robots.txt": Source.ROBOTS,
    "ai.txt": Source.AI_TXT,
    "trust.txt": Source.TRUST_TXT,
    "llms.txt": Source.LLMS_TXT,
    "llms-full.txt": Source.LLMS_TXT,
    "tdmrep.json": Source.TDMREP,
}
PROLOG = re.compile(r"\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<![Dd][Oo][Cc][^>\[]*(?:\[.*?\]\s*)?>\s*)*", re.DOTALL)
ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B)))  # found in no text
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*:[^\n]*")
RECORD = re.compile(r"(?im)^[ \t]*user-?agent[ \t]*:")
TRUST = re.compile(
    r"(?im)^[ \t]*(?:datatrainingallowed|member|belongto|controlledby|control|social|vendor|customer|disclosure|contact)[ \t]*="
)
RESPONSE_FIELDS = {
    "age", "cache-control", "connection", "content-length", "content-type", "content-usage", "date", "etag", "last-modified", "link", "location",
    "server", "set-cookie", "tdm-policy", "tdm-reservation", "vary", "x-robots-tag", "crawler-price", "crawler-charged", "content-signal",
}  # fmt: skip


class Kind(NamedTuple):
    """A media type, empty when not recognised, and how to read it for signals."""

    type: str
    source: Source | None


ROOTS = {
    "svg": Kind("image/svg+xml", Source.IMAGE),
    "xmpmeta": Kind("application/rdf+xml", Source.SIDECAR),
    "xapmeta": Kind("application/rdf+xml", Source.SIDECAR),
    "RDF": Kind("application/rdf+xml", Source.SIDECAR),
    "rsl": Kind("application/rsl+xml", Source.RSL),
    "rss": Kind("application/rss+xml", Source.FEED),
    "feed": Kind("application/atom+xml", Source.FEED),
}
MESSAGE = Kind("message/http", Source.HEADERS)
PAGE = Kind("text/html", Source.PAGE)
PAGE_TAGS = {
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "script",
    "style",
    "div",
    "p",
    "a",
    "h1",
    "table",
    "center",
    "span",
    "img",
    "br",
}
JSON_KEYS = (('"iscc"', Source.SIDECAR), ('"tdm-reservation"', Source.TDMREP), ('"tdm:mine"', Source.POLICY))


def named(name: str) -> Source | None:
    """What a file of that name is by convention."""
    return NAMES.get(re.split(r"[/\\]", name)[-1].lower())


def kind(head: bytes, name: str = "") -> Kind:
    """What a text that begins with ``head`` is; empty when it is no text at all."""
    if head.startswith(b"HTTP/"):  # whatever the body behind it is
        return MESSAGE
    text = _text(head)
    if text is None:
        return Kind("", named(name))
    found = _markup(text) or _json(text) or _plain(text)
    return Kind(found.type, named(name) or found.source)


def _text(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    return None if len(head.translate(None, CONTROLS)) < len(head) else head.decode("utf-8", "replace")


def _markup(text: str) -> Kind | None:
    prolog = PROLOG.match(text)
    at = prolog.end() if prolog else 0
    root = ROOT.match(text, at)
    if root is None:
        return PAGE if at and "<!doctype html" in text[:at].lower() else None
    name = root[1]
    if name == "RDF" and "purl.org/rss/1.0" in text:
        return Kind("application/rss+xml", Source.FEED)
    return ROOTS.get(name) or (PAGE if name.lower() in PAGE_TAGS else Kind("application/xml", None))


def _json(text: str) -> Kind | None:
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
    return Kind("application/json", next((source for key, source in JSON_KEYS if key in text), None))


def _plain(text: str) -> Kind:
    """Prose is told from the rest before a pattern is tried: these are slow, and nearly every text is prose."""
    if _is_header_block(text):
        return MESSAGE
    if "agent" in text.lower() and RECORD.search(text):
        return Kind("text/plain", Source.ROBOTS)
    return Kind("text/plain", Source.TRUST_TXT if "=" in text and TRUST.search(text) else None)


def _is_header_block(text: str) -> bool:
    """Whether every whole line up to the first empty one is a header field, and one of them is only known from responses."""
    if not FIELD.match(text.lstrip("\r\n")):
        return False
    lines = re.split(r"\r?\n", text.strip("\r\n"))
    block = lines[: lines.index("")] if "" in lines else lines
    names = {line.partition(":")[0].strip().lower() for line in block}
    return all(FIELD.match(line) or line[:1] in {" ", "\t"} for line in block) and bool(names & RESPONSE_FIELDS)
