"""The kernels behind ``parts`` against their definitions in numpy."""

import numpy as np
import pytest
from drawings import drawing

from sekisho.kernels import agreement, lists, points, strokes
from sekisho.kernels.agreement import PAIR


@pytest.fixture(scope="module")
def gray():
    return np.asarray(drawing(4).convert("L"), np.float32)


def blurred(plane, sigma):
    reach = int(np.ceil(2.5 * sigma))
    taps = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    taps /= taps.sum()
    for axis in (0, 1):
        padded = np.pad(plane, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        plane = np.apply_along_axis(np.convolve, axis, padded, taps, "valid")
    return plane


def test_each_level_of_a_pyramid_is_blurred_more_and_each_octave_half_as_large(gray):
    made = points.pyramid(gray, 2)
    size = gray.size
    first = blurred(gray.astype(np.float64), np.sqrt(1.6**2 - 0.6**2))
    second = blurred(first, 1.6)
    third = blurred(second, 1.6 * np.sqrt(2))
    for level, wanted in enumerate((first, second, third)):
        assert made.levels[level * size : (level + 1) * size].reshape(gray.shape) == pytest.approx(wanted, abs=0.02)
    half = made.levels[5 * size : 5 * size + size // 4].reshape(gray.shape[0] // 2, gray.shape[1] // 2)
    assert half == pytest.approx(third[::2, ::2], abs=0.02)


def test_points_of_a_mirrored_picture_are_the_mirrored_points(gray):
    one, other = (points.pyramid(picture, 3).found(1.0) for picture in (gray, gray[:, ::-1].copy()))
    width = gray.shape[1] - 1
    odd = one["octave"] == 0  # further octaves begin at the left edge, whichever that is
    mirrored = {(round(width - x), round(y)) for x, y in zip(one["x"][odd].tolist(), one["y"][odd].tolist(), strict=True)}
    found = {(round(x), round(y)) for x, y in zip(other["x"].tolist(), other["y"].tolist(), strict=True)}
    assert len(mirrored & found) > 0.9 * len(mirrored)


def test_a_description_does_not_know_light_from_dark(gray):
    found = [points.pyramid(picture, 2) for picture in (gray, 255 - gray)]
    chosen = found[0].found(1.0)
    angles = np.zeros(len(chosen), np.float32)
    one, other = (made.described(chosen, angles) for made in found)
    assert other == pytest.approx(one, rel=0.02, abs=0.5)


def test_lists_hold_every_alike_point_in_the_lists_that_are_opened():
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 256, (4000, 16), dtype=np.uint8)
    levels = np.concatenate([codes & 15, codes >> 4], axis=1).astype(np.int64)
    asked = (levels[:20] * 16 + 8 + rng.integers(-20, 20, (20, 32))).astype(np.int16)
    starts = np.full(lists.WORDS**2 + 1, 4000, np.uint32)
    starts[0] = 0  # all in the list of the first word
    near = np.zeros((20, lists.WORDS), np.float32)
    near[:, 1:] = 1
    apart = (((asked[:, None, :] - (levels[None] * 16 + 8)) ** 2).sum(axis=2) >> 4).astype(int)
    wanted = {(q, p, apart[q, p]) for q, p in zip(*np.nonzero(apart <= 9000), strict=True)}
    found = lists.search(asked, (near, near), starts, codes, within=9000, visits=10_000, room=100_000)
    assert set(zip(*(column.tolist() for column in found), strict=True)) == {tuple(map(int, one)) for one in wanted}


def pairs_on(affine, count, rng):
    pairs = np.zeros(count, PAIR)
    pairs["from"] = rng.uniform(0, 255, (count, 2))
    pairs["to"] = pairs["from"] @ affine[:, :2].T + affine[:, 2]
    pairs["map"] = affine[:, :2].ravel()
    pairs["weight"] = 1
    pairs["item"] = pairs["work"] = np.arange(count)
    return pairs


def test_pairs_that_lie_alike_are_told_from_those_that_do_not():
    rng = np.random.default_rng(5)
    affine = np.array([[0.6, -0.4, 30.0], [0.4, 0.6, -12.0]])
    pairs = pairs_on(affine, 40, rng)
    pairs["to"][25:] = rng.uniform(-300, 300, (15, 2))
    far = np.hypot(*(pairs["from"] @ affine[:, :2].T + affine[:, 2] - pairs["to"]).T)
    found = agreement.agreed(pairs, 4.0)
    assert found.pairs[:25].all()
    assert found.weight == found.pairs.sum()
    assert (agreement.fitting(pairs, affine, 4.0) == (far <= 4)).all()
    assert agreement.votes(pairs, np.array([0, 40]), 4.0).tolist() == [found.weight]


def test_a_point_counts_once_however_many_pairs_it_is_in():
    pairs = pairs_on(np.array([[1.0, 0, 5], [0, 1.0, 7]]), 10, np.random.default_rng(0))
    pairs["item"] = 0
    assert agreement.agreed(pairs, 4.0).pairs.sum() == 1


def test_a_picture_laid_on_itself_by_a_shift_is_the_shifted_picture(gray):
    laid, inside = strokes.warped(gray, np.array([[1.0, 0, 10], [0, 1, -6], [0, 0, 1]]), (80, 90))
    assert laid[6:] == pytest.approx(gray[:74, 10:100])
    assert not inside[:5].any()
    assert inside[6:].all()


def test_blocks_find_the_shift_at_which_strokes_agree():
    rng = np.random.default_rng(1)
    work = rng.normal(size=(2, 60, 60)).astype(np.float32)
    item = np.roll(work, (2, -3), axis=(1, 2))
    told = strokes.blocks(item, work, 10, 10, 4)
    assert told.agreement[1:-1, 1:-1] == pytest.approx(np.full((4, 4), 1 - 0.01 * np.hypot(2, 3)), abs=1e-3)
    assert (told.shifts[1:-1, 1:-1] == (-3, 2)).all()
