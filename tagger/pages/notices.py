"""What a site says to its reader in whole sentences: offers, rules, rights, and who its authors are.

Such a sentence ends in a full stop as an article's do. It is told by its words, and by how many of them speak
of reading, publishing and writing rather than of the world: "Sign up for our newsletter", "Comments are
moderated", "This article first appeared in", "Jane Doe covers courts for". Each is harmless in a story; a line
that has little else is none.
"""

from __future__ import annotations

from .cohesion import terms
from .lines import pattern
from .phrases import ANYWHERE

_LONGEST = 600
_UNFINISHED = ("!", ",", " and", " or", " the", " of", " to")
_QUOTES = "\"'“‘"
_BUSINESS = r"""
newsletters?|inbox|(?:un)?subscri(?:be|bed|bers?|bing|ptions?)|free articles?|digest|notifications|delayed (?:by|at)
sign(?:ing|ed)? (?:up|in)|log ?(?:in|ged in)|logged|click(?:ing)?|download|app store|google (?:news|play)|browser
(?:whatsapp|telegram|youtube|news) channels?|on (?:facebook|twitter|instagram|x|whatsapp|telegram|linkedin)
follow (?:us|our)|e-?mail address|[\w.+-]+@\w+|websites?|external (?:sites|links)|recaptcha|cookies?
privacy|terms (?:of|and|&)|rights reserved|copyright|permission|reproduced|redistributed|rewritten|reprints
moderat(?:ed|ion|ors?)|comments?|abusive|guidelines|endorse|responsible for|expressed (?:here|are|in)
this (?:article|story|report|post|page|site|release|copy|material)|full (?:article|story|content)
originally (?:appeared|published)|in print|the print|headline:?|syndicated|exclusively for|edited
editorial (?:code|policy|guidelines|team|standards)|story (?:ideas?|suggestions?|tips?)
(?:breaking|latest|top) (?:news|stories|headlines|updates|coverage)|journalism|journalists|news organi[sz]ation
"""
"""What a news site does business in: getting read, and its rights."""
_BUSINESS_TERMS = frozenset(
    str.split(
        "abusiv articl breaki browse channe click clicki commen conten cookie copy copyri covera delaye digest downlo "
        "edited editor endors exclus extern facebo google guidel headli inbox instag journa linked logged login "
        "materi modera newsle notifi origin page permis post print privac recapt redist reprin reprod rewrit sign "
        "signed signin site store storie story subscr syndic telegr terms twitte unsubs update websit whatsa"
    )
)
_BUSINESS_PHRASES = (
    *("@", "log in", "on x", "this report", "latest news", "top news", "responsible for", "expressed ", "this release"),
    *("mail address", "news organi", "rights reserved", "follow us", "follow our"),
)
"""What each of them holds, a term (as `cohesion.terms` cuts it) or a phrase: few sentences hold any."""
_OF_BUSINESS = r"\b(?! )(?:" + "|".join(_BUSINESS.strip().splitlines()) + r")(?!\w)|(?<!\w)@\w+"
_ADDRESS = (
    r"\b(?:you|your|you'(?:re|ll)|we|we'll|our|us|please|readers?|free|daily|weekly|every (?:morning|day|week)|latest|"
    r"news|coverage|updates|delivered|sent|published|appears?|stories|content|provided|read|views|authors?)\b"
)
_IMPERATIVE = (
    r"(?:please |simply |just )?(?:sign|get|subscribe|join|download|click|read|follow|unlock|enter|check|visit|support|"
    r"listen|find|discover|watch|tell|take|stay|keep|want|have|do|for|like|see|make|dig|contact|reach|send|share|thanks|"
    r"copyright|©|\(c\)) "
)
_POST = (
    r"(?:reporter|correspondent|editor|journalist|columnist|writer|freelancer?|contributor|bureau chief|sub-editor|"
    r"producer|desk|newsroom|staffer)s?\b"
)
_NAME = r"(?:The )?[A-Z][\w.’'-]*(?: (?:and |al-|de |bin |van )?[A-Z][\w.’'-]*){0,5}"
_LIFE = (
    rf"{_NAME}(?:,[^,]{{2,60}},)? (?:(?:is|are|was) (?:an?|the|our) (?:[\w’'&.,-]+ ){{0,7}}?{_POST}"
    r"|(?:covers|has covered|writes (?:about|on|for)|reports on|has written (?:about|on|for)) .* "
    r"(?:(?:for|at) (?:[tT]he )?[A-Z]|since \d)"
    rf"|comprises\b.* (?:journalists|{_POST}))"
)
_SIGNED = (
    r"(?:To contact the (?:reporter|editor|author)s? |.{4,160} contributed (?:to|reporting) |.{4,80} reported from )"
)
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
    folded = text.casefold().replace("’", "'")
    if (
        (_BUSINESS_TERMS.isdisjoint(terms(text)) and not any(map(folded.__contains__, _BUSINESS_PHRASES)))
        or ('"' in text or "“" in text or ": http" in text or text.endswith(_UNFINISHED))
        or is_signed(text)
    ):
        return None
    business = len(set(pattern(_OF_BUSINESS).findall(folded)))
    if not business:
        return None
    address = len(set(pattern(_ADDRESS).findall(folded)))
    points = 2 * business + min(address, 4) + (pattern(_IMPERATIVE).match(folded) is not None)
    words = text.count(" ") + 1
    if points >= 4 and points * 6 >= words:
        return "notice to the reader", ANYWHERE
    return None
