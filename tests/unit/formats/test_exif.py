"""The Copyright field in every container that carries Exif, and in broken ones."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.formats.exif import copyright_of


def tiff(text, order="<"):
    mark = {"<": b"II*\x00", ">": b"MM\x00*"}[order]
    other = struct.pack(f"{order}HHI4s", 271, 2, 4, b"abc\x00")
    inline = text.ljust(4, b"\x00") if len(text) <= 4 else struct.pack(f"{order}I", 38)
    entry = struct.pack(f"{order}HHI4s", 33432, 2, len(text), inline)
    return mark + struct.pack(f"{order}IH", 8, 2) + other + entry + struct.pack(f"{order}I", 0) + text


CONTAINERS = {
    "TIFF": lambda field: field,
    "JPEG": lambda field: b"\xff\xd8\xff\xe1\x00\x50Exif\x00\x00" + field,
    "PNG": lambda field: b"\x89PNG\r\n\x1a\n\x00\x00\x00\x40eXIf" + field,
    "WebP": lambda field: b"RIFF\x00\x00\x00\x00WEBPEXIF\x40\x00\x00\x00" + field,
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("order", "<>")
def test_the_copyright_text_is_found(container, order):
    assert copyright_of(CONTAINERS[container](tiff("無断学習禁止".encode() + b"\x00", order))) == "無断学習禁止"


def test_a_short_text_stands_in_the_directory_itself():
    assert copyright_of(tiff(b"me\x00")) == "me"


def test_photographer_and_editor_are_both_given():
    assert copyright_of(tiff(b"No AI training\x00Editor\x00")) == "No AI training Editor"


@pytest.mark.parametrize("cut", range(0, 38, 3))
def test_a_field_cut_short_gives_no_more_than_is_there(cut):
    assert copyright_of(tiff(b"No AI training\x00")[:cut]) == ""


@given(st.binary(), st.sampled_from((b"", b"Exif\x00\x00II*\x00", b"eXIfMM\x00*")))
def test_no_input_raises(body, mark):
    assert isinstance(copyright_of(mark + body), str)
