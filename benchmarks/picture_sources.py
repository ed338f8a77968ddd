"""Real drawings and photographs out of Debian packages, fetched by name when a benchmark runs, and parted into what may be tuned on and what may not.

Parts: ``tuning`` and ``held-out`` are halves of openclipart, wallpapers and pysiogame by the digest of the path; ``apart`` is the art of games, and
``engravings`` old star maps, which were never looked at while anything was chosen or fitted. ``strangers`` of a part are stamps and emoji that are
never registered, ``grounds`` the photographs that pictures are pasted on. National flags are left out of all parts (public signs, alike by design).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CACHE = Path.home() / ".cache" / "sekisho-benchmarks" / "pictures"
PACKAGES = {
    "common": ("openclipart-png", "openclipart-svg", "plasma-workspace-wallpapers", "mate-backgrounds", "gnome-backgrounds", "pysiogame", "fonts-noto-color-emoji"),
    "apart": ("wesnoth-1.16-data", "renpy-demo", "renpy-thequestion"),
    "engravings": ("stellarium-data",),
    "strangers": ("tuxpaint-stamps-default",),
    "grounds": ("lomiri-wallpapers-16.04", "ukui-wallpapers"),
}  # fmt: skip
SMALLEST, LARGEST = 150, 640
CREATOR = re.compile(rb"<dc:creator>.*?<dc:title>(.*?)</dc:title>", re.DOTALL)
FLAGS = ("flag", "islands")
EMOJI_FONT = "fonts/truetype/noto/NotoColorEmoji.ttf"
EMOJI_FONT_PX = 109  # the one size that the colour bitmap font has
EMOJI = [*range(0x1F300, 0x1F650), *range(0x1F680, 0x1F6FD), *range(0x1F900, 0x1FA00), *range(0x1FA70, 0x1FAF7), *range(0x2600, 0x27C0)]


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
    """The folder into which the packages were unpacked; fetches those that are missing. Where they cannot be had, the run ends with that word."""
    root = CACHE / kind
    for name in PACKAGES[kind]:
        if not (root / f".{name}").exists():
            unpack(name, root)
    return root / "usr" / "share"


def unpack(name: str, root: Path) -> None:
    """Download one package by its name and lay its files under ``root``; nothing is installed."""
    root.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "-qq", name], cwd=root, check=True, capture_output=True)
        for archive in root.glob(f"{name}_*.deb"):
            subprocess.run(["dpkg", "-x", archive, root], check=True)
            archive.unlink()
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"skipped: the pictures of the Debian package {name} are not to be had here ({error})") from error
    (root / f".{name}").touch()


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
    whole = {"apart": apart, "engravings": engravings}
    return ordered(whole[part]() if part in whole else half(common(), part))


def strangers(part: str) -> list[Source]:
    """Pictures that are never registered, in the order of their digests: stamps and emoji. What is not for tuning is for all other parts."""
    return ordered(half(chain(stamps(), emojis()), part))


def grounds(part: str) -> list[Source]:
    """Photographs to paste on, in the order of their digests."""
    share = packages("grounds")
    return ordered(half((Source(path, str(path), drawing=False) for path in share.glob("backgrounds/**/*.*g")), part))


def half(found: Iterable[Source], part: str) -> Iterator[Source]:
    """The half of ``found`` that tuning may see, or the other."""
    return (one for one in found if (part == "tuning") != bool(digest(one.path) % 2))


def ordered(found: Iterable[Source]) -> list[Source]:
    """``found`` without flags, in the order of their digests."""
    return sorted((one for one in found if not any(word in str(one.path).lower() for word in FLAGS)), key=lambda one: digest(one.path))


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


def engravings() -> Iterator[Source]:
    """Constellation figures of several cultures: thin lines, mostly light on black."""
    folder = packages("engravings") / "stellarium" / "skycultures"
    return (Source(path, str(path.parent), drawing=True) for path in folder.rglob("*.png"))


def stamps() -> Iterator[Source]:
    """Children's stamps: drawings and photographs that were cut out."""
    return (Source(path, str(path), drawing=True) for path in (packages("strangers") / "tuxpaint" / "stamps").rglob("*.png"))


def emojis() -> Iterator[Source]:
    """The signs of the colour font, each as if it were a file in it."""
    font = packages("common") / EMOJI_FONT
    return (Source(font / f"{code:x}", "noto", drawing=True) for code in EMOJI)


@cache
def emoji(code: int) -> Image.Image:
    """One emoji with transparency, in the size that the font has."""
    font = ImageFont.truetype(packages("common") / EMOJI_FONT, EMOJI_FONT_PX)
    canvas = Image.new("RGBA", (136, 128))
    ImageDraw.Draw(canvas).text((0, 0), chr(code), font=font, embedded_color=True)
    return canvas


def opened(source: Source) -> Image.Image | None:
    """The picture on white, at most 640 pixels long; None when it is small or cannot be read."""
    if source.path.parent.name == Path(EMOJI_FONT).name:
        return on_white(emoji(int(source.path.name, 16)).resize((408, 384), Image.Resampling.BICUBIC))
    try:
        with Image.open(source.path) as image:
            if min(image.size) < SMALLEST:
                return None
            image.draft("RGB", (LARGEST, LARGEST))
            layered = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    layered.thumbnail((LARGEST, LARGEST))
    return on_white(layered)


def on_white(layered: Image.Image) -> Image.Image:
    """A picture with transparency, laid on white paper."""
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
