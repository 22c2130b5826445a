"""Teach the page reader: compose pages from templates and articles, fit the chain's weights."""
