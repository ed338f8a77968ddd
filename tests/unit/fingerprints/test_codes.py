import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.fingerprints import codes
from sekisho.kernels import pictures


def grid(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(128, 40, (64, 64)).astype(np.float32)


def table(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def changed(code: np.ndarray, bits: int, seed: int) -> bytes:
    """``code`` with so many of its 256 bits flipped."""
    signs = np.unpackbits(code.view(np.uint8), bitorder="little")
    signs[np.random.default_rng(seed).choice(256, bits, replace=False)] ^= 1
    return np.packbits(signs, bitorder="little").tobytes()


@pytest.mark.parametrize("how", range(8))
def test_the_forms_of_a_code_are_the_codes_of_the_turned_picture(how):
    made = grid(how)
    turned = np.ascontiguousarray(codes.turn(made, how))
    assert codes.forms(codes.code(made))[how].tobytes() == codes.code(turned)


@given(st.integers(1, 400), st.integers(0, 5), st.integers(0, 256), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_the_compiled_scan_finds_what_the_definition_finds(count, seed, most, room):
    many = table(count, seed)
    wanted = changed(many[count // 2], 12, seed)
    found, truth = pictures.scan(many, codes.forms(wanted), most, room), codes.nearest_by_definition(many, wanted, most).pick(slice(room))
    for name in ("places", "distances", "turns"):
        assert getattr(found, name).tolist() == getattr(truth, name).tolist()


@pytest.mark.parametrize("bits", [8, 10, 13])
def test_the_lists_miss_nothing_within_their_promise(bits):
    many = table(3000)
    lists = pictures.bands(many, bits)
    promise = 2 * (256 // bits) - 1
    for seed in range(40):
        wanted = changed(many[seed * 7], seed, seed)
        found = pictures.lookup(many, codes.forms(wanted), lists, flips=1, most=promise, room=10_000)
        truth = codes.nearest_by_definition(many, wanted, promise)
        assert sorted(set(found.places.tolist())) == sorted(truth.places.tolist())


def test_no_code_is_told_twice_in_one_form():
    many = np.repeat(table(1), 50, axis=0)
    lists = pictures.bands(many, 8)
    found = pictures.lookup(many, codes.forms(many[0].tobytes()), lists, flips=2, most=0, room=10_000)
    pairs = list(zip(found.places.tolist(), found.turns.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)) == 50


def test_a_large_index_keeps_the_promise_and_comes_back_from_disk(tmp_path):
    many = table(codes.SCAN_UP_TO + 5000)
    codes.build(many.tobytes(), tmp_path)
    index = codes.load(tmp_path)
    assert index.lists is not None
    assert 2 * (256 // index.lists.bits) - 1 >= codes.EXACT_WITHIN
    for seed in range(30):
        place = seed * 1000
        near = index.near(changed(many[place], codes.EXACT_WITHIN, seed))
        assert near.places[0] == place
        assert near.distances[0] == codes.EXACT_WITHIN


def test_a_small_index_finds_far_ones_too(tmp_path):
    many = table(500)
    codes.build(many.tobytes(), tmp_path)
    near = codes.load(tmp_path).near(changed(many[3], 90, 1))
    assert near.places[0] == 3
