"""The how-to in examples/aozora, run on real files where they are, and on a small checkout of its own."""

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
AOZORA = ROOT.parent / "shared" / "data" / "aozora"
ON = date(2026, 11, 22)


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_corpus", ROOT / "examples" / "aozora" / "build_corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_work_that_is_free_at_home_and_protected_abroad_is_left_out_with_a_receipt(tmp_path: Path, example: ModuleType) -> None:
    (tmp_path / "one.txt").write_text(
        "題\n作者\n\n本文《ほんぶん》である。\n\n\n底本：「本」\n入力：甲\n青空文庫作成ファイル：\n", encoding="utf-8"
    )
    (tmp_path / "works.csv").write_text(
        "work_id,title,author,death,role,first_publication,text_file\n"
        "1,早い,甲,1927-07-24,著者,「新潮」1918年3月号,one.txt\n2,遅い,乙,1948-06-13,著者,1948（昭和23）年,one.txt\n"
        "3,不明,丙,,著者,,one.txt\n4,ない,丁,1900,著者,1899,gone.txt\n",
        encoding="utf-8",
    )
    counts = example.build(tmp_path, tmp_path / "out", ["JP", "US"], ON)
    assert counts == {"looked at": 3, "JP": 2, "US": 1, "free in all": 1}
    assert lines(tmp_path / "out" / "corpus.jsonl") == [
        {"id": "1", "title": "早い", "author": "甲", "text": "本文である。", "colophon": "底本：「本」\n入力：甲\n青空文庫作成ファイル："}
    ]
    receipts = {(line["id"], line["country"]): line["status"] for line in lines(tmp_path / "out" / "receipts.jsonl")}
    assert receipts["2", "US"] == "protected"
    assert receipts["3", "JP"] == "unknown"
    assert len(receipts) == 6


@pytest.mark.skipif(not AOZORA.is_dir(), reason="the Aozora Bunko files are not beside the checkout")
def test_real_works_are_free_in_japan_and_fewer_of_them_in_the_united_states(tmp_path: Path, example: ModuleType) -> None:
    counts = example.build(AOZORA, tmp_path, ["JP", "EU", "US"], ON)
    assert counts["looked at"] == counts["JP"] == 150
    assert 0 < counts["US"] < counts["JP"]
    for work in lines(tmp_path / "corpus.jsonl"):
        assert "底本" in str(work["colophon"])
        assert "《" not in str(work["text"])
