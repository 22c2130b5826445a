"""Parquet: one article a row, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.options import DEFAULTS, Options
from tagger.reading.records import article_from, check_columns, role_of

__all__ = ["read_parquet"]

_BATCH = 256


def read_parquet(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each row's article, or the error that names the row.

    Only the columns that hold an article's fields are read. They stay dictionary-encoded, so that a
    small file which repeats one large value does not fill the memory.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        schema = pq.read_schema(file)
        named = (options.title_column, options.body_column, options.id_column)
        wanted = [name for name in schema.names if name in named or role_of(name)[0]]
        check_columns(schema.names, source, options)
        file.seek(0)
        texts = [name for name in wanted if schema.field(name).type in (pa.string(), pa.large_string())]
        table = pq.ParquetFile(file, read_dictionary=texts, pre_buffer=False)
        for batch in table.iter_batches(batch_size=_BATCH, columns=wanted):
            for index in range(batch.num_rows):
                number += 1
                where = f"{source}#{number}"
                try:
                    row = {name: _plain(batch.column(name)[index]) for name in batch.schema.names}
                    yield article_from(row, where, source, number, options)
                except InputError as error:
                    yield error
                except (ValueError, OverflowError) as error:
                    yield InputError(f"{where}: broken value ({error})")
    except InputError as error:
        yield error
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        yield InputError(f"{source}: not a Parquet file that can be read ({reason})")


def _plain(scalar: object) -> object:
    """Return a cell as JSON would have it; dates and times become ISO text."""
    value = scalar.as_py()  # type: ignore[attr-defined]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else value
