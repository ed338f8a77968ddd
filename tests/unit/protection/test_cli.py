"""``sekisho term`` at the door: options, exit codes, JSON and words."""

import json

import pytest

from sekisho.cli import main


def run(capsys, *words):
    code = main(["term", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_work_is_answered_in_sentences(capsys):
    code, out, _ = run(capsys, "--country", "JP", "--died", "1948", "--on", "2026-11-22")
    assert code == 0
    assert out.startswith("JP, 2026-11-22: public domain; confidence high.")
    assert "First free day: 1999-01-01." in out
    assert "not legal advice" in out


def test_the_answer_can_be_had_in_japanese(capsys):
    _, out, _ = run(capsys, "--lang", "ja", "--country", "JP", "--died", "1970", "--on", "2026-11-22")
    assert out.startswith("JP（2026-11-22現在）：保護期間中。確度は高。")
    assert "法的助言ではありません" in out


def test_several_countries_are_answered_one_object_a_line(capsys):
    words = ["--country", "JP,EU, us", "--died", "1948", "--published", "1948", "--origin", "JP", "--json", "--on", "2026-11-22"]
    code, out, _ = run(capsys, *words)
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(record["country"], record["public_domain_from"]) for record in records] == [
        ("JP", "1999-01-01"),
        ("EU", "1999-01-01"),
        ("US", "2044-01-01"),
    ]


def test_an_unknown_contributor_is_an_empty_death(capsys):
    _, out, _ = run(capsys, "--country", "JP", "--died", "1948", "--died", "", "--json")
    assert json.loads(out)["status"] == "unknown"


WRONG = {
    "no country": (["--died", "1948"], "--country"),
    "unknown country": (["--country", "XX", "--died", "1948"], "'XX'"),
    "unknown day": (["--country", "JP", "--on", "someday"], "'someday'"),
    "unknown kind": (["--country", "JP", "--kind", "sonnetto"], "'sonnetto'"),
    "no file": (["--batch", "nowhere.jsonl"], "nowhere.jsonl"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_said_and_exits_with_two(capsys, words, said):
    code, _, err = run(capsys, *words)
    assert code == 2
    assert said in err


def test_a_batch_is_answered_in_order_and_a_bad_line_says_why(capsys, tmp_path):
    lines = [
        b'{"id": 1, "country": "JP", "died": [1967], "published": null, "origin": null, "kind": null, "anonymous": false, "corporate": false}',
        b"",
        b'{"id": "b", "country": "XX"}',
        b"not json",
        b"[" * 100_000,
        b'{"id": "\\ud800", "country": "JP"}',
        b"\xff\xfe",
        b'{"id": 7, "died": [1968], "on": "2018-12-29"}',
        b'{"id": 8, "country": "JP", "died": {"year": 1967}}',
    ]
    path = tmp_path / "works.jsonl"
    path.write_bytes(b"\n".join(lines))
    code, out, _ = run(capsys, "--batch", str(path), "--country", "JP", "--on", "2026-11-22")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [record["id"] for record in records] == [1, "b", None, None, None, None, 7, 8]
    assert ["error" in record for record in records] == [False, True, True, True, True, True, False, False]
    assert [records[place].get("public_domain_from") for place in (0, 6, 7)] == ["2018-01-01", "2019-01-01", None]


def test_a_clean_batch_exits_with_nought(capsys, tmp_path):
    path = tmp_path / "works.jsonl"
    path.write_text('{"id": 1, "country": "JP", "died": [1967]}\n', encoding="utf-8")
    assert run(capsys, "--batch", str(path))[0] == 0
