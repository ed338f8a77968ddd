import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sekisho.model import Ask, Axis
from sekisho.signals import agents

PAGE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "signals.md"
CLASSES = {"T", "S", "U", "D", "C", "other"}
OBEYS = {"yes", "no", "mostly-no", "user-set", "mixed", "unknown"}


def test_every_entry_uses_the_words_of_the_file():
    for agent in agents.table().values():
        assert set(agent.classes) <= CLASSES
        assert agent.obeys in OBEYS
        assert agent.operator
        assert bool(agent.note.en) == bool(agent.note.ja)


def test_an_agent_that_trains_refuses_training():
    assert all(Axis.TRAIN in agent.axes for agent in agents.table().values() if agent.trains)


def test_no_entry_was_verified_more_than_two_years_ago():
    today = datetime.now(UTC).date()
    assert all(date(2026, 1, 1) <= agent.last_verified and (today - agent.last_verified).days < 730 for agent in agents.table().values())


def test_a_token_stands_once_whatever_its_case():
    text = (Path(agents.__file__).parent / "agents.toml").read_text(encoding="utf-8")
    assert len(re.findall(r"^\[\[agent\]\]$", text, re.MULTILINE)) == len(agents.table())


def test_without_agents_named_those_that_train_are_asked():
    asked = agents.asked(Ask())
    assert {"GPTBot", "Google-Extended", "CCBot", "anthropic-ai", "Cotoyogi", "ICC-Crawler", "SBIntuitionsBot"} <= set(asked)
    assert not {"Googlebot", "OAI-SearchBot", "ChatGPT-User", "img2dataset", "PerplexityBot"} & set(asked)
    assert agents.asked(Ask(agents=("Googlebot",))) == ("Googlebot",)


def test_an_unknown_token_stands_for_training_and_keeps_its_spelling():
    assert agents.axes("OurBot") == (Axis.TRAIN,)
    assert agents.spelled("OurBot") == "OurBot"
    assert agents.spelled("gptbot") == "GPTBot"


@pytest.mark.skipif(not PAGE.exists(), reason="the reference page lies beside the checkout only where it was written")
def test_every_token_of_the_reference_table_is_known():
    section = PAGE.read_text(encoding="utf-8").split("### 1.8")[1].split("### 1.9")[0]
    cells = [row.split("|")[1] for row in section.splitlines() if row.startswith("| ") and "---" not in row][1:]
    tokens = {token.strip(" *") for cell in cells for token in cell.split(",")}
    assert not {token for token in tokens if token.lower() not in agents.table()}
