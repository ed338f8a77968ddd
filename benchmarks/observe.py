"""Observing against the HTTP client used bare: requests a CPU second, and memory over 10,000 hosts. ``python -m benchmarks.observe``

The server is another process on the loopback: 250 addresses, as many hosts as asked, each with a robots.txt, a page and six 404s. The client used
bare sends the same requests over the same connections, reads the bodies, and does nothing with them. Both run alternately, several times.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import aiohttp

from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.names import Names
from sekisho.observe.visits import Site

PATHS = ("/robots.txt", "/.well-known/tdmrep.json", "/ai.txt", "/.well-known/ai.txt", "/trust.txt", "/.well-known/trust.txt", "/")
ADDRESSES = 250
ROBOTS = b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /private/\n"
PAGE = b"<!doctype html><html><head><title>A page</title></head><body>" + b"<p>Nothing to see here.</p>" * 40 + b"</body></html>"


def answer(path: bytes) -> bytes:
    """What the server says to a path."""
    body, status, kind = {b"/robots.txt": (ROBOTS, b"200 OK", b"text/plain"), b"/": (PAGE, b"200 OK", b"text/html")}.get(
        path, (b"not found", b"404 Not Found", b"text/plain")
    )
    return b"HTTP/1.1 %s\r\nServer: bench\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body)


class Server(asyncio.Protocol):
    """Answers at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while b"\r\n\r\n" in self.held:
            head, _, self.held = self.held.partition(b"\r\n\r\n")
            self.transport.write(answer(head.split(b" ", 2)[1]))


async def serve(port: int) -> None:
    """Listen on every address of the bench until killed."""
    loop = asyncio.get_running_loop()
    for number in range(ADDRESSES):
        await loop.create_server(Server, f"127.0.9.{number + 1}", port, backlog=1024)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def look_up(host: str) -> list[str]:
    """The address of a host of the bench."""
    return [f"127.0.9.{int(host.partition('.')[0][1:]) % ADDRESSES + 1}"]


async def bare(port: int, hosts: int, at_once: int) -> int:
    """The client alone; gives back the number of requests."""
    names, numbers, done = Names(look_up, private=True), iter(range(hosts)), 0
    connector = aiohttp.TCPConnector(resolver=names, limit=0, use_dns_cache=False, keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def visitor() -> None:
            nonlocal done
            for number in numbers:
                for path in PATHS:
                    last = {"Connection": "close"} if path == "/" else None
                    async with session.get(f"http://h{number}.test:{port}{path}", headers=last) as response:
                        await response.read()
                        done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(visitor())
    return done


def ours(port: int, hosts: int, at_once: int) -> int:
    """The same through ``observe``; gives back the number of requests."""
    sites = [Site(f"http://h{number}.test:{port}") for number in range(hosts)]
    with TemporaryDirectory() as folder:
        manners = Manners("bench@example.org", pause_s=0, hosts_at_once=at_once, private=True)
        return observe(sites, Path(folder, "bench.warc.gz"), manners, look_up=look_up).counts.total()


def measured(which: str, port: int, hosts: int, at_once: int) -> dict[str, float]:
    """Requests, CPU seconds and peak memory of one run, after a small one that loads all there is to load."""
    run = (lambda count: asyncio.run(bare(port, count, at_once))) if which == "bare" else (lambda count: ours(port, count, at_once))
    run(10)
    started, began = time.process_time(), time.monotonic()
    done = run(hosts)
    cpu_s, wall_s = time.process_time() - started, time.monotonic() - began
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"requests": done, "cpu_s": cpu_s, "a_cpu_second": done / cpu_s, "wall_s": wall_s, "peak_mib": peak_mib}


@contextlib.contextmanager
def server(port: int) -> Iterator[None]:
    """The server in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.observe", "--serve", str(port)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def apart(which: str, port: int, hosts: int, at_once: int) -> dict[str, float]:
    """A run in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.observe",
        "--run",
        which,
        "--port",
        str(port),
        "--hosts",
        str(hosts),
        "--at-once",
        str(at_once),
    ]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def main() -> None:
    """Compare, then run 10,000 hosts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int)
    parser.add_argument("--run", choices=("bare", "ours"))
    parser.add_argument("--port", type=int, default=8799)
    parser.add_argument("--hosts", type=int, default=1_500)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    args, _ = parser.parse_known_args()
    if args.serve:
        asyncio.run(serve(args.serve))
    elif args.run:
        print(json.dumps(measured(args.run, args.port, args.hosts, args.at_once)))
    else:
        with server(args.port):
            rounds = [[apart(which, args.port, args.hosts, args.at_once) for which in ("bare", "ours")] for _ in range(args.rounds)]
            few, many = rounds[0][1], apart("ours", args.port, args.many, args.at_once)
        for number, which in enumerate(("bare", "ours")):
            print(f"{which}: {median(pair[number]['a_cpu_second'] for pair in rounds):,.0f} requests a CPU second")
        ratios = [pair[1]["a_cpu_second"] / pair[0]["a_cpu_second"] for pair in rounds]
        print(f"ratio: {median(ratios):.2f} (each pair: {', '.join(f'{ratio:.2f}' for ratio in ratios)})")
        print(
            f"peak memory: {few['peak_mib']:.0f} MiB at {args.hosts} hosts, {many['peak_mib']:.0f} MiB at {args.many} ({many['requests']:,} requests)"
        )


if __name__ == "__main__":
    main()
