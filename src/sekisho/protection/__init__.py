"""Until when a work is protected (保護期間), country by country, from dated terms kept as data: one TOML file a country.

``term`` answers for one work, ``public_domain`` gives the fact that decisions ask for. Decision support, not legal advice.
"""

from sekisho.protection.answer import Status, Term, public_domain, term
from sekisho.protection.batch import answer, answered
from sekisho.protection.columns import public_domain_column
from sekisho.protection.dates import Span, read_date
from sekisho.protection.loading import countries, digest
from sekisho.protection.records import record_of, work_of
from sekisho.protection.rules import Confidence
from sekisho.protection.work import Dates, Kind, circumstances, kinds

__all__ = [
    "Confidence",
    "Dates",
    "Kind",
    "Span",
    "Status",
    "Term",
    "answer",
    "answered",
    "circumstances",
    "countries",
    "digest",
    "kinds",
    "public_domain",
    "public_domain_column",
    "read_date",
    "record_of",
    "term",
    "work_of",
]
