"""Media files made on the spot by real encoders, with an XMP packet where each format has its place for one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"


def rdf(properties="", attributes="", prefix="plus", space=PLUS):
    """An RDF document with ``properties`` as elements or ``attributes``."""
    return (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:{prefix}="{space}" {attributes}>{properties}</rdf:Description></rdf:RDF>'
    )


def packet(properties="", attributes="", prefix="plus", space=PLUS):
    """The same as a whole XMP packet with padding, as bytes."""
    inside = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf(properties, attributes, prefix, space)}</x:xmpmeta>'
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{inside}{" " * 64}\n<?xpacket end="w"?>'.encode()


def data_mining(code):
    """A packet whose Data Mining property is ``code``."""
    return packet(f"<plus:DataMining>{VOCABULARY}{code}</plus:DataMining>")


DENIAL = data_mining("DMI-PROHIBITED")


def picture(form, **options):
    """A small picture as ``form`` encodes it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(out, form, **options)
    return out.getvalue()


def jpeg(xmp=None):
    return picture("JPEG", **({"xmp": xmp} if xmp else {}))


def segment(marker, data):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_extended(full, *, size=200, guid=None, order=1, known=True, main=None):
    """A JPEG whose packet ``full`` stands in several extended segments of ``size`` bytes; ``order`` -1 turns them round."""
    guid = guid or b"0123456789ABCDEF0123456789ABCDEF"
    note = "http://ns.adobe.com/xmp/note/"
    main = main or packet(attributes=f'xmpNote:HasExtendedXMP="{guid.decode() if known else "F" * 32}"', prefix="xmpNote", space=note)
    pieces = [
        segment(0xE1, EXTENSION + guid + struct.pack(">II", len(full), at) + full[at : at + size]) for at in range(0, len(full), size)
    ]
    plain = jpeg()
    return plain[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + main) + b"".join(pieces[::order]) + plain[2:]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(xmp=None, *, packed=False):
    """A PNG with its packet in ``iTXt``."""
    if xmp is None:
        return picture("PNG")
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=packed)
    return picture("PNG", pnginfo=info)


def png_with(*chunks):
    """A PNG with ``chunks`` before its picture."""
    plain = picture("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def png_profile(xmp):
    """A PNG with its packet in hexadecimal, as ImageMagick writes it."""
    text = f"\nxmp\n{len(xmp):8}\n{xmp.hex()}\n".encode()
    return png_with(chunk(b"zTXt", b"Raw profile type xmp\x00\x00" + zlib.compress(text)))


def webp(xmp=None):
    return picture("WEBP", **({"xmp": xmp} if xmp else {}))


def wav(xmp):
    """A WAV with its packet in ``_PMX``."""
    chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 4) + b"\x80" * 4
    chunks += b"_PMX" + struct.pack("<I", len(xmp)) + xmp + b"\x00" * (len(xmp) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def tiff(xmp=None, order="<", *, big=False):
    """A TIFF of one empty directory with tag 700, in either byte order, also BigTIFF."""
    word, entry = ("Q", "HHQQ") if big else ("I", "HHII")
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    start = 16 if big else 8
    head = mark + (struct.pack(order + "HHQ", 8, 0, start) if big else struct.pack(order + "I", start))
    count = struct.pack(order + ("Q" if big else "H"), 2 if xmp else 1)
    size = struct.calcsize(order + entry)
    at = start + len(count) + size * (2 if xmp else 1) + struct.calcsize(order + word)
    width = struct.pack(order + entry, 256, 3, 1, 1 if order == "<" else 1 << (48 if big else 16))
    found = struct.pack(order + entry, 700, 1, len(xmp), at) if xmp else b""
    return head + count + width + found + struct.pack(order + word, 0) + (xmp or b"")


def gif(xmp=None):
    """A GIF with its packet as an application extension before the trailer."""
    plain = picture("GIF")
    if xmp is None:
        return plain
    return plain[:-1] + b"\x21\xff\x0bXMP DataXMP" + xmp + bytes([1, *range(255, -1, -1), 0]) + plain[-1:]


def box(name, data):
    return struct.pack(">I", len(data) + 8) + name + data


def mp4(xmp=None, brand=b"isom"):
    """An MP4 whose packet is a ``uuid`` box."""
    found = box(b"uuid", XMP_UUID + xmp) if xmp else b""
    return box(b"ftyp", brand + b"\x00" * 4 + brand) + box(b"free", b"") + found + box(b"mdat", b"\x00" * 16)


def mov(xmp):
    """A QuickTime film whose packet lies in ``moov/udta/XMP_``."""
    return box(b"ftyp", b"qt  \x00\x00\x00\x00qt  ") + box(b"moov", box(b"udta", box(b"XMP_", xmp))) + box(b"mdat", b"\x00" * 16)


def heif(xmp, *, in_idat=False, brand=b"heic"):
    """A HEIF skeleton: one item of type ``mime``, in ``idat`` or in two pieces behind the boxes."""
    infe = box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH", 7, 0) + b"mime" + b"XMP\x00application/rdf+xml\x00")
    iinf = box(b"iinf", b"\x00" * 4 + struct.pack(">H", 1) + infe)
    half = len(xmp) // 2

    def meta(base):
        pieces = [(base, len(xmp))] if in_idat else [(base, half), (base + half, len(xmp) - half)]
        extents = b"".join(struct.pack(">II", *piece) for piece in pieces)
        item = struct.pack(">HHHH", 7, int(in_idat), 0, len(pieces)) + extents
        iloc = box(b"iloc", b"\x01\x00\x00\x00" + b"\x44\x00" + struct.pack(">H", 1) + item)
        return box(
            b"meta",
            b"\x00" * 4 + box(b"hdlr", b"\x00" * 8 + b"pict" + b"\x00" * 13) + iinf + iloc + (box(b"idat", xmp) if in_idat else b""),
        )

    ftyp = box(b"ftyp", brand + b"\x00" * 4 + b"mif1" + brand)
    base = 0 if in_idat else len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(base) + (b"" if in_idat else box(b"mdat", xmp))


def jxl(xmp):
    """A JPEG XL container with an ``xml `` box."""
    return b"\x00\x00\x00\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl \x00\x00\x00\x00jxl ") + box(b"xml ", xmp) + box(b"jxlc", b"\xff\x0a")


def mp3(xmp):
    """An MP3 whose ID3 tag has a ``PRIV`` frame with the packet."""
    data = b"XMP\x00" + xmp
    size = len(data) + 10
    frame = b"PRIV" + struct.pack(">I", len(data)) + b"\x00\x00" + data
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame + b"\xff\xfb\x90\x00" * 8


def pdf(xmp=None, *, packed=False, password=None, algorithm=None):
    """A PDF of one empty page with ``xmp`` as the catalog's metadata stream."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    if xmp:
        stream: StreamObject = DecodedStreamObject()
        stream.set_data(xmp)
        if packed:
            stream = stream.flate_encode()
        stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if password is not None:
        writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def svg(properties="", head=""):
    """An SVG with RDF in its metadata."""
    inside = f"<metadata>{rdf(properties)}</metadata>" if properties else ""
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}<rect width="9" height="9"/></svg>'.encode()


CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def opf(metadata, version="3.0", attributes=""):
    """A package document with ``metadata`` inside its metadata."""
    spaces = 'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<package {spaces} version="{version}" {attributes}><metadata><dc:title>A book</dc:title>{metadata}</metadata></package>'


def epub(package, *, more=(), packing=zipfile.ZIP_DEFLATED):
    """An EPUB with ``package`` as its package document and ``more`` members as (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        members = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", CONTAINER), ("OEBPS/book.opf", package), *more]
        for number, (name, content) in enumerate(members):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, packing if number else zipfile.ZIP_STORED)
    return out.getvalue()


CARRIERS = {
    "jpeg": jpeg,
    "jpeg, extended": jpeg_extended,
    "jpeg, extended, out of order": lambda xmp: jpeg_extended(xmp, order=-1),
    "png": png,
    "png, packed": lambda xmp: png(xmp, packed=True),
    "png, hexadecimal": png_profile,
    "webp": webp,
    "wav": wav,
    "tiff": tiff,
    "tiff, big-endian": lambda xmp: tiff(xmp, ">"),
    "bigtiff": lambda xmp: tiff(xmp, big=True),
    "bigtiff, big-endian": lambda xmp: tiff(xmp, ">", big=True),
    "gif": gif,
    "heic": heif,
    "avif, idat": lambda xmp: heif(xmp, in_idat=True, brand=b"avif"),
    "mp4": mp4,
    "mov": mov,
    "jxl": jxl,
    "mp3": mp3,
    "pdf": pdf,
    "pdf, packed": lambda xmp: pdf(xmp, packed=True),
    "sidecar": lambda xmp: xmp,
}
"""Each way to carry a packet: packet to file."""
