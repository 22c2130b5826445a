"""The shape of a line: prose, headline, or neither."""

from __future__ import annotations

from .lines import pattern

_TWO_SENTENCES = r"[a-z0-9)%”\"’][.!?][”\"’]?\s+[“\"‘(]?[A-Z]"
_STOPS = (".", ".”", '."', ".’", ".'", ".)", "…", ";", ",", ",”", ',"')
_ABBREVIATIONS = tuple("U.S. U.K. U.N. Inc. Corp. Co. Jr. Sr. D.C. a.m. p.m. No. Ltd. E.U.".split())


def is_prose(text: str) -> bool:
    """Tell whether a line is (part of) an article's body by its shape alone."""
    length = len(text)
    if length > 190 or (text[0].islower() and length > 100):
        return True
    if length < 150 and is_capitals(text):
        return False
    if text.endswith(_STOPS) and not text.endswith(_ABBREVIATIONS) and text[-3:-2] != ".":  # "by the F.A.A."
        return not (text.endswith(("...", "…")) and text.count(" ") < 3)  # "Loading..."
    sentences = length > 150 and pattern(_TWO_SENTENCES).search(text) is not None
    leads = (text[-1] == ":" and text.count(" ") > 4) or (text[-1] in "?!" and length > 110)
    # A whole line in quotation marks is somebody speaking; a headline has its quotation inside.
    spoken = text[0] in '“"' and text[-1] in '”"' and text[-2:-1] in ".,?!" and length > 30
    return sentences or leads or spoken


def is_capitals(text: str) -> bool:
    """Tell whether a line is set in capitals."""
    return text.upper() == text and text.lower() != text and sum(map(str.isalpha, text)) >= 6


def headline_points(text: str) -> float:
    """Score how much a line looks like a headline, about -3 to 1.

    Length is the best single sign: headlines on the wire and on the web have 4-18 words.
    """
    words = text.count(" ") + 1
    length = len(text)
    points = 1.0
    if words <= 2:
        points -= 2.0
    elif words == 3:
        points -= 1.0
    if words > 22 or length > 150:
        points -= 2.0
    if text[-1] in "?:":
        points -= 0.3 if text[-1] == "?" else 2.0
    if text[0] in "([":
        points -= 1.5
    return points
