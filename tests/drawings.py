"""Pictures made from a seed: shapes, strokes and shades enough to be told apart."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def drawing(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A picture of two dozen shapes on a shaded ground; each seed gives another."""
    rng = np.random.default_rng(seed)
    ground = Image.fromarray(rng.integers(60, 220, (4, 5, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(ground)
    for _ in range(24):
        x, y = rng.integers(0, size[0]), rng.integers(0, size[1])
        width, height = rng.integers(15, size[0] // 3), rng.integers(15, size[1] // 3)
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((x, y, x + width, y + height), fill=tuple(rng.integers(0, 256, 3).tolist()), outline=(0, 0, 0), width=2)
    return ground.filter(ImageFilter.GaussianBlur(0.7))


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """``picture`` as the bytes of a file."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()
