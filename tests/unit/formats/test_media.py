import media_files as files
import pytest

from sekisho.formats.media import FAULTS, sniff
from sekisho.model import Source

KINDS = [
    (files.jpeg(), "image/jpeg", Source.IMAGE),
    (files.png(), "image/png", Source.IMAGE),
    (files.gif(), "image/gif", Source.IMAGE),
    (files.webp(), "image/webp", Source.IMAGE),
    (files.tiff(order=">"), "image/tiff", Source.IMAGE),
    (files.tiff(big=True), "image/tiff", Source.IMAGE),
    (files.heif(b"x"), "image/heic", Source.IMAGE),
    (files.heif(b"x", brand=b"avif"), "image/avif", Source.IMAGE),
    (files.picture("AVIF"), "image/avif", Source.IMAGE),
    (files.jxl(b"x"), "image/jxl", Source.IMAGE),
    (files.svg(), "image/svg+xml", Source.IMAGE),
    (files.wav(b"x"), "audio/wav", Source.AUDIO_VIDEO),
    (files.mp3(b"x"), "audio/mpeg", Source.AUDIO_VIDEO),
    (files.mp4(), "video/mp4", Source.AUDIO_VIDEO),
    (files.mov(b"x"), "video/quicktime", Source.AUDIO_VIDEO),
    (files.mp4(brand=b"M4A "), "audio/mp4", Source.AUDIO_VIDEO),
    (files.pdf(), "application/pdf", Source.PDF),
    (b"\n\n" + files.pdf(), "application/pdf", Source.PDF),
    (files.epub(files.opf("")), "application/epub+zip", Source.EPUB),
    (files.DENIAL, "application/rdf+xml", Source.SIDECAR),
    (b'{"iscc": "ISCC:KAA", "tdm-reservation": 1}', "application/json", Source.SIDECAR),
    (b'[{"location": "/", "tdm-reservation": 1}]', "application/json", Source.TDMREP),
    (b"<!DOCTYPE HTML>\n<!-- a --><p>x", "text/html", Source.PAGE),
    (b"<TITLE>x</TITLE>", "text/html", Source.PAGE),
    (b'<?xml version="1.0"?><rsl xmlns="https://rslstandard.org/rsl"/>', "application/rsl+xml", Source.RSL),
    (b"<rss version='2.0'/>", "application/rss+xml", Source.FEED),
    (b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\n\r\n", "message/http", Source.HEADERS),
    (b"Content-Type: image/png\r\nX-Robots-Tag: noai\r\n", "message/http", Source.HEADERS),
    (b"# all\nUser-agent: *\nDisallow: /\n", "text/plain", Source.ROBOTS),
    (b"datatrainingallowed=no\n", "text/plain", Source.TRUST_TXT),
    (b"just words\n", "text/plain", None),
]


@pytest.mark.parametrize(("body", "media", "source"), KINDS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_bytes_tell_the_kind(body, media, source):
    assert sniff(body) == (media, source, ())


def test_a_name_decides_between_texts_that_look_alike():
    body = b"User-agent: *\nDisallow: /\n"
    assert [sniff(body, name).source for name in ("a/robots.txt", "AI.TXT", "saved")] == [Source.ROBOTS, Source.AI_TXT, Source.ROBOTS]


def test_a_page_called_robots_txt_is_still_read_as_one_and_said_to_be_a_page():
    assert sniff(b"<!doctype html><p>not found", "robots.txt") == ("text/html", Source.ROBOTS, ())


@pytest.mark.parametrize(
    ("body", "name", "faults"),
    [
        (b"<!doctype html><p>gone", "a.jpg", ("wrong-type",)),
        (files.png(), "a.JPEG", ("wrong-type",)),
        (files.jpeg(), "a.jpeg", ()),
        (files.heif(b"x"), "a.avif", ()),
        (files.mp4(), "film.mov", ()),
        (b"", "a.jpg", ("empty",)),
        (b"\x00\x01\x02\x03", "a.bin", ("unrecognised",)),
        (b"\x00\x01\x02\x03", "a.jpg", ("unrecognised", "wrong-type")),
    ],
)
def test_a_name_that_lies_is_told(body, name, faults):
    assert sniff(body, name).faults == faults


@pytest.mark.parametrize(
    ("body", "name", "source"),
    [
        (b"", "a.jpg", Source.IMAGE),
        (b"<!doctype html><p>gone", "a.jpg", Source.IMAGE),
        (b"<!doctype html><p>gone", "a.epub", Source.EPUB),
        (b"\x00\x01", "a.mp4", Source.AUDIO_VIDEO),
        (b"<?xpacket begin=''?><x:xm", "a.xmp", Source.SIDECAR),
        (files.png(), "a.mp4", Source.IMAGE),
        (b"", "robots.txt", Source.ROBOTS),
        (b"", "a", None),
    ],
)
def test_what_is_not_what_its_name_promises_is_read_as_promised_where_the_bytes_are_no_media(body, name, source):
    assert sniff(body, name).source is source


@pytest.mark.parametrize("make", [files.jpeg, files.png, files.gif, files.webp, files.mp4, files.pdf, lambda: files.epub(files.opf(""))])
def test_a_file_cut_in_half_is_truncated_and_keeps_its_kind(make):
    body = make()
    assert sniff(body[: len(body) * 3 // 4]) == sniff(body)._replace(faults=("truncated",))


def test_every_fault_has_words_in_both_languages():
    assert all(text.en and text.ja for text in FAULTS.values())


@pytest.mark.parametrize("body", [b"<!--" * 5000, b"<?" * 9000, b"<!DOCTYPE [" * 900, b"\xff\xfe<", b"<", b"{" * 9000])
def test_a_beginning_without_end_takes_no_time(body):
    assert sniff(body).source is None
