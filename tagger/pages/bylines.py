"""Bylines and datelines: the lines that say who wrote a story and where it comes from.

As with dates, a byline is told by its parts: between commas, bars and dashes stand names, posts, agencies,
places and dates, and nothing else.
"""

from __future__ import annotations

from .dates import DATE_KEYWORDS, YEAR, date_kind, is_reading_time, may_end_date
from .lines import pattern

AGENCIES = frozenset(
    (
        "reuters;ap;afp;app;pti;ani;ians;upi;dpa;efe;xinhua;tass;bloomberg;anadolu;aa;cp;pa;pa media;epa;inp;nni;wam;"
        "spa;kyodo;yonhap;ina;irna;mena;voa;dw;associated press;the associated press;agence france-presse;"
        "press trust of india;press association;canadian press;the canadian press;deutsche welle;agencies;agency;"
        "news agencies;with agencies;wire services;newswires;reuters staff;ap news;ap photo;afp photo;bbc;bbc news;"
        "cnn;cnn business;fox news;fox business;al jazeera;getty images;getty;shutterstock;online;staff"
    ).split(";")
)
"""Names under which agencies sign copy and pictures, casefolded."""

_POSTS = frozenset(
    str.split("correspondent reporter reporters editor desk staff bureau writer analyst columnist newsroom monitoring")
)
_ROLES = _POSTS | frozenset(str.split("report producer news contributor team editorial special web our"))
_BY = (
    r"(?i)(?:(?:written |reported |reporting |posted |published |story |edited |text |words |compiled |contributed )?by"
    r"|author|reporting from|from our)(?:\s*:\s*|\s+)"
)
_SEGMENTS = r"\s*[|•·‧∙¦]\s*|\s+[-–—/]+\s+|,\s+|\s{3,}|\t"
_JOINTS = frozenset("|•·‧∙¦-–—/,")
_NAME_GLUE = frozenset(
    str.split(
        "and in of the for with at to de la al el bin bint van von der den da di du le & und y on our "
        "staff special correspondent reporter editor writer news desk bureau chief agencies from"
    )
)
_DATELINE = (
    r"[A-Z][A-Z’'./-]{2,}(?:[ ,/-]+[A-Z][A-Z’'./-]*){0,4}(?:,? [A-Z][a-z]{2,8}\.? ?\d{0,2},?)?\s*"
    r"(?:\([A-Za-z /-]{2,30}\))?\s*(?::|--|[—–-])\s*\S"
)
_AGENCY_DATELINE = r"[^()]{0,50}\(([A-Za-z ]{2,20})\)\s*(--|[—–:-])?"


def is_name(text: str) -> bool:
    """Tell whether a text has the shape of one to three people's names (a headline may share it)."""
    words = text.split()
    if not 2 <= len(words) <= 9 or len(text) > 80:
        return False
    proper = 0
    for word in words:
        bare = word.strip(".,&")
        if not bare:
            continue
        if not (bare.isalpha() or all(c.isalpha() or c in "-'’." for c in bare)):
            return False
        if bare[0].isupper():
            proper += 1
        elif bare.lower() not in _NAME_GLUE:
            return False
    return proper >= 2 and (len(words) <= 4 or " and " in text or "," in text or " in " in text)


def byline_kind(text: str) -> str:
    """Say whether a line names its authors, perhaps with the date.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    str
        ``"byline"``, ``"date"`` (a byline that carries a full date), or ``""``.
    """
    if len(text) > 160 or text[-1] in "?!" or (text[-1] == "." and not text.endswith(("Jr.", "Sr.", "m."))):
        return ""
    before, by, after = text.partition(" by ")
    if by and date_kind(before) and len(after.split()) <= 4:  # "Posted on June 5, 2025 by admin"
        return "date"
    return _by_parts(text)


def _by_parts(text: str) -> str:
    if text.startswith("by") and text[2:3].isupper():  # a scrape that lost the space
        text = "by " + text[2:]
    match = pattern(_BY).match(text)
    if match and text.startswith("Reporting by ") and "; " in text:
        return "byline"
    rest = text[match.end() :] if match else text
    jointed = not _JOINTS.isdisjoint(rest) or "   " in rest or not rest.isprintable()  # as no white space but " " is
    segments = [segment for segment in (pattern(_SEGMENTS).split(rest) if jointed else (rest,)) if segment]
    if not 1 <= len(segments) <= 7:
        return ""
    if not (match or len(segments) > 1 or may_end_date(rest.split()[-1]) or _is_plain_role(text)):
        return ""  # as with nearly every headline
    found = {"author": 0, "date": 0, "reading": 0, "unknown": 0}
    for position, segment in enumerate(segments):
        kinds = _signed(segment) if match and position == 0 else _segment_kinds(segment, position, match is not None)
        if not kinds:
            return ""
        for kind in kinds.split():
            found[kind] += 1
    authors, dated, unknown = found["author"], found["date"] > 0, found["unknown"]
    if dated and (match or authors or (pattern(YEAR).search(text) and unknown <= 4)):
        return "date"
    # A bare role or agency is a signature; a role beside unknown words may be a headline.
    named = authors and authors + 1 >= unknown and (len(segments) > 1 or _is_plain_role(text))
    return "byline" if match or (named and (not unknown or is_name(segments[0]))) else ""


def _signed(segment: str) -> str:
    """Name what follows *by*: a signature, perhaps with its date."""
    if _signed_and_dated(segment, True):
        return "author date"
    return "author" if _is_signature(segment) else ""


def _segment_kinds(segment: str, position: int, signed: bool) -> str:
    """Name what a part of a byline is, ``""`` when a byline has no such part."""
    folded = segment.strip(" .:()").casefold()
    kind = date_kind(segment)
    if kind or folded in DATE_KEYWORDS or is_reading_time(segment) or (folded.isdigit() and len(folded) == 4):
        return "date" if kind in ("date", "day") or pattern(YEAR).match(folded) else "reading"
    if folded in AGENCIES or folded[:1] == "@":
        return "author"
    if len(segment) <= 60 and not _ROLES.isdisjoint(folded.split()) and _is_signature(segment):
        return "author"  # "Our Correspondent", "BBC Asia editor": a role, or a name with one
    short = len(segment.split()) <= 2 and segment[:1].isupper() and segment.replace(" ", "").isalpha()
    if short or (position <= 2 and is_name(segment)):
        return "unknown"
    return "author date" if _signed_and_dated(segment, signed) else ""


def is_role(text: str) -> bool:
    """Tell whether a short line may be somebody's post: ``Political reporter``."""
    words = text.casefold().split()
    return 1 <= len(words) <= 6 and words[-1] in _POSTS and len(text) <= 60


def _is_plain_role(text: str) -> bool:
    folded = text.casefold().strip(" .:()")
    words = folded.split()
    return folded in AGENCIES or (0 < len(words) <= 4 and words[-1] in _POSTS and _ROLES.issuperset(words[1:-1]))


def _is_signature(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 12 or (words[0].lower() in ("the", "a", "an") and text.casefold() not in AGENCIES):
        return False
    return all(w[0].isupper() or w[0] in "(@&" or w.lower() in _NAME_GLUE or w.casefold() in _ROLES for w in words)


def _signed_and_dated(text: str, is_byline: bool) -> bool:
    """``Jane Doe Published June 5, 2025``, ``AFP 21 May 2021``: a signature, then nothing but a date."""
    words = text.split()
    for index in range(1, min(7, len(words))) if may_end_date(words[-1]) else ():
        kind = date_kind(" ".join(words[index:]))
        if kind == "date" or (kind and is_byline):
            name = " ".join(words[:index])
            return name.casefold() in AGENCIES or _is_signature(name)
    return False


def has_agency_dateline(text: str) -> bool:
    """Tell whether a paragraph opens with an agency in brackets and a dash, which no headline does."""
    match = pattern(_AGENCY_DATELINE).match(text[:90]) if "(" in text[:60] else None
    return match is not None and match.group(2) is not None and match.group(1).casefold() in AGENCIES


def has_dateline(text: str) -> bool:
    """Tell whether a paragraph opens as the first of an agency story does: ``ISLAMABAD (AP) —``."""
    return has_agency_dateline(text) or pattern(_DATELINE).match(text[:90]) is not None
