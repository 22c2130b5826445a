"""The second look: what blocks like this one were taken for elsewhere on the page.

A site's line comes back around every article, in other words perhaps, but in the same place or form. Once the
chain has read the page, what became of its likes says more about a doubtful line than the line itself (W. Cohen
and V. Carvalho, "Stacked Sequential Learning", IJCAI 2005).
"""

from __future__ import annotations

from collections.abc import Iterator

from .chain import BODY, STANDFIRST, START, TITLE, Scores
from .observed import Observed, grade
from .shapes import is_capitals

_SURE = 0.98
"""Probability of its likeliest part from which a block needs no second look."""
_WORDED = "gklm"
"""Kinds of likeness by words; the others are by place and form (`_likeness`)."""
_LINES, _EVERYWHERE = 60, -1
"""Lines of a stretch that count when it is compared with others, and the place of all sums."""

Said = list[tuple[float, float]]
"""How likely each block is an article's text, and its beginning."""


def peer_features(page: Observed, chances: Scores) -> list[list[str]]:
    """Name what a page's doubtful blocks were taken for where they are like others.

    Parameters
    ----------
    page : Observed
        The page.
    chances : list of list of float
        Probability of each part at each block, by the first look.

    Returns
    -------
    list of list of str
        Names for each block, in page order; none for a block of which the first look is sure.
    """
    rows: list[list[str]] = [[] for _ in chances]
    doubtful = [index for index, row in enumerate(chances) if max(row) < _SURE]
    if not doubtful:
        return rows
    said = [(row[BODY] + row[START] + row[STANDFIRST], row[TITLE] + row[START]) for row in chances]
    stretches = [seen - (sort in "Pp") for seen, sort in zip(page.seen, page.sorts, strict=True)]
    begun = [0.0] * (page.total + 1)
    lines = [""] * (page.total + 1)
    for sort, stretch, (_, begins) in zip(page.sorts, stretches, said, strict=True):
        begun[stretch] += begins
        if sort not in "Pp" and len(lines[stretch]) < _LINES:
            lines[stretch] += sort
    firsts = [" ".join(key.split(None, 2)[:2]) for key in page.keys]
    keys = [_likeness(page, i, lines[stretch], firsts) for i, stretch in enumerate(stretches)]
    peers = _Peers(keys, doubtful)
    for names, place, stretch, (text, begins) in zip(keys, page.seen, stretches, said, strict=True):
        peers.add(names, place, text, begins, begun[stretch])
    heads = _heads(chances)
    for i in doubtful:
        (text, begins), sort = said[i], page.sorts[i]
        own = f"{grade(text, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)}{grade(begins, 0.05, 0.3, 0.6, 0.95)}"
        near = "".join(_taken(said, at) for at in (i - 2, i - 1, i + 1, i + 2))
        rows[i] = [
            f"2o{own}{sort}",
            f"2h{heads}{own}{sort in 'Pp'}",
            f"2q{grade(begun[stretches[i]], 0.1, 0.4, 0.7, 0.95)}{own}{sort}",
            f"2n{near}{sort}",
            f"2n{near[1:3]}{own}",
            *_alike(keys[i], peers, page.seen[i], sort, (text, begins), own),
        ]
    return rows


def _alike(
    names: list[str], peers: _Peers, place: int, sort: str, said: tuple[float, float], own: str
) -> Iterator[str]:
    """Name what was said of a block's likes, beside what was said of itself."""
    coarse = f"{grade(said[0], 0.1, 0.5, 0.9)}{grade(said[1], 0.3, 0.7)}"
    worded: list[float] = []
    for name in names:
        kind = name[0]
        others = peers.others(name, place)
        if others is None:
            yield f"2{kind}-{coarse}"
            continue
        many, text, begins, opens = others
        if kind == "z":
            at = f"{grade(opens, 0.05, 0.3, 0.6, 0.9)}{min(3, len(name))}"
        else:
            at = f"{grade(text, 0.05, 0.3, 0.7, 0.95)}{grade(begins, 0.05, 0.4, 0.9)}"
            yield f"2{kind}{at}{many}"
        yield f"2{kind}{at}{coarse}"
        yield f"2{kind}{at}{sort}"
        if kind in _WORDED:
            worded.append(text)
    if names:
        mean = grade(sum(worded) / len(worded), 0.05, 0.3, 0.7, 0.95) if worded else "-"
        yield f"2w{mean}{own}{sort}"


def _taken(said: Said, index: int) -> str:
    if not 0 <= index < len(said):
        return "-"
    text, begins = said[index]
    return "t" if text > 0.5 else "b" if begins > 0.5 else "f"


def _heads(chances: Scores) -> str:
    """Say whether the page's articles have headlines: ``n`` for a single one, ``t`` with, ``u`` without, ``m``."""
    titled, untitled = sum(row[TITLE] for row in chances), sum(row[START] for row in chances)
    if titled + untitled < 1.5:
        return "n"
    return "t" if titled > 4 * untitled else "u" if untitled > 4 * titled else "m"


def _likeness(page: Observed, i: int, lines: str, firsts: list[str]) -> list[str]:
    """Return under which names a block is like others, the kind of likeness first."""
    sort, above, below, gap, after = page.sorts[i], page.at(i - 1), page.at(i + 1), page.gaps[i], page.gaps[i + 1]
    if sort == "P":
        if above in "Pp" and gap == "=":
            return []
        return [f"b{sort}{above}{gap}", f"a{sort}{page.at(i - 2)}{above}{gap}", f"z{lines}"]
    text = page.blocks[i].text
    words = (page.keys[i] or text[:60].casefold()).split()
    size = grade(len(words), 2, 4, 7, 11, 17)
    keys = [
        f"f{words[0]}",
        f"l{words[-1]}",
        f"a{sort}{above}{below}{gap}{after}",
        f"b{sort}{above}{gap}",
        f"c{sort}{below}{after}",
        f"s{sort}{is_capitals(text)}{text[0].isalnum()}{'' if text[-1].isalnum() else text[-1]}{size}",
    ]
    if len(words) > 1:
        keys.append(f"g{words[0]} {words[1]}")
    if page.recurs[i]:
        keys.append("k" + " ".join(words))
    mould = page.mould(i)
    if mould:
        keys.append(f"m{mould}")
    if i and firsts[i - 1]:
        keys.append(f"u{firsts[i - 1]}")
    if i + 1 < len(firsts) and firsts[i + 1]:
        keys.append(f"v{firsts[i + 1]}")
    if sort != "p" or gap != "=" or above not in "Pp":
        keys.append(f"z{lines}")
    return keys


class _Peers:
    """What was said of the blocks that share a likeness, so that a stretch's own can be taken out.

    Parameters
    ----------
    keys : list of list of str
        The likenesses of each block.
    doubtful : list of int
        Blocks whose likenesses will be asked for.
    """

    def __init__(self, keys: list[list[str]], doubtful: list[int]) -> None:
        self._sums: dict[str, dict[int, list[float]]] = {
            name: {_EVERYWHERE: [0.0] * 4} for index in doubtful for name in keys[index]
        }

    def add(self, names: list[str], place: int, text: float, begins: float, opens: float) -> None:
        """Take in what was said of one block."""
        for name in names:
            places = self._sums.get(name)
            if places is not None:
                for sums in (places[_EVERYWHERE], places.setdefault(place, [0.0] * 4)):
                    sums[0] += 1
                    sums[1] += text
                    sums[2] += begins
                    sums[3] += opens

    def others(self, name: str, place: int) -> tuple[int, float, float, float] | None:
        """Return in how many other places the likeness stands, at most 3, and the means of what was said there."""
        places = self._sums[name]
        every, own = places[_EVERYWHERE], places[place]
        count = every[0] - own[0]
        if count < 1:
            return None
        means = [(a - b) / count for a, b in zip(every[1:], own[1:], strict=True)]
        return min(3, len(places) - 2), means[0], means[1], means[2]
