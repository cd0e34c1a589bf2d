"""Who may be a plugin, and what is said to those who may not."""

from pathlib import Path

import pytest

from socialcare.desk.desk import Desk
from socialcare.errors import InvalidPlugin, StoreUnusable
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.memory import MemoryStore
from socialcare.testing import FakeChannel, FakeNotifier
from socialcare.testing.builders import asks, at


class Misspelt:
    """A plugin whose hook nobody asks for."""

    @hookimpl
    def socialcare_chanels(self) -> tuple[()]:
        """Nothing."""
        return ()


class Unmarked:
    """A plugin that forgot the marker."""

    def socialcare_channels(self) -> tuple[()]:
        """Nothing."""
        return ()


class Unprefixed:
    """A plugin whose marked method has no name of ours."""

    @hookimpl
    def channels(self) -> tuple[()]:
        """Nothing."""
        return ()


class TooMuch:
    """A plugin that wants to be told what nobody tells."""

    @hookimpl
    def socialcare_channels(self, weather: str) -> tuple[()]:  # noqa: ARG002 - on purpose
        """Nothing."""
        return ()


class Mute:
    """What has a name, and nothing else of a channel."""

    name = "mute"


class Bringing:
    """A plugin that brings whatever it was given as channels."""

    def __init__(self, *brought: object) -> None:
        self._brought = brought

    @hookimpl
    def socialcare_channels(self) -> tuple[object, ...]:
        """What it was given."""
        return self._brought


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (FakeChannel, r"FakeChannel: found a class; give an instance: FakeChannel\(\)"),
        (Misspelt(), "did you mean 'socialcare_channels'"),
        (Unmarked(), "not marked as a hook; mark it with hookimpl"),
        (Unprefixed(), "there is no hook 'channels'; did you mean 'socialcare_channels'"),
        (TooMuch(), "weather"),
        (object(), "no method is marked as a hook"),
        (Bringing(Mute()), "it has no parse, poll, send"),
        (Bringing(FakeChannel), "found a class as channel"),
        (Bringing(FakeChannel("")), "a text that is not empty"),
        (Bringing(FakeChannel(), FakeChannel()), "a second channel 'fake'"),
    ],
)
def test_what_is_no_plugin(plugin: object, said: str) -> None:
    """It is refused when the desk opens, by name and with what to do."""
    with pytest.raises(InvalidPlugin, match=said):
        Desk.open(plugin)


def test_a_plugin_is_given_once() -> None:
    """The same one twice is a mistake."""
    channel = FakeChannel()

    with pytest.raises(InvalidPlugin, match="give it once"):
        Desk.open(channel, channel)


def test_a_refused_plugin_leaves_no_database(tmp_path: Path) -> None:
    """Nothing is made before everything is known to be right."""
    with pytest.raises(InvalidPlugin):
        Desk.open(tmp_path / "care.db", Misspelt())
    assert list(tmp_path.iterdir()) == []


def test_a_path_comes_first_or_by_name(tmp_path: Path) -> None:
    """A location may be a text or a path, and two of them are one too many."""
    with Desk.open(tmp_path / "care.db", FakeChannel()) as desk:
        desk.receive([asks(0)], now=at(1))
    with Desk.open(store=str(tmp_path / "care.db")) as desk:
        found = desk.conversation("fake:m0")

    assert found.customer_id == "ada"
    with pytest.raises(InvalidPlugin, match="two stores"):
        Desk.open("care.db", store="other.db")


def test_a_location_that_nobody_knows() -> None:
    """It is named."""
    with pytest.raises(StoreUnusable):
        Desk.open("carrier-pigeon://attic")


def test_a_store_that_is_none() -> None:
    """What is missing is named."""
    with pytest.raises(InvalidPlugin, match="it is no store: it has no commit"):
        Desk.open(store=object())  # type: ignore[arg-type]  # on purpose


def test_a_given_store_stays_open() -> None:
    """Whoever opened it closes it."""
    store = MemoryStore()
    with Desk.open(store=store) as desk:
        desk.receive([asks(0)], now=at(1))

    assert Desk.open(store=store).conversation("fake:m0").id == "fake:m0"


def test_desks_know_nothing_of_each_other() -> None:
    """Each has plugins of its own, also when they share a store."""
    store, channel = MemoryStore(), FakeChannel()
    one, other = Desk.open(channel, store=store), Desk.open(store=store)
    one.receive([asks(0)], now=at(1))
    other.reply("fake:m0", "Hello", by="anna", now=at(2))

    assert other.deliver(now=at(3)) == ()
    assert [each.sent for each in one.deliver(now=at(3))] == [True]


def test_plugins_before_ours_are_asked_for_stores() -> None:
    """A plugin may open any location, even one that we would."""

    class Ours:
        @hookimpl
        def socialcare_store(self, location: str) -> MemoryStore | None:
            return MemoryStore() if location == "care.db" else None

    with Desk.open("care.db", Ours(), FakeNotifier()) as desk:
        assert isinstance(desk.store, MemoryStore)
