"""No false match and bounded time, whatever picture is asked about."""

import time
from itertools import product

import numpy as np
import pytest
from drawings import drawing, encoded
from hostile_pictures import SHAPES, bits_apart, collided, near_empty, ornamented, screened, speed_lines, text_wall, texture, tiny_panels
from PIL import Image

from sekisho.works import Works

SEARCHED = (0, 1, 5)
"""Seeds of pairs for which the search gets near in a few seconds."""
AS_LONG_AS = 12.0
"""Times an ordinary page of the same size: nothing that can be drawn on it makes a question take longer."""


@pytest.fixture
def shelf(tmp_path):
    """A store of pictures by name."""

    def filled(pictures: dict[str, Image.Image]) -> Works:
        folder = tmp_path / "pictures"
        folder.mkdir()
        for name, picture in pictures.items():
            (folder / f"{name}.png").write_bytes(encoded(picture))
        works = Works.open(tmp_path / "store")
        works.register(folder, holder="A", terms="no")
        return works

    return filled


def titles(works: Works, picture: Image.Image) -> set[str]:
    """What is told of ``picture``, by the names of the files."""
    return {match.path.rsplit("/", 1)[-1].removesuffix(".png") for match in works.match(encoded(picture))}


def seconds(works: Works, raw: bytes) -> float:
    """Processor time of one question, the best of two."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        works.match(raw)
        taken.append(time.process_time() - start)
    return min(taken)


def hostile_pair(seed: int) -> tuple[Image.Image, Image.Image]:
    """A picture and the target whose global code it was made to have."""
    target = drawing(100 + seed)
    hostile = collided(drawing(200 + seed), target, seed)
    assert bits_apart(*(np.asarray(one.convert("L")) for one in (hostile, target))) <= 8, "the search did not get near"
    return hostile, target


@pytest.fixture(scope="module")
def pairs():
    return [hostile_pair(seed) for seed in SEARCHED]


def test_pictures_made_to_have_another_ones_global_code_do_not_match_it(shelf, pairs):
    works = shelf({f"t{place}": target for place, (_, target) in enumerate(pairs)})
    assert [titles(works, hostile) for hostile, _ in pairs] == [set()] * len(pairs)


def test_a_hostile_registration_does_not_claim_the_picture_whose_code_it_copies(shelf, pairs):
    works = shelf({f"h{place}": hostile for place, (hostile, _) in enumerate(pairs)})
    assert [titles(works, target) for _, target in pairs] == [set()] * len(pairs)


def test_near_empty_drawings_never_match_each_other(shelf):
    works = shelf({shape: near_empty(shape) for shape in SHAPES} | {"full": drawing(1)})
    for shape, at in product(SHAPES, ((150, 110), (40, 30), (240, 140))):
        assert titles(works, near_empty(shape, at)) <= {shape}, shape


@pytest.mark.parametrize("kind", ["bricks", "checks", "dots", "stripes", "moire"])
def test_textures_do_not_claim_what_else_repeats(shelf, kind):
    others = [one for one in ("bricks", "checks", "dots", "stripes", "moire") if one != kind]
    works = shelf({f"{one}{pitch}": texture(one, pitch) for one in others for pitch in (17, 29)} | {"full": drawing(1)})
    for pitch, seed in product((17, 29), (0, 1)):
        assert titles(works, texture(kind, pitch, seed)) == set()


def test_a_picture_on_a_texture_does_not_claim_another_picture_on_the_same_one(shelf):
    def on_texture(seed: int) -> Image.Image:
        ground = texture("dots", 12, seed)
        ground.paste(drawing(seed, (220, 160)), (140 + 7 * seed % 60, 170))
        return ground

    works = shelf({f"p{seed}": on_texture(seed) for seed in range(4)})
    assert [titles(works, on_texture(seed)) for seed in (10, 11, 12)] == [set()] * 3


@pytest.mark.parametrize("dressed", [speed_lines, screened, ornamented])
def test_what_many_panels_have_in_common_claims_none_of_them(shelf, dressed):
    works = shelf({f"p{seed}": dressed(drawing(500 + seed)) for seed in range(4)})
    assert [titles(works, dressed(drawing(600 + seed))) for seed in range(6)] == [set()] * 6


def test_pages_of_text_do_not_match_other_pages_of_text(shelf):
    works = shelf({f"page{seed}": text_wall(seed) for seed in range(4)} | {"full": drawing(1)})
    assert [titles(works, text_wall(seed)) for seed in (10, 11, 12)] == [set()] * 3


@pytest.mark.parametrize("hostile", ["panels", "text", "dots", "checks", "moire", "noise"])
def test_no_picture_makes_a_question_take_long(shelf, hostile):
    side = 2000
    works = shelf({f"p{seed}": drawing(seed) for seed in range(20)} | {"dots": texture("dots", 9), "text": text_wall(1)})
    made = {
        "panels": tiny_panels,
        "text": lambda: text_wall(5, (side, side)),
        "noise": lambda: Image.fromarray(np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)),
    }
    picture = made[hostile]() if hostile in made else texture(hostile, 9, size=(side, side))
    ordinary = encoded(drawing(77, (side, side)), "JPEG")
    works.match(ordinary)
    assert seconds(works, encoded(picture, "JPEG")) < AS_LONG_AS * seconds(works, ordinary)
