"""Pictures made to be mistaken or to take long: collisions of the global code, near-empty drawings, textures, walls of text, screens, tiny panels."""

from __future__ import annotations

import numpy as np
from drawings import drawing
from PIL import Image, ImageDraw

from sekisho.fingerprints import codes
from sekisho.kernels import pictures

SIZE = (400, 300)
SHAPES = ("dot", "ring", "line", "corner", "cross", "arrow", "box", "two dots", "wave", "stroke")


def bits_apart(one: np.ndarray, other: np.ndarray) -> int:
    """How many bits lie between the global codes of two gray pictures."""
    both = [np.frombuffer(codes.code(pictures.average(gray, 64)), np.uint8) for gray in (one, other)]
    return int(np.bitwise_count(both[0] ^ both[1]).sum())


def collided(picture: Image.Image, target: Image.Image, seed: int, tries: int = 20000) -> Image.Image:
    """``picture``, shaded until its global code is that of ``target``: random waves are kept where they bring the codes nearer, no slope is asked for."""
    rng = np.random.default_rng(seed)
    wanted, gray = np.asarray(target.convert("L")), np.asarray(picture.convert("L"), np.float32) * 0.4 + 75
    apart = bits_apart(gray.astype(np.uint8), wanted)
    down, across = (np.cos(np.pi / side * (np.arange(side) + 0.5) * np.arange(1, 17)[:, None]) for side in gray.shape)
    for _ in range(tries):
        wave = rng.normal(0, 6) * np.outer(down[rng.integers(0, 16)], across[rng.integers(0, 16)])
        tried = gray + wave.astype(np.float32)
        now = bits_apart(tried.clip(0, 255).astype(np.uint8), wanted)
        if now < apart:
            gray, apart = tried.clip(0, 255), now
        if apart <= 8:
            break
    return Image.fromarray(gray.clip(0, 255).astype(np.uint8)).convert("RGB")


def near_empty(shape: str, at: tuple[int, int] = (150, 110), ink: str = "black") -> Image.Image:
    """One small shape on white."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    x, y = at
    box = (x, y, x + 60, y + 60)
    draw = {
        "dot": lambda: pen.ellipse(box, fill=ink),
        "ring": lambda: pen.ellipse(box, outline=ink, width=5),
        "line": lambda: pen.line((x, y, x + 120, y + 40), fill=ink, width=4),
        "corner": lambda: pen.line((x, y, x, y + 80, x + 90, y + 80), fill=ink, width=5),
        "cross": lambda: (pen.line((x, y, x + 60, y + 60), fill=ink, width=6), pen.line((x + 60, y, x, y + 60), fill=ink, width=6)),
        "arrow": lambda: pen.polygon([(x, y + 20), (x + 60, y + 20), (x + 60, y), (x + 100, y + 35), (x + 60, y + 70), (x + 60, y + 50), (x, y + 50)], fill=ink),
        "box": lambda: pen.rectangle(box, outline=ink, width=4),
        "two dots": lambda: (pen.ellipse(box, fill=ink), pen.ellipse((x + 100, y, x + 130, y + 30), fill=ink)),
        "wave": lambda: pen.line([(x + 3 * t, y + 25 * np.sin(t / 4)) for t in range(45)], fill=ink, width=4),
        "stroke": lambda: pen.line((x, y, x + 5, y + 150), fill=ink, width=10),
    }  # fmt: skip
    draw[shape]()
    return picture


def texture(kind: str, pitch: float, seed: int = 0, size: tuple[int, int] = (512, 512)) -> Image.Image:
    """A pattern that repeats; ``seed`` moves it."""
    shift = np.random.default_rng(seed).uniform(0, pitch, 2)
    down, across = np.mgrid[: size[1], : size[0]].astype(float) + shift[:, None, None]
    row = np.floor(down / pitch)
    grays = {
        "bricks": np.minimum(down % pitch, (across + (row % 2) * pitch) % (2 * pitch)) > 3,
        "checks": (row + np.floor(across / pitch)) % 2 > 0,
        "dots": np.hypot(down % pitch - pitch / 2, across % pitch - pitch / 2) > pitch / 3,
        "stripes": (down + across) % pitch > pitch / 2,
        "moire": np.cos(2 * np.pi * across / pitch) * np.cos(2 * np.pi * (across * 0.98 + down * 0.2) / pitch) > 0,
    }
    return Image.fromarray(np.where(grays[kind], 230, 40).astype(np.uint8)).convert("RGB")


def text_wall(seed: int, size: tuple[int, int] = (800, 1000)) -> Image.Image:
    """A page of words, each seed with others."""
    rng = np.random.default_rng(seed)
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for top in range(10, size[1] - 20, 20):
        letters = rng.choice(list("abcdefghijklmnoprstuvwy     "), 78)
        pen.text((10, top), "".join(letters), fill="black", font_size=15)
    return page


def tiny_panels(count: int = 100, side: int = 20) -> Image.Image:
    """A page of ``count`` by ``count`` framed panels with a little drawing in each."""
    page = Image.new("RGB", (count * side, count * side), "white")
    pen = ImageDraw.Draw(page)
    stamps = [drawing(seed, (90, 90)).resize((side - 6, side - 6)) for seed in range(50)]
    for place in range(count * count):
        x, y = side * (place % count), side * (place // count)
        page.paste(stamps[place % 50], (x + 3, y + 3))
        pen.rectangle((x + 2, y + 2, x + side - 3, y + side - 3), outline="black")
    return page


def speed_lines(picture: Image.Image) -> Image.Image:
    """``picture`` in a ring of lines that point to its middle."""
    out = picture.copy()
    pen = ImageDraw.Draw(out)
    middle = np.array(SIZE) / 2
    for angle in np.arange(120) * 2 * np.pi / 120:
        way = np.array([np.cos(angle), np.sin(angle)])
        pen.line((*(middle + way * (140, 110)), *(middle + 600 * way)), fill="black", width=2)
    return out


def screened(picture: Image.Image) -> Image.Image:
    """``picture`` as black and white dots of one screen."""
    gray = np.asarray(picture.convert("L"), float)
    down, across = np.mgrid[: gray.shape[0], : gray.shape[1]] * (2 * np.pi / 5)
    dots = gray > 127 + 63 * (np.cos(across + down) + np.cos(across - down))
    return Image.fromarray(np.where(dots, 255, 0).astype(np.uint8)).convert("RGB")


def ornamented(picture: Image.Image) -> Image.Image:
    """``picture`` in a frame of lines and beads."""
    out = picture.copy()
    pen = ImageDraw.Draw(out)
    for line in range(4, 22, 6):
        pen.rectangle((line, line, SIZE[0] - 1 - line, SIZE[1] - 1 - line), outline="black", width=2)
    for across in range(30, SIZE[0] - 20, 20):
        for down in (10, SIZE[1] - 10):
            pen.ellipse((across - 4, down - 4, across + 4, down + 4), fill="red")
    return out
