"""Bytes to text. UTF-8 first; other encodings by their byte order mark, their declaration, or their letters."""

from __future__ import annotations

import codecs
import io
import re
from typing import Any, BinaryIO

from tagger.errors import InputError

__all__ = ["as_utf8", "decode", "encoding_of", "is_binary", "undecodable"]

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark is its beginning
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FEW = 0.02
"""Share of non-ASCII bytes below which a text is taken for Windows-1252, as browsers do: too few to tell by."""
_SAMPLE = 200_000
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\f\x1b"))
_LETTER_STARTS = bytes(range(0xC0, 0x100))
_ASCII = bytes(range(0x80))


def decode(data: bytes, where: str, declared: str | None = None) -> str:
    """Return the text of some bytes.

    Parameters
    ----------
    data : bytes
    where : str
        Named in the error: a path, or a path and line.
    declared : str, optional
        The encoding that the document itself names; believed when the bytes are not UTF-8.

    Raises
    ------
    InputError
        If the bytes are no text: binary data, NUL characters, half a UTF-16 file.
    """
    encoding = encoding_of(data, declared)
    try:
        text = data.decode(encoding, "strict" if encoding in _MARKS.values() else "replace")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not {encoding.upper()} text (byte {error.start})", "Save it as UTF-8.") from error
    if "\0" in text:
        raise InputError(f"{where}: holds NUL characters, so it is no text file")
    if encoding not in _MARKS.values() and is_binary(data):
        raise InputError(f"{where}: binary data, no text")
    return text


def encoding_of(data: bytes, declared: str | None = None) -> str:
    """Return the name of the encoding that some bytes are most likely in."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    broken = undecodable(data)
    if broken == 0 or broken * 10 < _count(data, _LETTER_STARTS):
        return "utf-8-sig"  # a few broken letters in UTF-8 are still UTF-8
    # what calls itself Latin-1 is Windows-1252 everywhere on the web (WHATWG Encoding Standard)
    if declared and (name := _python_name(declared)) and name != "utf-8":
        return "cp1252" if name in ("iso8859-1", "ascii") else name
    return _guessed(data)


def is_binary(data: bytes) -> bool:
    """Tell whether bytes have more control characters than any text."""
    sample = data[:_SAMPLE]
    return _count(sample, _CONTROLS) * 50 > len(sample)


def as_utf8(file: io.BufferedReader[Any]) -> io.BufferedReader[Any]:
    """Return the file recoded on the fly if it begins with a UTF-16 or UTF-32 byte order mark.

    Notes
    -----
    Windows programs write such tables and pages; every reader may then count on ASCII line ends.
    """
    head = file.peek(4)[:4]
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return io.BufferedReader(_Recoded(file, encoding))
    return file


class _Recoded(io.RawIOBase):
    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._file.read(65536)
            try:
                self._ready = self._decoder.decode(chunk, final=not chunk).encode()
            except UnicodeError as error:
                raise OSError(f"not {self._encoding.upper()} text") from error
            if not chunk:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


def _count(data: bytes, which: bytes) -> int:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, which))


def undecodable(data: bytes) -> int:
    """Return how many places are not UTF-8; the counting ends at a hundred."""
    begin = count = 0
    view = data.removeprefix(codecs.BOM_UTF8)
    while count < 100:
        try:
            view[begin : begin + _SAMPLE * 50].decode()
        except UnicodeDecodeError as error:
            count += 1
            begin += error.end
            continue
        break
    return count


def _python_name(label: str) -> str | None:
    try:
        found = codecs.lookup(re.sub(r"[^\w.:-]", "", label))
    except LookupError:
        return None
    return found.name if found._is_text_encoding else None


def _guessed(data: bytes) -> str:
    sample = data[:_SAMPLE]
    high = len(sample.translate(None, _ASCII))
    if high < _FEW * len(sample) or len(sample) < 64:
        return "cp1252"
    from charset_normalizer import from_bytes  # only here: nearly all files are UTF-8

    best = from_bytes(sample[:20_000]).best()
    return best.encoding if best is not None and best.encoding != "ascii" else "cp1252"
