from pathlib import Path

import pytest

from sekisho.fingerprints import fingerprints

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["works.md", "works.ja.md"])
def test_every_fingerprint_on_the_shelf_is_documented(page):
    text = (DOCS / page).read_text("utf-8")
    assert fingerprints()
    assert [name for name in fingerprints() if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", fingerprints())
def test_every_fingerprint_says_in_both_languages_what_it_finds_and_reveals(name):
    spec = fingerprints()[name].SPEC
    assert all(text.en and text.ja and text.en != text.ja for text in (spec.title, spec.finds, spec.blind_to, spec.exported_reveals))
