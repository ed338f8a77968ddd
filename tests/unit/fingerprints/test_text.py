import json
from pathlib import Path

import numpy as np
import pytest

from sekisho.errors import InputError
from sekisho.fingerprints import Closeness, Fingerprint, Row, Unfit, marks, text
from sekisho.fingerprints.content import Content

DIARY = (
    "　秋の終りの或る夕方、私は港の見える坂道をひとりで下りて行つた。沖には黒い汽船が一艘、煙も吐かずにとまつてゐる。"
    "坂の途中の古道具屋の店さきに、片方の耳の欠けた木彫りの兎が置いてあつて、通るたびに私の顔を見上げるのであつた。"
)
STORY = (
    "The lighthouse keeper had not spoken to anyone for nineteen days when the yellow boat came round the point, and he found that the words he had "
    "saved up for the occasion had grown stiff with disuse, like the oars that nobody had oiled since the spring."
)
OTHER = "会議の議事録は翌週の月曜日までに各部署へ配布され、担当者は内容を確認したうえで修正点を事務局に連絡することになっている。" * 3


def print_of(words: str | bytes) -> Fingerprint:
    made = text.of(Content(words.encode() if isinstance(words, str) else words, "text"))
    assert isinstance(made, Fingerprint)
    return made


@pytest.fixture
def segment(tmp_path: Path) -> text.TextSegment:
    text.build([Row(3, print_of(DIARY)), Row(8, print_of(STORY))], tmp_path)
    return text.load(tmp_path)


@pytest.mark.parametrize(
    "spoilt",
    [
        DIARY,
        DIARY.replace("私", "わたくし私"),
        DIARY.replace("。", "\n").replace("、", " "),
        DIARY.replace("黒い", "黑い").replace("欠けた", "缺けた"),
        "\u200b".join(DIARY),
        "\n".join(DIARY[at : at + 11] for at in range(0, len(DIARY), 11)),
        DIARY.replace("汽船", "汽船《きせん》").replace("兎", "兎（うさぎ）"),
        DIARY[:40] + "＊＊＊" + DIARY[43:],
    ],
)
def test_a_passage_is_found_with_its_borders_in_any_spelling(segment: text.TextSegment, spoilt: str) -> None:
    (hit,) = segment.search(print_of(OTHER + spoilt + OTHER))
    assert hit.file == 3
    start, end = hit.likeness.item_region
    assert abs(start - len(OTHER)) <= 2
    assert abs(end - len(OTHER) - len(spoilt)) <= 2
    assert hit.likeness.level in {Closeness.VERBATIM, Closeness.NEAR}
    assert hit.likeness.score > 0.9


def test_the_region_of_the_work_counts_code_points_of_its_file(segment: text.TextSegment) -> None:
    quoted = STORY[30:187]
    (hit,) = segment.search(print_of(OTHER + quoted.upper()))
    assert hit.likeness.item_region == (len(OTHER), len(OTHER) + 157)
    assert hit.likeness.work_region == (30, 187)
    assert hit.likeness.level is Closeness.VERBATIM


@pytest.mark.parametrize("quoted", [DIARY[20:44], STORY[:50]])
def test_a_short_quotation_is_no_match(segment: text.TextSegment, quoted: str) -> None:
    assert segment.search(print_of(f"{OTHER}「{quoted}」{OTHER}")) == []


@pytest.mark.parametrize("endless", ["ああああ" * 500, "1234567890 " * 300, "はは、" * 900, "\n" * 5000])
def test_endless_repetition_has_too_little_in_it_to_be_claimed(endless: str) -> None:
    assert isinstance(text.of(Content(endless.encode(), "text")), Unfit)


def test_a_stretch_of_repetition_in_two_texts_is_no_match(tmp_path: Path) -> None:
    text.build([Row(1, print_of(DIARY + "ああああ" * 200 + "0123456789" * 90))], tmp_path)
    assert text.load(tmp_path).search(print_of(OTHER + "あ" * 900 + OTHER + "0123456789" * 90)) == []


def test_what_several_files_carry_beside_the_work_is_no_match(tmp_path: Path) -> None:
    note = "このファイルは、インターネットの図書館、青空文庫（http://www.aozora.gr.jp/）で作られました。入力、校正、制作にあたったのは、ボランティアの皆さんです。"
    colophon = f"\n\n\n底本：「選集」港書房\n入力：山田\n校正：川田\n青空文庫作成ファイル：\n{note}\n"
    whole = [print_of(f"題{n}\n作者{n}\n\n{word}\n{colophon}") for n, word in enumerate((OTHER, STORY, OTHER[::-1]))]
    uncut = print_of(f"{DIARY}\n（{note}）{note}")
    text.build([Row(number, one) for number, one in enumerate([*whole, uncut])], tmp_path)
    assert text.load(tmp_path).search(print_of("港の天気は晴れ。" + note + "明日は雨になりそうだ。")) == []


def test_the_same_text_registered_twice_is_found_twice(tmp_path: Path) -> None:
    text.build([Row(1, print_of(DIARY)), Row(2, print_of("前書き。" + DIARY))], tmp_path)
    assert {hit.file for hit in text.load(tmp_path).search(print_of(DIARY))} == {1, 2}


def test_two_passages_of_one_work_far_apart_are_two_hits(segment: text.TextSegment) -> None:
    hits = segment.search(print_of(DIARY[:60] + OTHER + DIARY[60:]))
    assert [hit.file for hit in hits] == [3, 3]


def test_a_text_with_too_few_letters_is_unfit_and_says_so() -> None:
    made = text.of(Content("！？……短い。".encode(), "text"))
    assert isinstance(made, Unfit)
    assert "2 letters" in made.reason.en
    assert "2字" in made.reason.ja


@pytest.mark.parametrize("raw", [b"", b"\xff" * 50, b"\0" * 5000, "\u202e\u200f\x07".encode() * 100])
def test_bytes_that_say_nothing_are_unfit(raw: bytes) -> None:
    assert isinstance(text.of(Content(raw, "text")), Unfit)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16", "utf-16-le", "utf-8-sig"])
def test_a_registered_text_is_found_in_any_encoding(segment: text.TextSegment, encoding: str) -> None:
    (hit,) = segment.search(print_of(DIARY.encode(encoding)))
    assert hit.likeness.item_region == (1, len(DIARY) - 1)


@pytest.mark.parametrize("name", ["codes.npy", "entries.npy", "buckets.npy", "kept.npy", "works.npy", "format.json"])
def test_search_files_that_are_cut_missing_or_older_are_named(tmp_path: Path, name: str) -> None:
    text.build([Row(1, print_of(DIARY))], tmp_path)
    target = tmp_path / "texts" / "0000" / name
    whole = target.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", None):
        target.unlink() if damaged is None else target.write_bytes(damaged)
        with pytest.raises(InputError, match="build them anew") as caught:
            text.load(tmp_path)
        assert "0000" in caught.value.ja
    stated = tmp_path / "texts" / "0000" / "format.json"
    target.write_bytes(whole)
    stated.write_text(json.dumps(json.loads(stated.read_text()) | {"version": 0}))
    with pytest.raises(InputError):
        text.load(tmp_path)


def test_no_works_no_matches(tmp_path: Path) -> None:
    text.build([], tmp_path)
    assert text.load(tmp_path).search(print_of(DIARY)) == []


def test_compare_answers_for_two_texts_alone() -> None:
    likeness = text.compare(print_of(OTHER + DIARY), print_of(DIARY))
    assert likeness is not None
    assert likeness.level is Closeness.VERBATIM
    assert text.compare(print_of(OTHER), print_of(DIARY)) is None


def test_what_is_packed_is_unpacked() -> None:
    made = print_of("｜題《だい》\n" + DIARY)
    opened = text.unpacked(made.private)
    assert text.packed(opened) == made.private
    assert opened.length == len(DIARY) + 7
    assert np.all(np.diff(opened.offsets.astype(np.int64)) > 0)


def exported_only(made: Fingerprint) -> Fingerprint:
    return Fingerprint(made.exported)


def test_the_exported_tier_alone_finds_where_in_the_item_and_says_that_it_is_unproved(tmp_path: Path) -> None:
    text.build([Row(5, exported_only(print_of(DIARY))), Row(6, exported_only(print_of(STORY)))], tmp_path)
    segment = text.load(tmp_path)
    (hit,) = segment.search(print_of(OTHER + DIARY + OTHER))
    assert hit.file == 5
    assert not hit.likeness.proved
    start, end = hit.likeness.item_region
    assert len(OTHER) <= start < len(OTHER) + 24
    assert len(OTHER) + len(DIARY) - 24 < end <= len(OTHER) + len(DIARY) + 2
    assert [one.file for one in segment.search(print_of(OTHER + STORY))] == [6]
    assert segment.search(print_of(OTHER)) == []


def test_the_exported_tier_is_half_a_byte_a_character_and_holds_no_letters() -> None:
    made = print_of(DIARY)
    assert len(made.exported) <= len(DIARY) / 2 + 4
    assert not any(char.encode("utf-16-le") * 2 in made.exported for char in DIARY)


def test_marks_that_are_cut_are_named(tmp_path: Path) -> None:
    text.build([Row(5, exported_only(print_of(DIARY)))], tmp_path)
    target = tmp_path / "marks" / "hashes.npy"
    target.write_bytes(target.read_bytes()[:-5])
    with pytest.raises(InputError, match="build them anew"):
        text.load(tmp_path)


LICENCES = Path("/usr/share/common-licenses")
NOTICES = (Path(__file__).resolve().parents[3] / "tools" / "notices.txt").read_text("utf-8").splitlines()


@pytest.mark.skipif(not LICENCES.is_dir(), reason="no licence texts on this machine")
@pytest.mark.parametrize("name", ["GPL-3", "Apache-2.0", "BSD", "MPL-2.0", "CC0-1.0"])
def test_a_licence_that_a_single_work_carries_is_no_match(tmp_path: Path, name: str) -> None:
    licence = (LICENCES / name).read_text()
    text.build([Row(1, print_of(f"{STORY}\n{licence}\n{STORY[::-1]}"))], tmp_path)
    found = text.load(tmp_path).search(print_of(f"{licence.upper()}\n{STORY}"))
    assert [hit.likeness.item_region[0] >= len(licence) - 50 for hit in found] == [True]


@pytest.mark.parametrize("notice", [line for line in NOTICES if len(line) > 70])
def test_a_notice_that_everybody_carries_is_no_match(tmp_path: Path, notice: str) -> None:
    text.build([Row(1, print_of(f"{DIARY}\n{notice}\n{STORY}"))], tmp_path)
    assert text.load(tmp_path).search(print_of(f"{OTHER}\n{notice}\n{OTHER}")) == []


def test_a_passage_that_goes_on_into_a_notice_is_told(tmp_path: Path) -> None:
    text.build([Row(1, print_of(f"{OTHER}{DIARY}\n{NOTICES[0]}"))], tmp_path)
    assert [hit.file for hit in text.load(tmp_path).search(print_of(f"{DIARY}\n{NOTICES[0]}"))] == [1]


@pytest.mark.parametrize(("words", "run"), [(OTHER, 16), (STORY * 3, 26)])
def test_no_exported_mark_says_anything_of_the_run_beside_it(words: str, run: int) -> None:
    places = np.flatnonzero(np.frombuffer(print_of(words).exported, "<u4")) * marks.STRIDE
    assert len(places) > 3
    assert np.diff(places).min() >= run
