"""The values of the creators' side: works, who holds them, what they permit, and what resembles them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sekisho.fingerprints import Closeness, Fingerprint, Region
from sekisho.model import Text


class Identity(StrEnum):
    """What shows that a holder is who they say: the store's own word, nothing, a web domain, a signature, an organisation."""

    OWN = "own"
    CLAIMED = "claimed"
    DOMAIN = "domain"
    SIGNED = "signed"
    ORGANISATION = "organisation"

    @property
    def shown(self) -> bool:
        """True unless the holder is merely claimed."""
        return self is not Identity.CLAIMED


class TermsKind(StrEnum):
    """What a holder says to a use, strictest first."""

    NO = "no"
    ASK = "ask"
    OFFER = "offer"
    CREDIT = "credit"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a holder permits. An offer has a price (``currency`` as ISO 4217, ``amount`` exact) and may name the ``use`` it is for."""

    kind: TermsKind
    currency: str = ""
    amount: Decimal | None = None
    use: str = ""

    def __str__(self) -> str:
        price = [] if self.amount is None else [self.currency, str(self.amount)]
        return ":".join([self.kind.value, *price, *([self.use] if self.use else [])])


@dataclass(frozen=True, slots=True)
class RightsHolder:
    """Who may permit; often not the author. ``proof`` is what the identity rests on: a domain, a key, an organisation's name."""

    name: str
    reading: str = field(default="", compare=False)
    identity: Identity = Identity.OWN
    proof: str = ""
    contact: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Share:
    """A holder's part of a work; the shares of a work add to one."""

    holder: RightsHolder
    part: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Creator:
    """Who made it; years feed the term of protection and stay None when unknown."""

    name: str
    reading: str = ""
    role: str = ""
    born: int | None = None
    died: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What is protected; its files are the pages and editions registered for it. ``id`` is kept as given."""

    id: str
    title: str = ""
    title_reading: str = ""
    kind: str = ""
    isbn: str = ""
    magazine_code: str = ""
    volume: str = ""
    first_published: str = ""
    """ISO date, or year, or year and month, as far as it is known."""
    country: str = ""
    edition: str = ""
    """What the registered file was made from (底本), as it says itself or the catalogue does."""
    creators: tuple[Creator, ...] = ()
    shares: tuple[Share, ...] = ()
    urls: tuple[str, ...] = ()

    @property
    def holder(self) -> str:
        """The names of the holders, as one text."""
        return ", ".join(share.holder.name for share in self.shares)


@dataclass(frozen=True, slots=True)
class Declared:
    """Terms as one holder declared them on a day."""

    holder: RightsHolder
    terms: Terms
    on: date


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file or page as the store keeps it: where it lies, what it looks like, and why it was refused if it was."""

    path: str
    page: int
    media: str
    digest: bytes = b""
    iscc: str = ""
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict)
    already: bool = False
    refused: Text | None = None
    title: str = ""
    """What a text file says of itself, as far as it does."""
    creators: tuple[Creator, ...] = ()
    edition: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One registered work that a content resembles, with the terms of the day; similar, never infringing.

    ``work`` is the id as text. ``score`` is a calibrated probability. ``proved`` is False when only exported fingerprints were compared.
    """

    work: str
    title: str
    holder: str
    terms: Terms
    identity: Identity
    level: Closeness
    score: float
    item_region: Region
    work_region: Region
    quad: Region | None
    fingerprint: str
    proved: bool = True
    path: str = ""
    page: int = 0
    item_page: int = 0


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of one file or page: registered, there already, or refused with the reason."""

    path: str
    work: str = ""
    title: str = ""
    media: str = ""
    page: int = 0
    fingerprints: dict[str, int] = field(default_factory=dict)
    already: bool = False
    refused: Text | None = None
    iscc: str = ""
    encoding: str = ""
    """In which encoding a text file was found to be, as Python names it."""
