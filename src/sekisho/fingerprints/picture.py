"""Bytes to gray pixels: one reader for every kind of picture, turned as its EXIF data asks. Bad bytes become a reason, never an exception."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import simplejpeg
from iscc_lib import gen_instance_code_v0
from PIL import Image, UnidentifiedImageError

from sekisho.fingerprints.values import Unfit
from sekisho.kernels import pictures
from sekisho.model import Text

Gray = npt.NDArray[np.uint8]

MOST_PIXELS = 150_000_000  # a page scanned at 1,200 dpi has 140 million
SIDE = 64
ENOUGH = 200  # pixels of the short side up to which a JPEG is decoded reduced: three for each cell of the grid, at half the work
FINE = 400
"""The same, where strokes are to be seen."""
REDUCED_BY = (8, 4, 2)  # what decoders do quickly
ORIENTATION = 0x0112
FADED = 3  # gray levels between the lightest and the darkest pixel, below which nothing can be seen on white
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, RuntimeError, EOFError, struct.error, MemoryError)
"""What Pillow's readers raise on damaged or hostile bytes."""


@dataclass(frozen=True)
class Picture:
    """A picture as its gray pixels after the EXIF turn; of a large JPEG, as the decoder reduces them."""

    gray: Gray

    @cached_property
    def grid(self) -> npt.NDArray[np.float32]:
        """The picture pressed into 64 by 64 mean grays."""
        return pictures.average(self.gray, SIDE)

    @cached_property
    def digest(self) -> bytes:
        """BLAKE3 of size and gray pixels: the same for every file that holds these pixels in the same kind of coding, lossless or JPEG."""
        size = struct.pack("<II", *self.gray.shape)
        return bytes.fromhex(gen_instance_code_v0(size + self.gray.tobytes()).datahash)[2:]


def read(raw: bytes, frame: int = 0) -> Picture | Unfit:
    """The picture in ``raw``, of an animation its frame number ``frame``; why not, when it cannot be read."""
    if not raw:
        return Unfit(Text("the file is empty", "ファイルが空です"))
    gray = quick(raw) if raw[:3] == b"\xff\xd8\xff" else None
    return Picture(gray) if gray is not None else patient(raw, frame)


def detailed(raw: bytes, known: Picture | Unfit) -> Picture | Unfit:
    """The picture in ``raw``, which was read as ``known``, with its fine strokes."""
    if isinstance(known, Unfit) or raw[:3] != b"\xff\xd8\xff" or min(known.gray.shape) >= FINE:
        return known
    gray = quick(raw, FINE)
    return known if gray is None else Picture(gray)


def quick(raw: bytes, enough: int = ENOUGH) -> Gray | None:
    """The luma plane of an ordinary JPEG, reduced by 2, 4 or 8 where its short side keeps ``enough`` pixels; None where the patient reader must look."""
    try:
        height, width, space, _ = simplejpeg.decode_jpeg_header(raw)
        if height * width > MOST_PIXELS or space not in {"YCbCr", "Gray"}:
            return None
        by = next((by for by in REDUCED_BY if min(height, width) >= by * enough), 1)
        gray = simplejpeg.decode_jpeg(raw, "GRAY", min_height=-(-height // by), min_width=-(-width // by))[:, :, 0]
    except ValueError:
        return None
    return turned(gray, orientation(raw))


def orientation(raw: bytes) -> int:
    """The EXIF orientation of a JPEG, 1 when it names none; only files with EXIF data pay for a second look."""
    if b"Exif\0\0" not in raw[:65536]:
        return 1
    try:
        with Image.open(io.BytesIO(raw)) as image:
            return int(image.getexif().get(ORIENTATION, 1))
    except UNREADABLE:
        return 1


def turned(gray: Gray, how: int) -> Gray:
    """``gray`` turned and mirrored as EXIF orientation ``how`` asks (1 to 8; anything else leaves it)."""
    if how in {5, 6, 7, 8}:
        gray = gray.T
    if how in {3, 4, 7, 8}:
        gray = gray[::-1]
    if how in {2, 3, 6, 7}:
        gray = gray[:, ::-1]
    return np.ascontiguousarray(gray)


def patient(raw: bytes, frame: int) -> Picture | Unfit:
    """What Pillow reads in ``raw``: every other format, and JPEG files that are out of the ordinary."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes: they are judged here
            with Image.open(io.BytesIO(raw)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return too_large(image.width, image.height)
                image.seek(frame)
                gray = gray_of(image)
                return Picture(turned(gray, int(image.getexif().get(ORIENTATION, 1))))
    except Image.DecompressionBombError:
        return Unfit(Text("more pixels than any page has", "画素数が多すぎます"))
    except UnidentifiedImageError:
        return Unfit(Text("no picture format that can be read", "読み取れる画像形式ではありません"))
    except UNREADABLE as error:
        return Unfit(Text(f"a damaged picture ({error})", f"画像が壊れています（{error}）"))


def too_large(width: int, height: int) -> Unfit:
    """The reason for leaving a huge picture alone."""
    return Unfit(
        Text(
            f"{width} × {height} pixels: more than {MOST_PIXELS:,} are not read",
            f"{width} × {height} 画素：{MOST_PIXELS:,} 画素を超えるため読みません",
        )
    )


def gray_of(image: Image.Image) -> Gray:
    """The gray pixels of ``image``: deep ones scaled to a byte, transparent ones laid on white, or on black where white would hide them."""
    if image.mode.startswith(("I", "F")):
        return scaled(np.asarray(image, np.float64))
    if not (image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info):
        return np.asarray(image.convert("L"))
    layered = image.convert("LA")
    values, cover = (np.asarray(band, np.uint16) for band in layered.split())
    on_white = ((values * cover + 255 * (255 - cover) + 127) // 255).astype(np.uint8)
    return on_white if np.ptp(on_white) > FADED else ((values * cover + 127) // 255).astype(np.uint8)


def scaled(deep: npt.NDArray[np.float64]) -> Gray:
    """Pixels deeper than a byte as bytes: fractions and 16 bits by their whole range, others by the range that they use."""
    seen = np.nan_to_num(deep)
    least, most = float(seen.min(initial=0)), float(seen.max(initial=0))
    low, high = next(((0.0, top) for top in (1.0, 255.0, 65535.0) if least >= 0 and most <= top), (least, most))
    return ((seen - low) * (255 / (high - low))).clip(0, 255).astype(np.uint8)


def averaged(gray: Gray, side: int) -> npt.NDArray[np.float32]:
    """The readable twin of the kernel that makes ``Picture.grid``."""
    return (shares(gray.shape[0], side) @ gray.astype(np.float64) @ shares(gray.shape[1], side).T).astype(np.float32)


def shares(length: int, side: int) -> npt.NDArray[np.float64]:
    """How much of each pixel in a row of ``length`` lies in each of ``side`` equal cells; every row adds to one."""
    edges = np.arange(side + 1) * length / side
    pixels = np.arange(length)
    inside = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    part: npt.NDArray[np.float64] = np.clip(inside, 0, None) * side / length
    return part
