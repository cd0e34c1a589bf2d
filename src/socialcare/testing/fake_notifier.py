"""A notifier that keeps what it is told, and fails on demand."""

from collections.abc import Iterable

from socialcare.errors import DeliveryFailed
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.records import Notice


class FakeNotifier:
    """A notifier, and the plugin that brings it: `Desk.open(FakeNotifier())`."""

    def __init__(self, name: str = "fake") -> None:
        self._name = name
        self._told: dict[str, Notice] = {}
        self._failures: list[Exception] = []

    @hookimpl
    def socialcare_notifiers(self) -> Iterable["FakeNotifier"]:
        """Itself."""
        return (self,)

    @property
    def name(self) -> str:
        """What it is called in the outbox."""
        return self._name

    @property
    def told(self) -> tuple[Notice, ...]:
        """What it was told, in order, each id once."""
        return tuple(self._told.values())

    def fails(self, times: int = 1, *, again: bool = True) -> None:
        """The next notices are not taken."""
        failure = DeliveryFailed(self._name, "out of order, as was asked for", again=again)
        self._failures += [failure] * times

    def breaks(self, times: int = 1) -> None:
        """The next notices hit on a mistake in the notifier itself."""
        self._failures += [RuntimeError("a mistake, as was asked for")] * times

    def notify(self, notice: Notice) -> None:
        """Keeps the notice, unless it was to fail."""
        if self._failures:
            raise self._failures.pop(0)
        self._told.setdefault(notice.id, notice)
