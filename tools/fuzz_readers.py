"""Fuzzes one signal reader from its vectors: ``python tools/fuzz_readers.py rsl --seconds 600`` (needs ``pip install atheris``).

Whatever comes in, the reader must give back signals, soon, in little memory, and must not allow while an answer that failed is all there is.
What breaks a law is kept under ``--findings`` and becomes a vector of the part, named for what was wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sekisho"]):
    from sekisho import selftest
    from sekisho.model import Ask, Observation, Signal, Source, Value
    from sekisho.signals import Reader, readers

    READERS = readers()  # the shelf imports its parts when it is first asked

SLOWEST_S = 5
MEMORY_MIB = 1024
LARGEST = 32_768
"""Vectors of a larger size are about limits, and would only make every try slow."""
URL = "https://a.example/a/b.jpg"
PARTED = b"\0\0"
"""Stands between the header lines and the body of an input."""


def packed(observation: Observation, kinds: tuple[Source, ...]) -> bytes:
    """An observation as an input: its kind, whether an address is asked, header lines, body."""
    lines = "\n".join(f"{name}: {value}" for name, value in observation.headers)
    return bytes((kinds.index(observation.source), 1)) + lines.encode() + PARTED + observation.body


def unpacked(data: bytes, kinds: tuple[Source, ...]) -> tuple[Observation, Ask]:
    """An input as an observation and what is asked of it."""
    head, _, body = data[2:].partition(PARTED)
    pairs = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    headers = tuple((name, value.strip()) for name, _, value in pairs)
    kind, asks = (*data[:2], 0, 0)[:2]
    return Observation(URL, kinds[kind % len(kinds)], body, headers, 402 if asks & 2 else 200), Ask(URL if asks & 1 else None)


def check(reader: Reader, data: bytes) -> None:
    """Hold the laws on one input."""
    observation, ask = unpacked(data, reader.SPEC.sources)
    found = list(reader.read(observation, ask))
    assert all(isinstance(signal, Signal) for signal in found)  # noqa: S101 - the law that is tested
    if not observation.body and not observation.headers:
        assert all(signal.value is not Value.ALLOW for signal in found)  # noqa: S101


def main() -> None:
    """Write the corpus, then fuzz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(READERS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    args = parser.parse_args()
    reader, folder = READERS[args.name], args.findings / args.name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    vectors = [vector for path in selftest.files() if path.stem == args.name for vector in selftest.vectors(path)]
    for number, vector in enumerate(vectors):
        if len(vector.observation.body) <= LARGEST:
            corpus.joinpath(f"vector-{number}").write_bytes(packed(vector.observation, reader.SPEC.sources))
    limits = [f"-max_total_time={args.seconds}", f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MEMORY_MIB}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, "-print_final_stats=1"], lambda data: check(reader, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
