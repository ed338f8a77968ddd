"""The digest of a store: what decides changes it, the order and the place of registration do not."""

from __future__ import annotations

from datetime import date

import pytest
from drawings import drawing, encoded

from sekisho.works import Works, settings, state

DAY = date(2026, 1, 5)


@pytest.fixture
def pictures(tmp_path):
    for seed in range(2):
        (tmp_path / f"p{seed}.png").write_bytes(encoded(drawing(seed)))
    return [tmp_path / "p0.png", tmp_path / "p1.png"]


def digest(works):
    return state.digest(works.store, works.settings)


def registered(folder, pictures):
    works = Works.open(folder)
    for path in pictures:
        works.register(path, holder="A", terms="no", on=DAY)
    return works


def test_the_order_of_registration_does_not_matter(tmp_path, pictures):
    one, other = registered(tmp_path / "one", pictures), registered(tmp_path / "other", pictures[::-1])
    assert digest(one) == digest(other)


def test_new_terms_a_new_work_a_harmless_picture_and_a_setting_change_it(tmp_path, pictures):
    works = registered(tmp_path / "one", pictures[:1])
    seen = [digest(works)]
    works.declare([next(works.all())[0].id], "yes", on=DAY)
    seen.append(digest(works))
    works.register(pictures[1], holder="B", terms="ask", on=DAY)
    seen.append(digest(works))
    works.mark_harmless(pictures[0])
    seen.append(digest(works))
    settings.change(works.store, "sure", "0.9")
    assert len({*seen, digest(works)}) == 5
