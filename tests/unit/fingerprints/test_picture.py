import struct
import zlib

import numpy as np
import pytest
from drawings import drawing, encoded
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sekisho.fingerprints import Unfit, picture
from sekisho.fingerprints.picture import Picture
from sekisho.kernels import pictures


def read(raw: bytes, frame: int = 0) -> Picture:
    found = picture.read(raw, frame)
    assert isinstance(found, Picture), found
    return found


def refused(raw: bytes) -> str:
    found = picture.read(raw)
    assert isinstance(found, Unfit)
    assert found.reason.en
    assert found.reason.ja
    assert not found.blank
    return found.reason.en


@given(st.integers(1, 150), st.integers(1, 150), st.integers(1, 64), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_the_compiled_average_is_the_readable_one(width, height, side, seed):
    gray = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    assert np.allclose(pictures.average(gray, side), picture.averaged(gray, side), atol=1e-3)


def test_a_tall_picture_of_one_cell_does_not_overflow_its_sums():
    gray = np.full((70_000, 3), 255, np.uint8)
    assert np.allclose(pictures.average(gray, 1), 255)


@pytest.mark.parametrize("how", range(1, 9))
def test_the_exif_turn_is_applied_before_anything_is_compared(how):
    upright = drawing(1)
    exif = Image.Exif()
    exif[picture.ORIENTATION] = how
    stored = {1: lambda p: p, 2: lambda p: p.transpose(0), 3: lambda p: p.transpose(3), 4: lambda p: p.transpose(1),
              5: lambda p: p.transpose(5), 6: lambda p: p.transpose(2), 7: lambda p: p.transpose(6), 8: lambda p: p.transpose(4)}[how](upright)  # fmt: skip
    seen = read(encoded(stored, "JPEG", quality=95, exif=exif))
    assert seen.gray.shape == (300, 400)
    assert np.abs(seen.grid - read(encoded(upright)).grid).max() < 4


def test_the_same_pixels_in_another_file_have_the_same_digest():
    made = drawing(2).convert("L")
    digests = {read(encoded(made, kind)).digest for kind in ("PNG", "BMP", "TIFF", "GIF")}
    assert len(digests) == 1
    assert read(encoded(drawing(3).convert("L"))).digest not in digests


def test_metadata_does_not_change_the_pixels_of_a_jpeg():
    plain = encoded(drawing(2), "JPEG")
    commented = plain[:2] + b"\xff\xfe\x00\x07hello" + plain[2:]
    assert plain != commented
    assert read(plain).digest == read(commented).digest


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "F"])
def test_every_kind_of_pixel_is_read_as_the_same_grays(mode):
    gray = drawing(4).convert("L")
    if mode == "I;16":
        made = Image.fromarray(np.asarray(gray, np.uint16) * 257)
    elif mode == "F":
        made = Image.fromarray(np.asarray(gray, np.float32) / 255)
    else:
        made = gray.convert("RGB").convert(mode)
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "TIFF" if mode == "F" else "PNG"
    apart = np.abs(read(encoded(made, kind)).grid - read(encoded(gray)).grid)
    assert apart.mean() < (6 if mode == "1" else 3)


def test_white_ink_on_nothing_is_seen_on_black():
    ink = Image.new("RGBA", (60, 60), (255, 255, 255, 0))
    ink.paste((255, 255, 255, 255), (10, 10, 40, 30))
    assert np.ptp(read(encoded(ink)).gray) == 255


def test_a_frame_of_an_animation_can_be_chosen():
    frames = [drawing(seed, (90, 80)).convert("P") for seed in (5, 6)]
    raw = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read(raw, 0).digest != read(raw, 1).digest


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a",
        bomb(),
        encoded(drawing(1), "JPEG")[:3000],
        encoded(drawing(1))[:3000],
        b"<html>not a picture</html>",
    ],
    ids=["empty", "jpeg-begin", "gif-begin", "bomb", "cut-jpeg", "cut-png", "html"],
)
def test_what_cannot_be_read_is_a_reason(raw):
    assert refused(raw)


def test_huge_pictures_are_left_alone():
    assert "pixels" in refused(bomb())


@given(st.binary(max_size=400), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"]), st.integers(0, 2**16))
@settings(max_examples=150, deadline=None)
def test_no_damage_ever_raises(noise, kind, at):
    raw = bytearray(encoded(drawing(7, (60, 60)), kind))
    at %= len(raw)
    raw[at : at + len(noise)] = noise
    assert isinstance(picture.read(bytes(raw)), Picture | Unfit)
