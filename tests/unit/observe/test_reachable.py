"""What may be connected to: no name, redirect or trick of spelling leads to a machine inside a network."""

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from hostile_site import hostile_site, loopback

from sekisho.observe import load
from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.reachable import refusal
from sekisho.observe.visits import Site

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::a00:1", "2002:7f00:1::", "198.18.0.1", "fec0::1",
]  # fmt: skip
NEVER = ["0.0.0.0", "169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%eth0", "224.0.0.1", "ff02::1", "255.255.255.255", "100.100.100.200",
         "168.63.129.16", "fd00:ec2::254", "::", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "localhost"]  # fmt: skip
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]


@pytest.mark.parametrize("address", INSIDE + NEVER)
def test_what_is_inside_a_network_is_closed(address):
    assert refusal(address)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_never_a_site_stays_closed_even_when_private_networks_are_open(address):
    assert refusal(address, private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_open(address):
    assert not refusal(address)


@pytest.fixture
def site():
    with hostile_site() as running:
        yield running


def failures(site, tmp_path, *sites, look_up=loopback, private=False):
    manners = Manners("crew@example.org", pause_s=0, timeout_s=2, private=private)
    observe([Site(url) for url in sites], tmp_path / "o.warc.gz", manners, look_up=look_up)
    return [record.failure for record in load([tmp_path / "o.warc.gz"]).records]


def test_a_name_that_means_this_machine_is_not_connected_to(site, tmp_path):
    assert failures(site, tmp_path, f"http://plain.test:{site.port}") == ["private address: 127.0.0.1"]
    assert site.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "127.1"])
def test_a_number_in_any_spelling_is_not_connected_to(site, tmp_path, host):
    from sekisho.observe.targets import sites  # noqa: PLC0415

    observe(sites([f"http://{host}:{site.port}/"]), tmp_path / "o.warc.gz", Manners("a@b.org", pause_s=0))
    assert [record.failure.split(":")[0] for record in load([tmp_path / "o.warc.gz"]).records] == ["private address"]
    assert site.requests == []


@pytest.mark.parametrize("inner", ["169_254_169_254", "0_0_0_0"])
def test_a_redirect_inward_is_not_followed(site, tmp_path, inner):
    found = failures(site, tmp_path, f"http://{inner}-inward.test:{site.port}", private=True)
    assert all("closed address" in failure for failure in found)


def test_no_port_of_a_private_address_can_be_scanned_through_redirects(site, tmp_path):
    """A public site (here a stand-in address that only the guard takes for public) redirects to ports of this machine."""
    asked = []

    async def public_once(host):
        asked.append(host)
        return ["127.0.0.1"] if host == "inner.test" else ["93.184.216.34"]

    import asyncio  # noqa: PLC0415

    from sekisho.observe.client import Client  # noqa: PLC0415
    from sekisho.observe.names import Names  # noqa: PLC0415

    async def scan():
        client = Client(Names(public_once), "Sekisho", 1)
        try:
            return [await client.get(f"http://inner.test:{port}/", {}, 0) for port in (22, 80, site.port)]
        finally:
            await client.close()

    assert [answer.failure for answer in asyncio.run(scan())] == ["private address: 127.0.0.1"] * 3
    assert site.requests == []


def test_a_name_that_changes_between_two_questions_gains_nothing(site, tmp_path):
    """Rebinding: the second answer is never asked for, and the socket itself refuses an address that slipped through."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]

    async def rebinding(host):
        return answers.pop(0)

    import asyncio  # noqa: PLC0415
    import socket  # noqa: PLC0415

    from sekisho.observe.client import Client  # noqa: PLC0415
    from sekisho.observe.names import ClosedError, Names  # noqa: PLC0415

    async def twice():
        names = Names(rebinding)
        client = Client(names, "Sekisho", 1)
        try:
            first = await names.addresses("rebinding.test")
            again = [found["host"] for found in await names.resolve("rebinding.test", 80)]
            with pytest.raises(ClosedError):
                client._socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", site.port)))
            return first, again
        finally:
            await client.close()

    assert asyncio.run(twice()) == (("93.184.216.34",), ["93.184.216.34"])
