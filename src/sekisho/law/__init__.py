"""What the law says: dated, cited rules as data (one TOML file a jurisdiction) and their evaluation over columns of facts.

``pack()`` gives the rules, ``evaluate`` their answers, ``sensitivity`` what an unknown fact could change.
"""

from sekisho.law.evaluation import OUTCOMES, Change, Rulings, evaluate, sensitivity
from sekisho.law.packs import Pack, pack
from sekisho.law.rules import Authority, Condition, LawFile, Note, Rule
from sekisho.law.vocabulary import FACT, FACTS, UNKNOWN, UNREADABLE, Column, Columns, Fact, columns, fact

__all__ = [
    "FACT",
    "FACTS",
    "OUTCOMES",
    "UNKNOWN",
    "UNREADABLE",
    "Authority",
    "Change",
    "Column",
    "Columns",
    "Condition",
    "Fact",
    "LawFile",
    "Note",
    "Pack",
    "Rule",
    "Rulings",
    "columns",
    "evaluate",
    "fact",
    "pack",
    "sensitivity",
]
