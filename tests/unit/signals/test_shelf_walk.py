"""Walks the shelf of signal readers: what every part must bring, and every vector of every part."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sekisho import selftest
from sekisho.errors import InputError
from sekisho.model import Spec
from sekisho.signals import readers
from sekisho.signals.table import STATUS, table

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "signals"
FILES = sorted(FOLDER.glob("*.toml"))
YEAR = timedelta(days=366)


def readable(path):
    """The vectors of a file; none of a broken one, which has its own test and must not hide its neighbours."""
    try:
        return list(selftest.vectors(path))
    except InputError:
        return []


VECTORS = [vector for path in FILES for vector in readable(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vector_file_can_be_read(path):
    assert list(selftest.vectors(path))


@pytest.mark.parametrize("name", readers())
def test_a_part_says_what_it_follows_in_both_languages(name):
    spec = readers()[name].SPEC
    assert isinstance(spec, Spec)
    assert spec.name == name
    assert spec.status in STATUS
    assert spec.address.startswith("https://")
    assert all((spec.version, spec.sources, *spec.title, *spec.maps_to, *spec.unsure))


@pytest.mark.parametrize("name", readers())
def test_a_part_was_checked_against_its_protocol_within_a_year(name):
    age = datetime.now(UTC).date() - readers()[name].SPEC.checked
    assert age < YEAR, f"{name}: read its document again, then set SPEC.checked"


@pytest.mark.parametrize("name", readers())
def test_a_part_has_vectors_and_a_row_in_the_documentation(name):
    assert any(vector.part == name for vector in VECTORS), f"write tests/vectors/signals/{name}.toml"
    assert f"(`{name}`)" in table("en")


def test_no_two_vectors_of_a_part_have_one_name():
    names = [(vector.part, vector.name) for vector in VECTORS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.part}: {vector.name}")
def test_a_reader_answers_as_its_vector_says(vector):
    assert selftest.differences(vector) == []
