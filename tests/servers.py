"""A PostgreSQL of our own for tests: started when first asked for, stopped when they end.

The programs are those of the machine; the data are in a temporary folder, and the server listens
on 127.0.0.1 only, at a port that was free. It never runs as root, since it refuses to.
Every test gets a database of its own, so tests may run in any order and at once.
"""

import atexit
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import attrs
import psycopg
import pytest

OWNERS = ("postgres", "nobody")
"""As whom a server runs when the tests run as root."""
USER = "socialcare"
ATTEMPTS = 3
"""How many ports are tried, since a free one may be taken before the server listens on it."""


class NoServer(Exception):
    """No server can be had on this machine; says why."""


@attrs.frozen(kw_only=True)
class Server:
    """A running server.

    Attributes:
        port: Where it listens on 127.0.0.1.
        pid: The process that all of its others are children of.
    """

    port: int
    pid: int
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, init=False)

    def url(self, database: str) -> str:
        """The URL of a database, as SQLAlchemy and psycopg take it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a fresh database, which is dropped at the end."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, command: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(command.encode())


@contextmanager
def postgres(*, durable: bool = True) -> Iterator[Server]:
    """A PostgreSQL of this machine, for as long as the block runs.

    Args:
        durable: Whether what was committed is on the disk; without, a commit costs less.

    Raises:
        NoServer: If there are no programs of it, or they do not run.
    """
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="socialcare-postgres-"))
    try:
        if owner is not None:
            shutil.chown(folder, owner)
        data = folder / "data"
        _run("initdb", *_initial(data), folder=folder, owner=owner)
        port = _start(data, owner, durable=durable)
        try:
            yield Server(port=port, pid=_pid(data))
        finally:
            _run("pg_ctl", "stop", "-D", str(data), "-m", "fast", folder=folder, owner=owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def shared() -> Server | NoServer:
    """The one server of this process, or why there is none; it stops when the process ends."""
    stack = ExitStack()
    try:
        # Tests kill programs that use the server, never the server: what it was told is kept.
        server = stack.enter_context(postgres(durable=False))
    except NoServer as error:
        return error
    atexit.register(stack.close)
    return server


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of a fresh database on a real server; without one, the test is skipped."""
    server = shared()
    if isinstance(server, NoServer):
        pytest.skip(f"no PostgreSQL: {server}")
    with server.database() as url:
        yield url


def _initial(data: Path) -> tuple[str, ...]:
    return ("-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")


def _start(data: Path, owner: str | None, *, durable: bool) -> int:
    failed = NoServer("it was not started")
    for _ in range(ATTEMPTS):
        port = _free_port()
        arguments = (
            "-D",
            str(data),
            "-l",
            str(data.parent / "log"),
            "-o",
            _settings(port, durable=durable),
        )
        try:
            _run("pg_ctl", "start", "-w", *arguments, folder=data.parent, owner=owner)
        except NoServer as error:
            failed = error
        else:
            return port
    raise failed


def _settings(port: int, *, durable: bool) -> str:
    fsync = "on" if durable else "off"
    return f"-h 127.0.0.1 -p {port} -N 200 -c unix_socket_directories='' -c fsync={fsync}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _pid(data: Path) -> int:
    return int((data / "postmaster.pid").read_text("utf-8").splitlines()[0])


def _owner() -> str | None:
    """As whom to run it: None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in OWNERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoServer(f"it refuses to run as root, and there is none of {', '.join(OWNERS)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is not None:
        return found
    debian = list(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not debian:
        raise NoServer(f"there is no {name} on the path or under /usr/lib/postgresql")
    return str(max(debian, key=lambda path: float(path.parts[-3])))


def _run(name: str, *arguments: str, folder: Path, owner: str | None) -> None:
    done = subprocess.run(
        [_program(name), *arguments],
        cwd=folder,
        user=owner,
        group=None if owner is None else pwd.getpwnam(owner).pw_gid,
        extra_groups=None if owner is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise NoServer(f"{name} failed: {done.stdout.strip()}")
