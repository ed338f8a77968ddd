"""``sekisho screen`` on texts: files in any encoding, lines of outputs, standard input, lists, and the pages that show what was found."""

import io
import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sekisho.cli import main

DIARY = (
    "秋の終りの或る夕方、私は港の見える坂道をひとりで下りて行つた。沖には黒い汽船が一艘、煙も吐かずにとまつてゐる。"
    "坂の途中の古道具屋の店さきに、片方の耳の欠けた木彫りの兎が置いてあつて、通るたびに私の顔を見上げるのであつた。"
)
OTHER = "会議の議事録は翌週の月曜日までに各部署へ配布され、担当者は内容を確認したうえで修正点を事務局に連絡することになっている。"


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (tmp_path / "diary.txt").write_text(DIARY, encoding="utf-8")
    main(["register", str(tmp_path / "diary.txt"), "--works", str(tmp_path / "store"), "--holder", "港書房", "--terms", "no"])
    capsys.readouterr()
    return str(tmp_path / "store")


def screened(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    main(["screen", *words, "--json"])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("cp932", "cp932"),
        ("euc_jp", "euc_jis_2004"),
        ("iso2022_jp", "iso2022_jp_2004"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16-be"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_a_file_in_any_encoding_is_read_and_the_encoding_said(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str], encoding: str, said: str
) -> None:
    (tmp_path / "page.txt").write_bytes((OTHER + DIARY).encode(encoding))
    (answer,) = screened(capsys, str(tmp_path / "page.txt"), "--works", store)
    assert (answer["verdict"], answer["encoding"]) == ("deny", said)
    assert answer["matches"][0]["item_region"] == [len(OTHER), len(OTHER) + len(DIARY) - 1]


@pytest.mark.parametrize(
    ("spoilt", "verdict"),
    [
        (DIARY.encode()[:60] + b"\xff\x80" * 9 + DIARY.encode()[60:], "deny"),
        (DIARY.replace("、", "\x07\x00", 2).encode(), "deny"),
        ("\u202e".join(DIARY).encode(), "deny"),
        (DIARY.encode("cp932")[1:-1], "deny"),
        ("短い。".encode(), "allow"),
        (b"\n", "allow"),
        ("あ".encode() * 90_000, "allow"),
        ("ああ言えばこう言う。".encode() * 9_000, "allow"),
        (random.Random(1).randbytes(5000), "unknown"),
        (b"\0" * 5000, "unknown"),
        (b"", "unknown"),
    ],
)
def test_bad_input_has_a_clear_answer(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str], spoilt: bytes, verdict: str) -> None:
    (tmp_path / "page.txt").write_bytes(spoilt)
    (answer,) = screened(capsys, str(tmp_path / "page.txt"), "--works", store)
    assert (answer["verdict"], bool(answer["matches"]), "unreadable" in answer) == (verdict, verdict == "deny", verdict == "unknown")


def test_lines_of_outputs_are_items_and_a_bad_line_is_unknown(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"id": "first", "text": OTHER}), "{broken", json.dumps({"output": OTHER + DIARY}), json.dumps({"n": 1}), ""]
    (tmp_path / "outputs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    answers = screened(capsys, str(tmp_path / "outputs.jsonl"), "--works", store)
    assert [answer["verdict"] for answer in answers] == ["allow", "unknown", "deny", "unknown"]
    assert [str(answer["item"]).rsplit("/", 1)[-1] for answer in answers] == [
        "first",
        "outputs.jsonl:2",
        "outputs.jsonl:3",
        "outputs.jsonl:4",
    ]


def test_files_that_a_later_kind_of_fingerprint_does_not_know_are_told(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    screened(capsys, str(tmp_path / "diary.txt"), "--works", store)
    with closing(sqlite3.connect(Path(store, "works.sqlite"))) as before:
        before.execute("UPDATE fingerprints SET part = 'text-passages-0'")
        before.commit()
    main(["screen", str(tmp_path / "diary.txt"), "--works", store])
    assert "1 registered files are not searched by text-passages-2" in capsys.readouterr().err
    main(["register", str(tmp_path / "diary.txt"), "--works", store, "--holder", "港書房", "--terms", "no"])
    capsys.readouterr()
    main(["screen", str(tmp_path / "diary.txt"), "--works", store, "--json"])
    told = capsys.readouterr()
    assert json.loads(told.out)["verdict"] == "deny"
    assert "not searched" not in told.err


def test_standard_input_and_a_list_of_paths(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((OTHER + DIARY).encode("cp932"))))
    (tmp_path / "one.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "list").write_text(f"{tmp_path / 'one.txt'}\n{tmp_path / 'diary.txt'}\n", encoding="utf-8")
    answers = screened(capsys, "-", f"@{tmp_path / 'list'}", "--works", store)
    assert [answer["verdict"] for answer in answers] == ["deny", "allow", "deny"]


def test_the_evidence_shows_both_passages_with_their_differences(tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.txt").write_text(f"{OTHER}<b>{DIARY.replace('黒い汽船', '白い帆船').replace('、', '')}", encoding="utf-8")
    screened(capsys, str(tmp_path / "page.txt"), "--works", store, "--evidence", str(tmp_path / "shown"))
    page = (tmp_path / "shown" / "00001-1.html").read_text(encoding="utf-8")
    assert "<mark>白</mark>い<mark>帆</mark>船" in page
    assert "<mark>黒</mark>い<mark>汽</mark>船" in page
    assert "<mark class=form>、</mark>" in page
    assert "&lt;b&gt;" in page
    assert "類似性を示すもの" in page
    assert "00001-1.html" in (tmp_path / "shown" / "index.html").read_text(encoding="utf-8")
