"""Writes the tables that are printed from the code into the pages of this folder: ``python docs/write_tables.py``."""

import re
from pathlib import Path

from sekisho.signals.table import table

HERE = Path(__file__).parent
PAGES = {"signals.md": "en", "signals.ja.md": "ja"}


def written(page: str, lang: str) -> str:
    """``page`` with the table between its two marks printed anew."""
    marks = r"(<!-- table: from SPEC -->\n).*?(<!-- end -->)"
    return re.sub(marks, lambda found: f"{found[1]}{table(lang)}\n{found[2]}", page, flags=re.DOTALL)


if __name__ == "__main__":
    for name, lang in PAGES.items():
        path = HERE / name
        path.write_text(written(path.read_text(encoding="utf-8"), lang), encoding="utf-8")
