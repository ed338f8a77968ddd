"""The pages of a file: one of a picture or a text, many of a volume or an animation; what cannot be read is a page with the reason."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from PIL import Image

from sekisho.fingerprints import Content, Unfit
from sekisho.fingerprints.picture import UNREADABLE
from sekisho.formats import media as kinds
from sekisho.formats.reading.encodings import plausible
from sekisho.model import Text
from sekisho.works import pdf_pages, text_pages, zip_pages

LARGEST = 1 << 30  # bytes of a file that is read whole
MOST_FRAMES = 24
ANIMATED = {"image/gif", "image/webp", "image/png", "image/avif"}
VECTOR = Unfit(
    Text("an SVG drawing: export it as PNG to register or screen it", "SVG の図形です。PNG に書き出してから登録・照合してください")
)
TOO_LONG = Unfit(Text("larger than 1 GiB", "1 GiB を超えています"))
NOT_KNOWN = Unfit(Text("not a kind of file that is read here", "ここで読み取れる種類のファイルではありません"))


class Page(NamedTuple):
    """One page; ``number`` is 0 where a file is one page, and counts from 1 in a volume."""

    number: int
    content: Content | Unfit


def of(content: str | bytes | Path, media: str | None = None) -> Iterator[Page]:
    """The pages of ``content``, one at a time; only those of ``media`` (``image`` or ``text``) when it is named."""
    if isinstance(content, str):
        yield Page(0, Content(content.encode("utf-8", "surrogatepass"), "text", words=content, fleeting=True))
    elif isinstance(content, Path) and content.stat().st_size > LARGEST and not is_volume(content):
        yield Page(0, TOO_LONG)
    else:
        yield from (page for page in read(content) if isinstance(page.content, Unfit) or media in {None, page.content.media})


def is_volume(path: Path) -> bool:
    """Whether a file is a ZIP, PDF or text, which is read piece by piece however long it is."""
    return is_paged(path) or kind_of(path).startswith("text/")


def is_paged(path: Path) -> bool:
    """Whether a file is a volume of pages that can be looked at by themselves."""
    return kind_of(path) in {"application/zip", "application/pdf", "application/epub+zip"}


def kind_of(path: Path) -> str:
    """The media type of a file, empty when it is not recognised."""
    with path.open("rb") as file:
        return kinds.sniff(file.read(kinds.HEAD), path.name).type


def read(content: bytes | Path) -> Iterator[Page]:
    """The pages of bytes or of a file."""
    with content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as file:
        name = content.name if isinstance(content, Path) else ""
        yield from pages_as(kinds.sniff(head_of(file), name), file)


def pages_as(kind: kinds.Media, file: BinaryIO) -> Iterator[Page]:
    """The pages of ``file``, which is of ``kind``."""
    family = kind.type.split("/")[0]
    if kind.type == "application/zip":
        yield from numbered(zip_pages.contents(file))
    elif kind.type == "application/epub+zip":
        yield from with_text(zip_pages.contents(file), file)
    elif kind.type == "application/pdf":
        yield from with_text(pdf_pages.contents(file), file)
    elif kind.type == "image/svg+xml":
        yield Page(0, VECTOR)
    elif family == "image":
        yield from frames(file.read(), kind.type)
    elif "wrong-type" in kind.faults:
        yield Page(0, lying(kind))
    elif family == "text" or (not kind.type and plausible(head_of(file))):
        parts = text_pages.contents(file)
        yield from (Page(number if part.words else 0, part) for number, part in enumerate(parts, 1))
    else:
        yield Page(0, Content(b"", "image") if "empty" in kind.faults else NOT_KNOWN)


def head_of(file: BinaryIO) -> bytes:
    """The beginning of ``file``, which is left where it was."""
    head = file.read(kinds.HEAD)
    file.seek(0)
    return head


def with_text(pictures: Iterator[Content | Unfit], file: BinaryIO) -> Iterator[Page]:
    """The pictures of a volume, and its text as page 0 when it has one; a book of text alone need have no picture."""
    found = numbered(pictures)
    bare = (first := next(found, None)) is not None and first.content is zip_pages.NO_PICTURES
    yield from chain([first] if first and not bare else [], found)
    file.seek(0)
    text = Content(file.read(), "text")
    if text.reading.text.strip():
        yield Page(0, text)
    elif first and bare:
        yield first


def numbered(contents: Iterator[Content | Unfit]) -> Iterator[Page]:
    """Pages counted from 1."""
    return (Page(number, content) for number, content in enumerate(contents, 1))


def lying(kind: kinds.Media) -> Unfit:
    """The reason for leaving a file alone whose name promises something else than its bytes hold."""
    fault, found = kinds.FAULTS["wrong-type"], kind.type or "?"
    return Unfit(Text(f"{fault.en} ({found})", f"{fault.ja}（{found}）"))


def frames(raw: bytes, kind: str) -> Iterator[Page]:
    """A picture as one page; an animation as up to MOST_FRAMES of its frames, evenly taken."""
    count = frame_count(raw) if kind in ANIMATED else 1
    if count == 1:
        yield Page(0, Content(raw, "image"))
        return
    taken = min(count, MOST_FRAMES)
    yield from (Page(number + 1, Content(raw, "image", frame=number * count // taken)) for number in range(taken))


def frame_count(raw: bytes) -> int:
    """How many frames an animation has; 1 for what cannot be read, which is told when its page is."""
    try:
        with Image.open(io.BytesIO(raw)) as image:
            return max(int(getattr(image, "n_frames", 1)), 1)
    except (*UNREADABLE, Image.DecompressionBombError):
        return 1
