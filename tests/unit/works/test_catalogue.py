import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest

from sekisho.errors import InputError
from sekisho.works import catalogue
from sekisho.works.terms import parse
from sekisho.works.values import Creator, Identity, RightsHolder, Share, Work

FULL = Work(
    "w1",
    title="海の本",
    title_reading="うみのほん",
    kind="manga",
    isbn="978-4-00-000000-0",
    magazine_code="01234-05",
    volume="3",
    first_published="1998-04-01",
    country="JP",
    edition="「港の文学」海書房",
    creators=(Creator("手塚 一", "てづか はじめ", "author", 1928, 1989), Creator("佐藤 花")),
    shares=(Share(RightsHolder("出版社"), Fraction(1, 3)), Share(RightsHolder("作者"), Fraction(2, 3))),
    urls=("https://example.com/1", "https://example.com/2"),
)


def load(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "works.csv"
    path.write_bytes(text.encode(encoding))
    return catalogue.load(path)


def test_a_work_comes_back_from_csv_as_it_went(tmp_path):
    text = catalogue.as_csv([catalogue.row_of(FULL, parse("offer:JPY:100"))], catalogue.COLUMNS)
    line = load(tmp_path, text)[0]
    assert line.work == FULL
    assert str(line.terms) == "offer:JPY:100"


def test_a_work_comes_back_from_json_ld_as_it_went(tmp_path):
    text = catalogue.json_ld([(FULL, parse("no"))])
    assert json.loads(text)["@graph"][0]["@type"] == "CreativeWork"
    line = load(tmp_path, text)[0]
    assert line.work == FULL
    assert str(line.terms) == "no"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_headings_and_words_of_the_japanese_register_are_understood(tmp_path, encoding):
    text = "ファイル,作品名,権利者名,公表日,URL,利用の可否,連絡先\r\na.png,海,青井,2026-03-01,https://example.com/a,不可,aoi@example.com\r\nb.png,空,青井,,,要相談,\r\n"
    first, second = load(tmp_path, text, encoding)
    assert (first.path, first.work.title, first.work.holder, str(first.terms)) == ("a.png", "海", "青井", "no")
    assert first.work.first_published == "2026-03-01"
    assert first.work.shares[0].holder.contact == "aoi@example.com"
    assert str(second.terms) == "ask"


def test_the_export_for_the_japanese_register_has_its_words():
    row = next(csv.DictReader(io.StringIO(catalogue.as_csv([catalogue.row_ja(FULL, parse("no"))], catalogue.EXPORT_JA).lstrip("\ufeff"))))
    assert row["作品名"] == "海の本"
    assert row["利用の可否"] == "不可"
    assert row["公表日"] == "1998-04-01"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("a.png,w,t,A,maybe,,", "maybe"),
        ("a.png,w,t,A,no,A:1/2;B:1/3,", "add to one"),
        ("a.png,w,t,A,no,A:1/0,", ":2"),
        ("a.png,w,t,A,no,A:-1;B:2,", "add to one"),
        ("a.png,w,t,A,no,,x|y|z|born", "born-died"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(tmp_path, row, word):
    with pytest.raises(InputError, match=word) as caught:
        load(tmp_path, f"path,work,title,holder,terms,shares,creators\n{row}\n")
    assert "works.csv:2" in caught.value.en
    assert caught.value.ja


def test_an_unknown_column_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(InputError, match=r"hodler.*holder"):
        load(tmp_path, "path,hodler\na,b\n")


@pytest.mark.parametrize("text", ["", "{", '{"@graph": 5}', '["a"]', "\x00,\x00\n", "[" * 3000])
def test_what_is_no_catalogue_is_said_so(tmp_path, text):
    with pytest.raises(InputError, match=r"works\.csv"):
        load(tmp_path, text)


def test_a_field_of_an_export_is_never_a_formula():
    text = catalogue.as_csv([{"title": "=cmd()", "work": "w"}], ("work", "title"))
    assert "'=cmd()" in text


def test_identities_and_days_are_read(tmp_path):
    line = load(tmp_path, "work,holder,identity,proof,terms,declared\nw,A,domain,example.com,yes,2026-02-03\n")[0]
    assert line.work.shares[0].holder == RightsHolder("A", identity=Identity.DOMAIN, proof="example.com")
    assert line.on == date(2026, 2, 3)


def test_creators_may_lack_years_and_readings():
    assert catalogue.creators("手塚|てづか|author|1928-1989; 佐藤; 鈴木|||1960-; 無名|||-1900") == (
        Creator("手塚", "てづか", "author", 1928, 1989),
        Creator("佐藤"),
        Creator("鈴木", born=1960),
        Creator("無名", died=1900),
    )
