"""Words on pictures, in English and, where this machine has a font for it, in Japanese."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from PIL import ImageFont

from sekisho.model import Text

JAPANESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
    "C:/Windows/Fonts/meiryo.ttc",
)


@cache
def japanese_font() -> str | None:
    """A font with Japanese letters, if this machine has one of the usual ones."""
    return next((name for name in JAPANESE_FONTS if Path(name).exists()), None)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font of the sheet."""
    name = japanese_font()
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def both(text: Text) -> str:
    """English and Japanese in one line."""
    return f"{text.en}  {text.ja}" if japanese_font() else text.en


def lines(texts: Iterable[Text]) -> list[str]:
    """Each text in English, and below it in Japanese."""
    return [line for text in texts for line in ((text.en, text.ja) if japanese_font() else (text.en,))]
