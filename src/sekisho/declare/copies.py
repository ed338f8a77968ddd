"""Copies of media files with the terms inside: written, then read back and compared before anybody gets them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sekisho import signals
from sekisho.declare import c2pa, xmp
from sekisho.declare.media import writer
from sekisho.declare.terms import VALUE_OF, Terms
from sekisho.errors import InputError
from sekisho.formats.carried import Kind
from sekisho.formats.embedded import embedded
from sekisho.formats.media import media_type, sniff
from sekisho.model import Axis, Observation, Signal, Source, Value

LARGEST = 1 << 30


class Copy(NamedTuple):
    """What became of one file: where its copy lies, or why there is none."""

    source: Path
    copy: Path | None
    reason: str = ""
    signed: bool = False


def copies(paths: Iterable[Path], terms: Terms, folder: Path) -> list[Copy]:
    """What became of each file among ``paths`` (files, or folders of them), copied into ``folder``; raises InputError for a path that is not there."""
    signer = c2pa.Signer(terms.certificate) if terms.certificate else None
    return [_copied(source, folder / name, terms, signer) for source, name in _sources(paths)]


def _sources(paths: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Each file and the name of its copy: its place below the folder that was named."""
    found: list[tuple[Path, Path]] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"There is no {path}.", f"{path} は存在しません。")
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        found += [(file, file.relative_to(path) if path.is_dir() else Path(file.name)) for file in files]
    return found


def _copied(source: Path, copy: Path, terms: Terms, signer: c2pa.Signer | None) -> Copy:
    if source.stat().st_size > LARGEST:
        return Copy(source, None, f"larger than {LARGEST >> 20} MiB")
    if copy.exists():
        return Copy(source, None, f"{copy} is there already")
    try:
        body, is_signed = _made(source.read_bytes(), source.name, terms, signer)
    except (ValueError, OSError) as error:
        return Copy(source, None, str(error))
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(body)
    return Copy(source, copy, signed=is_signed)


def _made(body: bytes, name: str, terms: Terms, signer: c2pa.Signer | None) -> tuple[bytes, bool]:
    """The copy, and whether it is signed; raises ValueError with the reason when it does not come out as it must."""
    writes = writer(body)
    if writes is None:
        raise ValueError("not a JPEG, PNG, WebP, TIFF or PDF file")
    if not xmp.can_say(terms) and not (signer and c2pa.entries(terms)):
        raise ValueError("nothing that goes into files can say these terms")
    packet = xmp.packet(terms, _earlier(body))
    if packet is None:
        raise ValueError("it holds XMP that cannot be read")
    made = writes.with_packet(body, packet)
    media = media_type(body)
    signs = signer is not None and media in c2pa.SIGNED
    if signer and signs:
        made = signer.signed(made, media, name, terms)
    if not writes.is_same_picture(body, made):
        raise ValueError("the picture would not be the same")
    if wrong := contradicting(made, terms):
        raise ValueError(f"it would still say otherwise: {wrong.protocol} {wrong.axis} {wrong.value} ({wrong.evidence.where})")
    return made, signs


def _earlier(body: bytes) -> bytes | None:
    """The packet that the file carries where its format has it."""
    return next((one.data for one in embedded(body).carried if one.kind is Kind.XMP and one.sound), None)


def contradicting(body: bytes, terms: Terms) -> Signal | None:
    """A statement in the file that says otherwise than ``terms``: looser, or stricter, or not readable."""
    seen = Observation(terms.site, sniff(body).source or Source.IMAGE, body)
    return next((signal for signal in signals.read(seen) if not agrees(signal, terms)), None)


def agrees(signal: Signal, terms: Terms) -> bool:
    """Whether a statement says what ``terms`` say, or nothing: a refusal may stand for what has to be licensed, and what is not spoken of stays so."""
    if signal.value is Value.UNKNOWN:
        return not {"malformed", "deny-intent", "unreadable"} & set(signal.warnings)
    answers = [terms.uses.get(axis) for axis in _covered(signal.axis, terms)]
    meant = {VALUE_OF[answer] for answer in answers if answer}
    return signal.value in meant or (signal.value is Value.DENY and Value.LICENCE in meant)


def _covered(axis: Axis, terms: Terms) -> tuple[Axis, ...]:
    """The axis itself, or mining, within which it lies, when only that was spoken of."""
    return (axis,) if axis in terms.uses or axis not in {Axis.TRAIN, Axis.TRAIN_NONGEN} else (Axis.TDM,)
