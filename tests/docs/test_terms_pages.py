"""The pages on terms of protection are those that the files print, and their examples run."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import write_terms  # noqa: E402 - a script of the docs folder, not of the package

from sekisho.cli import main  # noqa: E402 - after it
from sekisho.protection import circumstances, countries, loading  # noqa: E402 - after it

PAGES = write_terms.pages()
GUIDES = ("protection.md", "protection.ja.md")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_files_print(name):
    assert (DOCS / name).read_text("utf-8") == PAGES[name], "run: python docs/write_terms.py"


@pytest.mark.parametrize("name", PAGES)
def test_every_rule_stands_there_once_with_a_case(name):
    rows = [line.split(" | ") for line in PAGES[name].splitlines() if line.startswith("| ")]
    ids = {row[0].removeprefix("| "): row[-1] for row in rows}
    for code in countries():
        for rule in loading.country(code).rules:
            assert "tests/cases/term/" in ids[rule.id], rule.id


@pytest.mark.parametrize("name", GUIDES)
def test_the_guide_names_every_further_fact(name):
    words = (DOCS / name).read_text("utf-8")
    assert [fact for fact in circumstances() if f"`{fact}`" not in words] == []


@pytest.mark.parametrize("name", GUIDES)
def test_the_examples_of_the_guide_run(name, tmp_path, capsys):
    lines = [line.strip() for line in (DOCS / name).read_text("utf-8").splitlines() if line.startswith("    ")]
    for line in lines:
        if line.startswith("$ sekisho "):
            assert main(line.removeprefix("$ sekisho ").split()) == 0
        else:
            (tmp_path / "works.jsonl").write_text(line + "\n", encoding="utf-8")
            assert main(["term", "--batch", str(tmp_path / "works.jsonl")]) == 0
    assert "1999-01-01" in capsys.readouterr().out.replace("1999年1月1日", "1999-01-01")
