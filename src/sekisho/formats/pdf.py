"""PDF: the metadata stream of the catalog (ISO 32000-2, 14.3.2), C2PA as an embedded file. Parsed by pypdf within limits, and only when there is something to find."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from sekisho.formats.carried import C2PA_STORE, LIMIT_BYTES, Carried, Fault, Find, Kind

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its remarks on broken files are not for the terminal
LIMITS: dict[str, Any] = {
    f"{name}_maximum_output_length": LIMIT_BYTES for name in ("zlib", "lzw", "run_length", "brotli", "array_based_stream")
}
FOREIGN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    OSError,
    struct.error,
    zlib.error,
)
"""What pypdf lets through on broken files besides its own errors."""
TAIL_BYTES = 4096
DIGITS = rb"[0-9]{1,10}"
TAIL = re.compile(
    rb"trailer\s*<<[^>]{0,2000}?/Root\s+(?P<root>" + DIGITS + rb")\s+0\s+R\b.*?startxref\s+(?P<table>" + DIGITS + rb")\s+%%EOF\s*$",
    re.DOTALL,
)
TABLE = re.compile(rb"xref\s+(?P<first>" + DIGITS + rb") (?P<count>" + DIGITS + rb") ?[\r\n]{1,2}")
CATALOG = re.compile(rb"(" + DIGITS + rb")\s+0\s+obj\b.*?/Catalog\b.*?endobj", re.DOTALL)
SPEAKS = re.compile(rb"/Metadata|/AF\b|#")  # a number sign may spell any letter of a name
WHERE = "PDF, catalog, Metadata"


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packet and C2PA store of a PDF."""
    catalog = _catalog(body)
    if catalog is not None and not SPEAKS.search(catalog):
        return
    store = body.find(C2PA_STORE)
    if store >= 0:
        yield Carried(Kind.C2PA, f"PDF, byte {store}, embedded file", body[store:])
    if b"/Metadata" in body or b"/ObjStm" in body:  # the catalog may lie in a packed object stream
        yield from _metadata(body)


def _catalog(body: bytes) -> bytes | None:
    """The catalog as it is written, by way of a plain cross-reference table; None where that way is not plain, and pypdf must go."""
    tail = TAIL.search(body, max(0, len(body) - TAIL_BYTES))
    if tail is None:
        return None
    table = TABLE.match(body, int(tail["table"]))
    number = int(tail["root"])
    if table is None or not int(table["first"]) <= number < int(table["first"]) + int(table["count"]):
        return None
    entry = table.end() + 20 * (number - int(table["first"]))
    at = int(body[entry : entry + 10]) if body[entry : entry + 10].isdigit() else -1
    catalog = CATALOG.match(body, at, at + TAIL_BYTES) if at >= 0 else None
    return catalog[0] if catalog and int(catalog[1]) == number else None


def _metadata(body: bytes) -> list[Find]:
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415 - a fifth of a second that only PDFs should pay
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError  # noqa: PLC0415

    try:
        with apply_configuration(jbig2dec_binary=None, **LIMITS):
            reader = PdfReader(io.BytesIO(body), root_object_recovery_limit=1000, xref_stream_maximum_entries=500_000)
            stream = reader.root_object.get("/Metadata")
            data = stream.get_object().get_data() if stream is not None else b""
    except (FileNotDecryptedError, DependencyError):
        return [Fault("encrypted", WHERE)]
    except (LimitReachedError, RecursionError, MemoryError):
        return [Fault("oversize", WHERE)]
    except (PyPdfError, *FOREIGN):
        return [Fault("malformed", WHERE)]
    return [Carried(Kind.XMP, WHERE, data)] if data else []
