"""What a site says to its reader in whole sentences: offers, rules, rights, and who its authors are.

Such a sentence ends in a full stop as an article's do. It is told by its words, and by how many of them speak
of reading, publishing and writing rather than of the world: "Sign up for our newsletter", "Comments are
moderated", "This article first appeared in", "Jane Doe covers courts for". Each is harmless in a story; a line
that has little else is none.
"""

from __future__ import annotations

from .lines import pattern
from .phrases import ANYWHERE

_LONGEST = 600
_UNFINISHED = ("!", ",", " and", " or", " the", " of", " to")
_QUOTES = "\"'“‘"
_BUSINESS = (
    r"\b[\w.+-]+@\w|(?<!\w)@\w+|newsletters?\b|\binbox\b|\b(?:un)?subscri(?:be|bed|bers?|bing|ptions?)\b|\bprivacy\b|\bterms (?:of|and|&)|"
    r"\bcookies?\b|\bsign(?:ing|ed)? (?:up|in)\b|\blog ?(?:in|ged in)\b|\brights reserved\b|\bcopyright|"
    r"\b(?:reproduced|redistributed|rewritten)\b|\bpermission\b|\brecaptcha\b|\bmoderat(?:ed|ion|ors?)\b|"
    r"\bguidelines\b|\babusive\b|\bclick(?:ing)?\b|\bdownload\b|\bapp store\b|\bgoogle news\b|\bgoogle play\b|"
    r"\b(?:whatsapp|telegram|youtube|news) channels?\b|\bnotifications\b|\bwebsites?\b|\bexternal (?:sites|links)\b|"
    r"\bthis (?:article|story|report|post|page|site|release|copy|material)\b|\boriginally (?:appeared|published)\b|"
    r"\bsyndicated\b|\beditorial (?:code|policy|guidelines|team|standards)\b|\bjournalism\b|\bfree articles?\b|"
    r"\bfull (?:article|story|content)\b|\bbrowser\b|\be-?mail address\b|\bstory (?:ideas?|suggestions?|tips?)\b|"
    r"\bheadline:?|\bon (?:facebook|twitter|instagram|x|whatsapp|telegram|linkedin)\b|\b(?:breaking|latest|top) "
    r"(?:news|stories|headlines|updates|coverage)\b|\bin print\b|\bthe print\b|\breprints\b|\bexclusively for\b|"
    r"\bdigest\b|\bcomments?\b|\bdelayed (?:by|at least)\b|\bjournalists\b|\bnews organi[sz]ation\b|"
    r"\bfollow (?:us|our|@)|\bexpressed (?:here|are|in)\b|\bendorse\b|\bresponsible for\b|\blogged\b|\bedited\b"
)
"""The business of a news site: getting read, and its rights."""
_ADDRESS = (
    r"\b(?:you|your|you're|you’re|you'll|we|we'll|we’ll|our|us|please|readers?|free|daily|weekly|every (?:morning|day|"
    r"week)|latest|news|coverage|updates|delivered|sent|published|appears?|stories|content|provided|read|views|authors?)\b"
)
_IMPERATIVE = (
    r"(?:please |simply |just )?(?:sign|get|subscribe|join|download|click|read|follow|unlock|enter|check|visit|support|"
    r"listen|find|discover|watch|tell|take|stay|keep|want|have|do|for|like|see|make|dig|contact|reach|send|share|thanks|copyright|©|"
    r"\(c\)) "
)
_POST = (
    r"(?:reporter|correspondent|editor|journalist|columnist|writer|freelancer?|contributor|bureau chief|sub-editor|"
    r"producer|desk|newsroom|staffer)s?\b"
)
_NAME = r"(?:The )?[A-Z][\w.’'-]*(?: (?:and |al-|de |bin |van )?[A-Z][\w.’'-]*){0,5}"
_LIFE = (
    rf"{_NAME}(?:,[^,]{{2,60}},)? (?:(?:is|are|was) (?:an?|the|our) (?:[\w’'&.,-]+ ){{0,7}}?{_POST}|(?:covers|has "
    r"covered|writes (?:about|on|for)|reports on|has written (?:about|on|for)) .* (?:for|at|since|with|in)\b|comprises\b"
    rf".* (?:journalists|{_POST}))"
)
_SIGNED = r"(?:To contact the (?:reporter|editor|author)s? |.{4,160} contributed (?:to|reporting) |.{4,80} reported from )"
"""Who made the story, as agencies sign it: the article's own."""


def is_signed(text: str) -> bool:
    """Tell whether a sentence says who made the story."""
    return pattern(_SIGNED).match(text) is not None


def notice_kind(text: str) -> tuple[str, str] | None:
    """Name a sentence in which a site speaks of itself.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    tuple of str or None
        Its reason and place; None for any other sentence.
    """
    if len(text) > _LONGEST or text.count(" ") < 2 or text[0] in _QUOTES:
        return None
    if len(text) < 300 and pattern(_LIFE).match(text):
        return "author note", ANYWHERE
    if '"' in text or "“" in text or is_signed(text) or text.endswith(_UNFINISHED) or ": http" in text:
        return None
    folded = text.casefold().replace("’", "'")
    business = len(set(pattern(_BUSINESS).findall(folded)))
    if not business:
        return None
    address = len(set(pattern(_ADDRESS).findall(folded)))
    points = 2 * business + min(address, 4) + (pattern(_IMPERATIVE).match(folded) is not None)
    words = text.count(" ") + 1
    if points >= 4 and points * 6 >= words:
        return "notice to the reader", ANYWHERE
    return None
