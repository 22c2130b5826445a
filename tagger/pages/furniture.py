"""What a line of a scraped page is when it is not the article: the reason, and where such lines stand.

Lines are told by whole-line phrases and by composition (a line made *only* of the names of share buttons), so
that a sentence that merely begins with "Share" or "Follow" stays. Places matter later: a date stands at the
head of an article and announces one, a copyright line stands at the tail and closes one.
"""

from __future__ import annotations

from functools import lru_cache

from .bylines import AGENCIES, byline_kind, has_agency_dateline
from .dates import carries_date, date_kind, is_reading_time
from .lines import Block, is_bullet, is_rule, pattern
from .notices import notice_kind
from .phrases import (
    ADVERT,
    ADVERT_ANCHORS,
    ANYWHERE,
    BUTTON_ANCHORS,
    BUTTONS,
    BY_FIRST,
    CLOCK,
    COMMENTS,
    DAY,
    EXACT,
    HEAD,
    LABELS,
    LINKS,
    LONGER_ALLOWED,
    STAMPS,
    TAIL,
)
from .shapes import is_prose

PROSE, SHORT, BULLET, RULE, FURNITURE = "prose", "short", "bullet", "rule", "furniture"
"""Kinds of blocks."""

_COUNTED = (
    r"\(?\d[\d,.]*k?\)?\s+(?:comments?|shares?|likes?|views?|reactions?|replies|retweets)$"
    r"|(?:comments?|shares?|likes?|views?|replies)\s*[:(]?\s*\d[\d,.]*k?\)?$"
)
_CREDIT = r"[(\[]\s*([^()\[\]]{2,70})\s*[)\]]\.?$"
_CREDIT_WORDS = frozenset(
    str.split("photo file image images courtesy handout picture photos pool via screengrab facebook twitter")
)
_CREDIT_END = (
    r"(?i)(?:[—–|-]|\.)\s*(?:file\s+|photo\s*[:by]*\s*)?(?:reuters|afp|ap|getty images|app|pti|ani|epa|photo|"
    r"file photo|white star|file|afp/file|reuters/file|dawn|x/[@\w ]+)(?:/[\w ]+)?$"
    r"|(?:photo(?:graph)?(?: credit)?|image|picture|credit)\s*(?::|\.\.\.)\s*[\w .,'’/&-]{2,60}$"
    r"|(?:/|via )(?:getty images|reuters|afp|ap|epa|shutterstock|anadolu|bloomberg)(?: via getty images)?$"
)
_CREDIT_JOINTS = frozenset("—–|-.:/")
_PAGE_NUMBER = r"(?i)\W*(?:page|pg)\.? \d{1,4}(?: (?:of|/) \d{1,4})?$|\d{1,4} of \d{1,4}(?: documents?)?$"
_CONTACT = r"(?:\[email\s?protected\]|[\w.+-]+@[\w-]+\.[\w.]+|(?:https?://|www\.)\S+)$"
_AUTHOR_NOTE = r"(?i)\bfollow (?:him|her|them|the author|@)|\b(?:e-?mail|reach|contact) (?:him|her|them|the author) "
_REACHED = ("follow ", "mail ", "reach ", "contact ")
_QUOTE = r"[A-Z^][\w .&^-]{0,24} [\d,.]+ [+-]?[\d,.]+%(?: ?\([+-]?[\d,.]+%\))?$"
_MARKDOWN_LINK = r"(?:[>*-]\s+)?(?:\*\*[^*]+\*\*\s*)?!?\[[^\]]*\]\([^()\s]*\)\W*$"
_JOINTS = str.maketrans(",:|-–—·", "       ")
_NO_DIGITS = str.maketrans("", "", "0123456789")
_MENU_SIGNS = frozenset("|›»>•·")
_FORMS = ((_QUOTE, "price line", ANYWHERE), (_PAGE_NUMBER, "page number", TAIL), (_CONTACT, "contact line", ANYWHERE))
_LONGEST, _MEDIUM, _SHORT = 450, 220, 70
"""Characters up to which a line may be furniture at all, in the site's own words, and word for word."""
_SEPARATED = r"\s*[|›»>]\s*|\s+[•·/→]\s+"
_COOKIE = (
    "we use",
    "consent",
    "our partners",
    "accept",
    "preferences",
    "this site uses",
    "this website uses",
    "your experience",
)


def classify(block: Block) -> None:
    """Set a block's kind, and for furniture its reason and place."""
    block.kind, block.reason, block.place = _classify(block.text)
    if block.level and block.kind == PROSE:
        block.kind = SHORT


@lru_cache(4096)  # pages of one site, and hostile ones, say the same things over and over
def _classify(text: str) -> tuple[str, str, str]:
    if is_rule(text):
        return RULE, "", ""
    if len(text) < 3 and not text.isalnum():
        return FURNITURE, "separator", ANYWHERE
    if "](" in text and pattern(_MARKDOWN_LINK).match(text):
        return FURNITURE, "related links", ANYWHERE
    found = None
    if not is_bullet(text):
        found = _furniture(text)
    elif len(text) < 60:
        found = _furniture(text[2:].strip())
        found = found if found is not None and (found[1] in (ANYWHERE, TAIL, CLOCK) or found[0] in STAMPS) else None
    if found is not None:
        return FURNITURE, *found
    if is_bullet(text):
        return BULLET, "", ""
    return PROSE if is_prose(text) or has_agency_dateline(text) else SHORT, "", ""


def _furniture(text: str) -> tuple[str, str] | None:
    """Return the reason and place of a line that is furniture by itself, None for any other."""
    text = text.replace("*", "").strip("_ ") or text  # emphasis, as Markdown and chat programs mark it
    if not text:
        return None
    if len(text) > _LONGEST:
        return notice_kind(text)
    folded = text.casefold().replace("’", "'")
    found = None
    if len(text) <= _SHORT:
        found = _whole_line(text, folded)
    if found is None and len(text) <= _MEDIUM:
        found = _stamp(text) or _beginning(text, folded) or _menu(text, folded)
    if found is None and "cookie" in folded and any(word in folded for word in _COOKIE):
        found = "cookie notice", ANYWHERE
    if found is None and is_credited(text):
        found = "photo caption", HEAD
    if found is None:
        found = notice_kind(text)
    if found is None and " is " in text and len(text) < 320 and any(map(folded.__contains__, _REACHED)):
        found = ("author note", TAIL) if pattern(_AUTHOR_NOTE).search(text) else None
    return found


def _whole_line(text: str, folded: str) -> tuple[str, str] | None:
    """Name a line by what all of it says: a known phrase, a label, a number, the names of buttons."""
    label, colon, _ = folded.partition(":")
    bare = folded.strip(" :»›→>←‹«▼▾+…▶►")
    words = folded.translate(_JOINTS).split()
    found: tuple[str, str] | None = EXACT.get(bare)
    if _is_number(text):
        found = "number line", ANYWHERE
    elif colon and label in LABELS and text[-1] != ".":
        found = "label line", HEAD
    elif found is not None:
        # "Read more →" leads on to the story above it; "Read more" may head a list of others.
        if found[1] == LINKS and text[-1] in "→»›>" and bare.startswith("read"):
            found = "read-on line", TAIL
    elif _names_only(words, BUTTONS, BUTTON_ANCHORS):
        found = "share line", ANYWHERE
    elif _names_only(words, ADVERT, ADVERT_ANCHORS):
        found = "advert line", ANYWHERE
    elif pattern(_COUNTED).match(folded):
        found = ("reader comments", COMMENTS) if "comment" in folded else ("share line", ANYWHERE)
    else:
        found = next(((reason, place) for form, reason, place in _FORMS if pattern(form).match(text)), None)
    return found


def _names_only(words: list[str], names: frozenset[str], anchors: frozenset[str]) -> bool:
    """Tell whether a line is made of nothing but such words, one of the anchors among them."""
    return len(words) <= 12 and not anchors.isdisjoint(words) and names.issuperset(words)


def _is_number(text: str) -> bool:
    """Tell whether a line holds digits and no letter, and is no date."""
    if text[0].isalpha() or not any(map(str.isdigit, text)) or date_kind(text):
        return False
    return not any(map(str.isalnum, text.translate(_NO_DIGITS)))


def _stamp(text: str) -> tuple[str, str] | None:
    """Name a date line, a reading time or a byline."""
    kind = date_kind(text)
    if kind:
        return "date line", {"date": HEAD, "day": DAY, "time": CLOCK}[kind]
    if is_reading_time(text):
        return "reading time", HEAD
    if byline_kind(text):
        return "byline", HEAD
    return ("dated line", HEAD) if carries_date(text) else None


def _beginning(text: str, folded: str) -> tuple[str, str] | None:
    """Name a line that begins as furniture does and goes on in the site's own words."""
    for opening, reason, place in BY_FIRST.get(folded[0], ()):
        if folded.startswith(opening):
            if reason in LONGER_ALLOWED:
                return (reason, place) if len(text) <= 200 else None
            short = len(text) <= 130 and (not _ends_sentence(text, folded) or opening[-1] in ":|")
            return (reason, place) if short else None
    return None


def _menu(text: str, folded: str) -> tuple[str, str] | None:
    """Name a row of a menu or a trail of breadcrumbs: ``Home | News | Sport``."""
    if _ends_sentence(text, folded) or _MENU_SIGNS.isdisjoint(text):
        return None
    row = text.partition(": ")[2] if ":" in text[:40] else text  # "You may also check: Weather | Gold rate"
    parts = [part for part in pattern(_SEPARATED).split(row) if part]
    crumbs = len(parts) == 2 and len(text) <= 40 and all(" " not in part for part in parts)
    if (len(parts) >= 3 or crumbs) and all(len(part.split()) <= 4 for part in parts):
        footer = any(word in folded for word in ("privacy", "terms", "contact"))
        return ("site footer", TAIL) if footer else ("navigation line", ANYWHERE)
    return None


def _ends_sentence(text: str, folded: str) -> bool:
    return text[-1] == "." and not folded.endswith(("reserved.", "permission.", "ltd.", "inc."))


def is_credited(text: str) -> bool:
    """Tell whether a line ends in a picture's credit: ``(AP/File)``, ``Photo: Jane Doe``, ``— AFP``."""
    if text[-1] in ")]" or text.endswith((").", "].")):
        match = pattern(_CREDIT).search(text[-75:])
        if match is not None:
            credit = match.group(1).casefold().strip()
            parts = [
                part.strip() for part in credit.replace(",", "/").replace("|", "/").replace(" via ", "/").split("/")
            ]
            if "/" in credit and any(part in AGENCIES or part in _CREDIT_WORDS for part in parts):
                return True
            if credit in AGENCIES or not _CREDIT_WORDS.isdisjoint(credit.replace(":", " ").split()):
                return True
    end = text[-70:]
    # Only "Photo: Jane Doe." ends in a full stop, and no credit in the other marks of a sentence.
    if len(text) >= 400 or end[-1] in '?!:;”"' or (end[-1] == "." and ":" not in end and "..." not in end):
        return False
    may = not _CREDIT_JOINTS.isdisjoint(end) or "via " in end.lower()
    return may and pattern(_CREDIT_END).search(end) is not None
