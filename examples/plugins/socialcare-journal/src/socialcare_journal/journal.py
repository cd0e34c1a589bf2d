"""The file: lines that are on the disk once `append` returns, of one process at a time."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

from socialcare.errors import StoreUnusable

_log = logging.getLogger("socialcare_journal")

HEADER = {"journal": "socialcare", "version": 1}


class Journal:
    """A file of JSON objects, one a line, that is only ever added to.

    Args:
        path: The file; it is made if it is not there.

    Raises:
        StoreUnusable: If another program has it open, or it is no journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = os.getpid()
        self._file = _locked(path)
        self._unusable: str | None = None
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise

    def _begin(self) -> None:
        self._drop_torn_line()
        if not self._path.stat().st_size:
            self.append(HEADER)
            _sync_folder(self._path.parent)

    def _drop_torn_line(self) -> None:
        """Cuts off what was being written when the power went: nobody was told that it was kept."""
        whole = self._path.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            _log.warning("%s: dropped an unfinished line of %d bytes", self._path, len(whole) - end)
            self._file.truncate(end)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What was appended, in order.

        Raises:
            StoreUnusable: If a line makes no sense, which it says.
        """
        with self._path.open("rb") as file:
            header = self._object(1, file.readline())
            if header != HEADER:
                raise StoreUnusable(str(self._path), f"line 1: found {header}, expected {HEADER}")
            for number, line in enumerate(file, start=2):
                yield self._object(number, line)

    def _object(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except ValueError as error:
            raise StoreUnusable(str(self._path), f"line {number} is damaged: {error}") from error
        if not isinstance(found, dict):
            raise StoreUnusable(str(self._path), f"line {number} is no JSON object")
        return found

    def append(self, line: object) -> None:
        """Adds a line; it is on the disk once this returns.

        Raises:
            StoreUnusable: If it could not be written, and from then on: what is on the disk now
                nobody knows until the file is opened again.
        """
        self.refuse_unusable()
        try:
            self._write(f"{json.dumps(line, separators=(',', ':'))}\n".encode())
            os.fsync(self._file.fileno())
        except OSError as error:
            self._unusable = f"{error}; open it again to go on from what is on the disk"
            self.refuse_unusable()

    def _write(self, line: bytes) -> None:
        written = 0
        while written < len(line):
            written += self._file.write(line[written:])

    def refuse_unusable(self) -> None:
        """Raises why the journal can't be used, if so."""
        if os.getpid() != self._process:
            raise StoreUnusable(str(self._path), "it was opened before a fork, by another process")
        if self._unusable is not None:
            raise StoreUnusable(str(self._path), self._unusable)

    def close(self) -> None:
        """Lets go of the file."""
        self._unusable = "it is closed"
        self._file.close()


def _locked(path: Path) -> FileIO:
    """The file, open, while no other program has it; the lock goes with the process."""
    file = FileIO(path, "a")  # without a buffer, which could write later what failed now
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        reason = "another program has it open; a journal is for one, use a database for several"
        raise StoreUnusable(str(path), reason) from error
    return file


def _sync_folder(path: Path) -> None:
    """Has the name of a new file on the disk, too."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
