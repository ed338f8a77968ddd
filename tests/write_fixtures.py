"""Writes the media files that the vectors read: ``python tests/write_fixtures.py``. Each name says what is in the file or what is broken."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import media_files as files
from signed_files import mining, signed, use

FOLDER = Path(__file__).parent / "vectors" / "signals" / "files"
DENIAL, ALLOWED = files.DENIAL, files.data_mining("DMI-ALLOWED")
LONG = files.packet(f"<plus:DataMining>{files.VOCABULARY}DMI-PROHIBITED</plus:DataMining>" + "<plus:A>filling</plus:A>" * 40)


def wrong_checksum(body):
    """A PNG whose text chunk has another checksum."""
    at = body.index(b"iTXt") + 4 + struct.unpack_from(">I", body, body.index(b"iTXt") - 4)[0]
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def circle(body):
    """A TIFF whose first directory names itself as the next."""
    return body[:34] + struct.pack("<I", 8) + body[38:]


def bomb():
    """A PNG whose packed text would be 17 MiB."""
    text = b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(b"\x00" * (17 << 20), 9)
    return files.png_with(files.chunk(b"iTXt", text))


RESERVED = '<meta property="tdm:reservation">1</meta>'
PREFIX = 'prefix="tdm: http://www.w3.org/ns/tdmrep#"'
POLICY = '<meta property="tdm:policy">https://b.example/policy.json</meta>'


def tdm(properties, space="http://www.w3.org/ns/tdmrep/"):
    """A packet with TDMRep properties."""
    return files.packet(properties, prefix="tdm", space=space)


def altered(body):
    """A signed file whose picture was changed afterwards."""
    return body[:-30] + bytes([body[-30] ^ 1]) + body[-29:]


def child(*assertions, of):
    """A signed file made from another."""
    return signed(*assertions, source=of, ingredients=[("parentOf", of)])


SIGNED = {
    "cawg_not_allowed.jpg": lambda: signed(use("notAllowed")),
    "cawg_not_allowed.png": lambda: signed(use("notAllowed"), form="PNG"),
    "cawg_not_allowed.webp": lambda: signed(use("notAllowed"), form="WEBP"),
    "cawg_allowed.jpg": lambda: signed(use("allowed")),
    "cawg_allowed_by_a_named_creator.jpg": lambda: signed(use("allowed"), creator="Hanako"),
    "cawg_allowed_but_altered.jpg": lambda: altered(signed(use("allowed"))),
    "cawg_not_allowed_but_altered.jpg": lambda: altered(signed(use("notAllowed"))),
    "cawg_not_allowed_but_cut.jpg": lambda: signed(use("notAllowed"))[:-600],
    "cawg_constrained.jpg": lambda: signed(use("constrained", "cawg.data_mining", constraint_info="https://l.example/tdm")),
    "c2pa_constrained_without_text.jpg": lambda: signed(use("constrained", "c2pa.ai_training")),
    "cawg_denied_in_a_wrong_word.jpg": lambda: signed(use("denied", "cawg.ai_inference")),
    "cawg_entries_at_the_top.jpg": lambda: signed({"label": "cawg.training-mining", "data": {"cawg.data_mining": {"use": "notAllowed"}}}),
    "cawg_allowed_and_c2pa_not_allowed.jpg": lambda: signed(use("allowed", "cawg.data_mining"), use("notAllowed", "c2pa.data_mining")),
    "cawg_every_use_not_allowed.jpg": lambda: signed(
        mining({f"cawg.{key}": {"use": "notAllowed"} for key in ("data_mining", "ai_inference", "ai_training", "ai_generative_training")})
    ),
    "cawg_not_allowed_by_the_parent.jpg": lambda: child(of=signed(use("notAllowed"))),
    "cawg_not_allowed_for_a_component.jpg": lambda: signed(ingredients=[("componentOf", signed(use("notAllowed")))]),
    "c2pa_without_training_mining.jpg": signed,
}

FIXTURES = {
    **SIGNED,
    "prohibited.jpg": lambda: files.jpeg(DENIAL),
    "prohibited_in_extended_xmp.jpg": lambda: files.jpeg_extended(LONG, size=500, order=-1),
    "prohibited_in_extended_xmp_that_nothing_names.jpg": lambda: files.jpeg_extended(DENIAL, known=False),
    "allowed_in_extended_xmp_that_nothing_names.jpg": lambda: files.jpeg_extended(ALLOWED, known=False),
    "prohibited_but_xmp_cut.jpg": lambda: files.jpeg(DENIAL[:330]),
    "prohibited_but_file_cut.jpg": lambda: files.jpeg(DENIAL)[:390],
    "prohibited_behind_a_broken_marker.jpg": lambda: files.jpeg(DENIAL)[:20] + b"\x00" + files.jpeg(DENIAL)[21:],
    "allowed_behind_a_broken_marker.jpg": lambda: files.jpeg(ALLOWED)[:20] + b"\x00" + files.jpeg(ALLOWED)[21:],
    "silent.jpg": files.jpeg,
    "prohibited.png": lambda: files.png(DENIAL),
    "prohibited_packed.png": lambda: files.png(DENIAL, packed=True),
    "prohibited_in_hexadecimal.png": lambda: files.png_profile(DENIAL),
    "allowed_with_wrong_checksum.png": lambda: wrong_checksum(files.png(ALLOWED)),
    "prohibited_with_wrong_checksum.png": lambda: wrong_checksum(files.png(DENIAL)),
    "bomb_in_itxt.png": bomb,
    "cut_before_its_end.png": lambda: files.png(DENIAL)[:300],
    "prohibited.webp": lambda: files.webp(DENIAL),
    "prohibited.wav": lambda: files.wav(DENIAL),
    "prohibited.tif": lambda: files.tiff(DENIAL),
    "prohibited_big_endian.tif": lambda: files.tiff(DENIAL, ">"),
    "prohibited_bigtiff.tif": lambda: files.tiff(DENIAL, big=True),
    "prohibited_directories_in_a_circle.tif": lambda: circle(files.tiff(DENIAL)),
    "prohibited.gif": lambda: files.gif(DENIAL),
    "prohibited.heic": lambda: files.heif(DENIAL),
    "prohibited_in_idat.avif": lambda: files.heif(DENIAL, in_idat=True, brand=b"avif"),
    "prohibited.mp4": lambda: files.mp4(DENIAL),
    "prohibited.mov": lambda: files.mov(DENIAL),
    "prohibited.jxl": lambda: files.jxl(DENIAL),
    "prohibited.mp3": lambda: files.mp3(DENIAL),
    "prohibited.pdf": lambda: files.pdf(DENIAL),
    "prohibited_packed.pdf": lambda: files.pdf(DENIAL, packed=True),
    "prohibited_under_empty_password.pdf": lambda: files.pdf(DENIAL, password="", algorithm="RC4-128"),
    "prohibited_under_password.pdf": lambda: files.pdf(DENIAL, password="secret", algorithm="RC4-128"),
    "prohibited_but_file_cut.pdf": lambda: files.pdf(DENIAL)[:-20],
    "allowed_but_file_cut.pdf": lambda: files.pdf(ALLOWED)[:-20],
    "silent.pdf": files.pdf,
    "tdm_reserved.pdf": lambda: files.pdf(tdm("<tdm:reservation>1</tdm:reservation>")),
    "tdm_reserved_with_policy.pdf": lambda: files.pdf(
        tdm("<tdm:reservation>1</tdm:reservation><tdm:policy>https://b.example/policy.json</tdm:policy>"), packed=True
    ),
    "tdm_not_reserved_but_file_cut.pdf": lambda: files.pdf(tdm("<tdm:reservation>0</tdm:reservation>"))[:-20],
    "epub3_reserved.epub": lambda: files.epub(files.opf(RESERVED, attributes=PREFIX)),
    "epub3_reserved_with_policy.epub": lambda: files.epub(files.opf(RESERVED + POLICY, attributes=PREFIX)),
    "epub3_not_reserved.epub": lambda: files.epub(files.opf(RESERVED.replace("1", "0"), attributes=PREFIX)),
    "epub3_reserved_under_another_prefix.epub": lambda: files.epub(
        files.opf(RESERVED.replace("tdm:", "t:"), attributes=PREFIX.replace("tdm:", "t:", 1))
    ),
    "epub3_reserved_without_prefix_declared.epub": lambda: files.epub(files.opf(RESERVED)),
    "epub3_reserved_for_one_chapter.epub": lambda: files.epub(
        files.opf(RESERVED.replace("<meta", '<meta refines="#c1"'), attributes=PREFIX)
    ),
    "epub2_reserved.epub": lambda: files.epub(files.opf('<meta name="tdm:reservation" content="1"/>', "2.0")),
    "epub_reserved_as_a_page_would.epub": lambda: files.epub(files.opf('<meta name="tdm-reservation" content="1"/>')),
    "epub_reserved_with_a_word.epub": lambda: files.epub(files.opf(RESERVED.replace("1", "yes"), attributes=PREFIX)),
    "epub_silent.epub": lambda: files.epub(files.opf("")),
    "epub_cut.epub": lambda: files.epub(files.opf(RESERVED))[:-40],
    "epub_with_entities.epub": lambda: files.epub('<!DOCTYPE package [<!ENTITY one "1">]>' + files.opf(RESERVED.replace("1", "&one;"))),
    "epub_packed_beyond_reason.epub": lambda: files.epub(files.opf(RESERVED + "<!--" + " " * 3_000_000 + "-->")),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in FIXTURES.items():
        if not (FOLDER / name).exists():  # signatures and encryption come out otherwise each time: remove a file to write it anew
            (FOLDER / name).write_bytes(make())
