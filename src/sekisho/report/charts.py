"""Pictures for the report as SVG: shares, the flow of rows from input to verdict, the answer through the years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import drawsvg as draw

from sekisho.model import VERDICT_TEXT, Text, Verdict

WIDTH = 720
CLASS = {verdict: f"v-{verdict.value}" for verdict in Verdict}
BAR, GAP, LABEL = 26, 12, 130
NODE, PAD = 12, 10


class Flow(NamedTuple):
    """A ribbon of rows from one node of a column to one of the next."""

    source: str
    target: str
    rows: int


def shares(counts: Mapping[str, Mapping[Verdict, int]], lang: str) -> str:
    """One stacked bar for each place: the share of its rows under each verdict, loosest first."""
    picture = _picture(len(counts) * (BAR + GAP), Text("Shares of verdicts by country", "法域ごとの判定の割合").lang(lang))
    for line, (place, verdicts) in enumerate(counts.items()):
        top, left, total = line * (BAR + GAP), float(LABEL), sum(verdicts.values()) or 1
        picture.append(draw.Text(place, 14, LABEL - 10, top + 18, text_anchor="end", class_="ink"))
        for verdict in Verdict:
            width = (WIDTH - LABEL) * verdicts.get(verdict, 0) / total
            if width:
                bar = draw.Rectangle(left, top, width, BAR, class_=CLASS[verdict])
                bar.append_title(
                    f"{place}: {VERDICT_TEXT[verdict].lang(lang)} {verdicts[verdict]:,} ({100 * verdicts[verdict] / total:.1f} %)"
                )
                picture.append(bar)
            left += width
    return _svg(picture)


def flow(columns: Sequence[Sequence[str]], flows: Sequence[Flow], labels: Mapping[str, str], lang: str) -> str:
    """Rows as ribbons from the first column of nodes to the last; a node is as high as its rows."""
    height = 300
    picture = _picture(height, Text("Flow of rows from input to verdict", "入力から判定までの行の流れ").lang(lang))
    total = sum(ribbon.rows for ribbon in flows if ribbon.source in columns[0]) or 1
    scale = (height - PAD * max(map(len, columns))) / total
    place = _places(columns, flows, scale)
    offset = dict.fromkeys(place, 0.0), dict.fromkeys(place, 0.0)
    for ribbon in sorted(flows, key=lambda each: (place[each.source], place[each.target])):  # in this order ribbons cross least
        picture.append(_ribbon(ribbon, place, offset, scale, labels))
    picture.extend(_nodes(columns, place, labels))
    return _svg(picture)


def _nodes(columns: Sequence[Sequence[str]], place: Mapping[str, tuple[float, float, float]], labels: Mapping[str, str]) -> Iterator[Any]:
    """The bars of the nodes with their labels, those of the last column to the left of it."""
    last = len(columns) - 1
    for depth, column in enumerate(columns):
        for name in (name for name in column if name in place):
            x, y, size = place[name]
            yield draw.Rectangle(x, y, NODE, max(size, 1), class_=f"node {_verdict_class(name)}")
            at, anchor = (x - 6, "end") if depth == last else (x + NODE + 6, "start")
            yield draw.Text(labels[name], 13, at, y + max(size, 8) / 2 + 4, text_anchor=anchor, class_="ink halo")


def _places(columns: Sequence[Sequence[str]], flows: Sequence[Flow], scale: float) -> dict[str, tuple[float, float, float]]:
    """Node → (x, y, height); nodes without rows have no place."""
    found = {}
    for depth, column in enumerate(columns):
        y = 0.0
        for name in column:
            rows = max(sum(f.rows for f in flows if f.source == name), sum(f.rows for f in flows if f.target == name))
            if rows:
                found[name] = (depth * (WIDTH - NODE) / (len(columns) - 1), y, rows * scale)
                y += rows * scale + PAD
    return found


Offsets = tuple[dict[str, float], dict[str, float]]


def _ribbon(
    ribbon: Flow, place: Mapping[str, tuple[float, float, float]], offset: Offsets, scale: float, labels: Mapping[str, str]
) -> draw.Path:
    (x0, y0, _), (x1, y1, _) = place[ribbon.source], place[ribbon.target]
    top0, top1, size = y0 + offset[0][ribbon.source], y1 + offset[1][ribbon.target], ribbon.rows * scale
    offset[0][ribbon.source] += size
    offset[1][ribbon.target] += size
    left, right = x0 + NODE, x1
    middle = (left + right) / 2
    path = draw.Path(class_=f"ribbon {_verdict_class(ribbon.target)}")
    path.M(left, top0).C(middle, top0, middle, top1, right, top1).L(right, top1 + size)
    path.C(middle, top1 + size, middle, top0 + size, left, top0 + size).Z()
    path.append_title(f"{labels[ribbon.source]} → {labels[ribbon.target]}: {ribbon.rows:,}")
    return path


def _verdict_class(name: str) -> str:
    return CLASS.get(Verdict(name), "") if name in set(Verdict) else ""


def years(place: str, days: Sequence[str], counts: Sequence[Mapping[Verdict, int]], lang: str) -> str:
    """Stacked columns through time for one place: the same rows and evidence under the law of each day."""
    height, left = 150, 10
    picture = _picture(height + 20, Text(f"{place}: the answer through the years", f"{place}：年ごとの答えの変化").lang(lang))
    step = (WIDTH - left) / len(days)
    for column, (day, verdicts) in enumerate(zip(days, counts, strict=True)):
        total, top = sum(verdicts.values()) or 1, float(height)
        for verdict in Verdict:
            size = height * verdicts.get(verdict, 0) / total
            top -= size
            if size:
                bar = draw.Rectangle(left + column * step, top, step - 4, size, class_=CLASS[verdict])
                bar.append_title(
                    f"{place} {day}: {VERDICT_TEXT[verdict].lang(lang)} {verdicts[verdict]:,} ({100 * verdicts[verdict] / total:.1f} %)"
                )
                picture.append(bar)
        picture.append(draw.Text(day[:4], 11, left + column * step + step / 2 - 2, height + 15, text_anchor="middle", class_="ink"))
    return _svg(picture)


def _picture(height: int, title: str) -> draw.Drawing:
    picture = draw.Drawing(WIDTH, height, role="img", aria_label=title)
    picture.append_title(title)
    return picture


def _svg(picture: draw.Drawing) -> str:
    """The drawing as an element for a page: it scales with the page and has no ids that could clash."""
    text = str(picture.as_svg(header="", skip_css=True, skip_js=True))
    return text[text.index("<svg") :].replace(f'width="{WIDTH}"', "", 1).replace(f'height="{picture.height}" ', "", 1)
