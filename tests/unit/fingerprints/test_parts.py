import time

import numpy as np
import pytest
from drawings import drawing, encoded
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from sekisho.fingerprints import Closeness, Content, Fingerprint, Likeness, Row, Unfit, parts

WORKS = 12


def of(picture: Image.Image, *, asked: bool = False) -> Fingerprint:
    made = parts.of(Content(encoded(picture, "JPEG", quality=85), "image", fleeting=asked))
    assert isinstance(made, Fingerprint), made
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The segment of a dozen drawings."""
    folder = tmp_path_factory.mktemp("segment")
    parts.build([Row(seed, of(drawing(seed))) for seed in range(WORKS)], folder)
    return parts.load(folder)


def best(hits) -> float:
    return max((hit.likeness.score for hit in hits), default=0.0)


def collage(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", (800, 600), "white")
    for place, one in enumerate([drawing(90), picture, drawing(91), drawing(92)]):
        page.paste(one.resize((380, 285)), (10 + 395 * (place % 2), 10 + 295 * (place // 2)))
    return page


def lettered(picture: Image.Image) -> Image.Image:
    out = picture.copy()
    ImageDraw.Draw(out).text((20, 120), "NOT FOR SALE\nAT ALL", fill="yellow", font_size=48, stroke_width=2, stroke_fill="black")
    return out


def noisy(picture: Image.Image) -> Image.Image:
    values = np.asarray(picture, np.float32) + np.random.default_rng(0).normal(0, 25, (300, 400, 3))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


EDITS = {
    "itself": lambda p: p,
    "mirrored": ImageOps.mirror,
    "turned by 90": lambda p: p.transpose(Image.Transpose.ROTATE_90),
    "turned by 20": lambda p: p.rotate(20, Image.Resampling.BICUBIC, expand=True),
    "cut": lambda p: p.crop((60, 40, 330, 250)),
    "cut and mirrored": lambda p: ImageOps.mirror(p.crop((60, 40, 330, 250))),
    "in a collage": collage,
    "redrawn in lines": lambda p: ImageOps.autocontrast(ImageOps.invert(p.convert("L").filter(ImageFilter.FIND_EDGES))).convert("RGB"),
    "lettered": lettered,
    "noisy": noisy,
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_altered_part_is_found_and_no_other_work_is(shop, edit):
    for seed in range(3):
        hits = shop.search(of(EDITS[edit](drawing(seed)), asked=True))
        assert hits[0].file == seed
        assert hits[0].likeness.score > 0.8
        assert best(hits[1:]) < 0.3


def test_regions_say_where_the_part_lies_in_both(shop):
    cut = drawing(2).crop((60, 40, 330, 250))
    like = shop.search(of(cut, asked=True))[0].likeness
    assert like.level is Closeness.PARTIAL
    assert like.item_region == pytest.approx((0, 0, 1, 1), abs=0.02)
    assert like.work_region == pytest.approx((60 / 400, 40 / 300, 270 / 400, 210 / 300), abs=0.03)
    assert like.quad is None
    panel = shop.search(of(collage(drawing(2)), asked=True))[0].likeness
    assert panel.item_region == pytest.approx((405 / 800, 10 / 600, 380 / 800, 285 / 600), abs=0.03)
    assert panel.work_region == pytest.approx((0, 0, 1, 1), abs=0.03)


def test_a_turned_or_mirrored_part_names_the_corners_of_the_work_in_order(shop):
    like = shop.search(of(ImageOps.mirror(drawing(3)), asked=True))[0].likeness
    assert like.quad == pytest.approx((1, 0, 0, 0, 0, 1, 1, 1), abs=0.03)


def test_with_what_is_exported_alone_a_part_is_unproved():
    work, cut = of(drawing(1)), of(drawing(1).crop((60, 40, 330, 250)), asked=True)
    like = parts.compare(cut, Fingerprint(work.exported))
    assert isinstance(like, Likeness)
    assert not like.proved
    assert like.work_region == (0, 0, 1, 1)


@pytest.mark.parametrize("shown", ["blank", "disc", "lines", "gradient"])
def test_nearly_empty_pictures_resemble_nothing(shop, shown):
    picture = Image.new("L", (400, 300), 250)
    draw = ImageDraw.Draw(picture)
    if shown == "disc":
        draw.ellipse((150, 100, 250, 200), fill=40)
    if shown == "lines":
        for place in range(0, 400, 9):
            draw.line((place, 0, 200, 900), fill=0)
    if shown == "gradient":
        picture = Image.fromarray(np.tile(np.linspace(0, 255, 400).astype(np.uint8), (300, 1)))
    asked = of(picture.convert("RGB"), asked=True)
    assert best(shop.search(asked)) < 0.3
    if shown in {"blank", "gradient"}:
        like = parts.compare(asked, of(picture.convert("RGB")))
        assert like is None or like.score < 0.3


def test_another_work_that_shares_a_figure_is_told_as_sharing_a_part(tmp_path):
    figure = drawing(50).crop((100, 60, 300, 240))
    ours, theirs = drawing(51), drawing(52)
    ours.paste(figure, (30, 60))
    theirs.paste(figure, (170, 90))
    parts.build([Row(1, of(ours)), Row(2, of(theirs))], tmp_path)
    hits = {hit.file: hit.likeness for hit in parts.load(tmp_path).search(of(ours, asked=True))}
    assert hits[1].level is Closeness.NEAR
    assert hits[2].level is Closeness.SHARED_PART


@pytest.mark.parametrize("shown", ["tiny panels", "text", "moire"])
def test_pictures_full_of_repetition_are_answered_in_bounded_time(shop, shown):
    picture = Image.new("RGB", (1500, 1500), "white")
    draw = ImageDraw.Draw(picture)
    if shown == "tiny panels":
        for place in range(10_000):
            x, y = 15 * (place % 100), 15 * (place // 100)
            draw.rectangle((x, y, x + 12, y + 12), outline="black")
            draw.line((x + 2, y + place % 9, x + 10, y + 5), fill="black")
    if shown == "text":
        draw.multiline_text((0, 0), "\n".join("the quick brown fox jumps over it " * 6 for _ in range(120)), fill="black")
    if shown == "moire":
        rows, columns = np.mgrid[:1500, :1500]
        picture = Image.fromarray(((np.hypot(rows - 700, columns) // 4 + columns // 5) % 2 * 255).astype(np.uint8)).convert("RGB")
    start = time.process_time()
    assert best(shop.search(of(picture, asked=True))) < 0.3
    assert time.process_time() - start < 2


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (16, 16), (9, 3000)])
def test_pictures_of_any_shape_are_taken(shop, size):
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    assert best(shop.search(of(Image.fromarray(noise), asked=True))) < 0.3


def test_a_picture_that_cannot_be_read_has_no_parts():
    assert isinstance(parts.of(Content(b"\xff\xd8\xff\xe0 cut", "image")), Unfit)
