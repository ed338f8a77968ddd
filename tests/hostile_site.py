"""A server on the loopback that misbehaves in every way sites do; how is said by the first label of the host that is asked."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
from collections import Counter
from contextlib import contextmanager

TEXT = b"Content-Type: text/plain\r\n"
TLS = b"\x16"
BOMB = gzip.compress(b"User-agent: *\nDisallow: /\n" + b"#" * (64 << 20))
NO = b"User-agent: *\nDisallow: /no/\nCrawl-delay: 0\n"


def answer(body, status="200 OK", head=TEXT):
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status.encode(), head, len(body), body)


def redirect(to):
    return answer(b"", "301 Moved Permanently", f"Location: {to}\r\n".encode())


class Site:
    """The server: ``requests`` holds (host, path, headers) of all that was asked, ``at_once`` the most connections of a host that were open together."""

    def __init__(self):
        self.requests = []
        self.tries = Counter()
        self.open = Counter()
        self.at_once = Counter()
        self.port = 0

    async def serve(self, reader, writer):
        try:
            while (first := await reader.read(1)) not in {b"", TLS}:
                head = first + await reader.readuntil(b"\r\n\r\n")
                await self.one(head.decode("latin-1"), writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def one(self, head, writer):
        lines = head.split("\r\n")
        path = lines[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        host = headers["host"].rpartition(":")[0]
        self.requests.append((host, path, headers))
        self.open[host] += 1
        self.at_once[host] = max(self.at_once[host], self.open[host])
        try:
            kind = host.partition(".")[0].rpartition("-")[2].rstrip("0123456789")
            await getattr(self, kind, self.plain)(writer, path, headers, host)
            await writer.drain()
        finally:
            self.open[host] -= 1

    async def plain(self, writer, path, headers, host):
        if path == "/robots.txt":
            writer.write(answer(NO))
        elif path == "/":
            page = b'<!doctype html><link rel="license" type="application/rsl+xml" href="/licence.xml"><p>hello'
            writer.write(answer(page, head=b'Content-Type: text/html\r\nETag: "one"\r\nX-Robots-Tag: noai\r\n'))
        else:
            writer.write(answer(b"not here", "404 Not Found"))

    async def slow(self, writer, path, headers, host):
        await asyncio.sleep(0.03)
        await self.plain(writer, path, headers, host)

    async def hang(self, writer, *_):
        await asyncio.sleep(30)

    async def drip(self, writer, *_):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"#")
            await writer.drain()
            await asyncio.sleep(0.1)

    async def endless(self, writer, *_):
        writer.write(b"HTTP/1.1 200 OK\r\n" + TEXT + b"\r\n")
        for _ in range(1000):
            writer.write(b"# nothing to see\n" * 4096)
            await writer.drain()
        writer.close()

    async def short(self, writer, *_):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nUser-agent: *\n")
        writer.close()

    async def soft(self, writer, path, headers, host):
        writer.write(answer(b"<!doctype html><html><p>Sorry, nothing here", head=b"Content-Type: text/html\r\n"))

    async def loop(self, writer, path, headers, host):
        writer.write(redirect("/again" if path != "/again" else "/robots.txt"))

    async def chain(self, writer, path, headers, host):
        left = int(host.partition(".")[0].removeprefix("chain")) if not path[1:].isdecimal() else int(path[1:])
        writer.write(redirect(f"http://{host}:{self.port}/{left - 1}") if left else answer(NO))

    async def away(self, writer, path, headers, host):
        writer.write(
            redirect(f"http://target.test:{self.port}/elsewhere/robots") if path == "/robots.txt" else answer(b"", "404 Not Found")
        )

    async def target(self, writer, path, headers, host):
        writer.write(answer(NO))

    async def inward(self, writer, path, headers, host):
        writer.write(redirect(f"http://{host.split('-')[0].replace('_', '.')}:{self.port}/latest/meta-data/"))

    async def busy(self, writer, path, headers, host):
        self.tries[host] += 1
        if self.tries[host] < 2:
            writer.write(answer(b"", "429 Too Many Requests", b"Retry-After: 0\r\n"))
        else:
            await self.plain(writer, path, headers, host)

    async def storm(self, writer, path, headers, host):
        writer.write(answer(b"", "503 Service Unavailable", b"Retry-After: 0\r\n"))

    async def bomb(self, writer, path, headers, host):
        writer.write(answer(BOMB, head=TEXT + b"Content-Encoding: gzip\r\n"))

    async def broken(self, writer, path, headers, host):
        writer.write(answer(b"this is no gzip", head=TEXT + b"Content-Encoding: gzip\r\n"))

    async def deflated(self, writer, path, headers, host):
        writer.write(answer(b"\x00\x01 neither zlib nor bare", head=TEXT + b"Content-Encoding: deflate\r\n"))

    async def unknown(self, writer, path, headers, host):
        writer.write(answer(NO, head=TEXT + b"Content-Encoding: zopfli\r\n"))

    async def nowhere(self, writer, path, headers, host):
        writer.write(redirect("http://no-such.test/robots.txt"))

    async def vast(self, writer, path, headers, host):
        writer.write(answer(b"# nothing to see\n" * (2 << 16)))

    async def long(self, writer, path, headers, host):
        writer.write(answer(b"User-agent: *\nDisallow: /\n") + b"User-agent: *\nAllow: /\n" * 9)

    async def picture(self, writer, path, headers, host):
        writer.write(answer(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), head=b"Content-Type: image/png\r\n"))

    async def headers(self, writer, *_):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(160):
            writer.write(b"X-%d: " % number + b"a" * 64_000 + b"\r\n")
            await writer.drain()
        writer.write(b"\r\n")

    async def garbage(self, writer, *_):
        writer.write(b"\x00\x01\x02 this is not HTTP\r\n\r\n" * 10)
        writer.close()

    async def gone(self, writer, *_):
        writer.close()

    async def unchanged(self, writer, path, headers, host):
        if headers.get("if-none-match") == '"one"':
            writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        else:
            await self.plain(writer, path, headers, host)

    async def closed(self, writer, path, headers, host):
        writer.write(answer(b"User-agent: Sekisho\nDisallow: /\n") if path == "/robots.txt" else answer(b"you should not be here"))

    async def chunked(self, writer, path, headers, host):
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\nUser-agent: *\nDisallow: /\n\r\n0\r\n\r\n")


@contextmanager
def hostile_site(certificate=None, addresses=("127.0.0.1",)):
    """The server running on a port of its own, behind TLS when given the path of a certificate with its key."""
    site, ready, loop = Site(), threading.Event(), asyncio.new_event_loop()

    async def main():
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
        if tls:
            tls.load_cert_chain(certificate)
        server = await asyncio.start_server(site.serve, addresses, 0, ssl=tls)
        site.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    ready.wait()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def loopback(host):
    """Every host of a test is this machine, save the one that is nowhere."""
    if host == "no-such.test":
        raise socket.gaierror(socket.EAI_NONAME, "no such host")
    return ["127.0.0.1"]
