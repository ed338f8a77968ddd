"""The report's sections on Japanese and on whose works fall under whose law: their numbers against the rows, their looks in a browser."""

from __future__ import annotations

import html
import json
import re

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from browser import AXE, PHONE, browser
from worlds import clear

from sekisho import report
from sekisho.report.japanese import common_crawl

JA = "駅前の喫茶店は昭和の終わりからずっと同じ場所にあって、マスターは毎朝五時に豆を挽く。"
EN = "The quick brown fox jumps over the lazy dog while the sleepy cat watches from the windowsill."
KO = "역 앞의 찻집은 오래전부터 같은 자리에 있었고 주인은 매일 아침 다섯 시에 콩을 볶는다."
ROWS = [
    ("http://open.example/1", JA, None),
    ("http://open.example/2", JA * 3, None),
    ("https://no.example/3", JA, None),
    ("https://a.jp/4", JA, None),
    ("https://a.jp/5", EN, None),
    ("https://b.de/6", EN, None),
    ("https://b.de/7", JA, None),
    ("http://open.example/8", EN, "US"),
    ("http://open.example/9", KO, None),
    ("not a url", JA, None),
]
ORIGINS = {
    "Japan": (5, "possible: host alone: 1 possible: language alone: 3 probable: language and host agree: 1"),
    "All Western countries": (2, "possible: host alone: 1 stated by the data set or a register: 1"),
    "South Korea": (1, "possible: language alone: 1"),
    "Origin unknown": (1, "no sign, or signs that differ: 1"),
}


@pytest.fixture(scope="module")
def cleared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    urls, texts, countries = zip(*ROWS, strict=True)
    pq.write_table(pa.table({"url": urls, "text": texts, "country_of_origin": countries}), folder / "rows.parquet")
    hosts = ("http://open.example", "https://a.jp", "https://b.de")
    seen = {"url": [f"{host}/robots.txt" for host in hosts] + ["https://no.example/robots.txt"]}
    seen |= {"status": [200] * 4, "body": [b"User-agent: *\nDisallow:\n"] * 3 + [b"User-agent: GPTBot\nDisallow: /\n"]}
    pq.write_table(pa.table(seen), folder / "seen.parquet")
    clear(folder / "rows.parquet", folder / "out", "--observed", folder / "seen.parquet")
    return folder / "out"


def text_of(page):
    words = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r'<span lang="ja">.*?</span>', "", page))).split()
    return " ".join(words).replace(" :", ":")


def cells(page, part):
    """The table after the heading ``part``: the first cell of each row → the others, English only."""
    section = page[page.index(f'id="{part}"') :]
    body = section[section.index("<tbody") : section.index("</tbody>")]
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)]
    return {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in rows}


def asked(out, query):
    return duckdb.sql(query.format(rows=f"read_parquet('{out}/*/*.parquet')")).fetchall()


def test_languages_on_the_page_are_those_of_a_query_over_the_rows(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    query = "SELECT sekisho_language, count(*), sum(length(text)) FROM {rows} GROUP BY ALL"
    counted = {language: (items, characters) for language, items, characters in asked(cleared, query)}
    shown = cells(page, "japanese")
    total = sum(characters for _, characters in counted.values())
    for name, code in (("Japanese", "ja"), ("English", "en"), ("Korean", "ko")):
        assert (int(shown[name][0]), int(shown[name][1])) == counted[code]
        assert shown[name][2] == f"{100 * counted[code][1] / total:.1f} %"
    assert shown["Chinese"][:2] == ["0", "0"]
    assert shown["Japanese"][-1] == f"{common_crawl()['latest']['ja']:.1f} %"


def test_what_may_be_used_of_japanese_is_told_under_each_policy(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    ((items, characters),) = asked(
        cleared, "SELECT count(*), sum(length(text)) FROM {rows} WHERE sekisho_language = 'ja' AND sekisho_verdict = 'allow'"
    )
    shown = cells(page, "japanese-policies")
    assert shown["the law and every signal (this run)"][0] == f"{characters} {items} items"
    assert shown["only with a yes"][0] == "0 0 items"
    read = sum(int(cell.split()[1]) for cell in shown["the law alone"][:4])
    assert read == sum(
        language == "ja" for (language,) in asked(cleared, "SELECT sekisho_language FROM {rows} WHERE sekisho_case IS NOT NULL")
    )


def test_every_row_has_one_origin_with_what_it_rests_on_and_the_unknown_is_a_row_of_its_own(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    shown = cells(page, "reciprocity")
    for name, (rows, basis) in ORIGINS.items():
        assert int(shown[name][0]) == rows
        assert sorted(shown[name][-1].split()) == sorted(basis.split())
    whole = sum(int(row[0]) for name, row in shown.items() if name != "All Western countries")
    assert whole == len(ROWS) - 1


def test_shares_of_an_origin_are_those_of_its_rows_and_the_mission_is_answered_in_figures(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    query = "SELECT sekisho_{place}, count(*) FROM {{rows}} WHERE regexp_matches(url, '/[1-4]$') OR url = 'https://a.jp/5' GROUP BY ALL"
    shown = cells(page, "reciprocity-signals")["Japan"]
    for place, cell in zip(("JP", "EU", "US"), shown[1:], strict=True):
        counted = dict(asked(cleared, query.format(place=place)))
        assert dict(re.findall(r"(\w+) ([\d.]+) %", cell)) == {verdict: f"{20 * rows:.1f}" for verdict, rows in counted.items()}
    assert "Training in Japan: of 2 works of Western origin 100.0 % may be used" in text_of(page)
    assert "Training in United States: of 5 works from Japan" in text_of(page)


def test_the_next_works_to_become_free_follow_from_the_rules(cleared):
    page = text_of((cleared / "report.html").read_text("utf-8"))
    assert "JP 2039-01-01: works of authors who died in 1968" in page
    assert "EU 2027-01-01: works of authors who died in 1956" in page
    assert "US 2027-01-01: works first published in 1931" in page


def test_a_hundred_million_rows_of_many_cases_stay_under_a_megabyte(cleared):
    run = json.loads((cleared / "run.json").read_text("utf-8")) | {"rows": 10**12}
    cases = pq.read_table(cleared / "cases.parquet").to_pylist()
    many = [case | {"rows": 10**8, "origins": [{"country": c, "basis": "host", "rows": 10**6} for c in _codes()]} for case in cases * 200]
    page = report.page(
        run, pa.Table.from_pylist(many, pq.read_schema(cleared / "cases.parquet")), pq.read_table(cleared / "observations.parquet")
    )
    assert len(page.encode()) < 1_000_000
    assert "Other countries" in page


def _codes():
    return [chr(a) + chr(b) for a in range(65, 91) for b in range(65, 75)]


def test_a_run_of_before_languages_were_told_still_has_a_report(cleared):
    run = json.loads((cleared / "run.json").read_text("utf-8"))
    cases = pq.read_table(cleared / "cases.parquet").drop_columns(["languages", "origins"])
    page = text_of(report.page({**run, "languages": {}}, cases, pq.read_table(cleared / "observations.parquet")))
    assert "No text was in hand" in page
    assert "no origin can be told" in page


def test_a_list_of_addresses_has_no_languages_but_origins(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    page = text_of((tmp_path / "out" / "report.html").read_text("utf-8"))
    assert "No text was in hand" in page
    assert "Origin unknown" in page


def test_the_sections_read_in_both_languages_and_break_no_rule_of_accessibility(cleared):
    with browser() as tab:
        for lang in ("en", "ja"):
            tab.open(cleared / "report.html", size=PHONE)
            tab.run(f"document.querySelector('[data-to={lang}]').click()")
            assert tab.run("return document.documentElement.scrollWidth <= window.innerWidth")
            assert not AXE.exists() or tab.violations() == []
        assert tab.complaints() == []
