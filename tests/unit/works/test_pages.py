import io
import zipfile

import pytest
from drawings import drawing, encoded
from PIL import Image

from sekisho.fingerprints import Unfit
from sekisho.works import pages
from sekisho.works.folders import files_in

JPEGS = [encoded(drawing(seed), "JPEG") for seed in range(3)]


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, body in members.items():
            file.writestr(name, body)
    return stream.getvalue()


def pdf(**options: object) -> bytes:
    return encoded(drawing(0), "PDF", save_all=True, append_images=[drawing(1)], **options)


def reasons(content) -> list[str]:
    return [page.content.reason.en for page in pages.of(content) if isinstance(page.content, Unfit)]


def test_a_picture_is_one_page(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEGS[0])
    assert [(page.number, page.content.raw) for page in pages.of(path)] == [(0, JPEGS[0])]


def test_a_cbz_is_read_in_the_order_of_its_page_numbers():
    raw = archive(
        {
            "p10.jpg": JPEGS[2],
            "p2.jpg": JPEGS[1],
            "p1.jpg": JPEGS[0],
            "ComicInfo.xml": b"<x/>",
            "__MACOSX/p1.jpg": b"junk",
            ".hidden.jpg": b"",
        }
    )
    assert [(page.number, page.content.raw) for page in pages.of(raw)] == [(1, JPEGS[0]), (2, JPEGS[1]), (3, JPEGS[2])]


def test_the_scans_of_a_pdf_come_out_byte_for_byte():
    found = [page.content.raw for page in pages.of(pdf())]
    assert len(found) == 2
    assert all(raw.startswith(b"\xff\xd8\xff") for raw in found)


def test_an_animation_has_several_pages_and_no_more_than_the_limit():
    frames = [Image.new("L", (20, 20), shade) for shade in range(0, 250, 5)]
    raw = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found = list(pages.of(raw))
    assert [page.number for page in found] == list(range(1, pages.MOST_FRAMES + 1))
    assert len({page.content.frame for page in found}) == pages.MOST_FRAMES


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_other_animations_are_read_frame_by_frame_too(kind):
    frames = [drawing(seed, (90, 90)) for seed in range(3)]
    assert len(list(pages.of(encoded(frames[0], kind, save_all=True, append_images=frames[1:])))) == 3


def encrypted_zip() -> bytes:
    raw = bytearray(archive({"a.jpg": JPEGS[0]}))
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flag] |= 1
    return bytes(raw)


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", bytes(40_000_000))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (encrypted_zip(), "encrypted"),
        (zip_bomb(), "unpacks"),
        (archive({"a.txt": b"hello"}), "no pictures"),
        (archive({"a.jpg": JPEGS[0]})[:-40], "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x1aE\xdf\xa3 a film", "not a kind"),
        (b"%PDF-1.7 nothing more", "damaged PDF"),
    ],
    ids=["encrypted", "bomb", "no-pictures", "cut", "svg", "film", "pdf"],
)
def test_what_cannot_be_read_says_why(raw, word):
    assert any(word in reason for reason in reasons(raw))


def test_an_encrypted_pdf_says_so():
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    assert "encrypted" in reasons(stream.getvalue())[0]


def test_a_page_that_calls_itself_a_picture_is_found_out(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("<!doctype html><html><body>404</body></html>")
    assert "text/html" in reasons(path)[0]


def test_a_picture_under_another_name_is_read_all_the_same(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(JPEGS[0])
    assert not reasons(path)


def test_links_that_go_round_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.png").write_bytes(b"x")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    assert [path.name for path in files_in(tmp_path)] == ["x.png"]


def test_only_the_media_asked_for_are_given():
    assert not list(pages.of(JPEGS[0], "text"))
    assert [page.content.media for page in pages.of("words", "text")] == ["text"]
