"""Files made plain: unpacked, and as UTF-8 with line feeds, in a folder that goes away again."""

import gzip
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO

import attrs

from socialcare.analytics.readers.csv_dialect import encoding_of
from socialcare.errors import MissingExtra, UnreadableExport

_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@attrs.define
class Workshop(AbstractContextManager["Workshop"]):
    """Makes files plain; what it wrote is gone when it closes."""

    _folder: "TemporaryDirectory[str] | None" = None
    _made: int = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Removes what was written."""
        if self._folder is not None:
            self._folder.cleanup()

    def plain(self, path: Path) -> Path:
        """The file itself, or a copy that is unpacked and in UTF-8.

        Raises:
            UnreadableExport: If it can't be opened, or is cut short.
        """
        try:
            return self._in_utf8(self._unpacked(path))
        except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
            reason = f"the file is cut short or damaged ({error}); export it again"
            raise UnreadableExport(str(path), reason) from error
        except OSError as error:
            reason = f"the file can't be read ({error.strerror or error})"
            raise UnreadableExport(str(path), reason) from error

    def _unpacked(self, path: Path) -> Path:
        beginning = beginning_of(path, 4)
        if beginning.startswith(_GZIP):
            with gzip.open(path) as file:
                return self._copied(iter(lambda: file.read(_BLOCK), b""))
        if beginning.startswith(_ZSTD):
            with path.open("rb") as packed:
                return self._copied(_unpacked_zstd(packed))
        return path

    def _in_utf8(self, path: Path) -> Path:
        beginning = beginning_of(path, 1 << 16)
        encoding = encoding_of(beginning)
        old_feeds = b"\r" in beginning and b"\n" not in beginning
        if encoding == "utf-8" and not old_feeds:
            return path
        with path.open("rb") as file:
            return self._copied(_recoded(file, encoding, old_feeds=old_feeds))

    def _copied(self, blocks: Iterator[bytes]) -> Path:
        target = self.new_file()
        with target.open("wb") as file:
            for block in blocks:
                file.write(block)
        return target

    def new_file(self) -> Path:
        """A path to write to."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="socialcare-")
        self._made += 1
        return Path(self._folder.name) / str(self._made)


def beginning_of(path: Path, size: int) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(size)


def _recoded(file: BinaryIO, encoding: str, *, old_feeds: bool) -> Iterator[bytes]:
    """Blocks of a file in UTF-8; with a return for each line made a line feed."""
    decoder = getincrementaldecoder(encoding)()
    if file.read(2) not in (BOM_UTF16_LE, BOM_UTF16_BE):
        file.seek(0)
    while block := file.read(_BLOCK):
        yield _feeds(decoder.decode(block), old_feeds)
    yield _feeds(decoder.decode(b"", final=True), old_feeds)


def _feeds(text: str, old: bool) -> bytes:
    return (text.replace("\r", "\n") if old else text).encode("utf-8", "replace")


def _unpacked_zstd(packed: BinaryIO) -> Iterator[bytes]:
    reader = _zstd_reader()(packed)
    while block := reader.read(_BLOCK):
        yield block


def _zstd_reader() -> Callable[[BinaryIO], Any]:
    """What unpacks Zstandard: the standard library from Python 3.14 on, else an extra."""
    try:
        from compression.zstd import ZstdFile  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return _zstandard()
    opened: Callable[[BinaryIO], Any] = ZstdFile
    return opened


def _zstandard() -> Callable[[BinaryIO], Any]:
    try:
        from zstandard import ZstdDecompressor, ZstdError
    except ImportError as error:
        raise MissingExtra("analytics", module="zstandard") from error

    class Reader:
        """Reads like a file, and says what is wrong as the standard library does."""

        def __init__(self, packed: BinaryIO) -> None:
            self._stream = ZstdDecompressor().stream_reader(packed, read_across_frames=True)

        def read(self, size: int) -> bytes:
            try:
                return self._stream.read(size)
            except ZstdError as error:
                raise EOFError(str(error)) from error

    return Reader
