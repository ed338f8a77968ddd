import io
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib

import media_files as files
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from sekisho.formats.carried import LIMIT_BYTES, Fault, Kind
from sekisho.formats.embedded import LIMIT_FINDS, LIMIT_TOTAL, embedded

DENIAL = files.DENIAL
PLAIN = {
    "jpeg": files.jpeg,
    "png": files.png,
    "webp": files.webp,
    "tiff": files.tiff,
    "gif": files.gif,
    "mp4": files.mp4,
    "pdf": files.pdf,
    "svg": files.svg,
}


def packets(body):
    return [one.data for one in embedded(body).carried if one.kind is Kind.XMP]


def codes(body):
    return [fault.code for fault in embedded(body).faults]


@pytest.mark.parametrize("carrier", files.CARRIERS)
def test_the_packet_is_found_whole_wherever_the_format_puts_it(carrier):
    found = embedded(files.CARRIERS[carrier](DENIAL))
    assert DENIAL in [one.data for one in found.carried if one.sound]
    assert found.faults == ()


@pytest.mark.parametrize("form", PLAIN)
def test_a_file_without_a_packet_carries_nothing_and_is_not_broken(form):
    found = embedded(PLAIN[form]())
    assert (found.carried, found.faults) == ((), ())


@pytest.mark.parametrize("form", ["AVIF", "JPEG2000", "BMP", "PPM"])
def test_a_picture_of_another_encoder_carries_nothing(form):
    assert embedded(files.picture(form)).carried == ()


def test_avif_of_a_real_encoder_carries_its_packet():
    assert packets(files.picture("AVIF", xmp=DENIAL)) == [DENIAL]


@pytest.mark.parametrize("carrier", files.CARRIERS)
def test_a_file_cut_anywhere_is_either_read_or_called_broken_or_silent_but_never_fails(carrier):
    body = files.CARRIERS[carrier](DENIAL)
    for end in range(0, len(body), 7):
        embedded(body[:end])


@pytest.mark.parametrize(
    "carrier", sorted(set(files.CARRIERS) - {"sidecar", "mp3", "jpeg", "jpeg, extended", "jpeg, extended, out of order"})
)
def test_a_file_cut_inside_its_packet_is_called_broken(carrier):
    body = files.CARRIERS[carrier](DENIAL)
    where = body.find(b"DataMining")
    cut = body[: where if where > 0 else len(body) // 2]
    assert codes(cut)


def test_extended_packets_are_joined_by_identifier_and_offset():
    long = files.packet("<plus:DataMining>x</plus:DataMining>" + "<plus:A>long</plus:A>" * 9000)
    assert long in packets(files.jpeg_extended(long, size=60_000, order=-1))


def test_an_extended_packet_that_no_main_packet_names_is_not_sound():
    found = embedded(files.jpeg_extended(DENIAL, known=False))
    assert [one.sound for one in found.carried] == [True, False]


def test_an_extended_packet_with_a_hole_is_malformed():
    body = files.jpeg_extended(DENIAL, size=100)
    second = body.index(files.EXTENSION, body.index(files.EXTENSION) + 1) - 4
    size = struct.unpack_from(">H", body, second + 2)[0] + 2
    assert codes(body[:second] + body[second + size :]) == ["malformed"]


def test_an_extended_packet_that_claims_four_gigabytes_is_malformed():
    piece = files.segment(0xE1, files.EXTENSION + b"0" * 32 + b"\xff\xff\xff\xff" + b"\x00" * 4 + b"x")
    assert codes(b"\xff\xd8" + piece + files.jpeg()[2:]) == ["malformed"]


def test_fill_bytes_before_a_marker_are_passed_over():
    body = files.jpeg(DENIAL)
    assert packets(body[:2] + b"\xff" * 1000 + body[2:]) == [DENIAL]


def test_a_packet_in_a_segment_of_another_name_is_found_but_not_sound():
    body = files.jpeg(DENIAL).replace(b"http://ns.adobe.com/xap/1.0/\x00", b"http://ns.adobe.com/xap/9.9/\x00")
    assert [one.sound for one in embedded(body).carried] == [False]


def test_a_packet_behind_a_broken_segment_is_found_but_not_sound():
    body = bytearray(files.jpeg(DENIAL))
    body[20] = 0
    found = embedded(bytes(body))
    assert [one.sound for one in found.carried] == [False]
    assert codes(bytes(body)) == ["malformed"]


def test_a_text_chunk_with_a_wrong_checksum_is_not_sound():
    body = bytearray(files.png(DENIAL))
    body[body.index(b"PROHIBITED")] ^= 1
    assert [one.sound for one in embedded(bytes(body)).carried] == [False]


def test_an_exif_profile_in_hexadecimal_is_no_packet_and_no_fault():
    text = b"\nexif\n  8\n" + b"Exif\x00\x00II".hex().encode()
    body = files.png_with(files.chunk(b"zTXt", b"Raw profile type APP1\x00\x00" + zlib.compress(text)))
    assert embedded(body) == ("image/png", (), ())


@pytest.mark.parametrize("name", [b"iTXt", b"zTXt"])
def test_a_packed_text_chunk_larger_than_any_packet_is_refused_in_little_memory(name):
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\x00" * (1 << 20)) for _ in range(1 << 7)) + packer.flush()
    head = b"XML:com.adobe.xmp\x00" + (b"\x01\x00\x00\x00" if name == b"iTXt" else b"\x00")
    body = files.png_with(files.chunk(name, head + packed))
    tracemalloc.start()
    assert codes(body) == ["oversize"]
    assert tracemalloc.get_traced_memory()[1] < 5 * LIMIT_BYTES
    tracemalloc.stop()


def test_many_packed_packets_stop_at_the_limit():
    one = files.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(b" " * (LIMIT_BYTES - 1)))
    found = embedded(files.png_with(*[one] * 200))
    assert sum(len(packet.data) for packet in found.carried) <= LIMIT_TOTAL
    assert [fault.code for fault in found.faults] == ["oversize"]


def test_more_packets_than_any_file_has_are_not_all_kept():
    found = embedded(files.png_with(*[files.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00<a/>")] * 1000))
    assert len(found.carried) == LIMIT_FINDS
    assert [fault.code for fault in found.faults] == ["oversize"]


def test_directories_in_a_circle_are_followed_once():
    body = bytearray(files.tiff(DENIAL))
    struct.pack_into("<I", body, 8 + 2 + 24, 8)
    assert packets(bytes(body)) == [DENIAL]


@pytest.mark.parametrize(
    "body",
    [
        b"II*\x00\xff\xff\xff\x7f",
        b"MM\x00*\x00\x00\x00\x08\xff\xff",
        b"II+\x00\x08\x00\x00\x00\x10" + b"\x00" * 7 + b"\xff" * 8,
        files.tiff(DENIAL)[:300],
    ],
)
def test_a_tiff_that_points_past_its_end_is_truncated(body):
    assert "truncated" in codes(body)


def test_a_hundred_thousand_nested_boxes_are_not_followed_down():
    body = b"".join(struct.pack(">I", 8 * number) + b"moov" for number in range(100_000, 0, -1))
    assert embedded(files.mp4() + body).carried == ()


def test_an_item_table_of_empty_entries_takes_no_time():
    iloc = files.box(b"iloc", b"\x01\x00\x00\x00\x00\x00\xff\xff" + (b"\x00\x07\x00\x00\x00\x00\xff\xff" * 60_000))
    iinf = files.box(b"iinf", b"\x00" * 6 + files.box(b"infe", b"\x02\x00\x00\x00\x00\x07\x00\x00mime\x00application/rdf+xml\x00"))
    body = files.box(b"ftyp", b"heic\x00\x00\x00\x00") + files.box(b"meta", b"\x00" * 4 + iinf + iloc)
    start = time.perf_counter()
    embedded(body)
    assert time.perf_counter() - start < 2


def test_an_item_that_lies_past_the_end_is_truncated():
    body = files.heif(DENIAL)
    assert codes(body[:-40])


def test_a_packet_compressed_with_brotli_is_told():
    body = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + files.box(b"ftyp", b"jxl \x00\x00\x00\x00jxl ") + files.box(b"brob", b"xml abc")
    assert codes(body) == ["compressed"]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_opens_with_the_empty_password_is_read(algorithm):
    assert packets(files.pdf(DENIAL, password="", algorithm=algorithm)) == [DENIAL]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_needs_a_password_is_encrypted_and_nothing_else(algorithm):
    found = embedded(files.pdf(DENIAL, password="secret", algorithm=algorithm))
    assert found.carried == ()
    assert [fault.code for fault in found.faults] == ["encrypted"]


def test_a_pdf_that_points_to_the_wrong_table_is_still_read():
    body = files.pdf(DENIAL)
    at = body.rindex(b"startxref")
    found = embedded(body[:at] + b"startxref\n7\n%%EOF\n")
    assert ([one.sound for one in found.carried], found.faults) == ([True], ())


def test_a_pdf_cut_behind_its_packet_gives_it_as_not_sound():
    body = files.pdf(DENIAL)
    found = embedded(body[: body.rindex(b"startxref")])
    assert ([one.sound for one in found.carried], [fault.code for fault in found.faults]) == ([False], ["malformed"])


def test_a_pdf_whose_catalog_is_gone_gives_its_open_packet_as_not_sound():
    found = embedded(files.pdf(DENIAL).replace(b"/Catalog", b"/Xxxxxxx").replace(b"/Root", b"/Xxxx").replace(b"/Pages", b"/Xxxxx"))
    assert [one.sound for one in found.carried] == [False]
    assert [fault.code for fault in found.faults] == ["malformed"]


def test_a_pdf_stream_larger_than_any_packet_is_refused():
    body = files.pdf(b" " * (1 << 26), packed=True)
    assert codes(body) == ["oversize"]


def test_an_svg_with_entities_is_refused_and_its_open_packet_not_sound():
    head = '<!DOCTYPE svg [<!ENTITY a "b">]>'
    found = embedded(files.svg("<plus:DataMining>&a;</plus:DataMining>", head))
    assert [fault.code for fault in found.faults] == ["xml-dtd"]
    assert [one.sound for one in found.carried] == [False]


@pytest.mark.parametrize(("body", "code"), [(b"", "empty"), (b"\x01\x02\x03", "unrecognised"), (b"<!DOCTYPE html><p>x", "wrong-type")])
def test_what_is_no_media_file_says_so(body, code):
    assert codes(body) == [code]


def test_a_packet_in_a_format_not_known_by_its_structure_is_not_sound():
    found = embedded(b"8BPS" + b"\x00" * 99 + DENIAL)
    assert ([one.sound for one in found.carried], found.faults) == ([False], ())


@pytest.mark.parametrize("body", [b"ID3", b"ID3\x03", b"ID3\x03\x00\x00\x00\x00\x00"])
def test_a_tag_that_ends_in_its_header_is_truncated(body):
    assert codes(body) == ["truncated"]


def overlapping_directories():
    body = bytearray(2_000_000)
    body[:8] = b"II*\x00" + struct.pack("<I", 8)
    for at in range(8, 6000, 6):
        struct.pack_into("<H", body, at, 60_000)
        struct.pack_into("<I", body, at + 2 + 60_000 * 12, at + 6)
    return bytes(body)


HOSTILE = {
    "boxes": lambda: files.mp4() + b"\x00\x00\x00\x08free" * 200_000,
    "boxes in the index": lambda: files.mp4() + files.box(b"moov", b"\x00\x00\x00\x08free" * 200_000),
    "segments": lambda: b"\xff\xd8" + files.segment(0xE1, b"") * 200_000,
    "chunks": lambda: files.png_with(files.chunk(b"tEXt", b"") * 200_000),
    "RIFF chunks": lambda: b"RIFF\x00\x6a\x18\x00WEBP" + b"ABCD\x00\x00\x00\x00" * 200_000,
    "frames": lambda: b"ID3\x03\x00\x00\x00\x7a\x09\x00" + b"PRIV\x00\x00\x00\x00\x00\x00" * 200_000,
    "directories that overlap": overlapping_directories,
    "identifiers": lambda: (
        b"\xff\xd8" + b"".join(files.segment(0xE1, files.EXTENSION + b"%032d" % number + b"\x00" * 9) for number in range(5000))
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_more_parts_than_any_file_has_are_not_all_looked_at_and_that_is_told(what):
    body = HOSTILE[what]()
    start = time.perf_counter()
    assert codes(body)[-1] == "oversize"
    assert time.perf_counter() - start < 20


def test_fill_bytes_without_end_take_no_time():
    start = time.perf_counter()
    assert codes(b"\xff\xd8" + b"\xff" * 20_000_000) == ["malformed"]
    assert time.perf_counter() - start < 5


def exiftool(*arguments):
    try:
        return subprocess.run(["exiftool", *map(str, arguments)], check=True, capture_output=True).stdout
    except FileNotFoundError:
        pytest.skip("exiftool is not installed")


SUFFIXES = {"jpeg": "jpg", "png": "png", "tiff": "tif", "gif": "gif", "mp4": "mp4", "pdf": "pdf", "avif": "avif"}


@pytest.mark.parametrize("form", SUFFIXES)
def test_a_packet_that_exiftool_wrote_is_found(form, tmp_path):
    path, source = tmp_path / f"a.{SUFFIXES[form]}", tmp_path / "a.xmp"
    path.write_bytes({**PLAIN, "tiff": lambda: files.picture("TIFF"), "avif": lambda: files.picture("AVIF")}[form]())
    source.write_bytes(DENIAL)
    exiftool("-overwrite_original", f"-xmp<={source}", path)
    found = embedded(path.read_bytes())
    assert ([one.data.strip()[:-4] for one in found.carried], found.faults) == ([DENIAL[:-4]], ())  # it may change the packet's last word


@pytest.mark.parametrize(
    "carrier", ["jpeg", "png", "png, packed", "png, hexadecimal", "webp", "tiff, big-endian", "gif", "heic", "mp4", "mov", "pdf, packed"]
)
def test_exiftool_reads_what_the_tests_build(carrier, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(files.CARRIERS[carrier](DENIAL))
    assert b"DMI-PROHIBITED" in exiftool("-xmp", "-b", path)


def test_a_fault_names_its_place():
    assert embedded(files.png(DENIAL)[:90]).faults == (Fault("truncated", "PNG, byte 90"),)


def test_a_metadata_name_written_with_a_number_sign_is_found():
    body = files.pdf(DENIAL)
    spelt = body.replace(b"/Metadata 5 0 R", b"/Metad#61ta 5 0 R")
    assert spelt != body
    assert packets(spelt) == [DENIAL]


def test_a_plain_pdf_without_metadata_is_settled_without_its_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert embedded(files.pdf()) == ("application/pdf", (), ())


def test_an_update_at_the_end_of_a_pdf_counts():
    plain, more = files.pdf(), files.pdf(DENIAL)
    writer = PdfWriter(io.BytesIO(plain), incremental=True)
    stream = DecodedStreamObject()
    stream.set_data(DENIAL)
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(plain)
    assert packets(out.getvalue()) == packets(more) == [DENIAL]
