"""A well-behaved site on the loopback: a table of path and body, the same headers with every answer."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers out of the server's table of path → body, every answer with its headers."""

    def do_GET(self):
        body = self.server.pages.get(self.path)
        self.send_response(self.server.status if body is not None else 404)
        for name, value in self.server.more:
            self.send_header(name, value)
        kind = {"xml": "application/rsl+xml", "json": "application/json", "txt": "text/plain"}.get(
            self.path.rpartition(".")[2], "text/html"
        )
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


@contextmanager
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.more = 200, []
    server.pages = {"/": b"<!doctype html><title>Aoi</title>"}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
