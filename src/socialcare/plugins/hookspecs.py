"""Every hook, on one screen. A hook says who is there; `protocols` says what it must do."""

from collections.abc import Iterable

import pluggy

from socialcare.plugins.protocols import Channel, Classifier, Directory, Notifier, Store

PROJECT = "socialcare"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a method of a plugin as an implementation of a hook."""


@hookspec
def socialcare_channels() -> Iterable[Channel]:
    """The channels that a plugin brings.

    Asked once, when a desk opens. Two channels of one name are refused, and what fails here keeps
    the desk from opening. By default there are none, and a desk without channels takes messages
    of any.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def socialcare_store(location: str) -> Store | None:
    """The store at a location, a path or an URL; None if it is for another plugin.

    Asked once, when a desk opens with `store` as a text; the plugin registered last is asked
    first, and the first answer counts. What fails here keeps the desk from opening. By default a
    path, or `sqlite:///path`, is a SQLite database, `memory:` is kept in memory, and an URL of
    SQLAlchemy needs the extra `sql`.
    """
    raise NotImplementedError


@hookspec
def socialcare_notifiers() -> Iterable[Notifier]:
    """The notifiers that a plugin brings.

    Asked once, when a desk opens; every notifier is told every notice. Two of one name are
    refused. One that fails is logged and tried again later; it stops neither another nor the desk.
    By default there are none.
    """
    raise NotImplementedError


@hookspec
def socialcare_classifiers() -> Iterable[Classifier]:
    """The classifiers that a plugin brings.

    Asked once, when a desk opens; each message of a customer is read by every classifier, in the
    order of the plugins, and a later one knows the language that an earlier one found. Two of one
    name are refused. One that fails is logged, and the message is taken in without what it would
    have said. By default there are none, and rules have the words alone.
    """
    raise NotImplementedError


@hookspec
def socialcare_directories() -> Iterable[Directory]:
    """The directories that a plugin brings: who somebody is, by channel or CRM.

    Asked once, when a desk opens. Where several know somebody, what the first says counts, and the
    others fill in what it does not know. Two of one name are refused. One that fails is logged, and
    nothing is known from it. By default there are none.
    """
    raise NotImplementedError
