"""What an answer says: the law of its day, its steps, what it assumed, how sure it is."""

from datetime import date

import pytest

from sekisho.errors import UsageError
from sekisho.protection import Confidence, Status, countries, record_of, term, work_of

TODAY = date(2026, 11, 22)


def answer(country, on=TODAY, **work):
    return term(work_of(work), country, on)


def english(sentences):
    return " ".join(sentence.en for sentence in sentences)


def test_the_law_of_the_day_asked_about_counts_not_what_came_later():
    before, after = (answer("JP", date(2018, 12, day), died=[1968]) for day in (29, 30))
    assert (before.public_domain_from, after.public_domain_from) == (date(2019, 1, 1), date(2039, 1, 1))


def test_nothing_is_revived_and_the_answer_says_so():
    assert "protection had ended before and was not revived" in english(answer("JP", died=[1967]).basis)


def test_steps_name_their_source_and_whether_it_was_looked_up():
    text = english(answer("JP", died=[1970]).basis)
    assert "former Art. 51: 50 years from the end of the year of death (1970); protected until 2020-12-31 (to be confirmed)" in text
    assert "in force from 2018-12-30, 70 years from the end of the year of death (1970); protected until 2040-12-31 (verified)" in text


def test_steps_are_there_in_japanese():
    text = " ".join(sentence.ja for sentence in answer("JP", died=[1970]).basis)
    assert "著作者の死亡（1970年）の翌年から起算して70年。2040年12月31日まで存続（確認済み）" in text


def test_an_answer_is_verified_only_when_every_source_was_looked_up():
    assert answer("US", published=1950).verified
    assert not answer("JP", died=[1970]).verified


def test_a_missing_origin_is_an_assumption():
    assert "country of origin is not given" in english(answer("JP", died=[1948]).assumed)
    assert not answer("JP", died=[1948], origin="JP").assumed


def test_an_origin_without_terms_here_is_not_compared():
    found = answer("EU", died=[1948], origin="AR")
    assert found.public_domain_from == date(2019, 1, 1)
    assert "(AR) is not known here" in english(found.assumed)


def test_an_uncertain_term_at_home_leaves_open_only_what_it_decides():
    assert answer("EU", died=[1950], origin="US").public_domain_from == date(2021, 1, 1)
    assert answer("EU", died=[1960], origin="US").status is Status.UNKNOWN


def test_renewal_is_assumed_only_where_it_protects():
    assert "renewed" in english(answer("US", published=1950).assumed)
    assert "renewed" not in english(answer("US", published=1950, on=date(2046, 1, 1)).assumed)


def test_the_wartime_addition_is_told_with_its_days():
    assert "wartime addition for works of UK, 3,794 days" in english(answer("JP", died=[1956], published=1926, origin="UK").basis)


def test_a_term_that_only_the_wartime_days_carried_over_2018_is_of_medium_confidence():
    assert answer("JP", died=[1958], published=1930, origin="UK").confidence is Confidence.MEDIUM
    assert answer("JP", died=[1957], published=1930, origin="UK").confidence is Confidence.HIGH


def test_a_work_of_the_war_years_without_a_date_is_unknown_where_the_days_decide():
    assert answer("JP", died=[1962], origin="UK").status is Status.UNKNOWN
    assert answer("JP", died=[1950], origin="UK").status is Status.PUBLIC_DOMAIN


def test_the_latest_of_several_deaths_counts():
    found = answer("JP", died=["1900", "1980-05-01", "1950"])
    assert found.public_domain_from == date(2051, 1, 1)
    assert "Of 3 contributors the latest death counts (1980-05-01)" in english(found.basis)


def test_what_is_missing_is_named():
    assert "Needed and not known: the year of death of every contributor." in english(answer("JP", died=[1948, None]).basis)
    assert "Needed and not known: the date of publication." in english(answer("US", died=[1900]).basis)


def test_what_could_not_be_read_is_shown():
    assert "'c. 1948'" in english(answer("JP", died=["c. 1948"]).basis)


def test_an_uncertain_year_counts_at_its_latest():
    found = answer("JP", died=["185X"])
    assert found.public_domain_from == date(1890, 1, 1)
    assert "only known as 1850-1859" in english(found.assumed)


def test_antiquity_is_free_without_a_day():
    found = answer("EU", died=["紀元前7世紀末"])
    assert (found.status, found.public_domain_from) == (Status.PUBLIC_DOMAIN, None)


def test_a_member_state_answers_with_the_rules_of_the_union_under_its_own_code():
    assert (answer("pl", died=[1955]).country, answer("pl", died=[1955]).rule) == ("PL", "EU-author")


def test_the_united_kingdom_answers_to_both_its_codes():
    assert answer("GB", died=[1955]).rule == answer("UK", died=[1955]).rule == "UK-author"
    assert answer("GB", died=[1955]).country == "GB"


@pytest.mark.parametrize("country", ["XX", "Japan", "", "J", "日本"])
def test_an_unknown_country_is_the_callers_mistake(country):
    with pytest.raises(UsageError, match=r"JP"):
        answer(country, died=[1948])


@pytest.mark.parametrize("country", ["EU", "JP", "KR"])
def test_far_days_do_not_run_over_the_calendar(country):
    assert answer(country, date(9999, 12, 31), died=[9980]).status is Status.PUBLIC_DOMAIN


def test_every_country_answers_for_an_author_long_dead():
    assert {code: answer(code, died=[1800], published=1790).status for code in countries()} == dict.fromkeys(
        countries(), Status.PUBLIC_DOMAIN
    )


def test_the_record_keeps_the_agreed_keys():
    record = record_of(answer("JP", died=[1948]), "ja")
    assert record.keys() >= {"country", "status", "public_domain_from", "basis", "confidence", "assumed"}
    assert record["public_domain_from"] == "1999-01-01"
    assert record["notice"] == "判断の補助であり、法的助言ではありません。"
