"""Laws of our own for terms of protection, on random works."""

import json
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from sekisho.protection import Kind, Span, Status, answered, countries, public_domain, read_date, term, work_of

TODAY = date(2026, 11, 22)
CODES = [code for code in countries() if code not in {"BG", "CY", "CZ", "DK", "EE", "FI", "GR", "HR", "HU", "IE", "LT", "LU", "LV", "MT"}]
SHORTENS_WITH_A_LATER_DEATH = "ES"
"""Spain's eighty years ended with the authors who died before 1987-12-07."""
REVIVED = "RU"
"""The extension of 2004 reached what had ended since 1993."""

years = st.integers(1700, 2025)
dated = st.dates(date(1850, 1, 1), date(2026, 1, 1))
origins = st.sampled_from([None, "JP", "US", "UK", "FR", "CA", "CN", "RU", "GR", "AR"])
classes = st.fixed_dictionaries(
    {
        "origin": origins,
        "kind": st.sampled_from([kind.value for kind in Kind]),
        "anonymous": st.booleans(),
        "corporate": st.booleans(),
        "published": st.none() | years,
    }
)
places = st.sampled_from(CODES)


def answer(record, country, on=TODAY):
    return term(work_of(record), country, on)


@given(classes, places, years, years)
def test_an_earlier_death_never_gives_a_later_free_day(record, country, first, second):
    assume(country != SHORTENS_WITH_A_LATER_DEATH)
    assume(not record["published"] or record["published"] <= min(first, second))
    early, late = (answer({**record, "died": [year]}, country) for year in sorted((first, second)))
    if early.public_domain_from and late.public_domain_from:
        assert early.public_domain_from <= late.public_domain_from


@given(classes, places, st.lists(years, min_size=1, max_size=3), years)
def test_another_author_never_shortens_a_term(record, country, died, more):
    assume(country != SHORTENS_WITH_A_LATER_DEATH)
    assume(not record["published"] or record["published"] <= min(died))
    alone, joint = answer({**record, "died": died}, country), answer({**record, "died": [*died, more]}, country)
    if alone.public_domain_from and joint.public_domain_from:
        assert alone.public_domain_from <= joint.public_domain_from
    assert not (alone.status is Status.PROTECTED and joint.status is Status.PUBLIC_DOMAIN)


@given(classes, places, years)
def test_an_unknown_author_gives_no_certainty_that_publication_alone_does_not_give(record, country, died):
    unknown, nobody = answer({**record, "died": [died, None]}, country), answer({**record, "died": []}, country)
    assert unknown.status == nobody.status


@given(classes, places, years, dated)
def test_the_status_follows_from_the_first_free_day(record, country, died, on):
    found = answer({**record, "died": [died]}, country, on)
    if found.public_domain_from:
        assert found.status is (Status.PUBLIC_DOMAIN if found.public_domain_from <= on else Status.PROTECTED)


@given(classes, places, years, dated, dated)
def test_what_is_free_stays_free(record, country, died, first, second):
    assume(REVIVED not in {country, record["origin"]})
    before, after = (answer({**record, "died": [died]}, country, on) for on in sorted((first, second)))
    assert not (before.status is Status.PUBLIC_DOMAIN and after.status is Status.PROTECTED)


@given(classes, places, st.integers(170, 202), st.integers(0, 9), dated)
def test_a_decade_says_nothing_that_one_of_its_years_denies(record, country, decade, year, on):
    rough = answer({**record, "died": [f"{decade}X"]}, country, on)
    exact = answer({**record, "died": [f"{decade}{year}"]}, country, on)
    if rough.status is not Status.UNKNOWN and exact.status is not Status.UNKNOWN:
        assert rough.status is exact.status


@given(classes, places, years)
def test_coming_from_abroad_never_lengthens_a_term_outside_japan(record, country, died):
    assume(country not in {"JP", "US"} and record["kind"] != "government")
    home, abroad = answer({**record, "died": [died], "origin": None}, country), answer({**record, "died": [died]}, country)
    if home.public_domain_from and abroad.public_domain_from:
        assert abroad.public_domain_from <= home.public_domain_from


@given(classes, places, years)
def test_the_fact_for_decisions_is_a_yes_only_for_what_is_free(record, country, died):
    work = work_of({**record, "died": [died]})
    assert (public_domain(work, country, TODAY) != "yes") or term(work, country, TODAY).status is Status.PUBLIC_DOMAIN


@given(classes, places, years)
def test_every_step_is_told_in_both_languages(record, country, died):
    found = answer({**record, "died": [died]}, country)
    assert found.basis
    assert all(text.en.strip() and text.ja.strip() for text in (*found.basis, *found.assumed, *found.notes))


@given(st.dates(date(100, 1, 1), date(9990, 12, 31)))
def test_a_written_day_is_read_back(day):
    assert read_date(day.isoformat()) == Span(day, day)


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_no_value_breaks_the_reading_of_dates(value):
    found = read_date(value)
    assert found is None or found.first <= found.last


@given(
    st.binary()
    | st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.lists(st.integers())).map(lambda r: json.dumps(r).encode())
)
def test_no_line_breaks_a_batch(line):
    for record in answered([line], {"country": "JP"}, TODAY, "en"):
        assert json.loads(json.dumps(record)).keys() >= {"id"}
