"""Dates as catalogues write them."""

from datetime import date, datetime

import pytest

from sekisho.protection.dates import BEFORE_CHRIST, Span, read_date


def day(*parts):
    return Span(date(*parts), date(*parts))


def years(first, last):
    return Span(date(first, 1, 1), date(last, 12, 31))


READABLE = {
    1948: years(1948, 1948),
    945: years(945, 945),
    1967.0: years(1967, 1967),
    "1948": years(1948, 1948),
    "1948.0": years(1948, 1948),
    "1948年": years(1948, 1948),
    "１９４８": years(1948, 1948),
    " 1948 ": years(1948, 1948),
    "1948（昭和23）年": years(1948, 1948),
    "580": years(580, 580),
    "1948-06-13": day(1948, 6, 13),
    "1948-6-1": day(1948, 6, 1),
    "1948/6/13": day(1948, 6, 13),
    "1948年6月13日": day(1948, 6, 13),
    "1948（昭和23）年6月13日": day(1948, 6, 13),
    "「新潮」1918（大正7）年3月号": years(1918, 1918),
    "「赤い鳥」1921（大正10）年1、2月": years(1921, 1921),
    "1948-06-13 00:00:00": day(1948, 6, 13),
    "1948-06-13T00:00:00": day(1948, 6, 13),
    "1945-10": Span(date(1945, 10, 1), date(1945, 10, 31)),
    "1945年2月": Span(date(1945, 2, 1), date(1945, 2, 28)),
    "1911-12": Span(date(1911, 12, 1), date(1911, 12, 31)),
    "185X": years(1850, 1859),
    "185?": years(1850, 1859),
    "1850s": years(1850, 1859),
    "1850年代": years(1850, 1859),
    "18XX": years(1800, 1899),
    "12世紀": years(1101, 1200),
    "12世紀末": years(1101, 1200),
    "12th century": years(1101, 1200),
    "紀元前7世紀末": BEFORE_CHRIST,
    "前427年": BEFORE_CHRIST,
    "BC 700": BEFORE_CHRIST,
    "427 BCE": BEFORE_CHRIST,
    "-0427": BEFORE_CHRIST,
    -427: BEFORE_CHRIST,
}
UNREADABLE = [None, "", " ", "48", 48, 0, True, "c. 1948", "1948?", "unknown", "1948-13-01", "1948-02-30", "1948-00", "20", "10000", 12345]
UNREADABLE += [
    "1948-1900",
    "1948-47",
    "昭和23年",
    "1948-06-13-01",
    float("nan"),
    float("inf"),
    [1948],
    {"year": 1948},
    b"1948",
    "0",
    "0000",
]


@pytest.mark.parametrize(("given", "expected"), READABLE.items())
def test_what_can_be_read_safely_is_read(given, expected):
    assert read_date(given) == expected


@pytest.mark.parametrize("given", UNREADABLE, ids=repr)
def test_what_cannot_be_read_safely_is_unknown(given):
    assert read_date(given) is None


PRINTED = "「中央公論」1943（昭和18）年1月、「婦人公論」1948（昭和23）年10月"


@pytest.mark.parametrize("given", ["1943-48", "1943-1948", "1943～1948", "1943/48", PRINTED])
def test_a_serial_has_a_first_and_a_last_part(given):
    assert read_date(given) == Span(date(1943, 1, 1), date(1948, 12, 31), parts=True)
    assert read_date(given).ending == day(1948, 12, 31)


def test_dates_of_the_language_are_taken_as_they_are():
    assert read_date(date(1948, 6, 13)) == read_date(datetime(1948, 6, 13, 12)) == day(1948, 6, 13)  # noqa: DTZ001 - a bare catalogue value


def test_a_very_long_value_costs_nothing():
    assert read_date("1" * 10_000_000) is None


@pytest.mark.parametrize(
    ("span", "en", "ja"),
    [
        (day(1948, 6, 13), "1948-06-13", "1948年6月13日"),
        (years(1948, 1948), "1948", "1948年"),
        (years(1850, 1859), "1850-1859", "1850～1859年"),
        (BEFORE_CHRIST, "before the common era", "紀元前"),
    ],
)
def test_a_span_can_be_said_in_both_languages(span, en, ja):
    assert span.text == (en, ja)
