"""``sekisho law`` at the door: options, exit codes, JSON and words."""

import json
from pathlib import Path

import pytest

from sekisho.cli import main

ORDINARY = ["--on", "2024-06-01", "--stage", "ingest", "--fact", "purpose=commercial"]


def run(capsys, *words):
    code = main(["law", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_question_is_answered_in_sentences(capsys):
    code, out, _ = run(capsys, "ask", "--jurisdiction", "JP", *ORDINARY)
    assert code == 0
    assert out.startswith("Japan (JP), 2024-06-01, training: permitted. Verdict: allow.")
    assert "not legal advice" in out


def test_several_countries_are_answered_one_object_a_line_as_they_were_spelled(capsys):
    code, out, _ = run(capsys, "ask", "--jurisdiction", "JP,GB", *ORDINARY, "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [record["jurisdiction"] for record in records] == ["JP", "GB"]
    assert [record["rule"] for record in records] == ["JP-13", "UK-04"]


def test_the_answer_can_be_had_in_japanese(capsys):
    _, out, _ = run(capsys, "ask", "--lang", "ja", "--jurisdiction", "JP", *ORDINARY)
    assert "法的助言ではありません" in out


WRONG = {
    "unknown country": (["--jurisdiction", "JP,XX", *ORDINARY], "'XX'; known: AU"),
    "no country": (ORDINARY, "law ask needs --jurisdiction"),
    "day before the pack": (["--jurisdiction", "JP", "--on", "1850-01-01", "--stage", "ingest"], "begins on 1900-01-01"),
    "no day": (["--jurisdiction", "JP", "--on", "yesterday", "--stage", "ingest"], "'yesterday' is not a day"),
    "unknown stage": (["--jurisdiction", "JP", "--on", "2024-06-01", "--stage", "test"], "known stages: ingest, output"),
    "unknown fact": (["--jurisdiction", "JP", *ORDINARY, "--fact", "weather=fine"], "no fact 'weather'"),
    "unknown value": (["--jurisdiction", "JP", *ORDINARY, "--fact", "pd=perhaps"], "known values: unknown, yes, no"),
    "fact without value": (["--jurisdiction", "JP", *ORDINARY, "--fact", "pd"], "--fact takes name=value"),
    "contradiction": (["--jurisdiction", "JP", *ORDINARY, "--fact", "pd=yes", "--fact", "pd=no"], "pd is both 'yes' and 'no'"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_use_answers_nothing_and_says_what_to_do(capsys, kind):
    words, message = WRONG[kind]
    code, out, err = run(capsys, "ask", *words)
    assert (code, out) == (2, "")
    assert message in err


def test_a_batch_answers_every_line_and_tells_of_bad_ones_by_its_exit_code(capsys, tmp_path):
    good = {"id": 7, "jurisdiction": "EU", "on": "2024-06-01", "stage": "ingest", "facts": {"lawful_access": "yes"}}
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(good) + "\n", "utf-8")
    code, out, _ = run(capsys, "ask", "--batch", str(path))
    assert (code, json.loads(out)["rule"]) == (0, "EU-09")
    path.write_text(json.dumps(good) + "\n{\n", "utf-8")
    code, out, _ = run(capsys, "ask", "--batch", str(path))
    assert code == 1
    assert [sorted(json.loads(line))[:2] == ["error", "id"] for line in out.splitlines()] == [False, True]


def test_a_batch_says_everything_itself(capsys, tmp_path):
    code, _, err = run(capsys, "ask", "--batch", str(tmp_path / "questions.jsonl"), "--fact", "pd=yes")
    assert code == 2
    assert "every line says where" in err


def test_a_batch_that_is_not_there_is_wrong_use(capsys, tmp_path):
    code, _, err = run(capsys, "ask", "--batch", str(tmp_path / "none.jsonl"))
    assert code == 2
    assert "none.jsonl" in err


def test_a_page_shows_the_rules_of_the_day_only(capsys):
    code, out, _ = run(capsys, "show", "JP", "--on", "2023-05-30")
    assert code == 0
    assert "### JP-11" in out
    assert "### JP-10" not in out
    code, out, _ = run(capsys, "show", "JP", "--on", "2024-06-01", "--json")
    ids = [json.loads(line)["rule"] for line in out.splitlines()]
    assert "JP-10" in ids
    assert "JP-11" not in ids


def test_two_days_are_compared(capsys):
    code, out, _ = run(capsys, "diff", "2024-01-01", "2024-12-31", "--jurisdiction", "JP")
    assert code == 0
    assert "2024-03-15 JP" in out
    assert "- JP-05" in out
    assert "+ JP-03" in out
    _, out, _ = run(capsys, "diff", "2024-01-01", "2024-12-31", "--jurisdiction", "JP", "--json")
    assert json.loads(out)["ended"] == ["JP-05", "JP-09", "JP-11", "JP-32"]


def test_where_nothing_changed_that_is_said(capsys):
    assert run(capsys, "diff", "2024-06-01", "2024-06-02", "--jurisdiction", "JP")[:2] == (0, "Nothing changed.\n")


def test_a_page_can_be_asked_for_by_option_and_needs_a_place(capsys):
    by_option = run(capsys, "show", "--jurisdiction", "JP", "--on", "2023-05-30")
    assert by_option == run(capsys, "show", "JP", "--on", "2023-05-30")
    code, _, err = run(capsys, "show")
    assert code == 2
    assert "known: AU" in err


def test_a_folder_of_own_law_that_is_not_there_is_wrong_use(capsys, tmp_path):
    code, _, err = run(capsys, "show", "JP", "--pack", str(tmp_path / "none"))
    assert code == 2
    assert "no such folder of law files" in err


def test_our_own_pack_passes_its_check(capsys):
    code, out, _ = run(capsys, "check")
    assert (code, out.split(", ")[-1]) == (0, "0 findings.\n")


def test_a_check_without_enough_cases_has_findings(capsys, tmp_path):
    code, out, _ = run(capsys, "check", "--cases", str(tmp_path), "--json")
    assert code == 1
    assert {"finding": "No case exercises JP-13."} in [json.loads(line) for line in out.splitlines()]


def test_a_case_with_an_unknown_word_is_refused_by_name(capsys, tmp_path):
    text = Path(__file__).parents[2].joinpath("cases", "law", "ca.toml").read_text("utf-8")
    (tmp_path / "ca.toml").write_text(text.replace('outcome = "unsettled"', 'outcome = "open"', 1), "utf-8")
    code, _, err = run(capsys, "check", "--cases", str(tmp_path))
    assert code == 2
    assert "ca.toml, CA-01 days, expect" in err


def test_a_case_that_fails_is_told_with_both_answers(capsys, tmp_path):
    text = Path(__file__).parents[2].joinpath("cases", "law", "ca.toml").read_text("utf-8")
    (tmp_path / "ca.toml").write_text(text.replace('rule = "CA-01"', 'rule = "CA-02"'), "utf-8")
    _, out, _ = run(capsys, "check", "--cases", str(tmp_path))
    assert "CA 1985-01-01: expected unsettled CA-02, got unsettled CA-01." in out


def test_an_own_pack_with_a_mistake_is_refused_by_file(capsys, tmp_path):
    (tmp_path / "xx.toml").write_text('name = "Nowhere"\n', "utf-8")
    code, _, err = run(capsys, "ask", "--jurisdiction", "JP", *ORDINARY, "--pack", str(tmp_path))
    assert code == 2
    assert "xx.toml: name is of the wrong kind" in err
