"""The host table: everything observed, compiled once for a day, so that millions of rows a second find what was said of them."""

from sekisho.hosts.building import HostTable, build, last_moment
from sekisho.hosts.citing import QUOTE
from sekisho.hosts.loading import load
from sekisho.hosts.recorded import Recorded
from sekisho.hosts.snapshot import Known, Sources, opened, spoken

__all__ = ["QUOTE", "HostTable", "Known", "Recorded", "Sources", "build", "last_moment", "load", "opened", "spoken"]
