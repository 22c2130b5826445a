"""A scraped page of news in plain text -> its articles, without the furniture around them."""

from .page import Discarded, Page, PageArticle
from .reader import read_page

__all__ = ["Discarded", "Page", "PageArticle", "read_page"]
