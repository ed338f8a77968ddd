"""How a run behaves on other people's machines: who it says it is, how often it asks, how long it waits, what it may reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from sekisho.errors import UsageError

PRODUCT = "Sekisho"
"""The product token by which robots.txt files can address us (RFC 9309 section 2.2.1)."""
MAIL = re.compile(r"[^\s@()<>;,]+@[^\s@()<>;,]+\.[A-Za-z0-9-]+", re.ASCII)
PAGE = re.compile(r"https?://[^\s()<>;,]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Manners:
    """``contact`` is a mail or web address where whoever runs a site reaches whoever runs this; raises UsageError when it is neither.

    ``since`` makes everything last seen before it worth asking again; without it, what is on record is not asked a second time.
    """

    contact: str
    pause_s: float = 1.0
    timeout_s: float = 20.0
    patience_s: float = 60.0
    hosts_at_once: int = 500
    private: bool = False
    since: datetime | None = None

    def __post_init__(self) -> None:
        if not (MAIL.fullmatch(self.contact) or PAGE.fullmatch(self.contact)):
            raise UsageError(
                "Say how a site's operator can reach you: --contact you@example.org, or the address of a page.",
                "サイトの運営者からの連絡先を指定してください：--contact you@example.org、または連絡先ページの URL。",
            )

    @property
    def user_agent(self) -> str:
        """What requests say of their sender (RFC 9110 section 10.1.5)."""
        where = f"mailto:{self.contact}" if MAIL.fullmatch(self.contact) else self.contact
        return f"{PRODUCT}/{version('sekisho')} (reads rights signals; +{where})"
