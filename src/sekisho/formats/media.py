"""What a file is, from its bytes. A name decides only between texts that look alike, and is told when it lies."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from sekisho.formats import text_kinds
from sekisho.formats.boxes import boxes
from sekisho.formats.carried import LIMIT_BLOCKS
from sekisho.model import Source, Text

HEAD = 16_384
MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x05\x06", "application/zip"),
)
BEGINNINGS = tuple(magic for magic, _ in MAGIC)
FORMS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"M4V ": "video/mp4",
}
HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}
FIRST_BOXES = {**dict.fromkeys((b"moov", b"mdat", b"wide", b"free", b"skip"), "video/quicktime"), b"jumb": "application/c2pa"}
EPUB = b"mimetypeapplication/epub+zip"
SUFFIXES = {
    "image/jpeg": "jpg jpeg jpe jfif",
    "image/png": "png apng",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif tiff dng nef cr2 arw",
    "image/avif": "avif",
    "image/heic": "heic heif hif",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "application/epub+zip": "epub",
    "application/rdf+xml": "xmp",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "image/jxl": "jxl",
    "image/jp2": "jp2",
    "image/vnd.adobe.photoshop": "psd",
    "audio/mp4": "m4a m4b",
    "audio/flac": "flac",
    "audio/ogg": "ogg oga ogv opus",
    "video/mp4": "mp4 m4v",
    "video/x-msvideo": "avi",
    "video/x-matroska": "mkv webm",
    "video/quicktime": "mov",
}
NAMED = {suffix: media for media, suffixes in SUFFIXES.items() for suffix in suffixes.split()}
ALIKE = ({"image/avif", "image/heic"}, {"video/mp4", "video/quicktime", "audio/mp4"})
BY_FAMILY = {"image": Source.IMAGE, "audio": Source.AUDIO_VIDEO, "video": Source.AUDIO_VIDEO}
BY_TYPE = {
    "application/pdf": Source.PDF,
    "application/epub+zip": Source.EPUB,
    "application/c2pa": Source.SIDECAR,
    "application/rdf+xml": Source.SIDECAR,
}

FAULTS = {
    "empty": Text("the file is empty", "ファイルが空です"),
    "wrong-type": Text("the name says one kind of file, the bytes another", "名前の示す種類と中身が違います"),
    "truncated": Text("the file ends before its content does", "ファイルが途中で切れています"),
    "unrecognised": Text("not a kind of file that is known here", "種類を判別できません"),
}


class Media(NamedTuple):
    """``type`` is a media type, empty when not recognised; ``source`` how to read it for signals; ``faults`` are words of ``FAULTS``."""

    type: str
    source: Source | None
    faults: tuple[str, ...] = ()


def sniff(body: bytes, name: str = "") -> Media:
    """What ``body`` is. ``name`` is a file name or path, if there is one; where it promises media and the bytes are none, ``source`` is what was promised."""
    binary = media_type(body)
    kind = text_kinds.Kind(binary, _source(binary)) if binary else text_kinds.kind(body[:HEAD], name)
    promised = NAMED.get(name.rpartition(".")[2].lower(), kind.type)
    if not body:
        return Media("", _source(promised) or text_kinds.named(name), ("empty",))
    belied = promised != kind.type and not any({promised, kind.type} <= group for group in ALIKE)
    checks = {"unrecognised": not kind.type, "wrong-type": belied, "truncated": is_cut(kind.type, body)}
    source = _source(promised) if belied and not binary else kind.source
    return Media(kind.type, source, tuple(fault for fault, found in checks.items() if found))


def _source(media: str) -> Source | None:
    return BY_TYPE.get(media) or BY_FAMILY.get(media.partition("/")[0])


def media_type(body: bytes) -> str:
    """The media type of binary content, empty for text and for what is not recognised."""
    found = next((media for magic, media in MAGIC if body.startswith(magic)), "") if body.startswith(BEGINNINGS) else ""
    if body.startswith(b"RIFF"):
        found = FORMS.get(body[8:12], "")
    elif body.startswith(b"PK\x03\x04"):
        found = "application/epub+zip" if EPUB in body[:100] else "application/zip"
    elif body[4:8] == b"ftyp":
        found = _brand(body)
    elif body[4:8] in FIRST_BOXES:
        found = FIRST_BOXES[body[4:8]]
    return found or ("application/pdf" if b"%PDF-" in body[:1024] else "")


def _brand(body: bytes) -> str:
    """The type that the major brand, else the compatible brands, of an ISO base media file name."""
    end = min(int.from_bytes(body[:4], "big"), 256)
    brands = [body[8:12], *(body[at : at + 4] for at in range(16, end, 4))]
    named = next((BRANDS[brand] for brand in brands if brand in BRANDS), "")
    return named or ("image/heic" if HEIF.intersection(brands) else "video/mp4")


def is_cut(media: str, body: bytes) -> bool:
    """Whether ``body`` visibly ends before its content does; False for types that do not show it."""
    check = ENDS.get(media)
    return check is not None and not check(body)


def _jpeg_ends(body: bytes) -> bool:
    return body.rfind(b"\xff\xd9") > body.find(b"\xff\xda") > 0


def _riff_ends(body: bytes) -> bool:
    return int.from_bytes(body[4:8], "little") + 8 <= len(body) + 1


def _boxes_end(body: bytes) -> bool:
    return all(box.whole for box in islice(boxes(body, 0, len(body)), LIMIT_BLOCKS))


ENDS: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": _jpeg_ends,
    "image/png": lambda body: b"IEND" in body[-64:] or b"IEND\xaeB`\x82" in body,
    "image/gif": lambda body: b";" in body[-64:],
    "application/pdf": lambda body: b"%%EOF" in body[-4096:],
    "application/epub+zip": lambda body: b"PK\x05\x06" in body[-65_557:],
    **dict.fromkeys(("image/webp", "audio/wav", "video/x-msvideo"), _riff_ends),
    **dict.fromkeys(("image/avif", "image/heic", "video/mp4", "video/quicktime", "audio/mp4"), _boxes_end),
}
