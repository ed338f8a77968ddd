"""What people do to a whole picture before they pass it on: each edit takes a picture and a seeded generator and gives the altered copy."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks.picture_sources import emoji

Edit = Callable[[Image.Image, np.random.Generator], Image.Image]
WORDS = [
    "the",
    "picture",
    "of",
    "a",
    "quiet",
    "morning",
    "was",
    "found",
    "again",
    "転載",
    "禁止",
    "無断",
    "SALE",
    "www",
    "new",
    "面白い",
    "follow",
    "me",
    "today",
    "only",
    "海と空",
    "wow",
]


def encoded(picture: Image.Image, quality: int) -> bytes:
    """``picture`` as the bytes of a JPEG."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """``picture`` after one lossy save."""
    return Image.open(io.BytesIO(encoded(picture, quality))).convert("RGB")


def none(picture: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return picture


def recompressed(picture: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return jpeg(picture, 30)


def quarter_size(picture: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return picture.resize((max(picture.width // 4, 1), max(picture.height // 4, 1)), Image.Resampling.LANCZOS)


def gray(picture: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return picture.convert("L").convert("RGB")


def tone(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    bright = ImageEnhance.Brightness(picture).enhance(rng.uniform(0.65, 1.35))
    contrast = ImageEnhance.Contrast(bright).enhance(rng.uniform(0.6, 1.5))
    gamma = rng.uniform(0.6, 1.7)
    return contrast.point([round(255 * (v / 255) ** gamma) for v in range(256)] * 3)


def colour(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    hue, saturation, value = picture.convert("HSV").split()
    turned = hue.point([(v + shift) % 256 for shift in [int(rng.integers(-40, 41))] for v in range(256)])
    shifted = Image.merge("HSV", (turned, saturation, value)).convert("RGB")
    gains = rng.uniform(0.75, 1.25, 3)
    return shifted.point([min(round(v * gain), 255) for gain in gains for v in range(256)])


def blur(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.004, 0.012) * min(picture.size)))


def noise(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    values = np.asarray(picture, np.float32) + rng.normal(0, rng.uniform(12, 35), (picture.height, picture.width, 3)).astype(np.float32)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def stretch(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    factor = rng.choice([0.6, 0.75, 1.3, 1.6])
    return picture.resize((max(round(picture.width * factor), 1), picture.height), Image.Resampling.BICUBIC)


def text_over(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for _ in range(rng.integers(1, 5)):
        size = max(round(rng.uniform(0.06, 0.14) * picture.height), 8)
        words = " ".join(rng.choice(WORDS, rng.integers(2, 6)))
        at = (rng.uniform(-0.05, 0.5) * picture.width, rng.uniform(0.0, 0.9) * picture.height)
        ink = tuple(int(v) for v in (rng.integers(0, 256, 3) if rng.random() < 0.5 else rng.choice([0, 255]) * np.ones(3)))
        if rng.random() < 0.3:
            draw.rectangle((0, at[1], picture.width, at[1] + 1.3 * size), fill=tuple(255 - v for v in ink))
        draw.text(
            at,
            words,
            fill=ink,
            font=text_font(size),
            stroke_width=size // 12 if rng.random() < 0.5 else 0,
            stroke_fill=tuple(255 - v for v in ink),
        )
    return out


def emoji_over(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    out = picture.copy()
    for _ in range(rng.integers(1, 5)):
        side = max(round(rng.uniform(0.12, 0.35) * min(picture.size)), 8)
        face = emoji(0x1F600 + int(rng.integers(0, 64))).resize((side, side), Image.Resampling.BICUBIC)
        out.paste(face, (int(rng.integers(0, max(picture.width - side, 1))), int(rng.integers(0, max(picture.height - side, 1)))), face)
    return out


def mirror(picture: Image.Image, _rng: np.random.Generator) -> Image.Image:
    return ImageOps.mirror(picture)


def quarter_turn(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    return picture.transpose(rng.choice([Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]))


def halftone(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    grays = np.asarray(picture.convert("L"), np.float32)
    rows, columns = np.mgrid[: picture.height, : picture.width] * (2 * np.pi / rng.uniform(4, 8))
    screen = 127 + 63 * (np.cos(rows + columns) + np.cos(rows - columns))
    return Image.fromarray(np.where(grays > screen, 255, 0).astype(np.uint8)).convert("RGB")


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        none,
        recompressed,
        quarter_size,
        gray,
        tone,
        colour,
        blur,
        noise,
        stretch,
        text_over,
        emoji_over,
        mirror,
        quarter_turn,
        halftone,
    )
}


@cache
def text_font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
