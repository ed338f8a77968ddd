"""Which kind of source an answer is, from its address, its media type and its first bytes."""

from __future__ import annotations

from urllib.parse import urlsplit

from sekisho.model import Source

WELL_KNOWN = {
    "/robots.txt": Source.ROBOTS,
    "/.well-known/tdmrep.json": Source.TDMREP,
    "/ai.txt": Source.AI_TXT,
    "/.well-known/ai.txt": Source.AI_TXT,
    "/trust.txt": Source.TRUST_TXT,
    "/.well-known/trust.txt": Source.TRUST_TXT,
    "/llms.txt": Source.LLMS_TXT,
    "/llms-full.txt": Source.LLMS_TXT,
}
LOCATION_SOURCES = frozenset(WELL_KNOWN.values())
BY_MEDIA_TYPE = {
    "text/html": Source.PAGE,
    "application/xhtml+xml": Source.PAGE,
    "application/rsl+xml": Source.RSL,
    "application/rss+xml": Source.FEED,
    "application/atom+xml": Source.FEED,
    "application/pdf": Source.PDF,
    "application/epub+zip": Source.EPUB,
    "application/rdf+xml": Source.SIDECAR,
}
BY_FAMILY = {"image": Source.IMAGE, "audio": Source.AUDIO_VIDEO, "video": Source.AUDIO_VIDEO}


def media_type(value: str) -> str:
    """The bare type of a Content-Type value, lower case, without parameters."""
    return value.split(";", 1)[0].strip().lower()


def source_of(url: str, content_type: str, body: bytes) -> Source:
    """The kind of source answered at ``url``; an answer without a usable body speaks through its headers alone."""
    known = WELL_KNOWN.get(urlsplit(url).path)
    if known:
        return known
    kind = media_type(content_type)
    found = BY_MEDIA_TYPE.get(kind) or BY_FAMILY.get(kind.split("/", 1)[0])
    if found:
        return found
    if b"rslstandard.org/rsl" in body[:4096]:
        return Source.RSL
    return Source.PAGE if body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")) else Source.HEADERS
