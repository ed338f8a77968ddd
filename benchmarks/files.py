"""Looking for XMP and C2PA in files that have none, against reading their bytes: ``python -m benchmarks.files``.

The files are made by real encoders, with pictures that do not compress to nothing. Each round reads every file from the file cache once, then
looks through what was read; the ratio is the time of looking over the time of reading, per format and over all bytes.
"""

from __future__ import annotations

import io
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject

from sekisho.formats.embedded import embedded

ROUNDS = 7
COPIES = 12
RNG = np.random.default_rng(7)


def photograph(side: int) -> Image.Image:
    """Smooth shapes under fine noise, which encoders treat like a photograph."""
    ramp = np.add.outer(np.arange(side), np.arange(side)) % 256
    noise = RNG.normal(0, 12, (side, side, 3))
    return Image.fromarray(np.clip(ramp[:, :, None] + noise, 0, 255).astype(np.uint8))


def encoded(form: str, side: int, **options: object) -> bytes:
    """A photograph of ``side`` pixels as ``form`` encodes it."""
    out = io.BytesIO()
    photograph(side).save(out, form, **options)
    return out.getvalue()


def animation(side: int) -> bytes:
    """A GIF of eight frames."""
    out = io.BytesIO()
    frames = [photograph(side).quantize(64) for _ in range(8)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def film(size: int) -> bytes:
    """An MP4 skeleton of ``size`` bytes: file type, index, and noise for pictures."""
    boxes = ((b"ftyp", b"isom\x00\x00\x00\x00isom"), (b"moov", b"\x00" * 4000), (b"mdat", RNG.bytes(size)))
    return b"".join(struct.pack(">I", len(data) + 8) + name + data for name, data in boxes)


def document(size: int) -> bytes:
    """A PDF without metadata: one page over ``size`` bytes of noise."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(RNG.bytes(size))
    writer._add_object(stream)  # noqa: SLF001 - the library has no other way to keep a loose stream
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "JPEG, 0.1 MB": lambda: encoded("JPEG", 400, quality=90),
    "JPEG, 1 MB": lambda: encoded("JPEG", 1300, quality=90),
    "PNG, 1 MB": lambda: encoded("PNG", 640),
    "WebP, 0.5 MB": lambda: encoded("WEBP", 1300, quality=90),
    "TIFF, 1 MB": lambda: encoded("TIFF", 600),
    "GIF, 1 MB": lambda: animation(420),
    "AVIF, 0.3 MB": lambda: encoded("AVIF", 1000, quality=80),
    "MP4, 4 MB": lambda: film(4_000_000),
    "PDF, 1 MB": lambda: document(1_000_000),
}


class Timing(NamedTuple):
    """Seconds of reading and of looking, and the bytes, of one pass over the copies of a file."""

    reading: float
    looking: float
    size: int


def timing(paths: list[Path]) -> Timing:
    """The best of several rounds over ``paths``."""
    best = Timing(float("inf"), float("inf"), 0)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        bodies = [path.read_bytes() for path in paths]
        read = time.perf_counter()
        if any(embedded(body).carried for body in bodies):
            raise AssertionError("a file meant to carry nothing carries something")
        done = time.perf_counter()
        best = Timing(min(best.reading, read - start), min(best.looking, done - read), sum(map(len, bodies)))
    return best


def main() -> None:
    """Print a line for each format and one for all."""
    print(f"{'format':14} {'bytes':>9} {'reading µs':>11} {'looking µs':>11} {'ratio':>6}")
    timings = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, make) in enumerate(FILES.items()):
            body = make()
            paths = [Path(folder, f"{number}-{copy}") for copy in range(COPIES)]
            for path in paths:
                path.write_bytes(body)
            timings[name] = timing(paths)
    timings["all"] = Timing(*(sum(column) for column in zip(*timings.values(), strict=True)))
    for name, found in timings.items():
        files = COPIES * (len(FILES) if name == "all" else 1)
        micro = [1e6 * seconds / files for seconds in (found.reading, found.looking)]
        print(f"{name:14} {found.size // files:>9} {micro[0]:>11.1f} {micro[1]:>11.1f} {found.looking / found.reading:>6.2f}")


if __name__ == "__main__":
    main()
