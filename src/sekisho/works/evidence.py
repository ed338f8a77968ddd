"""One picture a match for a person to judge by: the item, the registered picture, and where they differ, with what matched in words.

Where the registered file is not here (it was moved, or only a snapshot is), the item's side alone is shown.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from sekisho.fingerprints import WHOLE, Closeness, Content, Unfit, codes
from sekisho.fingerprints.picture import UNREADABLE, Picture
from sekisho.model import Text
from sekisho.works import pages
from sekisho.works.terms import TERMS_TEXT
from sekisho.works.values import Match

PANEL = 420
HEADER = 132
EDGE = 12
INK, PAPER, FRAME = "#1a1a1a", "#ffffff", "#c02020"
JAPANESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
    "C:/Windows/Fonts/meiryo.ttc",
)
SIMILAR = Text(
    "This shows similarity. It does not say that a right is infringed.", "類似性を示すものであり、権利侵害を示すものではありません。"
)
LEVELS = {
    Closeness.VERBATIM: Text("the same picture", "同一の画像"),
    Closeness.NEAR: Text("the whole picture, altered", "改変された画像全体"),
    Closeness.PARTIAL: Text("a part of it", "一部"),
    Closeness.SHARED_PART: Text("a part that both share", "共通する部分"),
    Closeness.STYLE: Text("style alone", "画風のみ"),
}
CAPTIONS = (Text("item", "対象"), Text("registered", "登録作品"), Text("difference: white where they differ", "差分：白い部分が相違"))
GONE = Text("registered: its file is not here", "登録作品（元ファイルがここにありません）")


@dataclass(frozen=True, slots=True)
class Shown:
    """A match and the name of the picture that shows it."""

    item: str
    match: Match
    name: str


def draw(item: str | bytes | Path, matches: Sequence[Match], folder: Path, number: int) -> list[Shown]:
    """Write one picture for each of ``matches`` of ``item`` into ``folder``; matches of texts have none here."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for place, match in enumerate(matches, 1):
        ours = page_picture(item, match.item_page)
        if ours is None:
            continue
        name = f"{number:05d}-{place}.png"
        sheet(ours, registered(match), match, str(item) if isinstance(item, Path) else "").save(folder / name)
        shown.append(Shown(str(item) if isinstance(item, Path) else "", match, name))
    return shown


def page_picture(source: str | bytes | Path, number: int) -> Image.Image | None:
    """One page of a file as it looks, in colour where it has any; None when it cannot be shown."""
    try:
        page = next((page for page in pages.of(source, "image") if page.number == number), None)
    except OSError:
        return None
    content = page.content if page else None
    if not isinstance(content, Content) or content.media != "image":
        return None
    picture = content.picture
    return coloured(content) or (Image.fromarray(picture.gray) if isinstance(picture, Picture) else None)


def coloured(content: Content) -> Image.Image | None:
    """The picture as Pillow shows it, after the EXIF turn and on white, reduced to a panel."""
    if content.drawn or isinstance(content.picture, Unfit):
        return None
    try:
        with Image.open(io.BytesIO(content.raw)) as image:
            image.seek(content.frame)
            image.draft("RGB", (2 * PANEL, 2 * PANEL))
            turned = ImageOps.exif_transpose(image).convert("RGBA")
    except UNREADABLE:
        return None
    turned.thumbnail((2 * PANEL, 2 * PANEL))
    return Image.alpha_composite(Image.new("RGBA", turned.size, PAPER), turned).convert("RGB")


def registered(match: Match) -> Image.Image | None:
    """The registered picture, where its file still is."""
    return page_picture(Path(match.path), match.page)


def sheet(item: Image.Image, work: Image.Image | None, match: Match, name: str) -> Image.Image:
    """The three panels under their header."""
    canvas = Image.new("RGB", (3 * PANEL + 4 * EDGE, HEADER + PANEL + 3 * EDGE + 24), PAPER)
    draw = ImageDraw.Draw(canvas)
    for line, text in enumerate(header(match, name)):
        draw.text((EDGE, EDGE + 24 * line), text, fill=INK, font=font(18 if line == 0 else 15))
    panels = (framed(item, match.item_region), framed(work, match.work_region), difference(item, work))
    for place, (panel, caption) in enumerate(zip(panels, CAPTIONS, strict=True)):
        left, top = EDGE + place * (PANEL + EDGE), HEADER
        draw.text((left, top), both(GONE if place == 1 and work is None else caption), fill=INK, font=font(15))
        if panel is not None:
            canvas.paste(panel, (left, top + 24))
    return canvas


def header(match: Match, name: str) -> list[str]:
    """What matched, in words."""
    level, terms = LEVELS[match.level], TERMS_TEXT[match.terms.kind]
    return [
        f"{match.title or match.work}  /  {match.holder}",
        f"{both(level)}: {match.score:.3f}   [{match.fingerprint}]" + ("" if match.proved else "   unproved 未証明"),
        f"terms 許諾条件: {both(terms)} ({match.terms})   id: {match.work}" + (f"   page {match.page}" if match.page else ""),
        f"item 対象: {Path(name).name}",
        both(SIMILAR),
    ]


def both(text: Text) -> str:
    """English and Japanese in one line, Japanese where this machine has letters for it."""
    return f"{text.en} {text.ja}" if japanese_font() else text.en


@cache
def japanese_font() -> str | None:
    """A font with Japanese letters, if this machine has one of the usual ones."""
    return next((name for name in JAPANESE_FONTS if Path(name).exists()), None)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font of the sheet."""
    name = japanese_font()
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def framed(picture: Image.Image | None, region: Sequence[float]) -> Image.Image | None:
    """The picture in a panel, the matching region outlined unless it is the whole."""
    if picture is None:
        return None
    panel = ImageOps.contain(picture.convert("RGB"), (PANEL, PANEL))
    if tuple(region) != WHOLE and len(region) == 4:
        x, y, width, height = region
        box = (x * panel.width, y * panel.height, (x + width) * panel.width, (y + height) * panel.height)
        ImageDraw.Draw(panel).rectangle(box, outline=FRAME, width=3)
    return panel


def difference(item: Image.Image, work: Image.Image | None) -> Image.Image | None:
    """Where the two differ, the item turned and stretched onto the work in the form that fits best."""
    if work is None:
        return None
    onto = ImageOps.contain(work.convert("L"), (PANEL, PANEL))
    target = np.asarray(ImageOps.autocontrast(onto).resize((codes.ORDER * 2,) * 2), np.float32)
    turned = [
        Image.fromarray(np.ascontiguousarray(codes.turn(np.asarray(item.convert("L"), np.float32), how)).astype(np.uint8))
        for how in range(8)
    ]
    small = [np.asarray(ImageOps.autocontrast(one).resize((codes.ORDER * 2,) * 2), np.float32) for one in turned]
    best = int(np.argmin([np.abs(one - target).mean() for one in small]))
    return ImageChops.difference(ImageOps.autocontrast(turned[best].resize(onto.size)), ImageOps.autocontrast(onto)).convert("RGB")


def contact_sheet(shown: Iterable[Shown], folder: Path) -> None:
    """Write ``index.html``: every match with its picture, in both languages."""
    rows = "\n".join(
        f"<section><h2>{escape(one.match.title or one.match.work)} / {escape(one.match.holder)}</h2>"
        f"<p>{escape(one.item)}: {escape(LEVELS[one.match.level].en)} <span lang=ja>{escape(LEVELS[one.match.level].ja)}</span>, "
        f"{one.match.score:.3f}; {escape(str(one.match.terms))} <span lang=ja>{escape(TERMS_TEXT[one.match.terms.kind].ja)}</span></p>"
        f"{picture_or_link(one.name)}</section>"
        for one in shown
    )
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Sekisho: matches 照合結果</title>"
        "<style>body{font:16px sans-serif;max-width:84rem;margin:2rem auto;padding:0 1rem}img{max-width:100%;border:1px solid #ccc}</style>"
        f"<h1>Matches <span lang=ja>照合結果</span></h1><p>{SIMILAR.en} <span lang=ja>{SIMILAR.ja}</span></p>\n{rows}\n</html>\n"
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def picture_or_link(name: str) -> str:
    """The picture of a match, or the way to its page."""
    if name.endswith(".html"):
        return f'<p><a href="{name}">side by side <span lang=ja>並べて見る</span></a></p>'
    return f'<img loading=lazy src="{name}" alt="item, registered work, difference">'


def escape(text: str) -> str:
    """``text`` as it may stand in a page."""
    return html.escape(text)
