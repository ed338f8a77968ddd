"""A made-up web of the size of LAION: addresses spread over hosts by Zipf's law, oddly spelled ones among them, and every host's robots.txt.

Everything is drawn from a seed, nothing is real. The same numbers give the same files on every machine.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SEEN = datetime(2026, 9, 1, tzinfo=UTC)
AGENTS = ("GPTBot", "CCBot", "Google-Extended", "ClaudeBot", "Bytespider", "Applebot-Extended", "meta-externalagent", "img2dataset")
SYLLABLES = "an ba co da el fa go hi in jo ka lu mi no or pa qui ra sto ta ur ve wi yo za shop art photo blog news img web".split()  # noqa: SIM905
ENDINGS = (".com", ".com", ".com", ".net", ".org", ".de", ".co.uk", ".jp", ".co.jp", ".fr", ".io", ".ru", ".com.br", ".pl")
FRONTS = ("", "", "www.", "www.", "www.", "cdn.", "images.", "i.", "media.", "static.", "img1.")
FOLDERS = (
    "/wp-content/uploads/2019/05/", "/images/I/", "/media/catalog/product/cache/1/image/9df78eab33525d08d6e5fb8d27136e95/a/b/", "/",
    "/img/", "/photos/", "/is/image/Shop/", "/s/files/1/0021/5392/products/", "/736x/3a/5f/", "/uploads/gallery/", "/sites/default/files/styles/large/public/",
    "/image/cache/data/", "/static/2020/", "/pictures/full/", "/private/", "/members/", "/thumbs/", "/assets/upload/", "/article/pic/", "/p/",
)  # fmt: skip
TAILS = (
    *[".jpg"] * 30, *[".png"] * 6, *[".jpeg"] * 3, *[".webp"] * 2, ".gif", ".JPG", *["-1024x768.jpg"] * 4, *["_large.jpg"] * 2, *[".jpg?w=800"] * 3,
    *[".jpg?v=1571438587"] * 2, "._SX425_.jpg", ".php?id=7&size=big", "-600x400.jpg?fit=600%2C400&ssl=1", "%20cover.jpg", "%E5%86%99%E7%9C%9F.jpg", "-写真.jpg", "$_57.JPG",
)  # fmt: skip
ODD = (
    "HTTP://{host}/a.png", "https://user@{host}/b.png", "http://{host}./c.png", "http://{host}/x/../d.png", " http://{host}/e.png", "http:\\\\{host}\\f.png",
    "http://日本語.jp/{n}.png", "http://ex%61mple.com/{n}", "http://0x7f.1/{n}", "http://faß.de/{n}.jpg", "not a url {n}", "", "//{host}/g.png", "http://{host}:80/h.png",
    "https://{host}:8443/i.png", "http://[::1]/{n}", "http://{host}/%2e%2e/private/j.png", "ftp://{host}/k", "http://{host}?q={n}", "http://{host}/.hidden/l'm.png",
)  # fmt: skip


def host_names(count: int, seed: int = 1) -> list[str]:
    """Distinct names of hosts; one in three hundred is internationalised, in its encoded spelling."""
    draw = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < count:
        middle = "".join(draw.choices(SYLLABLES, k=draw.randint(2, 5))) + draw.choice(
            ["", "", "", "-" + draw.choice(SYLLABLES), str(draw.randint(1, 99))]
        )
        name = draw.choice(FRONTS) + middle + draw.choice(ENDINGS)
        names[f"xn--{middle}-kva.de" if draw.random() < 1 / 300 else name] = None
    return list(names)


def robots(names: list[str], seed: int = 2) -> pa.Table:
    """What was observed of each host's robots.txt: nothing for one in twenty, else an answer with its status and body."""
    draw = random.Random(seed)
    rows: dict[str, list[object]] = {"url": [], "status": [], "body": []}
    for name in names:
        kind = draw.random()
        if kind < 0.05:
            continue
        status = 200 if kind < 0.78 else 404 if kind < 0.92 else 403 if kind < 0.96 else 503
        rows["url"].append(f"{draw.choice(['http', 'https', 'https'])}://{name}/robots.txt")
        rows["status"].append(status)
        rows["body"].append(_robots(name, draw).encode() if status == 200 else b"")
    moments = pa.array([SEEN] * len(rows["url"]), pa.timestamp("us", "UTC"))
    return pa.table({"url": rows["url"], "at": moments, "status": rows["status"], "body": pa.array(rows["body"], pa.binary())})


WORDPRESS = "Disallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
SHOP = (
    "Disallow: /admin\nDisallow: /cart\nDisallow: /orders\nDisallow: /checkouts/\nDisallow: /carts\nDisallow: /account\nDisallow: /collections/*sort_by*\n"
    "Disallow: /*/collections/*sort_by*\nDisallow: /collections/*+*\nDisallow: /*/collections/*+*\nDisallow: /blogs/*+*\nDisallow: /*?*oseid=*\n"
    "Disallow: /*preview_theme_id*\nDisallow: /policies/\nDisallow: /*/*?*ls=*&ls=*\nDisallow: /search\n"
)
CATALOGUE = (
    "Disallow: /index.php/\nDisallow: /*?\nDisallow: /checkout/\nDisallow: /app/\nDisallow: /lib/\nDisallow: /*.php$\nDisallow: /pkginfo/\nDisallow: /report/\n"
    "Disallow: /var/\nDisallow: /catalog/\nDisallow: /customer/\nDisallow: /sendfriend/\nDisallow: /review/\nDisallow: /*SID=\nAllow: /media/\n"
)
CMS = "Disallow: /core/\nDisallow: /profiles/\nAllow: /core/*.css$\nAllow: /core/*.js$\nDisallow: /README.txt\nDisallow: /admin/\nDisallow: /user/login/\nDisallow: /filter/tips\n"
MANAGED = "# As a condition of accessing this website, you agree to abide by the following content signals (Directive 2019/790).\nUser-agent: *\nContent-Signal: search=yes,ai-train=no\nAllow: /\n"
OWN = (
    "/private/",
    "/members/",
    "/tmp/",
    "/cgi-bin/",
    "/search",
    "/photos/",
    "/*/thumbs/",
    "/*.gif$",
    "/img/x",
    "/article/",
    "/p",
    "/images/I/5",
    "/*?w=",
    "/admin",
    "/login",
)


def _robots(name: str, draw: random.Random) -> str:
    """A file as they are found: what a shop or a blog system ships, some rules of one's own, perhaps agents refused, a sitemap."""
    own = "".join(
        f"{draw.choice(['Disallow', 'Disallow', 'Disallow', 'Allow'])}: {draw.choice(OWN)}{draw.choice(['', '', str(draw.randint(1, 999))])}\n"
        for _ in range(draw.randint(0, 6))
    )
    shipped = draw.choice(
        [WORDPRESS, WORDPRESS, SHOP, CATALOGUE, CMS, "Disallow:\n", "Disallow: /\n" if draw.random() < 0.3 else "Allow: /\n", ""]
    )
    managed = MANAGED if draw.random() < 0.06 else ""
    return f"{managed}User-agent: *\n{shipped}{own}\n{_refused(draw)}Sitemap: https://{name}/sitemap.xml\n"


def _refused(draw: random.Random) -> str:
    """Groups of single agents, in a quarter of the files."""
    if draw.random() > 0.25:
        return ""
    agents = draw.sample([*AGENTS, "AhrefsBot", "MJ12bot", "SemrushBot", "PetalBot"], draw.randint(1, 9))
    rules = draw.choice(["Disallow: /\n"] * 4 + [f"Disallow: {draw.choice(OWN)}\nAllow: /img/\n", "Crawl-delay: 10\n"])
    if draw.random() < 0.5:
        return "".join(f"User-agent: {agent}\n" for agent in agents) + rules + "\n"
    return "".join(f"User-agent: {agent}\n{rules}\n" for agent in agents)


def rows(names: list[str], first: int, count: int, seed: int = 3) -> pa.Table:
    """Rows ``first`` and after of the data set: id, URL and the columns that LAION has beside it."""
    draw = np.random.default_rng([seed, first])
    hosts = pa.array(names).take(pa.array(_zipf(len(names), count, draw)))
    schemes = pa.array(["https://", "http://"]).take(pa.array((draw.random(count) < 0.25).astype(np.int64)))
    folders = pa.array(FOLDERS).take(pa.array(draw.integers(0, len(FOLDERS), count)))
    words = pa.array(["".join(random.Random(n).choices(SYLLABLES, k=4)) for n in range(4096)]).take(pa.array(draw.integers(0, 4096, count)))
    numbers = pa.array(draw.integers(0, 10**9, count)).cast(pa.string())
    tails = pa.array(TAILS).take(pa.array(draw.integers(0, len(TAILS), count)))
    urls = _with_odd(pc.binary_join_element_wise(schemes, hosts, folders, words, "-", numbers, tails, ""), hosts, draw)
    caption = pc.binary_join_element_wise(
        words, pa.array(SYLLABLES).take(pa.array(draw.integers(0, len(SYLLABLES), count))), "of", numbers, "stock photo", " "
    )
    return pa.table(
        {
            "id": pa.array(np.arange(first, first + count)),
            "URL": urls,
            "TEXT": caption,
            "WIDTH": pa.array(draw.integers(64, 4000, count).astype(np.int32)),
            "HEIGHT": pa.array(draw.integers(64, 4000, count).astype(np.int32)),
            "similarity": pa.array(draw.random(count).astype(np.float32)),
        }
    )


def _zipf(size: int, count: int, draw: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Ranks drawn by Zipf's law with exponent 1 over ``size`` hosts."""
    weights = np.cumsum(1 / np.arange(1, size + 1))
    return np.searchsorted(weights, draw.random(count) * weights[-1])


def _with_odd(urls: pa.Array, hosts: pa.Array, draw: np.random.Generator) -> pa.Array:
    """The column with one row in five hundred spelled oddly."""
    mask = draw.random(len(urls)) < 1 / 500
    places = np.flatnonzero(mask)
    spelled = [
        ODD[int(n) % len(ODD)].format(host=host, n=n)
        for n, host in zip(draw.integers(0, 10**6, len(places)), hosts.take(pa.array(places)).to_pylist(), strict=True)
    ]
    return pc.replace_with_mask(urls, pa.array(mask), pa.array(spelled, pa.string()))


def write(folder: Path, count: int, hosts: int, *, files: int = 1, chunk: int = 1_000_000) -> tuple[Path, Path]:
    """Write ``count`` rows into ``files`` Parquet files, and the hosts' robots.txt; gives back the two places."""
    names = host_names(hosts)
    data, observed = folder / f"rows-{count}-{hosts}", folder / f"observed-{hosts}.parquet"
    data.mkdir(parents=True, exist_ok=True)
    if not observed.exists():
        pq.write_table(robots(names), observed)
    per_file = -(-count // files)
    for number in range(files):
        path = data / f"{number:05d}.parquet"
        if path.exists():
            continue
        start, stop = number * per_file, min(count, (number + 1) * per_file)
        with pq.ParquetWriter(path, rows(names, 0, 1).schema) as writer:
            for first in range(start, stop, chunk):
                writer.write_table(rows(names, first, min(chunk, stop - first)), row_group_size=100_000)
    return data, observed
