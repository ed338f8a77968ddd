"""The Python functions, with values as people write them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import ROWS, all_rows

import sekisho
from sekisho.errors import InputError, UsageError

VERDICTS = [verdict for _, verdict in ROWS]
URLS = [url for url, _ in ROWS]


def test_clear_takes_texts_paths_lists_and_dates_and_says_what_it_came_to(tmp_path, rows, world):
    cleared = sekisho.clear(str(rows), tmp_path / "out", jurisdictions=["jp", "EU"], on="2026-11-22", observed=str(world), workers=1)
    assert (cleared.rows, cleared.kept) == (len(ROWS), VERDICTS.count("allow"))
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == VERDICTS
    options = json.loads((tmp_path / "out" / "run.json").read_text())["options"]
    assert (options["jurisdictions"], options["on"]) == (["JP", "EU"], "2026-11-22")


def test_clear_of_one_path_or_of_several_is_the_same_and_resume_completes_it(tmp_path, rows, world):
    one = sekisho.clear([rows], tmp_path / "out", jurisdictions="JP,EU", on=date(2026, 11, 22), observed=[world], workers=1)
    again = sekisho.clear(rows, str(tmp_path / "out"), jurisdictions=("JP", "EU"), on="2026-11-22", observed=world, resume=True)
    assert (one.rows, one.counts) == (again.rows, again.counts)


def test_clear_tells_how_far_it_is(tmp_path, rows, world):
    told = []
    sekisho.clear(rows, tmp_path / "out", observed=world, workers=1, progress=told.append)
    assert told[-1].share == 1
    assert told[-1].rows == len(ROWS)
    assert {verdict.value: count for verdict, count in told[-1].verdicts.items()} == {
        word: VERDICTS.count(word) for word in told[-1].verdicts
    }
    assert not (tmp_path / "out" / ".progress").exists()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("jurisdiction", "JP"),
        ("jurisdictions", "XX"),
        ("jurisdictions", []),
        ("on", "tomorrow"),
        ("on", 20261122),
        ("purpose", "fun"),
        ("policy", "loose"),
        ("assume", "all"),
        ("facts", {"colour": "red"}),
        ("facts", {"pd": "perhaps"}),
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused_in_both_languages(tmp_path, rows, word, value):
    for verb in (lambda **choices: sekisho.clear(rows, tmp_path / "out", **choices), sekisho.judge):
        with pytest.raises(UsageError) as caught:
            verb(**{word: value})
        assert caught.value.en != caught.value.ja
    assert not (tmp_path / "out").exists()


def test_a_judge_gives_each_row_the_answer_that_clear_gives(tmp_path, rows, world):
    judge = sekisho.judge(jurisdictions=["JP", "EU"], on="2026-11-22", observed=world)
    sekisho.clear(rows, tmp_path / "out", jurisdictions=["JP", "EU"], on="2026-11-22", observed=world, workers=1)
    table = pq.read_table(rows)
    wanted = [{name: value for name, value in row.items() if name in judge(URLS).column_names} for row in all_rows(tmp_path / "out")]
    for given in (table, table.to_batches()[0], table.to_pydict(), URLS):
        found = judge(given).to_pylist()
        assert found == wanted[: len(found)]
        assert len(found) >= 3


def test_a_judge_takes_rows_of_any_kind_and_never_allows_what_it_cannot_read(world):
    judge = sekisho.judge(observed=world)
    strange = {
        "url": [None, "http://open.example/a", 3, b"\xff", float("nan"), {"x": 1}],
        "license": [1, [2], {"x": 3}, None, object(), "?"],
    }
    found = judge(strange)["sekisho_verdict"].to_pylist()
    assert found == ["unknown", "allow", "unknown", "unknown", "unknown", "unknown"]
    assert judge([]).num_rows == 0
    assert judge(pa.table({"url": pa.array([], pa.string())})).num_rows == 0


def test_a_judge_says_which_columns_there_are_when_none_holds_urls(world):
    with pytest.raises(InputError, match="caption"):
        sekisho.judge(observed=world)({"caption": ["x"]})
    with pytest.raises(UsageError):
        sekisho.judge(observed=world)("http://open.example/a")
    with pytest.raises(InputError):
        sekisho.judge(observed="nowhere.warc")


def test_a_judge_that_was_sent_away_answers_the_same(world):
    judge = sekisho.judge(observed=world, on="2026-11-22")
    judge(URLS)
    sent = pickle.dumps(judge)
    assert len(sent) < 2_000
    assert pickle.loads(sent)(URLS).equals(judge(URLS))
    assert pickle.dumps(pickle.loads(sent)) == sent


def test_importing_sekisho_loads_nothing_heavy():
    program = "import sys, sekisho; print([name for name in ('pyarrow', 'numpy', 'jinja2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_package_offers_is_what_it_says_it_offers():
    assert sorted(sekisho.__all__) == sorted(name for name in vars(sekisho) if name in sekisho.__all__)
    assert all(getattr(sekisho, name).__doc__ for name in sekisho.__all__)
    assert Path(sekisho.__file__).name == "__init__.py"


def test_register_and_screen_take_what_people_write(tmp_path):
    text = tmp_path / "work.txt"
    text.write_text(
        "関所の役人は旅人の手形をあらため、名と生国と行く先とを帳面に書き留めてから、静かに門を開けて通した。\n" * 2
        + "峠の茶屋では、雨に濡れた旅人たちが火を囲み、遠い国の噂を語り合いながら夜の明けるのを待っていた。",
        encoding="utf-8",
    )
    told = sekisho.register(text, works=tmp_path / "store", holder="Yamada", terms="no", on="2026-01-01")
    assert [one.already for one in told] == [False]
    passage = text.read_text(encoding="utf-8")
    one, many = (list(sekisho.screen(asked, works=tmp_path / "store")) for asked in (passage, [passage, text, "something else entirely"]))
    assert [answer.verdict for answer in one] == ["deny"]
    assert [answer.verdict for answer in many] == ["deny", "deny", "allow"]
    (ruled,) = sekisho.screen(passage, works=tmp_path / "store", jurisdictions="jp", on="2026-11-22", facts={"access": "user"})
    assert set(ruled.jurisdictions) == {"JP"}


def test_a_second_run_of_one_process_sees_files_as_they_then_are(tmp_path, world):
    (tmp_path / "rows.csv").write_text("url\nhttps://never.example/1\n")
    facts = tmp_path / "facts.csv"

    def answer(host, name):
        facts.write_text(f"host,fact,value,by,date\n{host},grant,yes,me,2026-01-01\n")
        asked = {"jurisdictions": "JP", "on": "2026-11-22", "observed": world, "tables": facts}
        cleared = sekisho.clear(tmp_path / "rows.csv", tmp_path / name, workers=1, **asked)
        (judged,) = sekisho.judge(**asked)(["https://never.example/1"]).column("sekisho_verdict").to_pylist()
        return [word for word, count in cleared.counts["verdict"].items() if count], judged

    assert answer("never.example", "with") == (["allow"], "allow")
    assert answer("other.example", "without") == (["unknown"], "unknown")
