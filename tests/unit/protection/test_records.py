"""Works as records: kinds, countries, facts, and what is wrong with them."""

import pytest

from sekisho.errors import UsageError
from sekisho.protection import Kind, kinds, work_of
from sekisho.protection.work import Author


def test_words_of_the_field_are_understood_as_kinds():
    assert work_of({"kind": "anime"}).kind is Kind.FILM
    assert work_of({"kind": "Photo"}).kind is Kind.PHOTOGRAPH
    assert work_of({}).kind is Kind.WORK
    assert work_of({"kind": "image"}).kind is Kind.WORK


def test_every_kind_has_its_own_name_as_a_word():
    assert all(kinds()[kind.value] is kind for kind in Kind)


def test_one_death_need_not_be_a_list():
    assert work_of({"died": 1948}) == work_of({"died": ["1948"]})


def test_a_body_beats_anonymity_and_the_state_is_a_body():
    assert work_of({"corporate": True, "anonymous": True}).author is Author.CORPORATE
    assert work_of({"kind": "government"}).author is Author.CORPORATE
    assert work_of({"anonymous": True}).author is Author.ANONYMOUS


def test_formalities_may_be_said_with_yes_and_no():
    assert work_of({"renewed": False, "notice": True, "unpublished": True}).facts == {"not-renewed", "unpublished"}


@pytest.mark.parametrize("record", [{"kind": "sonnetto"}, {"origin": "Japan"}, {"facts": ["forgotten"]}, {"anonymous": "maybe"}])
def test_a_word_that_is_not_known_is_refused_with_those_that_are(record):
    with pytest.raises(UsageError):
        work_of(record)
