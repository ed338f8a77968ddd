"""What changed between two runs, and whether a run still comes out as recorded."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
from worlds import clear, sekisho


def ran(*words):
    done = sekisho(*words, "--json")
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_run_and_itself_differ_in_nothing(tmp_path, rows, world):
    clear(rows, tmp_path / "a", "--observed", world)
    code, found = ran("diff", tmp_path / "a", tmp_path / "a")
    assert (code, found["moves"], found["causes"], found["same"]) == (0, [], [], 10)


def test_what_the_policy_changed_is_told_with_rows_and_examples(tmp_path, rows, world):
    clear(rows, tmp_path / "a", "--observed", world, "--policy", "law", "--jurisdiction", "JP")
    clear(rows, tmp_path / "b", "--observed", world, "--jurisdiction", "JP")
    code, found = ran("diff", tmp_path / "a", tmp_path / "b")
    assert code == 1
    assert found["causes"] == ["policy"]
    refused = [move["rows"] for move in found["moves"] if (move["before"]["verdict"], move["after"]["verdict"]) == ("allow", "deny")]
    assert sum(refused) == 3
    assert all(move["examples"] for move in found["moves"])


def test_other_inputs_are_compared_by_address(tmp_path, world):
    for name, urls in (
        ("a", ["http://open.example/1", "http://open.example/2"]),
        ("b", ["http://open.example/2", "http://open.example/3"]),
    ):
        pq.write_table(pa.table({"url": urls}), tmp_path / f"{name}.parquet")
        clear(tmp_path / f"{name}.parquet", tmp_path / name, "--observed", world)
    _, found = ran("diff", tmp_path / "a", tmp_path / "b")
    assert (found["same"], found["gone"], found["new"], found["causes"]) == (1, 1, 1, ["inputs"])


def test_a_run_replays_as_recorded_and_a_missing_file_is_told(tmp_path, rows, world):
    clear(rows, tmp_path / "a", "--observed", world)
    code, found = ran("replay", tmp_path / "a")
    assert (code, found["agrees"], found["same_law"]) == (0, True, True)
    next((tmp_path / "a" / "kept").glob("*.parquet")).unlink()
    code, found = ran("replay", tmp_path / "a")
    assert (code, found["agrees"]) == (1, False)
    assert found["broken"] == ["kept/00000-00000.parquet"]


def test_a_case_somebody_altered_does_not_replay(tmp_path, rows, world):
    clear(rows, tmp_path / "a", "--observed", world)
    path = tmp_path / "a" / "cases.parquet"
    table = pq.read_table(path)
    altered = ["allow"] * len(table)
    pq.write_table(table.set_column(table.schema.get_field_index("verdict"), "verdict", pa.array(altered)), path)
    code, found = ran("replay", tmp_path / "a")
    assert code == 1
    assert all(was == "allow" != now for _, was, now, _ in found["differs"])


def test_a_folder_without_a_run_is_told_so(tmp_path):
    for words in (("diff", tmp_path, tmp_path), ("replay", tmp_path), ("explain", tmp_path, "0:0")):
        done = sekisho(*words)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
