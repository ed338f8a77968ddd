from pathlib import Path

import numpy as np
import pytest
from drawings import drawing, encoded
from PIL import Image, ImageOps

from sekisho.fingerprints import WHOLE, Closeness, Region
from sekisho.works import Identity, Match, Works, alignment, evidence, terms

UPRIGHT = (0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0)


def match(level: Closeness = Closeness.NEAR, region: Region = WHOLE, quad: Region | None = None, **said: object) -> Match:
    given = {"fingerprint": "image-1", **said}
    return Match("w1", "海", "青井", terms.parse("no"), Identity.OWN, level, 0.98, region, WHOLE, quad, **given)


def placed(picture: Image.Image, box: tuple[int, int], size: tuple[int, int]) -> tuple[Image.Image, Region]:
    """``picture`` on a page, and where it lies on it."""
    page = Image.new("RGB", (800, 600), "white")
    page.paste(picture.resize(size), box)
    return page, (box[0] / 800, box[1] / 600, size[0] / 800, size[1] / 600)


@pytest.mark.parametrize("turn", range(8))
def test_a_turned_or_mirrored_copy_is_laid_over_the_work_the_right_way_round(turn):
    work = drawing(3)
    item = (ImageOps.mirror(work) if turn > 3 else work).rotate(-90 * (turn % 4), expand=True)
    laid = alignment.overlay(item, work, match())
    assert min(laid.of_work, laid.of_item) > 0.9
    assert alignment.turned(laid.corners, item.size) == (turn > 3, (0, 90, 180, -90)[turn % 4])


def test_strokes_of_a_part_are_compared_where_the_part_lies():
    work = drawing(4)
    page, region = placed(work, (420, 60), (320, 240))
    there = alignment.overlay(page, work, match(Closeness.PARTIAL, region))
    elsewhere = alignment.overlay(page, work, match(Closeness.PARTIAL, (0.0, 0.4, 0.4, 0.4)))
    assert there.of_work > 0.9
    assert elsewhere.of_work < 0.2


def test_a_small_turn_is_undone_as_the_corners_say():
    work = drawing(5)
    item = work.rotate(-15, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    corners = np.array([(0, 0), (400, 0), (400, 300), (0, 300)]) - [200, 150]
    turn = np.radians(15)
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + [item.width / 2, item.height / 2]
    laid = alignment.overlay(item, work, match(quad=tuple((turned / item.size).ravel())))
    assert min(laid.of_work, laid.of_item) > 0.9
    assert alignment.turned(laid.corners, item.size) == (False, 15)


def test_what_lies_outside_the_item_counts_on_neither_side():
    work = drawing(6)
    right_half = work.crop((200, 0, 400, 300))
    laid = alignment.overlay(right_half, work, match(Closeness.PARTIAL, quad=(-1.0, 0.0, 1.0, 0.0, 1.0, 1.0, -1.0, 1.0)))
    assert min(laid.of_work, laid.of_item) > 0.9


@pytest.mark.parametrize("quad", [(0.0,) * 8, (0.5, 0.5) * 4, (0.0, 0.0, 1.0, 1.0) * 2, (-9.0, -9.0, 9.0, -9.0, 9.0, 9.0, -9.0, 9.0)])
def test_corners_that_make_no_part_are_drawn_without_a_fault(quad):
    laid = alignment.overlay(drawing(1), drawing(2), match(quad=quad))
    assert 0 <= laid.of_work <= 1


def test_two_other_pictures_share_few_strokes():
    laid = alignment.overlay(drawing(7), drawing(8), match(quad=UPRIGHT))
    assert max(laid.of_work, laid.of_item) < 0.6


def test_the_numbers_are_told_in_words():
    laid = alignment.overlay(ImageOps.mirror(drawing(3)), drawing(3), match())
    words = "\n".join(evidence.header(match(), "a/b.png", laid, (400, 300)))
    assert "mirrored" in words
    assert "about 980 are right" in words
    assert "b.png" in words
    assert "a/b.png" not in words


@pytest.fixture
def store(tmp_path: Path) -> Works:
    path = tmp_path / "w.png"
    path.write_bytes(encoded(drawing(9)))
    works = Works.open(tmp_path / "store")
    works.register(path, holder="A", terms="no")
    return works


def test_where_the_file_is_gone_the_sketch_of_the_store_stands_in(tmp_path, store):
    copy = encoded(drawing(9).resize((200, 150)), "JPEG")
    [found] = store.match(copy)
    (tmp_path / "w.png").unlink()
    side = evidence.registered(found, store.store)
    assert side.picture is not None
    assert side.caption is evidence.SKETCH


def test_without_file_and_store_the_item_is_shown_alone_and_the_match_is_said_to_be_unproved(tmp_path, store):
    copy = encoded(drawing(9).resize((200, 150)), "JPEG")
    [found] = store.match(copy)
    (tmp_path / "w.png").unlink()
    assert evidence.registered(found, None) == evidence.Registered(None, evidence.GONE)
    [shown] = evidence.draw(copy, [found], tmp_path / "out", 1)
    assert (tmp_path / "out" / shown.name).stat().st_size > 1000
    assert "unproved" in evidence.chance(match(proved=False)).en
