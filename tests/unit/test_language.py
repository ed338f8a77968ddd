import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho import language
from sekisho.kernels.scripts import Scripts, scripts

PARAGRAPHS = Path(__file__).resolve().parents[3] / "shared" / "data" / "langid" / "paragraphs.jsonl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国境の長いトンネルを抜けると雪国であった。", "ja"),
        ("ネットワークの設定には /etc/network/interfaces と /etc/hosts を編集してください。", "ja"),
        ("ｶﾀｶﾅﾀﾞｹﾉﾌﾞﾝｼｮｳ", "ja"),
        ("東京都千代田区霞が関", "ja"),
        ("株式会社国際図書発売元", "ja"),
        ("我们在北京大学学习中文，今天天气很好。", "zh"),
        ("這本書是在臺灣出版的，內容十分有趣。", "zh"),
        ("나는 어제 서울에서 친구를 만났습니다.", "ko"),
        ("The quick brown fox jumps over the lazy dog.", "en"),
        ("Der schnelle braune Fuchs springt über den faulen Hund.", "de"),
        ("Съешь же ещё этих мягких французских булок.", "ru"),
        ("สวัสดีครับ วันนี้อากาศดีมาก", "th"),
        ("", "und"),
        ("12345 !? …", "und"),
        ("\x00\u202e\ufeff", "und"),
    ],
)
def test_the_language_of_a_sentence(text: str, expected: str) -> None:
    assert language.of(text) == expected


def test_an_english_page_that_quotes_a_japanese_word_is_english() -> None:
    assert language.of("The word 関所 (sekisho) was used for the checkpoints on the five great roads of the Edo period.") == "en"


@pytest.mark.skipif(not PARAGRAPHS.exists(), reason="the paragraphs of the Debian installation guide are not beside the checkout")
@pytest.mark.parametrize("cut", [40, None])
def test_real_paragraphs_and_their_first_forty_characters(cut: int | None) -> None:
    rows = [json.loads(line) for line in PARAGRAPHS.read_text(encoding="utf-8").splitlines()]
    right: dict[str, list[bool]] = defaultdict(list)
    for row, found in zip(rows, language.of_many(row["text"][:cut] for row in rows), strict=True):
        right[row["lang"]].append(found == row["lang"])
    assert {lang: sum(hits) / len(hits) >= 0.99 for lang, hits in right.items()} == dict.fromkeys(("ja", "en", "zh", "ko"), True)


def test_shares_count_items_characters_and_units() -> None:
    shares = language.Shares()
    assert shares.add(["春は揚げ物。", "Spring is fried food.", "夏は夜。"]) == ["ja", "en", "ja"]
    assert shares.items == {"ja": 2, "en": 1}
    assert shares.characters == {"ja": 10, "en": 21}
    assert shares.units == {"ja": 3 + 2, "en": 4}
    both = language.Shares()
    both.update(shares)
    both.update(shares)
    assert both.items == {"ja": 4, "en": 2}


@given(st.lists(st.text(max_size=40), max_size=5))
def test_every_character_is_counted_once(texts: list[str]) -> None:
    for text, found in zip(texts, scripts(texts), strict=True):
        assert found.characters == len(text) == sum(found[: Scripts._fields.index("characters")])
