"""The content words of a text, by which paragraphs and headlines are known to speak of the same thing.

A change of subject shows as a drop in shared vocabulary (M. Hearst, "TextTiling: Segmenting Text into
Multi-paragraph Subtopic Passages", Computational Linguistics 23(1), 1997). Here it is one sign among others.
"""

from __future__ import annotations

from functools import lru_cache

from .lines import pattern

_WORD, _ASCII_WORD = r"[^\W\d_]{4,}", r"[a-z]{4,}"
_STOP = frozenset(
    str.split(
        "about above according added after again against ahead along already also although always among "
        "amid another around asked away back because been before being below between both came come "
        "comes could country days despite does doing done down during each earlier early even ever every "
        "expected first following former found four from further gave general get given going good "
        "government great group had half have having held help here high himself however including "
        "indeed instead into issue issues itself just keep know known last late later latest least less "
        "like likely long made make makes making many matter meanwhile might million minister month "
        "months more most much must near need never news next nine none number officials often once only "
        "other others over part past people percent place president public really recent recently report "
        "reported reports same said saying says second seen sept several shall should show showed since "
        "some something soon statement state states still such support take taken tell than that their "
        "them themselves then there these they thing things think this those though thought three "
        "through time times today together told took toward towards under until upon used using very "
        "want wanted week weeks well went were what when where whether which while whole whom whose will "
        "with within without work working world would year years yesterday your monday tuesday wednesday "
        "thursday friday saturday sunday january february march april june july august september october "
        "november december"
    )
)


@lru_cache(1024)  # a paragraph is looked at from above, from below, and by the headlines around it
def terms(text: str) -> frozenset[str]:
    """Return the content words of a text, cut to six letters so that inflections meet."""
    words = pattern(_ASCII_WORD if text.isascii() else _WORD).findall(text.casefold())  # the same, in half the time
    return frozenset([word[:6] for word in words if word not in _STOP])
