"""English words that give no term: function words, and what apostrophes leave behind.

Our own list. Common published ones hold words that carry topics in the news
(``fire``, ``front``, ``interest``, ``mine``, ``un``), and miss ``don`` and ``ll``.
"""

from __future__ import annotations

__all__ = ["ENGLISH"]

ENGLISH = frozenset(
    # articles, pronouns, demonstratives
    "a an the i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself "
    "she her hers herself it its itself they them their theirs themselves one ones this that these those who whom "
    "whose which what whatever whichever whoever someone somebody something anyone anybody anything everyone "
    "everybody everything nobody nothing none each every either neither both all any some few many much more most "
    "other others another such own same "
    # prepositions and conjunctions
    "about above across after against along amid among amongst around as at before behind below beneath beside "
    "besides between beyond by despite down during except for from in inside into like near of off on onto out "
    "outside over past per since than through throughout till to toward towards under until unto up upon via with "
    "within without and but or nor so yet if unless because although though while whereas whether "
    # auxiliaries and modals
    "am is are was were be been being do does did doing done have has had having can could may might must shall "
    "should will would ought cannot get gets got getting "
    # adverbs that only glue
    "again also already almost always away back else even ever far further hence here how however indeed instead "
    "just later less meanwhile moreover namely never nevertheless no not now often once only otherwise perhaps "
    "quite rather really soon still then thence there thereby therefore thus together too very well when "
    "whenever where whereby wherein wherever why "
    # the reporter's glue
    "said says say saying told tells tell added adding according mr mrs ms dr "
    # what an apostrophe leaves: don't, we'll, they've ... (single letters never count)
    "aren couldn didn doesn don hadn hasn haven isn ll mustn re shouldn ve wasn weren wouldn ain".split()
)
