import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.formats import reading
from sekisho.formats.reading import Author
from sekisho.formats.reading.encodings import decode

AOZORA = Path(__file__).resolve().parents[4] / "shared" / "data" / "aozora" / "texts"
JAPANESE = "秋の夕暮れ、港の灯が一つずつともっていくのを、彼は黙って眺めていた。"

BOOK = f"""題名の物語
副題
作者太郎
訳者花子訳

-------------------------------------------------------
【テキスト中に現れる記号について】

《》：ルビ
-------------------------------------------------------

［＃５字下げ］一［＃「一」は中見出し］

　{JAPANESE}｜港《みなと》には※［＃「さんずい＋（壥－土へん－厂）」、第3水準1-87-25］があり、※［＃「魚＋師のつくり」、U+9C24、12-3］がいた。
だん／＼と※［＃ローマ数字1、1-13-21］の夜［＃「夜」に傍点］が来る。
［＃改ページ］



底本：「港の文学」海書房
　　　1950（昭和25）年
入力：甲
校正：乙
青空文庫作成ファイル：
このファイルは、インターネットの図書館、青空文庫（http://www.aozora.gr.jp/）で作られました。
"""


def places_hold(raw: str, found: reading.Reading) -> bool:
    """Every character that was taken as it stands is at the place that is given for it."""
    return found.offsets is not None and all(
        raw[place] == char for char, place in zip(found.text, found.offsets, strict=True) if char not in "\n\xa0濹鰤Ⅰ& "
    )


def test_an_aozora_file_gives_the_work_and_what_it_says_of_itself() -> None:
    found = reading.read(BOOK.encode("cp932", "replace"))
    assert found.encoding == "cp932"
    assert found.title == "題名の物語"
    assert found.authors == (Author("作者太郎"), Author("訳者花子", "訳者"))
    assert found.edition == "「港の文学」海書房"
    assert found.text.strip().startswith("一\n\n　秋の夕暮れ")
    assert "港には濹があり、鰤がいた。\nだん／＼とⅠの夜が来る。" in found.text
    assert not any(word in found.text for word in ("底本", "青空文庫", "ルビ", "みなと", "傍点", "作者"))
    assert len(found.matter) == 2
    assert places_hold(BOOK, found)


@pytest.mark.skipif(not AOZORA.is_dir(), reason="the Aozora Bunko files are not beside the checkout")
def test_real_aozora_files_leave_no_mark_up_and_no_colophon() -> None:
    for path in sorted(AOZORA.glob("*.txt")):
        found = reading.read(path.read_bytes())
        assert found.title, path.name
        assert found.authors, path.name
        assert found.edition, path.name
        assert not any(mark in found.text for mark in ("《", "［＃", "底本：", "青空文庫", "｜")), path.name


def test_a_page_gives_what_it_shows_without_readings_and_scripts() -> None:
    html = (
        "<!DOCTYPE html><html><head><title>夕暮れ &amp; 港</title><style>p{color:red}</style><script>var a='<p>隠れた</p>';</script></head>"
        f"<body><p>{JAPANESE}<ruby>港<rp>（</rp><rt>みなと</rt><rp>）</rp></ruby>の&nbsp;A&amp;B<!-- 注 --></p>\r\n<p>次の<ruby>段<rt>だん</ruby>落</p></body>"
    )
    found = reading.read(html.encode())
    assert found.title == "夕暮れ & 港"
    assert "".join(found.text.split()) == f"{JAPANESE}港のA&B次の段落"
    assert html[found.offsets[found.text.index("落")]] == "落"
    assert places_hold(html, found)


def test_subtitles_give_their_spoken_lines() -> None:
    srt = "1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>秋の</i>夕暮れ、\r\n{\\an8}港の灯が\r\n\r\n2\r\n00:00:04,000 --> 00:00:06,000\r\n一つずつともる。\r\n"
    found = reading.read(srt.encode("utf-8-sig"))
    assert "".join(found.text.split()) == "秋の夕暮れ、港の灯が一つずつともる。"
    assert srt[found.offsets[found.text.index("灯")]] == "灯"


def test_a_substation_script_gives_its_dialogue() -> None:
    ass = (
        "[Script Info]\nTitle: 港の夜\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,注釈\n"
        "Dialogue: 0,0:00:01.00,0:00:03.00,Default,甲,0,0,0,,{\\pos(1,2)}秋の夕暮れ、\\N港の灯が、ともる。\n"
    )
    found = reading.read(ass.encode())
    assert found.title == "港の夜"
    assert found.text == "秋の夕暮れ、港の灯が、ともる。\n"
    assert places_hold(ass, found)


def test_markdown_leaves_out_targets_tags_and_front_matter() -> None:
    text = "---\ntitle: 港の記録\n---\n# 港\n\n秋の[夕暮れ](https://example.com/a_(b))に<b>灯</b>が![絵](x.png)ともる[注][1]。\n\n[1]: https://example.com\n"
    found = reading.read(text.encode())
    assert found.title == "港の記録"
    assert "example" not in found.text
    assert "秋の[夕暮れ]に灯が![絵]ともる[注]。" in found.text
    assert places_hold(text, found)


def epub(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>港の本</dc:title>'
            "<dc:creator>作者太郎</dc:creator></metadata><manifest>"
            + "".join(f'<item id="{name}" href="{name}.xhtml"/>' for name in files)
            + "</manifest><spine>"
            + "".join(f'<itemref idref="{name}"/>' for name in sorted(files))
            + "</spine></package>",
        )
        for name, words in files.items():
            archive.writestr(f"OPS/{name}.xhtml", f"<html><body><p>{words}</p></body></html>")
    return stream.getvalue()


def test_an_epub_gives_its_pages_in_the_order_of_the_spine() -> None:
    found = reading.read(epub(b="二の章。", a="一の章。"))
    assert found.title == "港の本"
    assert found.authors == (Author("作者太郎"),)
    assert "".join(found.text.split()) == "一の章。二の章。"


def test_a_cut_epub_says_that_it_could_not_be_read() -> None:
    whole = epub(a="一の章。")
    assert reading.read(whole[: len(whole) // 2]).warnings == ("unreadable",)


@pytest.mark.parametrize("raw", [b"%PDF-1.7 broken", b"%PDF-"])
def test_a_broken_pdf_says_that_it_could_not_be_read(raw: bytes) -> None:
    pytest.importorskip("pypdfium2")
    assert reading.read(raw).warnings == ("unreadable",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_told_from_the_bytes(encoding: str) -> None:
    found = decode(JAPANESE.encode(encoding))
    assert found.text == JAPANESE
    assert not found.damaged


def test_damaged_bytes_are_replaced_and_said() -> None:
    raw = JAPANESE.encode()
    assert reading.read(raw[:40] + b"\xff\xfe" + raw[40:]).warnings == ("bytes-replaced",)


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>&;#-/!abrt《》［］＃｜[]()\n漢か", max_size=200).map(str.encode)))
def test_whatever_comes_in_every_character_has_a_place_in_the_file(raw: bytes) -> None:
    found = reading.read(raw)
    places = list(range(found.length)) if found.offsets is None else found.offsets.tolist()
    assert len(found.text) == len(places)
    assert all(0 <= place < found.length for place in places)
    assert places == sorted(places)


GUTENBERG = (
    "\ufeffThe Project Gutenberg eBook of The Harbour Bell\r\n\r\nTitle: The Harbour Bell\r\n\r\nAuthor: A. Writer\r\n\r\n"
    "Translator: B. Reader\r\n\r\nOriginal publication: London: Gull and Sons, 1899\r\n\r\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK THE HARBOUR\r\nBELL ***\r\n\r\nIt rang at dusk.\r\n\r\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK THE HARBOUR BELL ***\r\n\r\nSTART: FULL LICENSE\r\n"
)


def test_a_book_of_project_gutenberg_is_read_without_header_and_licence():
    found = reading.read(GUTENBERG.encode())
    assert found.text.strip() == "It rang at dusk."
    assert (found.title, found.edition) == ("The Harbour Bell", "London: Gull and Sons, 1899")
    assert [(author.name, author.role) for author in found.authors] == [("A. Writer", ""), ("B. Reader", "translator")]
    assert GUTENBERG[1:][int(found.offsets[found.text.index("It")]) :].startswith("It rang")
    assert "FULL LICENSE" in found.matter[1]


@pytest.mark.parametrize(
    "line", ["*** START OF THE PROJECT GUTENBERG EBOOK", "*** START OF THIS PROJECT GUTENBERG EBOOK X ***", "GUTENBERG E" * 999]
)
def test_a_torn_book_of_project_gutenberg_keeps_what_there_is(line: str):
    assert "dusk" in reading.read(f"{line}\nIt rang at dusk.".encode()).text
