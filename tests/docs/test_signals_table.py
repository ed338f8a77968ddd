from pathlib import Path

import pytest

from sekisho.signals import readers
from sekisho.signals.table import table

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"en": DOCS / "signals.md", "ja": DOCS / "signals.ja.md"}


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_holds_the_table_that_the_specs_print(lang):
    assert table(lang) in PAGES[lang].read_text(encoding="utf-8"), "run: python docs/write_tables.py"


@pytest.mark.parametrize("lang", PAGES)
def test_every_part_has_a_row(lang):
    assert all(f"(`{name}`)" in table(lang) for name in readers())
