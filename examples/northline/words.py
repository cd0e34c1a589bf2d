"""What is said: phrases from `phrases.toml` with their blanks filled in."""

import tomllib
from pathlib import Path
from random import Random
from typing import Any

_PHRASES = Path(__file__).with_name("phrases.toml")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_GREETED = frozenset({"delay", "cancellation", "refund", "lost_property", "booking", "app"})


class Words:
    """Composes texts; two calls rarely say the same."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._phrases: dict[str, Any] = tomllib.loads(_PHRASES.read_text("utf-8"))

    def opening(self, category: str, language: str, *, handle: str, long: bool) -> str:
        """What a customer opens with; `long` for where people write letters."""
        said = self.say("openings", category, language)
        if category in _GREETED:
            said = f"{self._pick('greetings', language)}{said}{self._pick('tails', language)}"
        said = self._filled(said, language)
        if long and self._random.random() < 0.6:
            more = self.say("customers", "detail", language)
            name = self._random.choice(self._phrases["slots"]["name"])
            return f"{_capital(said)}\n\n{more}\n\n{name}"
        return f"{handle} {said}" if handle else _capital(said)

    def say(self, group: str, kind: str, language: str, **known: str) -> str:
        """One phrase of a kind, filled in; English where the language has none."""
        phrases = self._phrases[group][kind]
        said = self._random.choice(phrases.get(language) or phrases["en"])
        return self._filled(said, language, **known)

    def awkward(self) -> list[str]:
        """Texts that a careless program trips over, each once."""
        return list(self._phrases["awkward"]["texts"])

    def _pick(self, group: str, language: str) -> str:
        return str(self._random.choice(self._phrases[group][language]))

    def _filled(self, said: str, language: str, **known: str) -> str:
        if "{" not in said:
            return said
        slots = self._phrases["slots"]
        place, other = self._random.sample(slots["place"], 2)
        blanks = {
            "place": place,
            "other": other,
            "minutes": str(self._random.randrange(9, 95)),
            "digits": str(self._random.randrange(100, 1000)),
            "ref": self._reference(),
            "agent": "all",
            "weekday": _like(place, slots["weekday"][language]),
            **{
                name: self._random.choice(slots[name])
                for name in ("train", "time", "price", "name")
            },
            **{name: self._random.choice(slots[name][language]) for name in ("item", "day")},
            **known,
        }
        return said.format_map(blanks)

    def _reference(self) -> str:
        letters = "".join(self._random.choice(_LETTERS) for _ in range(3))
        return f"{letters}{self._random.randrange(1000, 10_000)}"


def _like(word: str, choices: list[str]) -> str:
    """One of the choices, always the same for the same word."""
    return choices[len(word) % len(choices)]


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
