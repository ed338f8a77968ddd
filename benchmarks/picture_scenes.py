"""What people do with a part of a picture, or with a picture among others: with the edits of whole pictures these are the 27 of the benchmark.

Each takes the picture, a seeded generator, and the pictures that stand around it (COMPANIONS says how many, GROUND where it is a photograph).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from benchmarks.picture_edits import EDITS, Edit, colour, mirror, text_font, text_over

Scene = Callable[[Image.Image, np.random.Generator, Sequence[Image.Image]], Image.Image]
Split = npt.NDArray[np.float64]
PAGE = (900, 1200)
COMPANIONS = {"panel_of_4": 3, "panel_of_9": 8}
GROUND = {"pasted"}


def turned(degrees: float) -> Edit:
    """A small turn to either side; the corners are filled, or cut away, as people do."""

    def edit(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        angle = degrees * rng.choice([-1, 1])
        fill = tuple(int(v) for v in rng.choice([[255] * 3, [0] * 3, rng.integers(0, 256, 3).tolist()]))
        whole = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
        return whole if rng.random() < 0.5 else inner(whole, picture.size, math.radians(degrees))

    return edit


def inner(whole: Image.Image, size: tuple[int, int], angle: float) -> Image.Image:
    """The upright middle of a turned picture that shows nothing but picture."""
    keep = 1 / (math.cos(angle) + max(size) / min(size) * math.sin(angle))
    half = (keep * size[0] / 2, keep * size[1] / 2)
    middle = (whole.width / 2, whole.height / 2)
    return whole.crop((round(middle[0] - half[0]), round(middle[1] - half[1]), round(middle[0] + half[0]), round(middle[1] + half[1])))


def cropped(share: float) -> Edit:
    """A window that leaves out ``share`` of the area, anywhere, of nearly the same shape."""

    def edit(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        shape = rng.uniform(0.85, 1.18) ** 0.5
        width = min(math.sqrt(1 - share) * shape, 1.0) * picture.width
        height = min((1 - share) * picture.width / width, 1.0) * picture.height
        left, top = rng.uniform(0, picture.width - width), rng.uniform(0, picture.height - height)
        return picture.crop((round(left), round(top), round(left + width), round(top + height)))

    return edit


def perspective(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Seen from aside: each corner moves inwards by up to a fifth of the sides."""
    width, height = picture.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    signs = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    target = corners + signs * rng.uniform(0, 0.2, (4, 2)) * [width, height]
    rows = []
    for (x, y), (u, v) in zip(target, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    given = np.linalg.solve(np.array(rows), corners.ravel())
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, given.tolist(), Image.Resampling.BICUBIC, fillcolor=(255,) * 3)


def line_art(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Redrawn with a pen: dark lines where the gray changes, on white."""
    gray = picture.convert("L")
    fine = rng.uniform(0.8, 2.0)
    near, far = (np.asarray(gray.filter(ImageFilter.GaussianBlur(size)), np.float32) for size in (fine, 1.6 * fine))
    ink = 255 - np.clip((far - near - 1.5) * rng.uniform(25, 60), 0, 255).astype(np.uint8)
    return Image.fromarray(ink).convert("RGB").filter(ImageFilter.GaussianBlur(0.5))


def combination(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cropped, mirrored, recoloured, and written over."""
    return text_over(colour(mirror(cropped(rng.uniform(0.2, 0.4))(picture, rng), rng), rng), rng)


def screenshot(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Shown in a window or on a telephone, with bars, buttons and lines of text around it."""
    dark = rng.random() < 0.5
    paper, ink = ((24, 26, 30), (220, 222, 226)) if dark else ((246, 247, 249), (40, 42, 46))
    across, above, below = rng.uniform(0.03, 0.4), rng.uniform(0.12, 0.5), rng.uniform(0.1, 0.5)
    size = (round(picture.width * (1 + across)), round(picture.height * (1 + above + below)))
    screen = Image.new("RGB", size, paper)
    at = (round(picture.width * across * rng.uniform(0.1, 0.9)), round(picture.height * above))
    draw = ImageDraw.Draw(screen)
    bar = max(at[1] // 4, 10)
    draw.rectangle((0, 0, size[0], bar), fill=tuple(int(v) for v in rng.integers(0, 256, 3)))
    for place in range(3):
        draw.ellipse((size[0] - (place + 1) * bar, bar // 4, size[0] - (place + 1) * bar + bar // 2, 3 * bar // 4), fill=ink)
    for top in [*range(bar * 2, at[1] - bar, bar * 2), *range(at[1] + picture.height + bar, size[1] - bar, bar * 2)]:
        draw.text((bar, top), "posted yesterday 12 replies share"[: int(rng.integers(6, 33))], fill=ink, font=text_font(bar))
    screen.paste(picture, at)
    return screen


def pasted(picture: Image.Image, rng: np.random.Generator, around: Sequence[Image.Image]) -> Image.Image:
    """Laid anywhere on a photograph, about half of it across or down."""
    ground = ImageOps.fit(around[0], (900, 640))
    small = ImageOps.contain(picture, tuple(round(side * rng.uniform(0.45, 0.65)) for side in ground.size))
    ground.paste(small, (int(rng.integers(0, ground.width - small.width + 1)), int(rng.integers(0, ground.height - small.height + 1))))
    return ground


def panels(rows: int, columns: int) -> Scene:
    """A page of framed panels of uneven size, the picture in one of them; each picture is fitted in whole, or fills its panel and loses an edge."""

    def edit(picture: Image.Image, rng: np.random.Generator, around: Sequence[Image.Image]) -> Image.Image:
        shown = [*around]
        shown.insert(int(rng.integers(0, len(shown) + 1)), picture)
        page = Image.new("RGB", PAGE, (255, 255, 255))
        gutter, framed, filled = int(rng.integers(4, 22)), rng.random() < 0.75, rng.random() < 0.5
        lines = pairwise(uneven(rows, rng) * PAGE[1])
        boxes = [(left, top, right, bottom) for top, bottom in lines for left, right in pairwise(uneven(columns, rng) * PAGE[0])]
        for one, (left, top, right, bottom) in zip(shown, boxes, strict=True):
            box = (round(left) + gutter, round(top) + gutter, round(right) - gutter, round(bottom) - gutter)
            panel(page, one, box, framed, filled)
        return page

    return edit


def uneven(count: int, rng: np.random.Generator) -> Split:
    """0, ..., 1: where lines of ``count`` parts of unequal size run."""
    return np.concatenate([[0], np.cumsum(rng.dirichlet(np.full(count, 60.0)))])


def panel(page: Image.Image, picture: Image.Image, box: tuple[int, int, int, int], framed: bool, filled: bool) -> None:
    """Draw one panel on ``page``; a picture of quite another shape is fitted in whole."""
    size = (box[2] - box[0], box[3] - box[1])
    shape = picture.width / picture.height * size[1] / size[0]
    fitted = ImageOps.fit(picture, size) if filled and 0.6 < shape < 1.6 else ImageOps.contain(picture, size)
    page.paste(fitted, (box[0] + (size[0] - fitted.width) // 2, box[1] + (size[1] - fitted.height) // 2))
    if framed:
        ImageDraw.Draw(page).rectangle(box, outline=(0, 0, 0), width=3)


def alone(edit: Edit) -> Scene:
    """An edit that needs no other picture."""
    return lambda picture, rng, _around: edit(picture, rng)


SCENES: dict[str, Scene] = {name: alone(edit) for name, edit in EDITS.items()} | {
    "turned_5": alone(turned(5)),
    "turned_15": alone(turned(15)),
    "cropped_10": alone(cropped(0.1)),
    "cropped_30": alone(cropped(0.3)),
    "cropped_50": alone(cropped(0.5)),
    "cropped_70": alone(cropped(0.7)),
    "perspective": alone(perspective),
    "line_art": alone(line_art),
    "screenshot": alone(screenshot),
    "panel_of_4": panels(2, 2),
    "panel_of_9": panels(3, 3),
    "pasted": pasted,
    "combination": alone(combination),
}
