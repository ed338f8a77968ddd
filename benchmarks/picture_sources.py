"""Real drawings and photographs out of Debian packages, fetched by name when a benchmark runs, and parted into what may be tuned on and what may not.

Parts: ``tuning`` and ``held-out`` are halves of openclipart, wallpapers and pysiogame by the digest of the path; ``apart`` is the art of games that
were never looked at while anything was chosen or fitted. National flags are left out of all parts (public signs, alike by design).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

CACHE = Path.home() / ".cache" / "sekisho-benchmarks" / "pictures"
PACKAGES = {
    "common": ("openclipart-png", "openclipart-svg", "plasma-workspace-wallpapers", "mate-backgrounds", "gnome-backgrounds", "pysiogame", "fonts-noto-color-emoji"),
    "apart": ("wesnoth-1.16-data", "renpy-demo", "renpy-thequestion"),
}  # fmt: skip
SMALLEST, LARGEST = 150, 640
CREATOR = re.compile(rb"<dc:creator>.*?<dc:title>(.*?)</dc:title>", re.DOTALL)
FLAGS = ("flag", "islands")


@dataclass(frozen=True, slots=True)
class Source:
    """One picture: where it lies, who made it (as far as the package says), drawing or photograph."""

    path: Path
    creator: str
    drawing: bool

    @property
    def stem(self) -> str:
        """The letters that its name begins with: sets of variants share them."""
        return re.sub("[^a-z]", "", self.path.stem.lower())[:6]

    def related(self, other: Source) -> bool:
        """Whether a match of the two counts neither way: the same creator, or variants by name. Fixed before any result was looked at."""
        return self.creator == other.creator or self.stem == other.stem


def packages(kind: str) -> Path:
    """The folder into which the packages were unpacked; fetches those that are missing."""
    root = CACHE / kind
    for name in PACKAGES[kind]:
        mark = root / f".{name}"
        if not mark.exists():
            root.mkdir(parents=True, exist_ok=True)
            subprocess.run(["apt-get", "download", "-qq", name], cwd=root, check=True)
            for archive in root.glob(f"{name}_*.deb"):
                subprocess.run(["dpkg", "-x", archive, root], check=True)
                archive.unlink()
            mark.touch()
    return root / "usr" / "share"


@cache
def creators() -> dict[str, str]:
    """The creator of each openclipart drawing by its path without the suffix."""
    folder = packages("common") / "openclipart" / "svg"
    found = {}
    for path in folder.rglob("*.svg*"):
        raw = path.read_bytes()
        named = CREATOR.search(gzip.decompress(raw) if path.suffix == ".svgz" else raw)
        if named:
            key = str(path.relative_to(folder)).split(".svg")[0]
            found[key] = " ".join(named[1].decode("utf-8", "replace").lower().split())
    return found


def sources(part: str) -> list[Source]:
    """The pictures of ``part``, in the order of their digests."""
    found = apart() if part == "apart" else (one for one in common() if (part == "held-out") == bool(digest(one.path) % 2))
    usable = (one for one in found if not any(word in str(one.path).lower() for word in FLAGS))
    return sorted(usable, key=lambda one: digest(one.path))


def digest(path: Path) -> int:
    """A number that depends on where a picture lies within its package."""
    return int.from_bytes(hashlib.sha256(str(path).split("/usr/", 1)[-1].encode()).digest()[:8])


def common() -> Iterator[Source]:
    """Drawings of openclipart, wallpapers (one size of each), and the photographs of pysiogame."""
    share = packages("common")
    drawn = share / "openclipart" / "png"
    for path in drawn.rglob("*.png"):
        yield Source(path, creators().get(str(path.relative_to(drawn).with_suffix("")), str(path)), drawing=True)
    for folder in sorted({path.parent for path in [*share.glob("wallpapers/*/contents/images/*.*g"), *share.glob("backgrounds/**/*.*g")]}):
        several = sorted(folder.glob("*.*g"))
        yield from (Source(path, str(path), drawing=False) for path in (several[:1] if "contents" in folder.parts else several))
    yield from (Source(path, str(path.parent), drawing=False) for path in share.glob("games/pysiogame/res/images/art4apps/**/*.jpg"))


def apart() -> Iterator[Source]:
    """Portraits and scenes of games."""
    share = packages("apart")
    for path in [
        *share.glob("games/wesnoth/*/data/**/portraits/**/*.*"),
        *share.glob("games/wesnoth/*/data/**/story/*.*"),
        *share.rglob("renpy*/**/*.*"),
    ]:
        if path.suffix in {".png", ".jpg", ".webp"}:
            yield Source(path, str(path.parent), drawing=True)


def opened(source: Source) -> Image.Image | None:
    """The picture on white, at most 640 pixels long; None when it is small or cannot be read."""
    try:
        with Image.open(source.path) as image:
            if min(image.size) < SMALLEST:
                return None
            image.draft("RGB", (LARGEST, LARGEST))
            layered = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    layered.thumbnail((LARGEST, LARGEST))
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
