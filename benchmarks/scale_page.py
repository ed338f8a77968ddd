"""The page of what was measured, in English and Japanese, with its pictures: ``docs/benchmarks.md`` and ``docs/benchmarks.ja.md``."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import drawsvg as draw

DOCS = Path(__file__).resolve().parents[1] / "docs"
LAION_ROWS, LAION_HOSTS = 5_850_000_000, 40_000_000
PRICE_USD = 0.04
"""Assumed for one core hour of a rented machine."""
COLOURS = ("#1b4965", "#b5651d", "#5b7f3a", "#8a3b5f")

EN = """# What clearing costs

[日本語](benchmarks.ja.md) · written by `make bench` (`python -m benchmarks.scale`) on {machine}; do not edit.

Measured on made-up rows like LAION's, addresses drawn by Zipf's law over {hosts:,} hosts of which 73 % have a robots.txt, one address in 500
spelled oddly, eight agents asked, three jurisdictions. CPU seconds of whole processes, start and report included; ratios within a round,
medians of three rounds. The machine was shared while this was measured: trust the ratios, not the rates.

![Rows a CPU second against rows](benchmarks-rate.svg)
![Peak of memory against rows](benchmarks-memory.svg)

| | measured | wanted |
|---|---|---|
| rows a CPU second once it runs (by the difference of the two largest sizes) | {marginal:,.0f} | |
| … of a copy of id and URL, once both run | {marginal_of_copy:.2f} | |
| … of a copy of all columns, once both run | {marginal_of_copy_all:.2f} | |
| speed of a copy of id and URL, {rows:,} rows, start included | {of_copy:.2f} | 0.60 at ten million |
| speed of a copy of all columns, {rows:,} rows, start included | {of_copy_all:.2f} | 0.55 at ten million |
| the loop over URLs (protego, parsed files kept, eight agents), rows a CPU second, asking alone | {loop:,.0f} | |
| times the loop | {of_loop:.0f} | 100 |
| hosts compiled a CPU second | {hosts_compiled:,.0f} | 150,000 |
| observations read a CPU second | {hosts_read:,.0f} | |
| second worker, {rows:,} rows, each starting anew: CPU of two over CPU of one | {second_worker:.2f} | 1.20 |
| peak of memory, {rows:,} rows | {peak:,.0f} MB | 600 MB |
| start: {small:,} rows, host table kept | {warm_s:.1f} CPU s | 1.5 s |
| the first time: {small:,} rows, host table compiled, lines quoted | {cold_s:.1f} CPU s | |

## What LAION-5B would cost

Computed from the figures above, not run: {laion:,} rows at {marginal:,.0f} a CPU second, {laion_hosts:,} hosts (assumed) read and compiled once,
USD {price} a core hour (assumed). Downloading the list and observing the hosts are not in it.

| | |
|---|---|
| rows | {row_hours:.1f} core hours |
| host table | {host_hours:.1f} core hours |
| all | {hours:.1f} core hours, USD {usd:.2f} |
| one machine with 16 cores | {one:.0f} minutes |
| ten of them, on Ray | {ten:.0f} minutes |
| the loop over URLs | {loop_days:.1f} core days |
"""

JA = """# 判定にかかる費用

[English](benchmarks.md) · `make bench`（`python -m benchmarks.scale`）が {machine} で生成したものです。手で編集しないでください。

LAION に似せた架空の行で測定しました。URL は {hosts:,} ホスト（うち 73 % に robots.txt あり）へジップの法則に従って分布し、500 件に 1 件は
変則的な表記です。8 種のクローラーと 3 つの法域について判定します。数値は起動とレポート作成を含むプロセス全体の CPU 秒で、比は同じ回の中で取り、
3 回の中央値を示します。測定中は他の処理も動いていたため、絶対値ではなく比をご覧ください。

![行数と CPU 秒あたりの行数](benchmarks-rate.svg)
![行数と最大メモリー](benchmarks-memory.svg)

| | 測定値 | 目標 |
|---|---|---|
| 起動後の CPU 秒あたり行数（上位二つの規模の差から） | {marginal:,.0f} | |
| 同、ID と URL だけの複製に対する比 | {marginal_of_copy:.2f} | |
| 同、全列の複製に対する比 | {marginal_of_copy_all:.2f} | |
| ID と URL の複製に対する速さ（{rows:,} 行、起動を含む） | {of_copy:.2f} | 1,000 万行で 0.60 |
| 全列の複製に対する速さ（{rows:,} 行、起動を含む） | {of_copy_all:.2f} | 1,000 万行で 0.55 |
| URL ごとのループ（protego、解析結果を保持、8 種）の CPU 秒あたり行数（問い合わせのみ） | {loop:,.0f} | |
| ループに対する倍率 | {of_loop:.0f} | 100 |
| CPU 秒あたりのコンパイル済みホスト数 | {hosts_compiled:,.0f} | 150,000 |
| CPU 秒あたりの読み込み観測数 | {hosts_read:,.0f} | |
| 二つ目のプロセス（{rows:,} 行、それぞれ起動を含む）：2 個と 1 個の CPU 比 | {second_worker:.2f} | 1.20 |
| 最大メモリー（{rows:,} 行） | {peak:,.0f} MB | 600 MB |
| 起動：{small:,} 行、ホスト表は保存済み | CPU {warm_s:.1f} 秒 | 1.5 秒 |
| 初回：{small:,} 行、ホスト表のコンパイルと引用を含む | CPU {cold_s:.1f} 秒 | |

## LAION-5B ならいくらか

上の数値からの計算であり、実行したものではありません。{laion:,} 行を CPU 秒あたり {marginal:,.0f} 行で処理し、{laion_hosts:,} ホスト（仮定）を
一度だけ読み込んでコンパイルし、1 コア 1 時間を {price} 米ドル（仮定）とします。URL 一覧の取得とホストの観測は含みません。

| | |
|---|---|
| 行の判定 | {row_hours:.1f} コア時間 |
| ホスト表 | {host_hours:.1f} コア時間 |
| 合計 | {hours:.1f} コア時間、{usd:.2f} 米ドル |
| 16 コアのマシン 1 台 | {one:.0f} 分 |
| 同 10 台（Ray） | {ten:.0f} 分 |
| URL ごとのループ | {loop_days:.1f} コア日 |
"""


def write(found: Mapping[str, Any]) -> None:
    """Write both pages and their pictures."""
    words = dict(found) | _laion(found) | {"rows": found["sizes"][-1], "small": found["sizes"][0], "peak": found["peaks"][-1]}
    words["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    (DOCS / "benchmarks.md").write_text(EN.format(**words), "utf-8")
    (DOCS / "benchmarks.ja.md").write_text(JA.format(**words), "utf-8")
    rates = {**found["rates"], "loop": [found["loop"]] * len(found["sizes"])}
    (DOCS / "benchmarks-rate.svg").write_text(chart(found["sizes"], rates, "rows / CPU s"), "utf-8")
    (DOCS / "benchmarks-memory.svg").write_text(chart(found["sizes"], {"clear": found["peaks"]}, "MB"), "utf-8")


def _laion(found: Mapping[str, Any]) -> dict[str, float]:
    """What LAION-5B would take, in core hours, hours, minutes, days and dollars."""
    row_hours = LAION_ROWS / found["marginal"] / 3600
    host_hours = LAION_HOSTS * (1 / found["hosts_read"] + 1 / found["hosts_compiled"]) / 3600
    hours = row_hours + host_hours
    return {
        "laion": LAION_ROWS,
        "laion_hosts": LAION_HOSTS,
        "price": PRICE_USD,
        "row_hours": row_hours,
        "host_hours": host_hours,
        "hours": hours,
        "usd": hours * PRICE_USD,
        "one": 60 * (row_hours / 16 + host_hours),
        "ten": 60 * (row_hours / 160 + host_hours),
        "loop_days": LAION_ROWS / found["loop"] / 86_400,
    }


def chart(across: Sequence[float], lines: Mapping[str, Sequence[float]], unit: str) -> str:
    """Lines on logarithmic axes."""
    width, height, left, low = 640, 320, 70, 40
    values = [value for line in lines.values() for value in line]
    bottom, top = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    picture = draw.Drawing(width, height)
    picture.append(draw.Rectangle(0, 0, width, height, fill="white"))

    def at(x: float, y: float) -> tuple[float, float]:
        share = (math.log10(x) - math.log10(across[0])) / max(1e-9, math.log10(across[-1] / across[0]))
        return left + share * (width - left - 130), height - low - (math.log10(y) - bottom) / (top - bottom) * (height - low - 20)

    for power in range(bottom, top + 1):
        _, y = at(across[0], 10**power)
        picture.append(draw.Line(left, y, width - 130, y, stroke="#ddd"))
        picture.append(draw.Text(f"{10**power:,}", 12, left - 6, y + 4, text_anchor="end"))
    for x in across:
        picture.append(draw.Text(f"{x:,}", 12, at(x, 10**bottom)[0], height - 18, text_anchor="middle"))
    label = 0.0
    for colour, (name, line) in zip(COLOURS, sorted(lines.items(), key=lambda each: -each[1][-1]), strict=False):
        points = [place for x, y in zip(across, line, strict=True) for place in at(x, y)]
        label = max(points[-1] + 4, label + 15)  # names never lie on each other
        picture.append(draw.Lines(*points, stroke=colour, stroke_width=2, fill="none"))
        picture.append(draw.Text(name, 13, points[-2] + 8, label, fill=colour))
    picture.append(draw.Text(unit, 12, 4, 14))
    return str(picture.as_svg())
