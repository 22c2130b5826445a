"""Text in, tags out.

>>> from tagger.registry import load
>>> tagger = load()  # the registry's champion  # doctest: +SKIP
>>> tagger.tag("The two armies agreed on a ceasefire.").tags  # doctest: +SKIP
"""

__version__ = "0.1.0"
