"""What the pages on ``clear`` show is what ``clear`` takes."""

import re
from pathlib import Path

import pytest

from sekisho import datasets, settings, tables
from sekisho.datasets import formats

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("clear.md", "clear.ja.md")


def block(page, language):
    return re.search(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)[1]


@pytest.mark.parametrize("page", PAGES)
def test_the_policy_file_on_the_page_is_one(page, tmp_path):
    (tmp_path / "sekisho.toml").write_text(block(page, "toml"), "utf-8")
    options, warnings = settings.options(settings.read(tmp_path / "sekisho.toml"))
    assert (options.jurisdictions, options.observed, warnings) == (("JP", "EU", "US"), (str(tmp_path / "robots.warc.gz"),), ())


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_facts_on_the_page_is_one(page, tmp_path):
    (tmp_path / "facts.csv").write_text(block(page, "csv"), "utf-8")
    found = tables.load([tmp_path / "facts.csv"], settings.day_of("2026-11-22"), hindsight=False)
    assert set(found.hosts) == {"artist.example"}
    assert set(found.below) == {"archive.example"}


@pytest.mark.parametrize("page", PAGES)
def test_the_columns_and_endings_on_the_page_are_known(page):
    words = (DOCS / page).read_text("utf-8")
    named = re.findall(r"`(\w+)`", next(line for line in words.splitlines() if "`warc_target_uri`" in line))
    assert set(named[:6]) <= set(datasets.URL_COLUMNS)
    endings = re.findall(r"`(\.\w+)`", words.split("|---|---|---|")[1])
    assert [
        ending for ending in endings if ending != ".gz" and not any(part.recognises(Path(f"a{ending}")) for part in formats().values())
    ] == []
