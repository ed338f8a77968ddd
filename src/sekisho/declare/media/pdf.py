"""XMP into PDF: the catalog's metadata stream, added behind the file as an incremental update, so that what was there stays as it was (ISO 32000-2, 7.5.6)."""

from __future__ import annotations

import io

from sekisho.formats.pdf import FOREIGN


def with_packet(body: bytes, packet: bytes) -> bytes:
    """``body`` followed by an update that makes ``packet`` its XMP."""
    from pypdf import PdfWriter  # noqa: PLC0415 - a fifth of a second that only PDFs should pay
    from pypdf.errors import PyPdfError  # noqa: PLC0415
    from pypdf.generic import DictionaryObject, NameObject  # noqa: PLC0415

    out = io.BytesIO()
    try:
        writer = PdfWriter(io.BytesIO(body), incremental=True)
        writer.xmp_metadata = packet
        metadata = writer.root_object["/Metadata"].get_object()
        if isinstance(metadata, DictionaryObject):
            metadata.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        writer.write(out)
    except (PyPdfError, *FOREIGN) as error:
        raise ValueError(f"the PDF cannot be added to: {error}") from error
    return out.getvalue()


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Whether the file before stands unchanged at the beginning of the file after."""
    return after.startswith(before)
