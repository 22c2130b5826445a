"""What is seen of each block, as short names; what each speaks for is learnt (`weights.json`).

Shape, class, gap, place, recurrence, kinship of words; of words themselves only those that sites say on many
pages. Nothing here knows a site, a subject or a sentence.
"""

from __future__ import annotations

from .bylines import has_dateline, is_name, is_role
from .cohesion import terms
from .furniture import FURNITURE, PROSE, SHORT
from .lines import pattern
from .observed import Observed, Zone, grade, share
from .shapes import is_capitals
from .vocabulary import Vocabulary, words_of

_ADDRESS = r"\b(?:you|your|yours|our|us|we|me|my)\b"
_QUOTES = "\"“'‘"
_PLAIN = frozenset("SUIL")
_PARAGRAPH, _WINDOW = 1000, 40
STRETCH = ["PPP"]
"""All that is seen of a long paragraph among others: most of a page costs next to nothing."""


def features(page: Observed, vocabulary: Vocabulary) -> list[list[str]]:
    """Name what is seen of each block of a page.

    Parameters
    ----------
    page : Observed
        The page.
    vocabulary : Vocabulary
        The words of sites.

    Returns
    -------
    list of list of str
        Names for each block, in page order.
    """
    rows: list[list[str]] = []
    start, size = 0, len(page.blocks)
    zone: Zone | None = None
    while start < size:
        if page.blocks[start].kind == PROSE:
            rows.append(_prose(page, start, zone, vocabulary))
            zone = None
            start += 1
            continue
        end = start
        while end < size and page.blocks[end].kind != PROSE:
            end += 1
        zone = Zone(page, start, end)
        rows.extend(_line(page, index, zone, vocabulary) for index in range(start, end))
        start = end
    return rows


def _prose(page: Observed, i: int, zone: Zone | None, vocabulary: Vocabulary) -> list[str]:
    sort, above, below, gap, after = page.sorts[i], page.at(i - 1), page.at(i + 1), page.gaps[i], page.gaps[i + 1]
    if sort == "P" and above in "Pp" and below in "Pp" and gap == after == "=":
        return STRETCH
    text, number = page.blocks[i].text, page.seen[i]
    found = [
        f"{sort}-{above}{gap}",
        f"{sort}+{below}{after}",
        f"{sort}|{above}{gap}{below}{after}",
        f"{sort}--{page.at(i - 2)}{above}",
        f"{sort}++{below}{page.at(i + 2)}",
    ]
    kin = 0
    if sort == "p" or above not in "Pp" or below not in "Pp":
        own = terms(text[:_PARAGRAPH])
        before, behind = share(own, page.words(number - 4, number - 1)), share(own, page.words(number, number + 3))
        kin = max(before, behind)
        found += [f"{sort}prev{before}", f"{sort}next{behind}", f"{sort}kin{kin}{above}{below}"]
    if number == 1:
        found.append(f"{sort}first{above}")
    if zone is not None or above == "^" or gap == ">":
        drift = zone.drift if zone is not None else page.drift(number - 1) if above != "^" else "?"
        signs = zone.signs if zone is not None else "gap" if above != "^" else ""
        dateline = "y" if has_dateline(text) else "n"
        found += [f"zone{signs}{drift}", f"zone{signs}{page.page}", f"drift{drift}", f"zone{signs}{dateline}"]
    if number == page.total:
        found += [f"{sort}last{above}", f"{sort}last{grade(len(text), 80, 140)}{page.page}"]
    if sort == "p":
        found += _sentence(page, i, kin, vocabulary)
    return found


def _sentence(page: Observed, i: int, kin: int, vocabulary: Vocabulary) -> list[str]:
    """Name what is seen of a short paragraph: it may be a site's sentence as well."""
    text, gap, after = page.blocks[i].text, page.gaps[i], page.gaps[i + 1]
    above, below = page.at(i - 1), page.at(i + 1)
    length = grade(len(text), 40, 80, 140)
    found = [f"p{length}{above}{below}", f"p{length}{gap}{after}", f"p{length}busy{page.others(i)}"]
    said = words_of(page.keys[i])
    found += [f"tp:{word}" for word in vocabulary.looked_at & said]
    total, mean = vocabulary.grades(said)
    found += [f"podds{total}", f"podds{total}{gap}{after}"]
    found += [f"poddm{mean}{length}", f"poddm{mean}{kin}"]
    if page.recurs[i]:
        found.append("p recurs")
    if text[0] not in _QUOTES and pattern(_ADDRESS).search(page.keys[i]):
        found.append(f"p address{'=' if gap == after == '=' else ''}{kin}")
    if text[-1] in ":…" or text.endswith("..."):
        found.append(f"p ends{text[-1]}{below}")
    if text[0] in "([":
        found.append(f"p bracket{below}")
    return found


def _line(page: Observed, i: int, zone: Zone, vocabulary: Vocabulary) -> list[str]:
    """Name what is seen of a block that is no prose."""
    block, sort, gap, after = page.blocks[i], page.sorts[i], page.gaps[i], page.gaps[i + 1]
    text, key, where = block.text, page.keys[i], zone.position
    above, below = page.at(i - 1), page.at(i + 1)
    set_off = "=" if gap == after == "=" else ">" if gap != "<" and after != "<" else ""
    looks = page.looks[i]
    busy = page.others(i)
    found = [
        f"{sort}{where}",
        looks[1],
        looks[2],
        f"{sort}--{page.at(i - 2)}{above}",
        f"{sort}++{below}{page.at(i + 2)}",
        f"{sort}{set_off}{where}{busy}",
    ]
    if block.kind == FURNITURE:
        reason, others = block.reason, min(2, max(0, page.elsewhere("reason", block.reason)))
        found += [
            f"r{reason}",
            f"r{reason}{where}{set_off}",
            f"r{reason}o{others}{where}",
        ]
    recurs = page.recurs[i]
    if recurs:
        found += [f"{sort} recurs{where}", f"{sort} recurs{set_off}"]
    elif block.kind in (SHORT, FURNITURE) and page.is_moulded(i):
        found += [f"{sort} mould{where}", f"{sort} mould{above}{below}"]
    else:
        found.append(f"{sort} solo{where}{set_off}{page.page}")
    if sort == "R":
        found.append(f"R{zone.drift}{len(text) > 9}{where}")
    same = [min(2, page.elsewhere("look", look)) for look in looks]
    site = zone.site_above(i)
    words = text.count(" ") + 1
    size = grade(words, 2, 3, 4, 6, 10, 17)
    found += [
        f"{sort}look{same[0]}{where}{set_off}",
        f"{sort}looks{same[1]}{same[2]}{where}",
        f"{sort}site{site}{where}",
        f"{sort}site{site}{set_off}{recurs}",
    ]
    if zone.end - zone.start == 1:
        found += [f"{sort}alone{set_off}{where}", f"{sort}alone{size}{where}{busy}"]
    else:
        at, left = min(3, i - zone.start), min(3, zone.end - 1 - i)
        found += [f"{sort}at{at}{where}", f"{sort}left{left}{where}"]
    said = words_of(key)
    found += [f"t{sort in 'SLU'}:{word}" for word in vocabulary.looked_at & said]
    if sort in "SLUNI":
        total, mean = vocabulary.grades(said)
        found += [f"{sort}odds{total}{where}", f"{sort}odds{total}w{size}"]
        found += [f"{sort}oddm{mean}{where}"]
    if sort in "SLUIATNh":
        own = terms(text[:_PARAGRAPH])
        kin, akin = share(own, zone.after), share(own, zone.before)
        found += [
            f"{sort}w{size}{where}",
            f"{sort}k{kin}{where}",
            f"{sort}a{akin}{where}",
            f"{sort}k{kin}a{akin}{where}",
        ]
        if sort in "SL":
            found += [
                f"{sort}k{kin}d{zone.drift}",
                f"{sort}n{share(own, zone.near)}{where}{below}",
            ]
            found += _headline(page, i, zone, size, kin) + _shape(page, i, where, size, kin)
    return found


def _headline(page: Observed, i: int, zone: Zone, size: int, kin: int) -> list[str]:
    """Name what speaks for or against a headline in the lines around a short one."""
    where, drift = zone.position, zone.drift
    above, below = page.sorts[max(zone.start, i - _WINDOW) : i], page.sorts[i + 1 : min(zone.end, i + 1 + _WINDOW)]
    stamp = next((n for n, sort in enumerate(below) if sort in "HBcd"), None)
    shorts = below[:stamp]
    count = shorts.count("S") + shorts.count("L")
    plain = _PLAIN.issuperset(shorts)
    dressed = "-" if stamp is None else f"{min(count, 3)}{'' if plain else 'x'}"
    first = next((n for n, sort in enumerate(above) if sort in "HBcd"), None)
    stamped = "" if first is None else "H" if "H" in above or "B" in above else "c"
    opened = "o" if first is not None and "S" in above[:first] else ""
    signs = opened + stamped + "".join(sort for sort in "TRK" if sort in above)
    alike = page.alike(i)
    gaps = page.gaps[i] + page.gaps[i + 1]
    found = [f"stamp{dressed}{sign}" for sign in (f"w{size}", f"d{drift}", f"k{kin}", f"p{page.page}")]
    found += [f"above{signs}{sign}" for sign in (where, f"d{drift}")]
    found += [
        f"S left{min(below.count('S') + below.count('L'), 4)}{where}",
        f"S gone{min(above.count('S') + above.count('L'), 4)}{where}",
        f"gaps{gaps}{where}d{drift}",
        f"gaps{gaps}w{size}",
        f"context{alike}{where}",
        f"context{alike}w{size}k{kin}",
    ]
    key = page.keys[i]
    if zone.last.get(key, i) > i:
        found.append("comes again")
    if zone.first.get(key, i) < i:
        found.append("came before")
    if i == zone.longest:
        found.append(f"longest{where}")
    if i == zone.kindest:
        found.append(f"kindest{where}{kin}")
    if zone.dateline:
        found.append(f"dateline{where}{min(len(below), 3)}")
    return found


def _shape(page: Observed, i: int, where: str, size: int, kin: int) -> list[str]:
    """Name the shape of a short line itself."""
    block, text = page.blocks[i], page.blocks[i].text
    found = []
    if block.level:
        found += [f"level{min(block.level, 3)}", f"level{where}"]
    if is_capitals(text):
        found.append(f"capitals{'long' if size > 2 else ''}{where}")
    if is_name(text):
        found.append(f"name{page.at(i - 1) in 'SHBcdAI'}{page.at(i + 1) in 'HBcdA'}")
    if is_role(text):
        found.append("role")
    if "0" in page.keys[i]:
        found.append(f"digit{size}")
    found += _edges(text, where)
    if size > 2:
        words = text.split()
        found.append(f"case{grade(sum(word[0].isupper() for word in words) / len(words), 0.3, 0.5, 0.75)}")
    if pattern(_ADDRESS).search(page.keys[i]):
        found.append(f"address{where}{kin}")
    return found


def _edges(text: str, where: str) -> list[str]:
    """Name how a short line begins and ends."""
    found = []
    if text[-1] in "?:!.":
        found.append(f"ends{text[-1]}{where}")
    if not text[0].isalnum():
        found.append("starts" + ("quote" if text[0] in _QUOTES else "bracket" if text[0] in "([" else "sign"))
    elif text[0].islower():
        found.append("starts small")
    if ":" in text[:24] or " | " in text:
        found.append(f"label{where}")
    return found
