"""What a store says of items in rows: which works stand for an item, which it holds a part of, and what leaves it open."""

from __future__ import annotations

import io
from datetime import date

import pytest
from drawings import drawing, encoded

from sekisho.formats import reading
from sekisho.works import Works, in_rows, settings
from sekisho.works.in_rows import Finder

DAY = date(2026, 1, 5)
DIARY = (
    "秋の終りの或る夕方、私は港の見える坂道をひとりで下りて行つた。沖には黒い汽船が一艘、煙も吐かずにとまつてゐる。"
    "坂の途中の古道具屋の店さきに、片方の耳の欠けた木彫りの兎が置いてあつて、通るたびに私の顔を見上げるのであつた。"
)
OTHER = "会議の議事録は翌週の月曜日までに各部署へ配布され、担当者は内容を確認したうえで修正点を事務局に連絡することになっている。"


@pytest.fixture
def works(tmp_path):
    (tmp_path / "diary.txt").write_text(DIARY, "utf-8")
    (tmp_path / "p.png").write_bytes(encoded(drawing(1)))
    (tmp_path / "list.csv").write_text(
        "path,work,title,holder,terms,url\n"
        "diary.txt,diary,日記,港書房,no,https://example.com/日記\np.png,picture,絵,港書房,no,\n,elsewhere,他,港書房,ask,https://example.com/other\n",
        "utf-8",
    )
    store = Works.open(tmp_path / "store")
    store.register(catalogue=tmp_path / "list.csv", on=DAY)
    store.take_in(tmp_path / "list.csv", on=DAY)
    return store


def in_text(works, text):
    return Finder(works, DAY).in_text(reading.plain(text), text.encode())


def test_a_text_that_is_the_work_stands_for_it_and_a_longer_one_holds_a_part(works):
    assert in_text(works, DIARY).whole == {"diary"}
    longer = in_text(works, OTHER + DIARY)
    assert (longer.whole, longer.parts) == (frozenset(), {"diary"})
    assert [find.item_region for find in longer.finds] == [(len(OTHER), len(OTHER) + len(DIARY) - 1)]


def test_marks_up_of_a_page_is_no_part_of_the_item(works):
    page = f"<html><head><title>{OTHER}</title></head><body><p>{DIARY}</p></body></html>".encode()
    assert Finder(works, DAY).in_text(reading.read(page), page).whole == {"diary"}


def test_half_of_a_work_may_be_the_whole_item(works):
    assert in_text(works, DIARY[: len(DIARY) // 2]).whole == {"diary"}


def test_nothing_is_found_in_another_text_and_in_one_too_short_to_be_told(works):
    assert in_text(works, OTHER).finds == in_text(works, "短い。").finds == ()
    assert not in_text(works, "短い。").unreadable


def test_a_picture_stands_for_its_work_and_a_broken_one_leaves_it_open(works):
    finder = Finder(works, DAY)
    raw = io.BytesIO()
    drawing(1).convert("L").save(raw, "JPEG", quality=40)
    assert finder.in_bytes(raw.getvalue()).whole == {"picture"}
    assert finder.in_bytes(encoded(drawing(2))).finds == ()
    assert finder.in_bytes(encoded(drawing(1))[:3000]).unreadable


def test_content_that_is_not_read_here_was_not_asked_about(works):
    assert Finder(works, DAY).in_bytes(b"ID3" + bytes(100)) is None
    assert Finder(works, DAY).in_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>') is None


def test_names_lead_to_works_and_a_work_without_a_file_is_found_by_its_address(works):
    finder = Finder(works, DAY)
    assert finder.at_urls(["https://example.com/other", "https://example.com/nothing"])["https://example.com/other"].whole == {"elsewhere"}
    ((digest, iscc),) = works.files("picture")
    assert finder.of_digests([digest, bytes(32)])[digest].finds[0].by == "digest"
    assert finder.of_isccs([iscc])[iscc].whole == {"picture"}
    assert str(finder.standing(["elsewhere"])["elsewhere"].declared.terms) == "ask"


@pytest.mark.parametrize("most", [0, 100])
def test_addresses_are_found_as_they_are_written_and_as_they_would_be_requested(works, most, monkeypatch):
    monkeypatch.setattr(in_rows, "MOST_ADDRESSES", most)
    finder = Finder(works, DAY)
    assert finder.at_urls(["https://example.com/日記"])["https://example.com/日記"].whole == {"diary"}
    requested = "https://example.com/%E6%97%A5%E8%A8%98"
    assert (requested in finder.at_urls([requested, "https://example.com/"])) == (most > 0)
    assert finder.authorities is None if most == 0 else finder.authorities.to_pylist() == ["https://example.com"]


def test_an_unsure_match_is_in_doubt(works):
    settings.change(works.store, "sure", "1")
    found = in_text(works, OTHER + DIARY[:30])
    assert (found.parts, found.doubtful) == (frozenset(), {"diary"})
    assert found.finds[0].score < 1


def test_what_is_registered_later_is_not_seen_by_a_run_that_is_at_work(works, tmp_path):
    assert in_text(works, OTHER).finds == ()
    (tmp_path / "other.txt").write_text(OTHER, "utf-8")
    works.register(tmp_path / "other.txt", holder="B", terms="no", on=DAY)
    assert in_text(works, OTHER).finds == ()
    assert in_text(Works.open(works.store.target), OTHER).whole


def test_a_work_that_matches_everything_is_set_apart_and_leaves_it_open(works):
    settings.change(works.store, "flood_after", "3")
    finder = Finder(works, DAY)
    answers = [finder.in_text(reading.plain(text), text.encode()) for text in (f"{OTHER}{number}{DIARY}" for number in range(6))]
    assert answers[0].parts == {"diary"}
    assert (answers[-1].parts, answers[-1].doubtful, answers[-1].unreadable) == (frozenset(), {"diary"}, False)
