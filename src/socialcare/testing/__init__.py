"""For authors of plugins: contracts to pass, builders, and a fake channel and notifier.

A contract is a class of pytest tests; make a subclass of it in your own tests and say what it asks
for. The fakes and builders work without pytest; the contracts need the extra `testing`.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from socialcare.errors import MissingExtra

if TYPE_CHECKING:
    from socialcare.testing.channel import Call, ChannelContract
    from socialcare.testing.classifier import ClassifierContract
    from socialcare.testing.fake_channel import FakeChannel
    from socialcare.testing.fake_notifier import FakeNotifier
    from socialcare.testing.notifier import NotifierContract
    from socialcare.testing.store import StoreContract

__all__ = [
    "Call",
    "ChannelContract",
    "ClassifierContract",
    "FakeChannel",
    "FakeNotifier",
    "NotifierContract",
    "StoreContract",
]

_HOME = {
    "Call": "channel",
    "ChannelContract": "channel",
    "ClassifierContract": "classifier",
    "FakeChannel": "fake_channel",
    "FakeNotifier": "fake_notifier",
    "NotifierContract": "notifier",
    "StoreContract": "store",
}
_CONTRACTS = {"channel", "classifier", "notifier", "store"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = f"{__name__}.{_HOME[name]}"
    if _HOME[name] in _CONTRACTS:
        _explain_failures(home)
    return getattr(import_module(home), name)


def _explain_failures(module: str) -> None:
    """Has pytest show what was compared when a contract is broken, as in one's own tests."""
    try:
        pytest = import_module("pytest")
    except ImportError as error:
        raise MissingExtra("testing", module="pytest") from error
    if module not in sys.modules:
        pytest.register_assert_rewrite(module)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
