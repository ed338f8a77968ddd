"""Texts in a works store: registered from files of every kind, found in text and in output as it is generated."""

import random
import zipfile
from pathlib import Path

import pytest

from sekisho.errors import UsageError
from sekisho.works import Closeness, Works, text_pages

DIARY = (
    "秋の終りの或る夕方、私は港の見える坂道をひとりで下りて行つた。沖には黒い汽船が一艘、煙も吐かずにとまつてゐる。"
    "坂の途中の古道具屋の店さきに、片方の耳の欠けた木彫りの兎が置いてあつて、通るたびに私の顔を見上げるのであつた。"
)
STORY = (
    "The lighthouse keeper had not spoken to anyone for nineteen days when the yellow boat came round the point, and he found that the words he had "
    "saved up for the occasion had grown stiff with disuse, like the oars that nobody had oiled since the spring."
)
OTHER = "会議の議事録は翌週の月曜日までに各部署へ配布され、担当者は内容を確認したうえで修正点を事務局に連絡することになっている。"
COLOPHON = "\n\n\n底本：「港の文学」海書房\n入力：甲\n校正：乙\n青空文庫作成ファイル：\nこのファイルは、インターネットの図書館、青空文庫（http://www.aozora.gr.jp/）で作られました。\n"


@pytest.fixture
def works(tmp_path: Path) -> Works:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "diary.txt").write_bytes(f"港の日記\n作者太郎\n\n{DIARY}{COLOPHON}".encode("cp932"))
    (texts / "story.md").write_text(f"# The keeper\n\n{STORY}\n", encoding="utf-8")
    store = Works.open(tmp_path / "store")
    store.register(texts, holder="港書房", terms="no")
    return store


def test_the_file_itself_names_title_and_author(works: Works) -> None:
    (match,) = works.match(OTHER + DIARY + OTHER)
    assert match.title == "港の日記"
    assert match.holder == "港書房"
    (work,) = works.works([match.work]).values()
    assert [creator.name for creator in work.creators] == ["作者太郎"]
    assert work.edition == "「港の文学」海書房"


def test_both_regions_count_code_points(works: Works) -> None:
    (match,) = works.match(OTHER + DIARY + OTHER)
    assert match.item_region == (len(OTHER), len(OTHER) + len(DIARY) - 1)
    assert match.work_region == (11, 11 + len(DIARY) - 1)
    assert match.level is Closeness.VERBATIM


def test_each_passage_of_a_text_is_an_answer_of_its_own(works: Works) -> None:
    found = works.match(DIARY[:60] + OTHER * 2 + DIARY[60:])
    assert len(found) == 2
    assert len({match.work for match in found}) == 1


def test_many_texts_are_answered_in_order_and_short_ones_resemble_nothing(works: Works) -> None:
    answers = list(works.match_many(["短い", STORY, "", OTHER, DIARY]))
    assert [[match.title for match in matches] for matches in answers] == [[], ["The keeper"], [], [], ["港の日記"]]


def test_what_is_registered_later_is_found_by_the_same_store(works: Works, tmp_path: Path) -> None:
    assert works.match(OTHER) == []
    (tmp_path / "minutes.txt").write_text(OTHER, encoding="utf-8")
    works.register(tmp_path / "minutes.txt", holder="総務部", terms="ask")
    assert [match.title for match in works.match(OTHER)] == ["minutes"]


def test_terms_declared_later_are_seen_by_the_same_store(works: Works) -> None:
    (match,) = works.match(STORY)
    assert str(match.terms) == "no"
    works.declare([match.work], "yes")
    assert str(works.match(STORY)[0].terms) == "yes"


def test_a_text_without_anything_in_it_is_refused_with_the_reason(works: Works, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("ああああ" * 100, encoding="utf-8")
    (told,) = works.register(tmp_path / "empty.txt", holder="港書房")
    assert told.refused is not None
    assert "different" in told.refused.en


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 4, 17, 1000])
@pytest.mark.parametrize(("passage", "title", "least"), [(DIARY, "港の日記", 30), (STORY, "The keeper", 30)])
def test_a_guard_tells_within_the_call_that_a_passage_has_begun(works: Works, passage: str, title: str, least: int, size: int) -> None:
    guard = works.guard(least=least)
    written = ""
    for piece in pieces(OTHER * 3 + passage, size):
        written += piece
        if told := guard.feed(piece):
            break
    assert [match.title for match in told] == [title]
    begun = len(written) - 3 * len(OTHER)
    letters = sum(char.isalnum() for char in passage[:begun])
    factor = 1 if title == "港の日記" else 2
    assert factor * least <= letters < factor * least + size + 3
    assert told[0].item_region[0] == 3 * len(OTHER)


def test_a_guard_lets_a_quotation_pass_and_stops_what_goes_beyond(works: Works) -> None:
    guard = works.guard(least=26, quotation=60)
    assert guard.feed(DIARY[:55]) == []
    assert guard.feed(OTHER * 20) == []
    told = guard.feed(DIARY[70:112])
    assert [match.title for match in told] == ["港の日記"]
    assert told[0].item_region[0] == 55 + 20 * len(OTHER)


def test_a_guard_passes_what_the_holder_permits_to_everyone(works: Works) -> None:
    (match,) = works.match(STORY)
    works.declare([match.work], "yes")
    guard = works.guard()
    assert [told for piece in pieces(STORY, 9) for told in guard.feed(piece)] == []


def test_a_guard_remembers_no_more_than_it_needs(works: Works) -> None:
    guard = works.guard()
    for piece in pieces(OTHER * 500, 60):
        assert guard.feed(piece) == []
    assert len(guard._tail) < 2000
    assert guard.feed(DIARY)[0].item_region == (500 * len(OTHER), 500 * len(OTHER) + len(DIARY) - 1)


def test_a_guard_cannot_be_asked_for_a_turn_of_phrase(works: Works) -> None:
    with pytest.raises(UsageError, match="16"):
        works.guard(least=8)


def test_a_very_long_line_is_looked_at_in_parts_and_regions_count_in_the_whole(
    works: Works, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_pages, "WHOLE", 90_000)
    monkeypatch.setattr(text_pages, "PART", 30_000)
    long = OTHER * 400 + DIARY + OTHER * 750 + STORY + OTHER
    for encoding in ("utf-8", "cp932", "utf-16"):
        (tmp_path / "long.txt").write_bytes(long.encode(encoding))
        found = {match.title: match for match in works.match(tmp_path / "long.txt")}
        assert found["港の日記"].item_region == (400 * len(OTHER), 400 * len(OTHER) + len(DIARY) - 1)
        assert found["The keeper"].item_region == (long.index("The light"), long.index("spring.") + 6)


@pytest.mark.parametrize("damage", ["cut", "missing", "older"])
def test_damaged_search_files_are_built_anew_from_the_store(works: Works, tmp_path: Path, damage: str) -> None:
    assert works.match(DIARY)
    (codes,) = works.store.index_folder.rglob("codes.npy")
    if damage == "cut":
        codes.write_bytes(codes.read_bytes()[:200])
    elif damage == "missing":
        codes.unlink()
    else:
        (codes.parent / "format.json").write_text('{"version": 0}', encoding="utf-8")
    assert [match.title for match in Works.open(tmp_path / "store").match(DIARY)] == ["港の日記"]


def test_the_text_of_an_epub_is_registered_and_found(works: Works, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "b.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>議事の書</dc:title></metadata>'
            '<manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("a.xhtml", f"<html><body><p>{OTHER}</p></body></html>")
    works.register(tmp_path / "book.epub", holder="総務部", terms="ask")
    assert [match.title for match in works.match(f"前書き。{OTHER}後書き。")] == ["議事の書"]
    assert [match.title for match in works.match(tmp_path / "book.epub")] == ["議事の書"]


def test_a_false_byte_order_mark_does_not_hide_a_passage(works: Works, tmp_path: Path) -> None:
    (tmp_path / "marked.txt").write_bytes(b"\xff\xfe\xfa" + (OTHER + DIARY).encode() + b"\x80")
    assert [match.title for match in works.match(tmp_path / "marked.txt")] == ["港の日記"]


def test_bytes_that_are_no_text_in_any_encoding_are_unreadable_and_never_allow(works: Works, tmp_path: Path) -> None:
    noise = random.Random(3).randbytes(4000).replace(b"\0", b"\x81")
    (tmp_path / "noise.txt").write_bytes(b"Dear all, " + noise)
    (screened,) = works.screen([tmp_path / "noise.txt"])
    assert screened.unreadable is not None
