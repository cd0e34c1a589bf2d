"""The contract of a notifier, as tests that its author's test suite runs.

Make a subclass, give the fixture `notifier`, and say how a test sees what it told::

    class TestMyNotifier(NotifierContract):
        @pytest.fixture
        def notifier(self):
            return MyNotifier(outbox=[])

        def told(self, notifier):
            return [mail.subject for mail in notifier.outbox]
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from socialcare.errors import DeliveryFailed, MissingExtra
from socialcare.plugins.protocols import Notifier
from socialcare.plugins.records import Notice
from socialcare.testing import builders

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing", module="pytest") from error


class NotifierContract:
    """What every notifier must hold to."""

    @pytest.fixture
    def notifier(self) -> Notifier:
        """The notifier under test; its outside world may be a fake."""
        raise NotImplementedError("override the fixture `notifier` and return your notifier")

    def told(self, notifier: Notifier) -> Sequence[object] | None:  # noqa: ARG002 - for whoever overrides it
        """What reached the people out there, one value each; None if a test can't see it."""
        return None

    @contextmanager
    def failing(self, notifier: Notifier) -> Iterator[bool]:  # noqa: ARG002 - for whoever overrides it
        """The outside world fails meanwhile; gives whether it does."""
        yield False

    def test_it_is_a_notifier(self, notifier: Notifier) -> None:
        """It has all that the protocol asks for, and a name."""
        assert isinstance(notifier, Notifier)
        assert notifier.name

    @pytest.mark.parametrize("to", ["anna", None])
    def test_it_tells(self, notifier: Notifier, to: str | None) -> None:
        """A notice gets through, whether it concerns somebody or everybody."""
        notifier.notify(_notice("n1", to=to))
        told = self.told(notifier)

        assert told is None or len(told) == 1

    def test_it_tells_about_no_conversation(self, notifier: Notifier) -> None:
        """A notice may be about the desk as a whole."""
        notifier.notify(_notice("n1", conversation=None))
        told = self.told(notifier)

        assert told is None or len(told) == 1

    def test_it_takes_any_text(self, notifier: Notifier) -> None:
        """Line ends, other scripts and emoji get through, or are named as a failure."""
        try:
            notifier.notify(
                _notice("n1", said="Größe\r\n\u202eعربى \U0001f9d1\u200d\U0001f680 <b>&")
            )
        except DeliveryFailed:
            return
        told = self.told(notifier)

        assert told is None or len(told) == 1

    def test_a_failure_is_named(self, notifier: Notifier) -> None:
        """What the outside world does not take is a `DeliveryFailed`."""
        with self.failing(notifier) as fails:
            if not fails:
                pytest.skip("give `failing` to try this")
            with pytest.raises(DeliveryFailed):
                notifier.notify(_notice("n1"))

    def test_threads_can_share_it(self, notifier: Notifier) -> None:
        """Several workers tell at once, and everything gets through."""
        notices = [_notice(f"n{number}") for number in range(20)]
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(notifier.notify, notices))
        told = self.told(notifier)

        assert told is None or len(told) == len(notices)


def _notice(
    notice_id: str,
    *,
    to: str | None = "anna",
    conversation: str | None = "fake:m0",
    said: str = "the conversation is anna's now",
) -> Notice:
    return Notice(
        id=notice_id,
        kind="assigned",
        conversation=conversation,
        to=to,
        said=said,
        at=builders.NINE,
    )
