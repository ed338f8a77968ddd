import sys

import numpy as np
import pytest
from drawings import drawing, encoded
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from sekisho.fingerprints import Closeness, Content, Fingerprint, Row, Unfit, exact, image


def of(picture: Image.Image, kind: str = "PNG", **options: object) -> Fingerprint:
    made = image.of(Content(encoded(picture, kind, **options), "image"))
    assert isinstance(made, Fingerprint), made
    return made


def lettered(picture: Image.Image) -> Image.Image:
    out = picture.copy()
    ImageDraw.Draw(out).rectangle((0, 130, 400, 170), fill="white")
    ImageDraw.Draw(out).text((20, 135), "SALE SALE SALE", fill="black", font_size=30)
    return out


def noisy(picture: Image.Image) -> Image.Image:
    values = np.asarray(picture, np.float32) + np.random.default_rng(0).normal(0, 20, (300, 400, 3))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


EDITS = {
    "small": lambda p: p.resize((100, 75)),
    "gray": lambda p: p.convert("L"),
    "dark": lambda p: p.point(lambda v: int(255 * (v / 255) ** 1.8)),
    "blurred": lambda p: p.filter(ImageFilter.GaussianBlur(3)),
    "noisy": noisy,
    "stretched": lambda p: p.resize((640, 300)),
    "lettered": lettered,
    "mirrored": ImageOps.mirror,
    "turned": lambda p: p.transpose(Image.Transpose.ROTATE_90),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_altered_picture_is_near_to_its_original_and_to_no_other(edit):
    copies = [of(EDITS[edit](drawing(seed)), "JPEG", quality=60) for seed in range(6)]
    originals = [of(drawing(seed)) for seed in range(6)]
    for place, copy in enumerate(copies):
        likenesses = [image.compare(copy, original) for original in originals]
        scores = [0.0 if one is None else one.score for one in likenesses]
        assert scores[place] > 0.6
        assert max(score for other, score in enumerate(scores) if other != place) < 0.1


def test_without_the_private_picture_a_match_is_unproved():
    whole = of(drawing(1))
    like = image.compare(whole, Fingerprint(whole.exported))
    assert like is not None
    assert not like.proved
    assert like.score > 0.9


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (300, 300), 255),
        Image.linear_gradient("L"),
        Image.fromarray(np.repeat(np.array([30, 200, 90], np.uint8), 100)[:, None].repeat(300, 1)),
        Image.fromarray(np.pad(np.zeros((6, 6), np.uint8), 150, constant_values=255)),
    ],
    ids=["blank", "gradient", "stripes", "speck"],
)
def test_a_picture_with_too_little_in_it_cannot_be_claimed(picture):
    made = image.of(Content(encoded(picture), "image"))
    assert isinstance(made, Unfit)
    assert made.blank


def test_the_segment_finds_the_file_of_a_copy(tmp_path):
    image.build([Row(seed + 10, of(drawing(seed))) for seed in range(12)], tmp_path)
    hits = image.load(tmp_path).search(of(ImageOps.mirror(drawing(5))))
    assert hits[0].file == 15
    assert hits[0].likeness.level is Closeness.NEAR


def test_a_fingerprint_is_small_and_its_exported_tier_holds_no_picture():
    made = of(drawing(1))
    assert len(made.exported) == 32
    assert len(made.private) == 288


def test_the_same_bytes_and_the_same_pixels_are_verbatim(tmp_path):
    raw = [encoded(drawing(seed).convert("L")) for seed in range(5)]
    prints = [exact.of(Content(one, "image")) for one in raw]
    exact.build([Row(place, one) for place, one in enumerate(prints, 1)], tmp_path)
    index = exact.load(tmp_path)
    for place, one in enumerate(raw, 1):
        assert [hit.file for hit in index.search(exact.of(Content(one, "image")))] == [place]
    repacked = exact.of(Content(encoded(drawing(3).convert("L"), "BMP"), "image"))
    assert [hit.file for hit in index.search(repacked)] == [4]
    assert index.search(exact.of(Content(encoded(drawing(9)), "image"))) == []
    assert sys.getsizeof(prints[0].exported) < 120


def test_a_file_that_is_no_picture_still_has_a_digest_of_its_bytes():
    assert len(exact.of(Content(b"not a picture", "image")).exported) == 32
