"""``clear`` and ``explain`` end to end, as a stranger runs them, on a small recorded world."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import ROWS, WORLD, all_rows, clear, sekisho, warc


def test_every_row_gets_the_expected_verdict_and_stands_in_exactly_one_place(tmp_path, rows, world):
    answer = clear(rows, tmp_path / "out", "--observed", world)
    found = all_rows(tmp_path / "out")
    assert [(row["URL"], row["sekisho_verdict"]) for row in found] == ROWS
    assert [row["caption"] for row in found] == [f"c{i}" for i in range(len(ROWS))]
    assert answer["rows"] == len(ROWS) == answer["kept"] + answer["left_out"]


def test_a_warc_says_the_same_as_parquet(tmp_path, rows, world):
    recorded = tmp_path / "world.warc.gz"
    recorded.write_bytes(warc(WORLD))
    clear(rows, tmp_path / "a", "--observed", world)
    clear(rows, tmp_path / "b", "--observed", recorded)
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "a")] == [row["sekisho_verdict"] for row in all_rows(tmp_path / "b")]


def test_a_warc_cut_in_the_middle_keeps_what_stands_before_and_never_allows_what_is_lost(tmp_path, rows):
    whole = warc(WORLD)
    for share in (0.2, 0.5, 0.8, 0.97):
        recorded = tmp_path / f"{share}.warc.gz"
        recorded.write_bytes(whole[: int(len(whole) * share)])
        clear(rows, tmp_path / str(share), "--observed", recorded)
        verdicts = {row["URL"]: row["sekisho_verdict"] for row in all_rows(tmp_path / str(share))}
        assert all(verdicts[url] in {wanted, "unknown"} for url, wanted in ROWS if url != "https://silent.example/tagged")


def test_policies_tighten_from_law_to_signals_to_consent(tmp_path, rows, world):
    order = ["allow", "unknown", "licence", "deny"]
    found = []
    for policy in ("law", "signals", "consent"):
        clear(rows, tmp_path / policy, "--observed", world, "--policy", policy, "--jurisdiction", "JP")
        found.append([order.index(row["sekisho_verdict"]) for row in all_rows(tmp_path / policy)])
    assert all(a <= b <= c for a, b, c in zip(*found, strict=True))
    assert found[0].count(0) > found[1].count(0) > found[2].count(0) == 0


def test_observations_after_the_day_of_use_are_ignored_unless_hindsight_is_asked_for(tmp_path, rows, world):
    for name, extra in (("then", []), ("hindsight", ["--hindsight"])):
        done = sekisho("clear", rows, tmp_path / name, "--observed", world, "--on", "2023-05-30", "--json", *extra)
        assert done.returncode == 1, done.stderr
    assert {row["sekisho_verdict"] for row in all_rows(tmp_path / "then")} == {"unknown"}
    assert "deny" in {row["sekisho_verdict"] for row in all_rows(tmp_path / "hindsight")}


def test_the_law_of_the_day_is_applied_not_todays(tmp_path, rows, world):
    clear_then = sekisho(
        "clear", rows, tmp_path / "then", "--observed", world, "--on", "2024-06-01", "--jurisdiction", "US", "--policy", "law", "--json"
    )
    now = clear(rows, tmp_path / "now", "--observed", world, "--jurisdiction", "US", "--policy", "law")
    assert json.loads(clear_then.stdout)["counts"]["reason"]["US-08"] == now["counts"]["reason"]["US-07"]


def test_the_same_rows_give_the_same_bytes_with_one_worker_and_with_two(tmp_path, world, monkeypatch):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(3):
        pq.write_table(pa.table({"url": [f"http://open.example/{number}/{i}" for i in range(500)]}), many / f"{number}.parquet")
    clear(many, tmp_path / "one", "--observed", world, "--workers", "1")
    clear(many, tmp_path / "two", "--observed", world, "--workers", "2")
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


@pytest.mark.parametrize("delay", [0.05, 0.6, 1.0, 1.4, 1.8])
def test_kill_9_and_resume_give_the_same_bytes(tmp_path, world, delay):
    data = tmp_path / "data"
    data.mkdir()
    for number in range(6):
        pq.write_table(pa.table({"url": [f"http://open.example/{number}/{i}" for i in range(4_000)]}), data / f"{number}.parquet")
    clear(data, tmp_path / "whole", "--observed", world)
    command = [
        sys.executable,
        "-m",
        "sekisho",
        "clear",
        str(data),
        str(tmp_path / "cut"),
        "--observed",
        str(world),
        "--on",
        "2026-11-22",
        "--json",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    clear(data, tmp_path / "cut", "--observed", world, "--resume")
    assert _bytes(tmp_path / "whole") == _bytes(tmp_path / "cut")
    assert not list((tmp_path / "cut").rglob("*.part"))


def _bytes(out):
    files = {
        path.relative_to(out): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name not in {".lock", "run.json", "plan.json"}
    }
    run = json.loads((out / "run.json").read_text())
    run.pop("clock")
    return files, {key: value for key, value in run.items() if key != "inputs"}


def test_a_second_process_on_the_same_folder_is_refused(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    with (tmp_path / "out" / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = sekisho("clear", rows, tmp_path / "out", "--observed", world, "--resume")
    assert done.returncode == 2
    assert "in use" in done.stderr


def test_a_folder_that_holds_another_run_is_refused_and_says_what_changed(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    again = sekisho("clear", rows, tmp_path / "out", "--observed", world, "--on", "2026-11-22")
    assert again.returncode == 2
    assert "--resume" in again.stderr
    other = sekisho("clear", rows, tmp_path / "out", "--observed", world, "--on", "2026-11-21", "--resume")
    assert other.returncode == 2
    assert "options" in other.stderr
    pq.write_table(pa.table({"url": ["http://open.example/other"]}), rows)
    changed = sekisho("clear", rows, tmp_path / "out", "--observed", world, "--on", "2026-11-22", "--resume")
    assert changed.returncode == 2
    assert "rows.parquet" in changed.stderr


def test_a_folder_of_somebody_elses_files_is_left_alone(tmp_path, rows, world):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    done = sekisho("clear", rows, tmp_path / "out", "--observed", world)
    assert done.returncode == 2
    assert "thesis.txt" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) in (["thesis.txt"], [".lock", "thesis.txt"])


def test_resume_on_an_absent_folder_starts(tmp_path, rows, world):
    assert clear(rows, tmp_path / "out", "--observed", world, "--resume")["rows"] == len(ROWS)


def test_a_truncated_parquet_alone_is_refused_with_what_to_do(tmp_path, rows, world):
    rows.write_bytes(rows.read_bytes()[:-20])
    done = sekisho("clear", rows, tmp_path / "out", "--observed", world)
    assert done.returncode == 2
    assert "rows.parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_truncated_file_among_good_ones_is_one_left_out_row_with_the_reason(tmp_path, rows, world):
    data = tmp_path / "data"
    data.mkdir()
    rows.rename(data / "good.parquet")
    (data / "bad.parquet").write_bytes((data / "good.parquet").read_bytes()[:-20])
    answer = clear(data, tmp_path / "out", "--observed", world)
    assert answer["rows"] == len(ROWS) + 1
    assert answer["counts"]["reason"]["unreadable file"] == 1
    assert any("bad.parquet" in problem for problem in answer["problems"])


def test_one_broken_row_group_costs_only_its_own_rows(tmp_path, rows, world):
    raw = bytearray(rows.read_bytes())
    column = pq.ParquetFile(rows).metadata.row_group(1).column(1)
    start = column.dictionary_page_offset or column.data_page_offset
    raw[start : start + 12] = b"\xff" * 12
    rows.write_bytes(bytes(raw))
    clear(rows, tmp_path / "out", "--observed", world)
    found = all_rows(tmp_path / "out")
    assert [row["sekisho_verdict"] for row in found[:3] + found[6:]] == [verdict for _, verdict in ROWS[:3] + ROWS[6:]]
    assert all("row group 1" in row["sekisho_reason"] for row in found[3:6])


def test_broken_csv_quoting_costs_only_the_broken_record(tmp_path, world):
    data = tmp_path / "data.csv"
    data.write_text(
        'url,caption\nhttp://open.example/1,x\nhttp://open.example/2,"open\nhttp://open.example/3,"two\nlines"\nhttp://open.example/4,a,b\n'
    )
    clear(data, tmp_path / "out", "--observed", world)
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == ["allow", "unknown", "allow", "unknown"]


def test_one_bad_line_of_jsonl_is_left_out_with_its_number(tmp_path, world):
    data = tmp_path / "data.jsonl"
    data.write_text('{"url": "http://open.example/1", "n": 1}\n{"url": \n{"url": "http://open.example/2", "n": {"x": 2}}\n')
    clear(data, tmp_path / "out", "--observed", world)
    found = all_rows(tmp_path / "out")
    assert [row["sekisho_verdict"] for row in found] == ["allow", "unknown", "allow"]
    assert found[1]["sekisho_reason"].startswith("unreadable row: line 2:")


@pytest.mark.parametrize(
    "word", ["--jurisdiction=XX", "--fact=colour=red", "--fact=pd=maybe", "--fact=pd", "--on=2026-13-01", "--observed=nowhere.warc"]
)
def test_a_wrong_word_is_refused_without_a_traceback(tmp_path, rows, word):
    done = sekisho("clear", rows, tmp_path / "out", word)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_full_disk_is_told_and_resume_completes_the_run(tmp_path, world):
    data = tmp_path / "data.parquet"
    pq.write_table(pa.table({"url": [f"http://open.example/{os.urandom(16).hex()}" for _ in range(30_000)]}), data)
    script = "import resource, sys; from sekisho.cli import main; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); sys.exit(main(sys.argv[1:]))"
    words = ["clear", str(data), str(tmp_path / "out"), "--observed", str(world), "--on", "2026-11-22"]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr
    assert clear(data, tmp_path / "out", "--observed", world, "--resume")["kept"] == 30_000


def test_explain_names_rule_citation_evidence_and_assumptions_in_both_languages(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    english = sekisho("explain", tmp_path / "out", "0:4", "--lang", "en").stdout
    assert all(word in english for word in ("DENY", "EU-06", "2019/790", "robots.txt", "GPTBot", "Assumed", "not legal advice"))
    japanese = sekisho("explain", tmp_path / "out", "https://no.example/e.png", "--lang", "ja").stdout
    assert all(word in japanese for word in ("不可", "第4条", "GPTBot", "前提", "法的助言ではありません"))
    as_json = json.loads(sekisho("explain", tmp_path / "out", "0:4", "--json").stdout)
    assert as_json["verdict"] == "deny"
    assert as_json["assumed"]["use_kind"] == "train"


def test_explain_of_a_row_that_is_not_there_says_so(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    for item in ("0:99", "7:0", "http://elsewhere.example/"):
        done = sekisho("explain", tmp_path / "out", item)
        assert done.returncode == 2
        assert item in done.stderr


def test_numbers_of_run_json_follow_from_the_rows(tmp_path, rows, world):
    clear(rows, tmp_path / "out", "--observed", world)
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    found = all_rows(tmp_path / "out")
    for name in ("verdict", "JP", "EU", "US"):
        assert run["counts"][name] == {word: [row[f"sekisho_{name}"] for row in found].count(word) for word in run["counts"][name]}
        assert sum(run["counts"][name].values()) == len(found)
    cases = {row["case"]: row["verdict"] for row in pq.read_table(tmp_path / "out" / "cases.parquet").to_pylist()}
    assert all(cases[row["sekisho_case"]] == row["sekisho_verdict"] for row in found if row["sekisho_case"])
    assert {row["sekisho_case"] for row in found} - {None} == set(cases)


def test_a_robots_file_of_50_megabytes_or_in_utf_16_is_bounded_and_never_an_unread_allow(tmp_path):
    huge = b"User-agent: *\nDisallow: /a\n" + b"Disallow: /x\n" * 4_000_000
    utf16 = "User-agent: *\nDisallow: /\n".encode("utf-16")
    world = tmp_path / "w.parquet"
    pq.write_table(
        pa.table({"url": ["http://a.example/robots.txt", "http://b.example/robots.txt"], "status": [200, 200], "body": [huge, utf16]}),
        world,
    )
    data = tmp_path / "d.csv"
    data.write_text("url\nhttp://a.example/a\nhttp://b.example/a\n")
    clear(data, tmp_path / "out", "--observed", world)
    first, second = all_rows(tmp_path / "out")
    assert first["sekisho_verdict"] == "deny"
    assert second["sekisho_verdict"] != "allow"
