"""``report.html``: its numbers against a query over the rows, its looks in a real browser, its calm before strangers' words."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from browser import AXE, DESKTOP, PHONE, browser
from worlds import all_rows, clear, sekisho

from sekisho import report
from sekisho.model import Verdict

PLACES = ("JP", "EU", "US")
SCRIPT = "<script>window.hacked=1</script>"
IMAGE = "\"'><img src=x onerror=window.hacked=1>"
STEERING = "\x1b]0;hacked\x07\x1b[2J\u202e\x9b31m"


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def cells(page, part):
    """The rows of the table after the heading ``part``, each as its cells' text, English only."""
    section = page[page.index(f'id="{part}"') :]
    body = section[section.index("<tbody") : section.index("</tbody>")]
    english = re.sub(r'<span lang="ja">.*?</span>', "", body, flags=re.DOTALL)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", english, re.DOTALL)
    return [[" ".join(text_of(cell).split()) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows]


def number(text):
    return int(text.split()[0].replace(",", ""))


@pytest.fixture
def cleared(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world, "--fact", "licence_covers=yes_attrib", "--policy", "signals")
    return tmp_path / "out"


def asked(out, query):
    rows = f"read_parquet('{out}/*/*.parquet')"
    return duckdb.sql(query.format(rows=rows)).fetchall()


def test_totals_on_the_page_are_those_of_a_query_over_the_rows(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    for line, name in zip(cells(page, "totals"), [*PLACES, "verdict"], strict=True):
        counted = dict(asked(cleared, f"SELECT sekisho_{name}, count(*) FROM {{rows}} GROUP BY ALL"))
        assert [number(cell) for cell in line[1:-1]] == [counted.get(verdict.value, 0) for verdict in Verdict]
        assert number(line[-1]) == sum(counted.values())
        shares = [float(cell.split()[1]) for cell in line[1:-1]]
        assert shares == [round(100 * counted.get(verdict.value, 0) / sum(counted.values()), 1) for verdict in Verdict]
    kept = asked(cleared, "SELECT count(*) FILTER (sekisho_verdict = 'allow'), count(*) FROM {rows}")[0]
    assert f"{kept[0]} of {kept[1]} rows were kept" in text_of(page)


def test_rules_conditions_hosts_and_cases_on_the_page_are_those_of_a_query(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    deciding = {line[0]: number(line[1]) for line in cells(page, "decided")}
    assert deciding == dict(asked(cleared, "SELECT sekisho_reason, count(*) FROM {rows} GROUP BY ALL"))
    conditions = {line[0].split()[-1]: number(line[1]) for line in cells(page, "conditions")}
    assert conditions == dict(asked(cleared, "SELECT c, count(*) FROM (SELECT unnest(sekisho_conditions) AS c FROM {rows}) GROUP BY c"))
    cases = {line[0].split()[0]: number(line[1]) for line in cells(page, "cases")}
    assert cases == dict(asked(cleared, "SELECT sekisho_case, count(*) FROM {rows} WHERE sekisho_case IS NOT NULL GROUP BY ALL"))
    query = (
        "SELECT regexp_extract(URL, '^https?://[^/]+'), count(*), count(*) FILTER (sekisho_verdict = 'allow') "
        "FROM {rows} WHERE sekisho_reason <> 'not a URL' GROUP BY ALL"
    )
    assert sorted((line[0], number(line[1]), number(line[2])) for line in cells(page, "hosts")) == sorted(asked(cleared, query))


def test_rows_that_were_never_looked_at_are_not_said_to_be_free(tmp_path, rows):
    clear(rows, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "nobody looked what the sources say" in page
    assert "nothing said against" not in page
    assert "→ not known: 9" in page


def test_the_page_has_no_way_out_and_asks_nothing_of_the_network(cleared):
    page = (cleared / "report.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import""", page)


@pytest.fixture
def hostile(tmp_path):
    """A run over data in which everything that a stranger may choose is an attack."""
    robots = f"User-agent: {SCRIPT}\nDisallow: /\nUser-agent: GPTBot{IMAGE}\nDisallow: /{SCRIPT}{STEERING}\n".encode()
    seen = {"url": [f"http://{name}.example/robots.txt" for name in ("open", "kind")], "status": [200, 200], "body": [robots, b""]}
    pq.write_table(pa.table(seen), tmp_path / "world.parquet")
    data = tmp_path / "data"
    data.mkdir()
    table = {
        "url": ["http://kind.example/a", f"http://kind.example/{SCRIPT}{STEERING}", "http://open.example/b", f"http://{IMAGE}{STEERING}/"],
        "title": [f"=1+1{SCRIPT} [x](javascript:window.hacked=1)\n# heading", f"{IMAGE}{STEERING}", "a", "b"],
        f"{SCRIPT}{STEERING}": ["a", "b", "c", "d"],
        "author": [SCRIPT, f"{IMAGE}\n- item", STEERING, "|x|"],
    }
    pq.write_table(pa.table(table), data / "a.parquet")
    (data / f"{IMAGE[2:].replace('/', '')}.parquet").write_bytes(b"not parquet")
    clear(data, tmp_path / "out", "--observed", tmp_path / "world.parquet", "--fact", "licence_covers=yes_attrib")
    return tmp_path / "out"


def test_words_of_strangers_stay_words_on_the_page_and_in_the_credits(hostile):
    page = (hostile / "report.html").read_text("utf-8")
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "window.hacked" in page
    credit = (hostile / "credits.md").read_text("utf-8")
    assert "<script" not in credit
    assert "<img" not in credit
    assert "](javascript" not in credit
    assert "\x1b" not in credit
    assert not any(line.startswith("#") for line in credit.splitlines()[1:])


def test_a_spreadsheet_finds_no_formula_in_the_credits(hostile):
    rows = list(csv.reader(io.StringIO((hostile / "credits.csv").read_text("utf-8"))))
    assert [row[1][:5] for row in rows[1:]] == ["'=1+1", IMAGE[:5]]


def test_explain_prints_nothing_that_steers_a_terminal(hostile):
    for row in all_rows(hostile):
        for lang in ("en", "ja"):
            done = sekisho("explain", hostile, row["sekisho_id"], "--lang", lang)
            assert done.returncode == 0, done.stderr
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.stdout)
        told = json.loads(sekisho("explain", hostile, row["sekisho_id"], "--json").stdout)
        assert told["row"].get("title") == row.get("title")


def test_errors_print_nothing_that_steers_a_terminal(tmp_path):
    done = sekisho("clear", tmp_path / f"gone{STEERING}.parquet", tmp_path / "out")
    assert done.returncode == 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.stderr)


def many(table, count):
    """``count`` cases made of those in ``table``, each with a name of its own and 10^8 rows in all."""
    rows = table.to_pylist()
    return pa.Table.from_pylist(
        [{**rows[place % len(rows)], "case": f"{place:016x}", "rows": 10**8 // count} for place in range(count)], schema=table.schema
    )


def test_the_page_stays_under_a_megabyte_for_a_hundred_million_rows_in_every_jurisdiction(tmp_path, rows, world):
    places = "JP,EU,DE,FR,US,GB,KR,CN,SG,CH,CA,AU,IN,IL"
    clear(rows, tmp_path / "out", "--observed", world, "--jurisdiction", places)
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    long_host = "https://" + "a" * 60 + ".example"
    run |= {
        "rows": 10**8,
        "hosts": {f"{long_host}:{port}": {"rows": 9, "kept": 3} for port in range(1_000)},
        "problems": ["x" * 5_000] * 10_000,
        "inputs": run["inputs"] * 10_000,
    }
    observations = pq.read_table(tmp_path / "out" / "observations.parquet")
    made = report.page(run, many(pq.read_table(tmp_path / "out" / "cases.parquet"), 3_000), observations)
    assert len(made.encode()) < 1_000_000
    assert "smaller cases are in cases.parquet" in made


def test_the_report_command_writes_the_same_page_again(cleared, tmp_path):
    done = sekisho("report", cleared, "html", "-o", tmp_path / "again.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.html").read_bytes() == (cleared / "report.html").read_bytes()
    told = json.loads(sekisho("report", cleared, "html", "-o", tmp_path / "again.html", "--json").stdout)
    assert told["bytes"] == (cleared / "report.html").stat().st_size


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_report_command_says_what_is_wrong(cleared, tmp_path, lang):
    wrong = {
        "weather": ("report", cleared, "weather", "-o", tmp_path / "x"),
        "sekisho clear": ("report", tmp_path, "html", "-o", tmp_path / "x"),
        "no/such": ("report", cleared, "html", "-o", tmp_path / "no" / "such"),
    }
    for named, words in wrong.items():
        done = sekisho(*words, "--lang", lang)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert named in done.stderr
    (cleared / "cases.parquet").write_bytes(b"PAR1")
    assert "cases.parquet" in sekisho("report", cleared, "html", "-o", tmp_path / "x", "--lang", lang).stderr


@pytest.fixture(scope="module")
def tab():
    with browser() as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_wrong_with_the_page_in_either_language(tab, cleared, size, scheme):
    if not AXE.exists():
        pytest.skip("no axe-core here: npm ci --prefix tests")
    tab.open(cleared / "report.html", size, scheme)
    for lang in ("en", "ja"):
        tab.run("document.querySelector(`[data-to=${arguments[0]}]`).click()", lang)
        assert tab.violations() == []


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_fits_its_window_and_shows_one_language(tab, cleared, size, lang):
    tab.open(cleared / "report.html", size)
    tab.run("document.querySelector(`[data-to=${arguments[0]}]`).click()", lang)
    assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
    shown = tab.run("return document.querySelector('main').innerText")
    assert ("集計" in shown, "Totals" in shown) == (lang == "ja", lang == "en")


def test_search_narrows_the_cases_and_says_how_many_are_left(tab, cleared):
    tab.open(cleared / "report.html")
    search = "const box = document.getElementById('search'); box.value = arguments[0]; box.dispatchEvent(new Event('input'));"
    tab.run(search, "P-RESERVED deny")
    left = tab.run("return [...document.getElementById('list').rows].filter((row) => !row.hidden).length")
    total = tab.run("return document.getElementById('list').rows.length")
    assert 0 < left < total
    assert tab.run("return document.getElementById('found').textContent") == f"{left} / {total}"


def test_paper_is_white_whatever_the_screen(tab, cleared):
    tab.open(cleared / "report.html", DESKTOP, "dark", "print")
    assert tab.run("return getComputedStyle(document.body).backgroundColor") == "rgb(253, 253, 251)"
    assert tab.run("return getComputedStyle(document.querySelector('.switch')).display") == "none"


def test_no_script_of_a_stranger_runs_and_the_page_complains_of_nothing(tab, hostile):
    tab.open(hostile / "report.html")
    assert tab.run("return window.hacked") is None
    assert tab.complaints() == []
