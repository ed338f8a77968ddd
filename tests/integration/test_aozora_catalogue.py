"""The terms of Japan against the flags of Aozora Bunko's catalogue, persons and works; each disagreement is known and explained in the docs."""

import csv
import gzip
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from sekisho.protection import Status, term, work_of

CATALOGUE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "aozora" / "catalogue.csv.gz"
DOCS = Path(__file__).parents[2] / "docs"
STATE_OF = date(2022, 2, 25)
DISAGREEING_PERSONS = {"クロッサー", "シュヴァルツ"}

pytestmark = pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue of Aozora Bunko is not beside this checkout")


@pytest.fixture(scope="module")
def rows():
    with gzip.open(CATALOGUE, "rt", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def status(rows):
    return term(work_of({"died": [row["没年月日"] for row in rows], "born": [row["生年月日"] for row in rows]}), "JP", STATE_OF).status


def agrees(found, flag):
    return (found is Status.PUBLIC_DOMAIN) == (flag == "なし")


def test_persons_with_a_known_death_agree_with_their_flag(rows):
    persons = {row["人物ID"]: row for row in rows}.values()
    known = [(row, found) for row in persons if (found := status([row])) is not Status.UNKNOWN]
    wrong = {row["姓"] for row, found in known if not agrees(found, row["人物著作権フラグ"])}
    assert len(known) == 493
    assert wrong == DISAGREEING_PERSONS
    assert 1 - len(wrong) / len(known) >= 0.995


def test_only_an_empty_death_is_unknown(rows):
    assert {row["没年月日"] for row in rows if status([row]) is Status.UNKNOWN} == {""}


def test_works_whose_contributors_deaths_are_known_agree_with_their_flag(rows):
    works = defaultdict(list)
    for row in rows:
        works[row["作品ID"]].append(row)
    known = [(listed, found) for listed in works.values() if (found := status(listed)) is not Status.UNKNOWN]
    wrong = [listed for listed, found in known if not agrees(found, listed[0]["作品著作権フラグ"])]
    assert len(known) == 8096
    assert 1 - len(wrong) / len(known) >= 0.995
    assert {listed[0]["作品著作権フラグ"] for listed in wrong} == {"あり"}, "nothing that the archive holds free is protected here"


@pytest.mark.parametrize("page", ["protection.md", "protection.ja.md"])
def test_every_disagreement_is_listed_in_the_docs(rows, page):
    words = (DOCS / page).read_text("utf-8")
    works = defaultdict(list)
    for row in rows:
        works[row["作品ID"]].append(row)
    wrong = {
        key
        for key, listed in works.items()
        if (found := status(listed)) is not Status.UNKNOWN and not agrees(found, listed[0]["作品著作権フラグ"])
    }
    assert [key for key in sorted(wrong) if key not in words] == []
    assert all(name in words for name in DISAGREEING_PERSONS)


def test_with_its_origin_the_american_exception_is_protected_as_the_archive_says():
    assert term(work_of({"died": ["1962"], "published": "1913", "origin": "US"}), "JP", STATE_OF).status is Status.PROTECTED
