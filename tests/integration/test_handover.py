"""What people hand on from a run, and the policy file of a team."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
from worlds import ROWS, all_rows, clear, sekisho

from sekisho import handover

ALLOWED = [url for url, verdict in ROWS if verdict == "allow"]


def test_keys_of_kept_rows_and_ids_of_the_others_come_as_lists(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world, "--keys", tmp_path / "keep.txt", "--removals", tmp_path / "drop.parquet")
    assert (tmp_path / "keep.txt").read_text().split("\n") == [*ALLOWED, ""]
    dropped = pq.read_table(tmp_path / "drop.parquet").column("key").to_pylist()
    assert dropped == [row["sekisho_id"] for row in all_rows(tmp_path / "out") if row["sekisho_verdict"] != "allow"]


def test_rows_with_keys_are_handed_on_by_key(tmp_path, world):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"key": ["007", "008"], "url": ["http://open.example/a", "https://no.example/b"]}), path)
    clear(path, tmp_path / "out", "--observed", world, "--keys", tmp_path / "keep.txt")
    assert (tmp_path / "keep.txt").read_text() == "007\n"


def test_a_key_that_stands_for_a_refused_row_too_is_withheld(tmp_path, world, monkeypatch):
    path = tmp_path / "rows.parquet"
    urls = ["http://open.example/a", "https://no.example/b", "http://open.example/c", "http://open.example/d"]
    pq.write_table(pa.table({"key": ["007", "007", "008", "0\n07"], "url": urls}), path)
    done = sekisho("clear", path, tmp_path / "out", "--observed", world, "--on", "2026-11-22", "--keys", tmp_path / "keep.txt")
    assert (tmp_path / "keep.txt").read_text() == "008\n"
    assert "2 kept rows are not in" in done.stderr
    monkeypatch.setattr(handover, "KEYS_AT_ONCE", 1)
    assert handover.keys(tmp_path / "out", tmp_path / "again.txt") == (1, 2)
    assert (tmp_path / "again.txt").read_text() == "008\n"


def test_rows_under_attribution_get_a_credit_line_that_no_caption_can_break(tmp_path, world):
    path = tmp_path / "rows.parquet"
    table = {
        "url": ["http://open.example/a"] * 2,
        "title": ["A [cat](x)", "夜"],
        "author": ["<b>K</b>", "李"],
        "license": ["CC BY 4.0", ""],
    }
    pq.write_table(pa.table(table), path)
    clear(path, tmp_path / "out", "--observed", world, "--fact", "licence_covers=yes_attrib")
    lines = list(csv.DictReader((tmp_path / "out" / "credits.csv").read_text("utf-8").splitlines()))
    assert [line["title"] for line in lines] == table["title"]
    page = (tmp_path / "out" / "credits.md").read_text()
    assert "[cat](x)" not in page
    assert "<b>" not in page
    assert "夜, 李" in page


def test_no_credits_are_written_where_none_are_owed(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    assert not (tmp_path / "out" / "credits.csv").exists()


def test_the_policy_file_sets_what_the_command_line_does_not(tmp_path, rows, world):
    settings = tmp_path / "sekisho.toml"
    settings.write_text(
        f'jurisdictions = ["JP"]\npolicy = "law"\non = 2024-06-01\nobserved = ["{world.name}"]\n[facts]\npaid_dataset = "yes"\n'
    )
    done = sekisho("clear", rows, tmp_path / "out", "--settings", settings, "--policy", "consent", "--json")
    assert done.returncode == 1, done.stderr
    options = json.loads((tmp_path / "out" / "run.json").read_text())["options"]
    assert (options["jurisdictions"], options["policy"], options["on"], options["facts"]) == (
        ["JP"],
        "consent",
        "2024-06-01",
        {"paid_dataset": "yes"},
    )


def test_an_unknown_key_or_a_wrong_kind_of_value_in_the_policy_file_is_refused_by_name(tmp_path, rows):
    settings = tmp_path / "sekisho.toml"
    for text, named in (
        ('polcy = "law"', "polcy"),
        ('jurisdictions = "JP"', "jurisdictions"),
        ("on = 3", "on"),
        ("[facts", "sekisho.toml"),
    ):
        settings.write_text(text)
        done = sekisho("clear", rows, tmp_path / "out", "--settings", settings)
        assert done.returncode == 2
        assert named in done.stderr
        assert "Traceback" not in done.stderr


def test_a_law_file_of_ones_own_is_read_as_strictly_as_ours(tmp_path, rows, world):
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "au.toml").write_text("")
    done = sekisho("clear", rows, tmp_path / "out", "--observed", world, "--pack", pack)
    assert done.returncode == 2
    assert "au.toml" in done.stderr
