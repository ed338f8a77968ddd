"""What licence texts come to: addresses, identifiers, names in two languages, and everything that is none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.signals.licence_terms import meaning, recognised

COVERED = {
    "http://creativecommons.org/licenses/by/2.1/jp/": ("CC-BY-2.1-JP", "yes_attrib", "yes_attrib"),
    "HTTPS://WWW.CreativeCommons.ORG/licenses/BY-NC/4.0": ("CC-BY-NC-4.0", "no", "yes_attrib"),
    "//creativecommons.org/licenses/by-nd-nc/3.0/deed.ja": ("CC-BY-NC-ND-3.0", "no", "no"),
    "https://creativecommons.org/licenses/by/2.5/scotland/legalcode": ("CC-BY-2.5-SCOTLAND", "yes_attrib", "yes_attrib"),
    "https://creativecommons.org/licenses/by-sa/4.0/deed.zh_TW?x#y": ("CC-BY-SA-4.0", "yes_attrib", "yes_attrib"),
    "http://creativecommons.org/licenses/publicdomain/": ("CC0", "yes", "yes"),
    "https://creativecommons.org/publicdomain/mark/1.0/": ("PDM-1.0", "yes", "yes"),
    "https://creativecommons.org/licenses/nc-sampling+/1.0/": ("CC-Sampling-1.0", "no", "no"),
    "https://creativecommons.org/licenses/nd-nc/1.0/": ("CC-NC-ND-1.0", "no", "no"),
    "CC-BY-4.0": ("CC-BY-4.0", "yes_attrib", "yes_attrib"),
    "cc-by-nc-sa-3.0": ("CC-BY-NC-SA-3.0", "no", "yes_attrib"),
    "CC0-1.0": ("CC0", "yes", "yes"),
    "Creative Commons Attribution Non-Commercial Share Alike 4.0 International License": ("CC-BY-NC-SA-4.0", "no", "yes_attrib"),
    "Attribution-NoDerivs License": ("CC-BY-ND", "no", "no"),
    "クリエイティブ・コモンズ 表示 4.0 国際 ライセンス": ("CC-BY-4.0", "yes_attrib", "yes_attrib"),
    "表示-非営利-継承 4.0 国際": ("CC-BY-NC-SA-4.0", "no", "yes_attrib"),
    "CC-BY-SA-3.0-IGO": ("CC-BY-SA-3.0-IGO", "yes_attrib", "yes_attrib"),
    "MIT": ("MIT", "yes_attrib", "yes_attrib"),
    "GPL-3.0-or-later WITH Classpath-exception-2.0": ("GPL-3.0-or-later", "yes_attrib", "yes_attrib"),
    "パブリックドメイン": ("PDM", "yes", "yes"),
    "All Rights Reserved": ("none", "none", "none"),
    "無断転載禁止": ("none", "none", "none"),
}
UNKNOWN = [
    "https://creativecommons.org/licenses/by/",
    "https://creativecommons.org/licenses/by/9.9/",
    "https://creativecommons.org/licenses/zero/1.0/",
    "https://creativecommons.org/publicdomain/by/4.0/",
    "https://creativecommons.org/licenses/by-by/4.0/",
    "https://creativecommons.org/licenses/by/4.0/evil",
    "https://creativecommons.org.evil.example/licenses/by/4.0/",
    "https://evil.example/?https://creativecommons.org/licenses/by/4.0/",
    "other",
    "by",
    "attribution",
    "cc",
    "CC BY 5.0",
    "CC BY 4.0 3.0",
    "CC BY 4.0, no AI training",
    "CC BY 4.0 but not for AI",
    "BSL-1.1",
    "CC SA NC XX",
]


@pytest.mark.parametrize("text", COVERED)
def test_a_licence_is_recognised_and_covers_what_the_table_says(text):
    name, commercial, noncommercial = COVERED[text]
    assert meaning(text, "commercial")[::3] == (commercial, name)
    assert meaning(text, "noncommercial").covers == noncommercial
    assert meaning(text, "research").covers == noncommercial


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_not_recognised_whole_is_unknown(text):
    assert recognised(text) is None
    assert meaning(text, "commercial").covers == "unknown"


def test_no_text_is_no_licence():
    assert meaning("  ", "commercial").covers == "none"


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("MIT OR CC-BY-NC-4.0", "yes_attrib"),
        ("MIT AND CC-BY-NC-4.0", "no"),
        ("['MIT', 'CC0-1.0']", "yes_attrib"),
        ("CC0-1.0; CC-BY-NC-4.0", "no"),
        ("MIT, something else", "unknown"),
        ("something else OR MIT", "yes_attrib"),
        ("MIT, All rights reserved", "none"),
    ],
)
def test_of_several_licences_all_hold_unless_one_may_be_chosen(text, covers):
    assert meaning(text, "commercial").covers == covers


def test_an_unknown_purpose_is_covered_by_nothing():
    assert meaning("CC0-1.0", "warfare").covers == "unknown"


@given(st.text() | st.from_regex(r"(https://creativecommons.org/licenses/|cc[- ]?)[a-z0-9./ -]{0,40}", fullmatch=True))
def test_no_text_raises_and_every_yes_names_its_licence(text):
    found = meaning(text, "commercial")
    assert found.covers in {"yes", "yes_attrib", "no", "none", "unknown"}
    assert found.covers not in {"yes", "yes_attrib"} or found.name
