"""The compiled passage finder against plain Python: folding code point by code point, and the best local alignment as the measure of extension."""

import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.fingerprints import folding, passages
from sekisho.fingerprints.folding import fold
from sekisho.kernels.passages import Limits

KERNELS = Path(__file__).resolve().parents[3] / "src/sekisho/kernels"
HERE = Path(__file__).parent


def slowly_folded(text: str) -> list[tuple[int, int]]:
    """Codes with their places, without brackets."""
    table = folding.table()
    return [(int(table[ord(char)]), place) for place, char in enumerate(text) if table[ord(char)]]


@given(st.text(alphabet=st.characters(exclude_characters="《》（）()［］＃")))
def test_folding_gives_each_letter_its_code_and_place(text: str) -> None:
    folded = fold(text)
    assert list(zip(folded.codes.tolist(), folded.offsets.tolist(), strict=True)) == slowly_folded(text)
    assert folded.length == len(text)


@given(st.binary())
def test_folding_any_bytes_counts_every_stray_byte_once_and_stays_inside(raw: bytes) -> None:
    folded = fold(raw)
    assert len(folded.codes) <= folded.length <= len(raw)
    assert (np.diff(folded.offsets.astype(np.int64)) > 0).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ガラス窓", "ｶﾞﾗｽ窓"),
        ("がらすまど", "ガラスマド"),
        ("學校へ行つた。", "学校へ行った"),
        ("ＡＢＣ１２３", "abc123"),
        ("辯護士と瓣膜", "弁護士と弁膜"),
        ("私《わたし》の｜時計台《とけいだい》", "私の時計台"),
        ("時計（とけい）が鳴る", "時計が鳴る"),
        ("白いかび［＃「かび」に傍点］", "白いかび"),
        ("ゐなかのゑ", "いなかのえ"),
        ("漢\u200b字\ufe00の\u00ad間", "漢字の間"),
        ("naïve Café", "NAIVE CAFE"),
    ],
)
def test_spellings_that_fold_together(one: str, other: str) -> None:
    assert fold(one).codes.tolist() == fold(other).codes.tolist()


@pytest.mark.parametrize("text", ["彼（そのひと）は", "彼（山田）は", "f(x)", "（笑）", "《", "》》", "［＃", "］"])
def test_brackets_never_take_back_more_than_a_reading(text: str) -> None:
    kept = [chr(code) for code in fold(text).codes]
    assert kept[:1] in ([], [text[0]], ["笑"])


def best_local_alignment(one: np.ndarray, other: np.ndarray) -> float:
    """Smith and Waterman: an equal pair earns 1, a replaced one costs 1, a lost or added character 1.5."""
    row = np.zeros(len(other) + 1)
    best = 0.0
    for code in one:
        above, row = row, np.zeros(len(other) + 1)
        for j, facing in enumerate(other, 1):
            row[j] = max(0.0, above[j - 1] + (1 if code == facing else -1), above[j] - 1.5, row[j - 1] - 1.5)
        best = max(best, row.max())
    return best


def disturbed(codes: np.ndarray, rate: float, rng: random.Random) -> np.ndarray:
    out: list[int] = []
    for code in codes.tolist():
        kind = rng.random() / rate if rate else 9
        out += [rng.randrange(0x3041, 0x3090)] if kind < 0.6 else [] if kind < 0.8 else [code, 0x3042] if kind < 1 else [code]
    return np.array(out, np.uint16)


def text_of(codes: np.ndarray) -> str:
    return "".join(map(chr, codes))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.03, 0.08, 0.12]))
def test_a_passage_earns_what_the_best_local_alignment_earns(seed: int, rate: float) -> None:
    rng = random.Random(seed)
    letters = "".join(chr(rng.choice(range(0x4E00, 0x4E80))) for _ in range(70))
    work, text = fold(letters), fold(text_of(disturbed(fold(letters).codes, rate, rng)))
    volume = passages.Volume(passages.arranged([passages.kept(7, work)]), passages.STEP)
    found = volume.passages(text, Limits(10, 10))
    best = best_local_alignment(text.codes, work.codes)
    assert all(one.points <= best and one.file == 7 for one in found)
    if rate <= 0.03:
        assert max(one.points for one in found) == best


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc here to build the sanitized kernel with")
def test_the_kernel_stays_inside_its_memory_under_sanitizers(tmp_path: Path) -> None:
    fuzz = tmp_path / "fuzz"
    flags = ["-std=c11", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    subprocess.run(["gcc", *flags, "-o", str(fuzz), str(HERE / "fuzz_passages.c"), str(KERNELS / "passages.c")], check=True)
    (tmp_path / "table").write_bytes(folding.table().tobytes())
    done = subprocess.run([str(fuzz), str(tmp_path / "table"), "4000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
