"""The pages on the law are those that the pack prints."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import write_law  # noqa: E402 - a script of the docs folder, not of the package

FILES = write_law.files()


@pytest.mark.parametrize("name", FILES)
def test_the_page_is_what_the_pack_prints(name):
    assert (DOCS / "law" / name).read_text("utf-8") == FILES[name], "run: python docs/write_law.py"


def test_no_page_is_left_over():
    assert {path.name for path in (DOCS / "law").iterdir()} == set(FILES)


def test_every_page_says_what_it_is_not_and_names_the_pack():
    for name, text in FILES.items():
        assert "not legal advice" in text or "法的助言ではありません" in text, name
        assert str(write_law.PACK.dated) in text, name
    assert write_law.PACK.digest in FILES["JP.md"]


def test_every_rule_and_note_names_its_cases():
    for code in write_law.PACK.jurisdictions:
        text = FILES[f"{code}.md"]
        assert text.count("\n### ") == text.count("\n- Cases: "), code
