"""One picture a match for a person to judge by: both sides, what matched outlined, their strokes laid over each other, the numbers in words.

Where the registered file is not here (it was moved), the private sketch that the store keeps stands in for it; where that is not here either (only
a snapshot is), the item's side alone is shown and the match says that it is unproved.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps
from sqlalchemy import select

from sekisho.fingerprints import WHOLE, Closeness, Content, Fingerprint, Region, Unfit, fingerprints
from sekisho.fingerprints.picture import UNREADABLE, Picture
from sekisho.model import Text
from sekisho.works import alignment, pages, schema
from sekisho.works.lettering import both, font, lines
from sekisho.works.store import Store
from sekisho.works.terms import TERMS_TEXT
from sekisho.works.values import Match

PANEL = 420
HEADER = 262
FOOTER = 52
EDGE = 12
INK, PAPER, FRAME = "#1a1a1a", "#ffffff", "#c02020"
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
ITEM, WORK = Text("item", "対象"), Text("registered", "登録作品")
SKETCH = Text("registered: sketch kept in the store", "登録作品（ストア内の略画）")
GONE = Text("registered: neither file nor sketch is here", "登録作品（元ファイルも略画もありません）")
STROKES = Text("strokes laid over each other", "線の重ね合わせ")
UNPROVED = Text("unproved: only exported fingerprints were compared", "未証明：公開用特徴量だけの比較です")
LEGEND = (
    (alignment.BOTH, Text("in both", "両方")),
    (alignment.ITEM_ONLY, Text("in the item alone", "対象のみ")),
    (alignment.WORK_ONLY, Text("in the registered alone", "登録作品のみ")),
)


class Registered(NamedTuple):
    """The registered side: its picture, and what that is."""

    picture: Image.Image | None
    caption: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A match and the name of the picture that shows it."""

    item: str
    match: Match
    name: str


def draw(item: str | bytes | Path, matches: Sequence[Match], folder: Path, number: int, store: Store | None = None) -> list[Shown]:
    """Write one picture for each of ``matches`` of ``item`` into ``folder``; matches of texts have none here. ``store`` lends its sketches."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(item) if isinstance(item, Path) else ""
    shown = []
    for place, match in enumerate(matches, 1):
        ours = page_picture(item, match.item_page)
        if ours is None:
            continue
        target = f"{number:05d}-{place}.png"
        sheet(ours, registered(match, store), match, name).save(folder / target)
        shown.append(Shown(name, match, target))
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
    """The picture as Pillow shows it, after the EXIF turn and on white, reduced to a few panels."""
    if content.drawn or isinstance(content.picture, Unfit):
        return None
    try:
        with Image.open(io.BytesIO(content.raw)) as image:
            image.seek(content.frame)
            image.draft("RGB", (4 * PANEL, 4 * PANEL))
            turned = ImageOps.exif_transpose(image).convert("RGBA")
    except UNREADABLE:
        return None
    turned.thumbnail((4 * PANEL, 4 * PANEL))
    return Image.alpha_composite(Image.new("RGBA", turned.size, PAPER), turned).convert("RGB")


def registered(match: Match, store: Store | None) -> Registered:
    """The registered picture: its file where that still is, else what the store keeps of it."""
    picture = page_picture(Path(match.path), match.page) if match.path else None
    if picture is not None:
        return Registered(picture, WORK)
    drawn = next(sketches(match, store), None) if store is not None else None
    return Registered(drawn, SKETCH if drawn is not None else GONE)


def sketches(match: Match, store: Store) -> Iterator[Image.Image]:
    """What the private tiers of a registered file show of it, that of the fingerprint that matched first."""
    files, prints, works = schema.files.c, schema.fingerprints.c, schema.works.c
    joined = schema.fingerprints.join(schema.files, files.id == prints.file).join(schema.works, works.id == files.work)
    wanted = select(prints.part, prints.exported, prints.private).select_from(joined)
    wanted = wanted.where(works.key == match.work, files.path == match.path, files.page == match.page)
    with store.read() as connection:
        rows = connection.execute(wanted).all()
    for row in sorted(rows, key=lambda row: row.part != match.fingerprint):
        sketch = getattr(fingerprints().get(row.part), "sketch", None)  # parts that keep none have no such function
        gray = sketch(Fingerprint(bytes(row.exported), bytes(row.private))) if sketch and row.private else None
        if gray is not None:
            yield Image.fromarray(gray)


def sheet(item: Image.Image, work: Registered, match: Match, name: str) -> Image.Image:
    """The panels under their header, over their legend."""
    laid = alignment.overlay(item, work.picture, match) if work.picture is not None else None
    canvas = Image.new("RGB", (3 * PANEL + 4 * EDGE, HEADER + PANEL + 24 + FOOTER), PAPER)
    pen = ImageDraw.Draw(canvas)
    for line, text in enumerate(header(match, name, laid, item.size)):
        pen.text((EDGE, EDGE + 22 * line + 6 * bool(line)), text, fill=INK, font=font(14 if line else 18))
    panels = [
        (framed(item, match.item_region, match.quad), ITEM),
        (framed(work.picture, match.work_region) if work.picture is not None else None, work.caption),
        (ImageOps.contain(laid.picture, (PANEL, PANEL)) if laid else None, STROKES if laid else UNPROVED),
    ]
    for place, (panel, caption) in enumerate(panels):
        left = EDGE + place * (PANEL + EDGE)
        pen.text((left, HEADER), both(caption), fill=INK, font=font(15))
        if panel is not None:
            canvas.paste(panel, (left, HEADER + 24))
    if laid:
        legend(pen, HEADER + 24 + PANEL + EDGE)
    return canvas


def legend(pen: ImageDraw.ImageDraw, top: int) -> None:
    """Say what the colours of the strokes mean."""
    left = 3 * EDGE + 2 * PANEL
    for place, (colour, text) in enumerate(LEGEND):
        row, column = divmod(place, 2)
        at = (left + column * PANEL // 2, top + 20 * row)
        pen.rectangle((at[0], at[1] + 3, at[0] + 12, at[1] + 15), fill=colour)
        pen.text((at[0] + 18, at[1]), both(text), fill=INK, font=font(13))


def header(match: Match, name: str, laid: alignment.Overlay | None, size: tuple[int, int]) -> list[str]:
    """What matched, in words: English above Japanese."""
    terms = TERMS_TEXT[match.terms.kind]
    known = Text(f"terms: {terms.en} ({match.terms})   id: {match.work}", f"許諾条件：{terms.ja}（{match.terms}）")
    page = Text(f"   page {match.page}", f"　{match.page}ページ") if match.page else Text("", "")
    told = [
        place(match, laid, size),
        chance(match),
        *([agreement(laid)] if laid else []),
        Text(f"{known.en}{page.en}   item: {Path(name).name}", f"{known.ja}{page.ja}　特徴量：{match.fingerprint}"),
        SIMILAR,
    ]
    return [f"{match.title or match.work}  /  {match.holder}", *lines(told)]


def place(match: Match, laid: alignment.Overlay | None, size: tuple[int, int]) -> Text:
    """What of the registered picture stands where in the item, and which way round."""
    level, of_work, of_item = LEVELS[match.level], percent(match.work_region), percent(match.item_region)
    if match.level is Closeness.VERBATIM:
        return level
    mirrored, angle = alignment.turned(laid.corners, size) if laid else (False, 0)
    en = [f"{of_work} of the registered picture on {of_item} of the item", *["mirrored"] * mirrored]
    ja = [f"登録作品の{of_work}が対象の{of_item}の範囲に対応", *["左右反転"] * mirrored]
    if abs(angle) >= 2:
        way = Text("clockwise", "時計回り") if angle > 0 else Text("anticlockwise", "反時計回り")
        en, ja = [*en, f"turned {abs(angle)}° {way.en}"], [*ja, f"{way.ja}に{abs(angle)}°回転"]
    return Text(f"{level.en}: {', '.join(en)}", f"{level.ja}：{'、'.join(ja)}")


def chance(match: Match) -> Text:
    """How sure the answer is."""
    right = min(round(1000 * match.score), 999)  # nothing is certain
    sure = Text(
        f"score {match.score:.3f}: of 1,000 answers as sure as this about {right} are right",
        f"スコア {match.score:.3f}：同じ確からしさの回答 1,000 件のうち約 {right} 件が正しいと見込まれます",
    )
    return sure if match.proved else Text(f"{sure.en}; unproved", f"{sure.ja}（未証明）")


def agreement(laid: alignment.Overlay) -> Text:
    """How many strokes of each side the other has at the same place."""
    return Text(
        f"strokes: {laid.of_work:.0%} of those registered are in the item, {laid.of_item:.0%} of those of the item are in the registered part",
        f"線の一致：登録作品側の線の {laid.of_work:.0%} が対象に、対象側の線の {laid.of_item:.0%} が登録作品側にあります",
    )


def percent(region: Region) -> str:
    """How much of a picture a region covers."""
    return f"{min(region[2] * region[3], 1.0):.0%}" if len(region) == 4 else "100%"


def framed(picture: Image.Image, region: Sequence[float], quad: Sequence[float] | None = None) -> Image.Image:
    """The picture in a panel, the matching region outlined unless it is the whole."""
    panel = ImageOps.contain(picture.convert("RGB"), (PANEL, PANEL))
    if quad is None and tuple(region) != WHOLE and len(region) == 4:
        x, y, width, height = region
        quad = (x, y, x + width, y, x + width, y + height, x, y + height)
    if quad is not None:
        corners = [(x * (panel.width - 1), y * (panel.height - 1)) for x, y in zip(quad[::2], quad[1::2], strict=True)]
        pen = ImageDraw.Draw(panel)
        for width, colour in ((5, PAPER), (3, FRAME)):  # light beside dark: seen on any ground
            pen.line([*corners, corners[0]], fill=colour, width=width, joint="curve")
    return panel
