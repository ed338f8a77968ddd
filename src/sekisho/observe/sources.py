"""Which kind of source an answer is, from its address, its media type and its first bytes."""

from __future__ import annotations

from sekisho.formats.media import sniff
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
TEXT_BYTES, BODY_BYTES = 500 * 1024, 1 << 20
"""What is read of a robots.txt and its like (RFC 9309 section 2.5), and of everything else; one octet more is kept, so that readers see there was more."""
TEXTS = frozenset({Source.ROBOTS, Source.AI_TXT, Source.TRUST_TXT, Source.LLMS_TXT})
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


def limit_of(url: str) -> int:
    """How much is read of the body that is answered at ``url``, in bytes."""
    return TEXT_BYTES if WELL_KNOWN.get(_path(url)) in TEXTS else BODY_BYTES


def source_of(url: str, content_type: str, body: bytes) -> Source:
    """The kind of source answered at ``url``: by its well-known address, else by its bytes, else by the type it was sent as.

    An answer without a usable body speaks through its headers alone.
    """
    path = _path(url)
    if path in WELL_KNOWN:
        return WELL_KNOWN[path]
    kind = media_type(content_type)
    by_bytes = sniff(body, path).source if body else None
    found = by_bytes if by_bytes not in LOCATION_SOURCES else None
    return found or BY_MEDIA_TYPE.get(kind) or BY_FAMILY.get(kind.split("/", 1)[0]) or Source.HEADERS


def _path(url: str) -> str:
    """The path of an address as it is written, which costs a tenth of taking it all apart."""
    rest = url.partition("#")[0].partition("?")[0].partition("://")[2]
    return rest[rest.find("/") :] if "/" in rest else ""
