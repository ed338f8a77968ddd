"""Everything carried in a file, whatever its format: the one place that knows which walker goes with which media type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sekisho.formats import bmff, epub, gif, id3, jpeg, pdf, png, riff, svg, text_kinds, tiff
from sekisho.formats.carried import C2PA_STORE, LIMIT_BYTES, Carried, Fault, Find, Kind, loose
from sekisho.formats.media import HEAD, media_type

WALKERS: dict[str, Callable[[bytes], Iterator[Find]]] = {
    "image/jpeg": jpeg.carried,
    "image/png": png.carried,
    "image/gif": gif.carried,
    "image/tiff": tiff.carried,
    "image/svg+xml": svg.carried,
    "audio/mpeg": id3.carried,
    "application/pdf": pdf.carried,
    "application/epub+zip": epub.stores,
    **dict.fromkeys(("image/webp", "audio/wav", "video/x-msvideo"), riff.carried),
    **dict.fromkeys(("image/avif", "image/heic", "image/jxl", "image/jp2", "video/mp4", "video/quicktime", "audio/mp4"), bmff.carried),
}
SIDECARS = {"application/rdf+xml": Kind.XMP, "application/c2pa": Kind.C2PA}
TEXTS = {"application/json", "application/xml", "application/rsl+xml", "application/rss+xml", "application/atom+xml", "message/http"}
LIMIT_FINDS = 64
LIMIT_TOTAL = 2 * LIMIT_BYTES


class Embedded(NamedTuple):
    """What a file carries and what was broken on the way; ``type`` is its media type, empty when not recognised."""

    type: str
    carried: tuple[Carried, ...]
    faults: tuple[Fault, ...]


def embedded(body: bytes) -> Embedded:
    """Everything carried in ``body``, by its bytes alone. Where its structure is broken, packets lying open in it are given as not sound."""
    media = media_type(body) or text_kinds.kind(body[:HEAD]).type
    carried, faults = _bounded(_finds(media, body))
    if faults and not any(one.kind is Kind.XMP for one in carried):
        carried += _bounded(loose(body, 0, len(body), media or "file"))[0]
    return Embedded(media, tuple(carried), tuple(faults))


def _bounded(finds: Iterator[Find]) -> tuple[list[Carried], list[Fault]]:
    """What was found and what was broken, up to the limits."""
    carried: list[Carried] = []
    faults: list[Fault] = []
    total = 0
    for find in finds:
        total += 0 if isinstance(find, Fault) else len(find.data)
        if len(carried) + len(faults) >= LIMIT_FINDS or total > LIMIT_TOTAL:
            faults.append(Fault("oversize", find.where))
            break
        if isinstance(find, Fault):
            faults.append(find)
        else:
            carried.append(find)
    return carried, faults


def _finds(media: str, body: bytes) -> Iterator[Find]:
    if not body:
        yield Fault("empty", "file")
    elif media in WALKERS:
        yield from WALKERS[media](body)
    elif media in SIDECARS:
        yield Carried(SIDECARS[media], "file", body)
    elif media in TEXTS or media.startswith("text/"):
        yield Fault("wrong-type", media)
    elif media:
        yield from _unstructured(media, body)
    else:
        yield Fault("unrecognised", "file")


def _unstructured(media: str, body: bytes) -> Iterator[Find]:
    """What lies open in a file whose structure is not known here."""
    yield from loose(body, 0, len(body), media)
    store = body.find(C2PA_STORE)
    if store >= 0:
        yield Carried(Kind.C2PA, f"{media}, byte {store}", b"")
