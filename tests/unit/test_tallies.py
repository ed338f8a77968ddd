"""Where rows come from and in which languages they are, counted by case."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sekisho import declared, origins
from sekisho.kernels.addresses import Authorities
from sekisho.language import Measured
from sekisho.origins import Basis, Origin
from sekisho.tallies import Tally, by_case

HOSTS = (
    "https://a.jp",
    "https://a.co.uk:8443",
    "http://a.com",
    "https://[::1]",
    "https://cool.io",
    "http://b.jp",
    "http://localhost",
    "http://10.0.0.1:80",
    "https://www.meti.go.jp:443",
)


def authorities():
    met = Authorities()
    for name in HOSTS:
        met.number(name)
    return met


@pytest.mark.parametrize(
    ("stated", "language", "host", "wanted"),
    [
        ("FR", "JP", "JP", Origin("FR", Basis.STATED)),
        ("", "JP", "JP", Origin("JP", Basis.BOTH)),
        ("", "JP", "", Origin("JP", Basis.LANGUAGE)),
        ("", "", "DE", Origin("DE", Basis.HOST)),
        ("", "JP", "DE", origins.UNKNOWN),
        ("", "", "", origins.UNKNOWN),
    ],
)
def test_an_origin_says_what_it_rests_on_and_a_contradiction_is_unknown(stated, language, host, wanted):
    assert origins.origin(stated, language, host) == wanted


def test_a_domain_names_a_country_unless_it_is_sold_to_anybody():
    assert [origins.of_domain(domain) for domain in ("jp", "uk", "gov", "de")] == ["JP", "GB", "US", "DE"]
    assert {origins.of_domain(domain) for domain in ("com", "io", "tv", "eu", "1", "1]", "http", "")} == {""}


def test_a_language_spoken_in_many_countries_names_none():
    assert [origins.of_language(code) for code in ("ja", "ko", "en", "zh", "und")] == ["JP", "KR", "", "", ""]


def test_rows_are_counted_by_case_and_origin_and_every_row_once():
    tally, hosts = Tally(), authorities()
    places, codes = np.array([0, 0, 1, -1, 1, 0], np.int32), np.array([0, 1, 2, -1, 4, 5], np.int32)
    measured = {2: Measured("ja", 100, 60), 5: Measured("ja", 10, 6)}
    for _ in range(2):
        tally.rows(places, hosts, codes, measured, {4: "FR"})
        tally.texts(places, measured)
    counts = tally.counts(["aa", "bb"])
    assert counts["origin"] == {
        "aa JP:host": 2,
        "aa GB:host": 2,
        "aa JP:language-and-host": 2,
        "bb JP:language": 2,
        "bb FR:stated": 2,
        "- :nothing": 2,
    }
    assert counts["language_characters"] == {"bb ja": 200, "aa ja": 20}
    assert by_case(counts)["bb"]["languages"] == [{"language": "ja", "items": 2, "characters": 200, "units": 120}]
    assert by_case(counts)["-"]["origins"] == [{"country": "", "basis": "nothing", "rows": 2}]


def test_the_host_of_a_row_is_enough_whatever_its_port():
    tally, codes = Tally(), np.array([3, 6, 7, 8, -1], np.int32)
    tally.rows(np.zeros(5, np.int32), authorities(), codes, {}, {})
    assert tally.counts(["aa"]) == {"origin": {"aa :nothing": 4, "aa JP:host": 1}}


def test_no_rows_are_counted_as_none():
    tally = Tally()
    tally.rows(np.zeros(0, np.int32), authorities(), np.zeros(0, np.int32), {}, {})
    assert tally.counts([]) == {}


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        (pa.array(["Japan", "jp", "UK", None, " fr "]), {1: "JP", 2: "GB", 4: "FR"}),
        (pa.array([["JP"], None, None, None, None]), {}),
        (pa.array([1, 2, 3, 4, 5]), {}),
        (pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, 2], np.int32)), pa.py_buffer(b"\xff\xfe")), {}),
    ],
)
def test_a_country_of_origin_is_taken_as_a_code_and_nothing_else(column, wanted):
    assert declared.origins(pa.table({"country_of_origin": column})) == wanted
