import numpy as np
import pytest
from drawings import drawing
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from sekisho.fingerprints import regions
from sekisho.fingerprints.regions import WHOLE, Box


def found_in(page: Image.Image) -> list[Box]:
    return regions.regions(np.asarray(page.convert("L")))


def test_panels_are_found_between_gutters_and_within_frames():
    page = Image.new("RGB", (620, 820), "white")
    draw = ImageDraw.Draw(page)
    boxes = [(10, 10, 300, 400), (320, 10, 610, 400), (10, 420, 610, 810)]
    for seed, (left, top, right, bottom) in enumerate(boxes):
        page.paste(drawing(seed, (right - left, bottom - top)), (left, top))
        draw.rectangle((left, top, right, bottom), outline="black", width=3)
    found = found_in(page)
    for left, top, right, bottom in boxes:
        panel = Box(left / 620, top / 820, right / 620, bottom / 820)
        assert max(regions.overlap(panel, one) for one in found) > 0.9


def test_a_picture_laid_on_another_is_found_by_its_straight_sides():
    page = drawing(3, (800, 600)).filter(ImageFilter.GaussianBlur(20))
    page.paste(ImageOps.expand(drawing(4, (260, 160)), 20, "white"), (370, 250))
    laid = Box(370 / 800, 250 / 600, 670 / 800, 450 / 600)
    assert max(regions.overlap(laid, one) for one in found_in(page)) > 0.9


def test_blank_margins_are_left_out():
    page = Image.new("RGB", (800, 600), (240, 240, 230))
    page.paste(drawing(5, (400, 300)), (100, 200))
    content = regions.content(np.asarray(page.convert("L")))
    assert regions.overlap(content, Box(100 / 800, 200 / 600, 500 / 800, 500 / 600)) > 0.95


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (16, 16)])
def test_any_picture_is_its_own_first_region(size):
    assert found_in(Image.new("L", size, 77)) == [WHOLE]


def test_however_many_panels_there_are_few_regions_come_back():
    rng = np.random.default_rng(0)
    page = np.kron(rng.integers(0, 2, (100, 100), dtype=np.uint8) * 255, np.ones((8, 8), np.uint8))
    assert len(regions.regions(page)) <= regions.MOST
