"""Which format an input has: by its content where that is plain, else by its suffix."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from tagger.reading.records import role_of

__all__ = ["COMPRESSED", "SUFFIXES", "Format", "format_of", "is_known", "name_of_binary", "wrapping_of"]

Format = Literal["text", "html", "feed", "jsonl", "json", "csv", "parquet", "docx", "pdf"]
SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".docx": "docx",
    ".pdf": "pdf",
}
COMPRESSED = (".gz", ".zst", ".zip")
_TOLD = (".doc", ".odt", ".rtf")
"""Documents of text that cannot be read: in a folder they are named, not passed over."""

_WRAPPINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_BINARY = {
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a RIFF (WebP, WAV or AVI) file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh9": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"SQLite format 3": "a SQLite database",
    b"\x80\x04\x95": "a Python pickle",
    b"bplist": "a property list",
}
_TAR = slice(257, 262)
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|atom:feed)[\s>]", re.IGNORECASE)


def is_known(name: str) -> bool:
    """Tell whether a folder's file is one of ours, or one to be told of, by its suffix."""
    suffix = PurePath(name).suffix.lower()
    return suffix in SUFFIXES or suffix in COMPRESSED or suffix in _TOLD


def wrapping_of(head: bytes) -> str | None:
    """Return ``"gzip"``, ``"zstd"`` or ``"zip"`` when the first bytes say so."""
    return next((name for magic, name in _WRAPPINGS.items() if head.startswith(magic)), None)


def name_of_binary(head: bytes) -> str | None:
    """Return what a file is that certainly holds no text, such as ``"a PNG image"``."""
    if head[_TAR] == b"ustar":
        return "a tar archive"
    return next((name for magic, name in _BINARY.items() if head.startswith(magic)), None)


def format_of(head: bytes, name: str) -> Format:
    """Return an input's format from its first bytes (UTF-8) and its name; what is unknown is text."""
    suffix = PurePath(name).suffix.lower()
    if suffix in COMPRESSED:
        suffix = PurePath(PurePath(name).stem).suffix.lower()
    by_suffix = SUFFIXES.get(suffix)
    by_content = _by_content(head.removeprefix(b"\xef\xbb\xbf").lstrip(), by_suffix)
    return by_content or by_suffix or "text"


def _by_content(start: bytes, by_suffix: Format | None) -> Format | None:  # noqa: PLR0911 (a table of questions)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"PK\x03\x04"):  # other archives have been unpacked
        return "docx"
    if start.startswith(b"<"):
        if _HTML.match(start):
            return "html"
        return "feed" if start.startswith(b"<?xml") or _FEED.search(start[:2000]) else None
    first = start.partition(b"\n")[0].strip()
    if start.startswith(b"{"):
        if by_suffix == "json":
            # one object a line is what many programs mean by .json
            lines = first.endswith(b"}") and start.partition(b"\n")[2].lstrip().startswith(b"{")
            return "jsonl" if lines else "json"
        return "jsonl" if re.search(rb'^\{\s*"[^"]*"\s*:', start) else None
    if start.startswith(b"[") and re.match(rb"\[\s*\{", start):
        return "json"
    if by_suffix in (None, "text", "json", "jsonl") and _is_header(first):
        return "csv"
    # a page that only claims to be HTML is read as text; a table is believed to be one
    return "text" if by_suffix in ("html", "feed") and b"<" not in start else None


def _is_header(line: bytes) -> bool:
    cells = re.split(rb"[,;\t|]", line)
    roles = {role for cell in cells if (role := role_of(cell.strip(b' "\r').decode("latin-1"))[0])}
    return len(roles) > 1 and "body" in roles
