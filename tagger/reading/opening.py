"""Opening an input: gzip, Zstandard and zip are unpacked on the way, within limits."""

from __future__ import annotations

import io
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from tagger.errors import InputError
from tagger.reading.decoding import as_utf8
from tagger.reading.formats import is_known, name_of_binary, wrapping_of
from tagger.reading.options import MEGABYTE

if TYPE_CHECKING:
    import zipfile

__all__ = ["STDIN", "open_input", "seekable", "unpacked"]

STDIN = "-"
_FREE = 20 * MEGABYTE
"""Bytes that any compressed file may hold; from there on `_RATIO` counts."""
_RATIO = 100
"""How many times its own size a compressed file may hold. Text shrinks to a fifth, rarely to a fiftieth."""
_MEMBERS = 100_000
_BROKEN = (OSError, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError)


def open_input(path: str) -> io.BufferedReader[Any]:
    """Open a path, or standard input for ``-``, so that it can be peeked into."""
    if path == STDIN:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    return Path(path).open("rb")


def unpacked(
    file: io.BufferedReader[Any], source: str, depth: int = 0
) -> Iterator[tuple[io.BufferedReader[Any], str] | InputError]:
    """Yield the file itself, or what a compressed file or an archive holds, each with its name.

    Each file is to be read before the next one is asked for.
    """
    head = file.peek(4096)
    wrapping = wrapping_of(head)
    if wrapping is None:
        if what := name_of_binary(head):
            yield InputError(f"{source}: {what}, not text", "Give the text itself, .docx, HTML, a feed or a table.")
        else:
            yield as_utf8(file), source
    elif wrapping == "zip" and source.lower().endswith(".docx"):
        yield file, source  # in an archive too
    elif depth > 0:
        yield InputError(f"{source}: packed twice over", "Unpack it first.")
    elif wrapping == "zip":
        yield from _members(file, source)
    else:
        counted = _Counted(file)
        stream = (_gzip if wrapping == "gzip" else _zstandard)(cast("BinaryIO", counted))
        with io.BufferedReader(_Metered(cast("BinaryIO", stream), source, lambda: counted.total)) as inner:
            yield from unpacked(inner, source, depth + 1)


def seekable(file: BinaryIO) -> IO[bytes]:
    """Return the file, or a temporary copy when one cannot move back in it."""
    if file.seekable():
        return file
    import tempfile

    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads it)
    while chunk := file.read(MEGABYTE):
        copy.write(chunk)
    copy.seek(0)
    return copy


def _members(file: io.BufferedReader[Any], source: str) -> Iterator[tuple[io.BufferedReader[Any], str] | InputError]:
    import zipfile

    try:
        whole = seekable(file)
        archive = zipfile.ZipFile(whole)
    except (*_BROKEN, zipfile.BadZipFile) as error:
        yield InputError(f"{source}: a broken zip archive ({error})")
        return
    with archive:
        infos = archive.infolist()
        names = {info.filename for info in infos}
        if "word/document.xml" in names:
            whole.seek(0)
            yield io.BufferedReader(cast("Any", whole)), source
            return
        if "[Content_Types].xml" in names or "mimetype" in names:
            yield InputError(f"{source}: an Office document, not text", "Save it as .docx, plain text or HTML.")
            return
        if len(infos) > _MEMBERS:
            yield InputError(f"{source}: an archive of more than {_MEMBERS} files")
            return
        if sum(info.compress_size for info in infos) > _size(archive):
            yield InputError(f"{source}: its files overlap, as a zip bomb's do")
            return
        wanted = sorted((info for info in infos if _is_wanted(info)), key=lambda info: info.filename)
        if not wanted:
            yield InputError(f"{source}: the archive holds no file that can be read")
        for info in wanted:
            yield from _member(archive, info, f"{source}/{info.filename}")


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str
) -> Iterator[tuple[io.BufferedReader[Any], str] | InputError]:
    import zipfile

    if info.flag_bits & 1:
        yield InputError(f"{name}: encrypted", "Unpack it first.")
        return
    try:
        stream = archive.open(info)
    except (*_BROKEN, zipfile.BadZipFile) as error:
        yield InputError(f"{name}: cannot be unpacked ({error})")
        return
    metered = _Metered(cast("BinaryIO", stream), name, lambda: info.compress_size)
    with io.BufferedReader(metered) as inner:
        yield from unpacked(inner, name, 1)


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    hidden = "__MACOSX" in parts or any(part.startswith(".") and part not in (".", "..") for part in parts)
    link = stat.S_ISLNK(info.external_attr >> 16)
    return not (info.is_dir() or hidden or link) and is_known(parts[-1])


def _size(archive: zipfile.ZipFile) -> int:
    file = cast("IO[bytes]", archive.fp)
    return file.seek(0, io.SEEK_END)


def _gzip(file: BinaryIO) -> IO[bytes]:
    import gzip

    return cast("IO[bytes]", gzip.GzipFile(fileobj=file))


def _zstandard(file: BinaryIO) -> IO[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    # the window is memory that the file asks for
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 27}
    return cast("IO[bytes]", zstd.ZstdFile(file, options=options))


class _Counted(io.RawIOBase):
    """A file that knows how much was read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.total += len(data)
        return data


class _Metered(io.RawIOBase):
    """Unpacked bytes, which end in an OSError when they become too many for what was packed."""

    def __init__(self, stream: BinaryIO, source: str, packed: Callable[[], int]) -> None:
        self._stream, self._source, self._packed = stream, source, packed
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except Exception as error:  # each library has errors of its own for broken data
            raise OSError(f"broken compressed data ({error})") from error
        self._total += len(data)
        if self._total > max(_FREE, _RATIO * self._packed()):
            raise OSError(f"unpacks to more than {_RATIO} times its size, as a zip bomb does")
        buffer[: len(data)] = data
        return len(data)
