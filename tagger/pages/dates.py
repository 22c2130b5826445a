"""Date lines, clocks and reading times.

They are told by composition, not by pattern: a line is a date line when *every* word of it is a word that
dates are made of and at least one of them fixes a day. That holds for any site's order and punctuation. A short
line that fixes a day of a year stays one with a few words more (``Filed June 5, 2025 from Lowfield``).
"""

from __future__ import annotations

from .lines import pattern

_MONTHS = frozenset(
    str.split(
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    )
)
_WEEKDAYS = frozenset(
    str.split("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun")
)
DATE_KEYWORDS = frozenset(
    str.split("updated published posted modified created issued filed edited update dated uploaded")
)
_GLUE = frozenset(
    str.split(
        "last first on at of the date time st nd rd th am pm a m p gmt utc ist pkt est edt et pt pst pdt "
        "cet cest bst aest noon midnight local hrs h s z t and since originally was story article read"
    )
)
_AGO = frozenset(
    str.split(
        "ago hour hours minute minutes min mins day days week weeks month months year years today yesterday just now hr"
    )
)
_READING = frozenset(str.split("min mins minute minutes read reading time est estimated approx words word a of about"))

_WORDS = r"[^\W\d_]+|\d+"
_CLOCK = r"\b\d{1,2}[:.h]\d{2}(?!\d)"
_AGE = r"\d{1,2} ?(?:h|hr|hrs|m|min|mins|d|w|H|M|D|W)"
_NUMERIC_DATE = r"\b(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})(?!\d)"
_DAY = r"\b\d{1,2}(?!\d)"
YEAR = r"\b(?:19|20)\d\d\b"


def date_kind(text: str) -> str:
    """Say what kind of date line a text is.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    str
        ``"date"`` when it fixes a day of a year or says *updated*, *published*; ``"day"`` for a day without a
        year (a timeline's heading looks the same); ``"time"`` for a clock or "3 hours ago"; ``""`` for none.
    """
    text_words = text.lower()
    first = pattern(_WORDS).search(text_words) if len(text) <= 110 else None
    if first is None or not _is_known(first.group()):  # so with nearly every line
        return ""
    words = pattern(_WORDS).findall(text_words)
    if len(words) > 24 or not all(map(_is_known, words)):
        return ""
    digits = any(word.isdigit() for word in words)
    if pattern(_AGE).fullmatch(text):
        return "time"
    month, keyword = not _MONTHS.isdisjoint(words), not DATE_KEYWORDS.isdisjoint(words)
    weekday, ago = not _WEEKDAYS.isdisjoint(words), not _AGO.isdisjoint(words)
    if _fixes_day(text, month and digits) or (keyword and (digits or ago or weekday)):
        return "date"
    clock = digits and pattern(_CLOCK).search(text) is not None
    if month and digits:
        return "date" if clock else "day"
    ago = (digits or len(words) <= 2) and not {"ago", "today", "yesterday"}.isdisjoint(words)
    return "time" if clock or ago else "day" if weekday and digits else ""


_ALL = _MONTHS | _WEEKDAYS | DATE_KEYWORDS | _AGO | _GLUE


def _is_known(word: str) -> bool:
    return len(word) <= 4 if word.isdigit() else word in _ALL


def may_end_date(word: str) -> bool:
    """Tell whether a text whose last word this is may be a date."""
    return all(map(_is_known, pattern(_WORDS).findall(word.lower())))


def _fixes_day(text: str, month: bool) -> bool:
    if month and pattern(YEAR).search(text) and pattern(_DAY).search(text):
        return True
    return pattern(_NUMERIC_DATE).search(text) is not None


def carries_date(text: str) -> bool:
    """Tell whether a short line fixes a day of a year and says little else."""
    if len(text) > 70 or text[-1] in ".?!:" or not any(map(str.isdigit, text)):
        return False
    words = pattern(_WORDS).findall(text.lower())
    others = [word for word in words if not word.isdigit() and word not in _ALL]
    return len(others) <= 5 and len(words) <= 11 and _fixes_day(text, not _MONTHS.isdisjoint(words))


def is_reading_time(text: str) -> bool:
    """Tell whether a line only says how long the reading takes: ``5 min read``."""
    folded = text.lower()
    if len(text) > 40 or "read" not in folded or not any(map(str.isdigit, text)):
        return False
    words = pattern(_WORDS).findall(folded)
    return ("read" in words or "reading" in words) and all(w.isdigit() or w in _READING for w in words)
