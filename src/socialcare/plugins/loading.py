"""Loading: who is there when a desk opens.

This is the only caller of pluggy. Each desk has a plugin manager of its own, so that two desks in
one program know nothing of each other's plugins; entry points are looked at only when asked for.
What cannot be a plugin is refused here, by name and with what to do, and never found out later.
"""

import inspect
import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import attrs
import pluggy

from socialcare.errors import InvalidPlugin, StoreUnusable
from socialcare.plugins import hookspecs
from socialcare.plugins.hookspecs import PROJECT
from socialcare.plugins.protocols import Channel, Classifier, Directory, Notifier, Store

BUILT_IN = ("socialcare.plugins.memory", "socialcare.stores.sqlite", "socialcare.stores.sql")
"""Our own plugins, by module: registered first, so that any other is asked before them."""
PREFIX = f"{PROJECT}_"
MARK = f"{PROJECT}_impl"
"""What `hookimpl` leaves on a function."""
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith(PREFIX))
IN_MEMORY = "memory:"

Location: TypeAlias = str | os.PathLike[str]
"""A path or an URL of a store."""
_Brought = TypeVar("_Brought", Channel, Classifier, Directory, Notifier)


@attrs.frozen(kw_only=True)
class Loaded:
    """Who is there.

    Attributes:
        store: Where the log is kept.
        opened: Whether the store was opened here, so that the desk closes it again.
        channels, notifiers, classifiers, directories: By name, in the order of the plugins.
    """

    store: Store
    opened: bool
    channels: Mapping[str, Channel]
    notifiers: Mapping[str, Notifier]
    classifiers: Mapping[str, Classifier]
    directories: Mapping[str, Directory]


def loaded(
    plugins: Iterable[object], *, store: Store | Location | None, entry_points: bool
) -> Loaded:
    """The store, and all else that these plugins, and ours, bring.

    Args:
        plugins: Objects or modules with functions marked `hookimpl`.
        store: A store, the location of one, or None for one in memory.
        entry_points: Whether installed packages may bring plugins, by the group `socialcare`.

    Raises:
        InvalidPlugin: If one of them cannot be a plugin, or brings what cannot be used.
        StoreUnusable: If no plugin has a store for that location.
    """
    manager = _manager(plugins, entry_points=entry_points)
    hook = manager.hook
    # The store last: if anything else is refused, no database was made.
    channels = _by_name("channel", Channel, hook.socialcare_channels())
    notifiers = _by_name("notifier", Notifier, hook.socialcare_notifiers())
    classifiers = _by_name("classifier", Classifier, hook.socialcare_classifiers())
    directories = _by_name("directory", Directory, hook.socialcare_directories())
    here = store is None or isinstance(store, str | os.PathLike)
    return Loaded(
        store=_opened(manager, store) if here else _store(store),
        opened=here,
        channels=channels,
        notifiers=notifiers,
        classifiers=classifiers,
        directories=directories,
    )


def _manager(plugins: Iterable[object], *, entry_points: bool) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    for name in BUILT_IN:
        module = import_module(name)
        manager.register(getattr(module, "plugin", module))
    if entry_points:
        manager.load_setuptools_entrypoints(PROJECT)
        for name, plugin in manager.list_name_plugin():
            _refuse(plugin, name)
    for plugin in plugins:
        _register(manager, plugin)
    _check(manager)
    return manager


def _check(manager: pluggy.PluginManager) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise InvalidPlugin(_named(error.plugin), str(error)) from error


def _register(manager: pluggy.PluginManager, plugin: object) -> None:
    _refuse(plugin, _named(plugin))
    try:
        manager.register(plugin)
    except pluggy.PluginValidationError as error:
        raise InvalidPlugin(_named(plugin), str(error)) from error
    except ValueError as error:
        raise InvalidPlugin(_named(plugin), "it was given twice; give it once") from error


def _refuse(plugin: object, name: str) -> None:
    """Raises what is wrong with a plugin before pluggy sees it, since pluggy would be silent."""
    if inspect.isclass(plugin):
        raise InvalidPlugin(name, f"found a class; give an instance: {plugin.__name__}()")
    if plugin is None or isinstance(plugin, str | bytes | os.PathLike):
        raise InvalidPlugin(
            name, "found no plugin; the location of a store goes first, or as store="
        )
    marked = 0
    for attribute, is_marked in _functions(plugin):
        _refuse_hook(name, attribute, is_marked=is_marked)
        marked += is_marked
    if not marked:
        said = "no method is marked as a hook; mark one with socialcare.plugins.hookspecs.hookimpl"
        raise InvalidPlugin(name, f"{said}: {', '.join(HOOKS)}")


def _refuse_hook(plugin: str, attribute: str, *, is_marked: bool) -> None:
    if is_marked and attribute not in HOOKS:
        raise InvalidPlugin(plugin, f"there is no hook {attribute!r}; {_nearest(attribute)}")
    if attribute.startswith(PREFIX) and not is_marked:
        right = "mark it with hookimpl" if attribute in HOOKS else _nearest(attribute)
        raise InvalidPlugin(plugin, f"{attribute!r} is not marked as a hook; {right}")


def _nearest(name: str) -> str:
    wanted = name if name.startswith(PREFIX) else f"{PREFIX}{name}"
    near = get_close_matches(wanted, HOOKS, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"the hooks are {', '.join(HOOKS)}"


def _functions(plugin: object) -> Iterator[tuple[str, bool]]:
    """The names of its functions, and whether each is marked; properties are not touched."""
    for name in dir(plugin):
        found = inspect.getattr_static(plugin, name, None)
        function = getattr(found, "__func__", found)
        if inspect.isroutine(function):
            yield name, getattr(function, MARK, None) is not None


def _named(plugin: object) -> str:
    own = getattr(plugin, "__name__", None)
    return own if isinstance(own, str) else type(plugin).__name__


def _by_name(
    what: str, protocol: type[_Brought], brought: Iterable[Iterable[_Brought]]
) -> Mapping[str, _Brought]:
    # pluggy asks the latest first; people read from the first.
    every = [each for some in reversed(list(brought)) for each in some]
    found: dict[str, _Brought] = {}
    for each in every:
        _satisfies(what, protocol, each)
        if each.name in found:
            raise InvalidPlugin(
                _named(each), f"a second {what} {each.name!r}; give it another name"
            )
        found[each.name] = each
    return MappingProxyType(found)


def _satisfies(what: str, protocol: type, found: object) -> None:
    name = _named(found)
    if inspect.isclass(found):
        raise InvalidPlugin(name, f"found a class as {what}; give an instance: {name}()")
    wanted = [each for each in vars(protocol) if not each.startswith("_")]
    missing = [each for each in wanted if not hasattr(found, each)]
    if missing:
        raise InvalidPlugin(name, f"it is no {what}: it has no {', '.join(missing)}")
    if "name" in wanted and not _is_name(getattr(found, "name", None)):
        raise InvalidPlugin(name, f"the name of a {what} is a text that is not empty")


def _is_name(found: object) -> bool:
    return isinstance(found, str) and found != ""


def _store(found: object) -> Store:
    _satisfies("store", Store, found)
    if not isinstance(found, Store):
        raise InvalidPlugin(_named(found), "it is no store")
    return found


def _opened(manager: pluggy.PluginManager, location: object) -> Store:
    where = IN_MEMORY if location is None else os.fspath(location)  # type: ignore[call-overload]  # what is here was looked at by `loaded`
    found = manager.hook.socialcare_store(location=where)
    if found is None:
        raise StoreUnusable(
            where,
            "no plugin has a store for it; expected a path or an URL such as sqlite:///care.db",
        )
    return _store(found)
