"""The pages of a PDF as pictures: the scanned picture itself where a page is one, else the page as it is drawn; pages of text alone are left out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pypdfium2 as pdfium
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_TEXT

from sekisho.fingerprints import Content, Unfit
from sekisho.fingerprints.picture import Picture
from sekisho.model import Text

MOST_PAGES = 20_000
LONG_SIDE = 1200  # pixels of a page that has to be drawn
WHOLE_PAGE = 0.5  # the share of a page that its one picture fills
ENCRYPTED = Unfit(
    Text(
        "encrypted: open it with its password and register the pages", "暗号化されています。パスワードで開いてからページを登録してください"
    )
)
DAMAGED = Unfit(Text("a damaged PDF", "PDF が壊れています"))


def contents(file: BinaryIO) -> Iterator[Content | Unfit]:
    """The pages of the PDF; a reason where it, or a page of it, cannot be read."""
    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        yield ENCRYPTED if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD else DAMAGED
        return
    try:
        of_file = file_digest(file)
        yield from (found for number in range(min(len(document), MOST_PAGES)) if (found := page(document, number, of_file)) is not None)
    finally:
        document.close()


def file_digest(file: BinaryIO) -> bytes:
    """SHA-256 of the whole file."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.digest()


def page(document: pdfium.PdfDocument, number: int, of_file: bytes) -> Content | Unfit | None:
    """One page as a picture; None for a page of text alone."""
    try:
        opened = document[number]
        kinds = [item.type for item in opened.get_objects(max_depth=4)]
        if FPDF_PAGEOBJ_TEXT in kinds and FPDF_PAGEOBJ_IMAGE not in kinds:
            return None
        return scanned(opened) or drawn(opened, of_file + number.to_bytes(4))
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return DAMAGED


def scanned(opened: pdfium.PdfPage) -> Content | None:
    """The JPEG that fills the page, byte for byte, so that it is recognised as the file it was made from."""
    pictures = list(opened.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=4))
    if len(pictures) != 1 or "DCTDecode" not in pictures[0].get_filters():
        return None
    left, bottom, right, top = pictures[0].get_bounds()
    if (right - left) * (top - bottom) < WHOLE_PAGE * opened.get_width() * opened.get_height():
        return None
    stream = io.BytesIO()
    pictures[0].extract(stream)
    raw = stream.getvalue()
    return Content(raw, "image") if raw.startswith(b"\xff\xd8\xff") else None


def drawn(opened: pdfium.PdfPage, name: bytes) -> Content:
    """The page as it is drawn on white; ``name`` stands in for the bytes that it has not."""
    scale = LONG_SIDE / max(opened.get_width(), opened.get_height(), 1.0)
    bitmap = opened.render(scale=scale, grayscale=True)
    return Content(name, "image", drawn=Picture(np.ascontiguousarray(bitmap.to_numpy().squeeze())))
