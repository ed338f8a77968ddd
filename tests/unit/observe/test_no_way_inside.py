"""A site on the public internet cannot use us to reach a machine inside a network, whatever it redirects to and whatever a name says later.

Two servers of this machine stand in: one address that the guard is told to take for public, and a trap on every address that it must not reach.
"""

import asyncio
import sys

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from hostile_site import hostile_site, redirect

from sekisho.observe import client, load, names
from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.reachable import refusal
from sekisho.observe.visits import Site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives the whole of 127.0.0.0/8 to the loopback")

PUBLIC, TRAP = "127.0.0.99", "127.0.0.1"
SPELLINGS = [
    # loopback
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0x7f.0x0.0x0.0x1", "127.0.0.1.",
    "127%2e0.0.1", "１２７.０.０.１", "127。0。0。1", "user:secret@127.0.0.1", "0", "0.0.0.0", "127.255.255.254",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[64:ff9b:1::7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
    # private, carrier-grade, test networks
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "0xac100001", "192.168.0.1", "3232235521", "0300.0250.0.1", "100.64.0.1", "198.18.0.1",
    "192.0.2.1", "[fd00::1]", "[fc00::1]", "[fec0::1]", "[::ffff:10.0.0.1]", "[::ffff:c0a8:1]", "[64:ff9b::a00:1]", "[2002:c0a8:1::]",
    "[2001:db8::1]", "[2001:0:0:0:0:0:f5ff:fffe]",
    # link-local and what clouds answer their machines on
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.1.1", "169.254.170.2", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "[fe80::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]",
    # no host at all
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "[ff02::1]", "240.0.0.1",
]  # fmt: skip
NAMES = ["localhost", "inner.test", "printer.local", "metadata.google.internal"]


class Inward:
    """A site that redirects whatever is asked of host ``sN.test`` to the N-th of ``targets``."""

    def __init__(self, site, targets):
        self.targets = targets
        site.plain = self.answer

    async def answer(self, writer, path, headers, host):
        writer.write(redirect(self.targets[int(host.partition(".")[0][1:])]))


@pytest.fixture
def public(monkeypatch):
    """The stand-in is public; about every other address the guard itself is asked."""

    def guard(address, *, private=False):
        return "" if address == PUBLIC else refusal(address, private=private)

    monkeypatch.setattr(names, "refusal", guard)
    monkeypatch.setattr(client, "refusal", guard)


async def look_up(host):
    return [PUBLIC] if host.startswith("s") and host.endswith(".test") else [TRAP]


def reached(tmp_path, targets_of):
    """The failures of one run over sites that redirect inward, and what the trap heard."""
    with hostile_site(addresses=(PUBLIC,)) as outside, hostile_site(addresses=(TRAP,)) as trap:
        targets = targets_of(trap.port)
        Inward(outside, targets)
        sites = [Site(f"http://s{number}.test:{outside.port}", whole=False) for number in range(len(targets))]
        observe(sites, tmp_path / "o.warc.gz", Manners("crew@example.org", pause_s=0, timeout_s=2), look_up=look_up)
        assert len(outside.requests) >= len(targets)
        found = {record.url: record for record in load([tmp_path / "o.warc.gz"]).records}
        return [found[f"{site.authority}/robots.txt"].failure or "" for site in sites], trap.requests


@pytest.mark.parametrize("path", ["/robots.txt", "/latest/meta-data/"])
def test_a_redirect_to_a_machine_inside_reaches_none_however_it_is_spelled(tmp_path, public, path):
    failures, heard = reached(tmp_path, lambda port: [f"http://{spelling}:{port}{path}" for spelling in SPELLINGS + NAMES])
    unrefused = [
        (spelling, failure)
        for spelling, failure in zip(SPELLINGS + NAMES, failures, strict=True)
        if "private address" not in failure and "closed address" not in failure
    ]
    assert unrefused == []
    assert heard == []


def test_no_port_inside_can_be_told_from_another_by_what_comes_back(tmp_path, public):
    """Open or not, a port inside gives the very same record."""
    failures, heard = reached(tmp_path, lambda port: [f"http://127.0.0.1:{number}/" for number in (port, 22, 80, 443, 1)])
    assert {failure.partition(": ")[2] for failure in failures} == {"private address: 127.0.0.1"}
    assert heard == []


def test_other_schemes_lead_nowhere(tmp_path, public):
    schemes = ["file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://127.0.0.1/", "dict://127.0.0.1/", "unix:/run/docker.sock"]
    failures, heard = reached(tmp_path, lambda _: schemes)
    assert heard == []
    assert failures == [""] * len(schemes)


def test_a_name_that_turns_inward_between_the_check_and_the_connection_reaches_nothing(tmp_path, public, monkeypatch):
    """Rebinding with nothing kept: every question is answered anew, and every second answer is this machine."""
    monkeypatch.setattr(names, "KEPT_S", -1.0)
    asked = []

    async def turning(host):
        asked.append(host)
        return [PUBLIC] if len(asked) % 2 else [TRAP]

    async def ask(port):
        own = client.Client(names.Names(turning), "Sekisho", 2)
        try:
            return [await own.get(f"http://s{number}.test:{port}/robots.txt", {}, 0) for number in range(6)]
        finally:
            await own.close()

    with hostile_site(addresses=(TRAP,)) as trap:
        answers = asyncio.run(ask(trap.port))
        assert trap.requests == []
    assert len(asked) > 6
    assert all("private address: 127.0.0.1" in answer.failure for answer in answers)
