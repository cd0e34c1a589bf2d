"""Words: what a text is searched by, alike in every store and every query.

A text is folded before it is cut into words: case, accents and marks go, compatibility forms become
plain, what is invisible goes, and in a word that mixes scripts a letter that only looks Latin
becomes Latin. Scripts that put no spaces between words are cut into their letters, so that a
word of such a script is found as a row of letters.
"""
# ruff: noqa: RUF001, RUF002 - letters that pass for others are what this module is about

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"  # radicals, marks and numerals of Han
    "\u3041-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\U00020000-\U0003fffd"
)
_LETTER = rf"[^\W{_UNSPACED}]"
_WORD = re.compile(r"\w{1,64}")  # no index takes words of any length
_ANY_WORD = re.compile(rf"[{_UNSPACED}]|{_LETTER}{{1,64}}")

_CYRILLIC, _AS_CYRILLIC = "аеорсухіјѕԁһӏԛԝвнкмтзгь", "aeopcyxijsdhlqwbhkmt3rb"
_GREEK, _AS_GREEK = "αβγεικνορτυχω", "abyeikvoptuxw"
_LOOKS = str.maketrans(_CYRILLIC + _GREEK, _AS_CYRILLIC + _AS_GREEK)
"""Cyrillic and Greek letters that pass for Latin ones, in either case."""
_CERTAIN = "аеорсухіјѕԁһӏԛԝ"
"""Those that nobody can tell from Latin ones; a word of nothing else is taken for Latin."""
_SIMILAR = "".join(map(chr, _LOOKS))
_POSING = re.compile(rf"[{_SIMILAR}]")
_RUN = re.compile(rf"{_LETTER}+")
_CERTAINLY = re.compile(rf"[0-9_{_CERTAIN}]+")
_POSSIBLY = re.compile(rf"[a-z0-9_{_SIMILAR}]+")
_A_LATIN_LETTER = re.compile("[a-z]")

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{1,32}")
_MOST_KEPT = 20_000
"""How many pieces of texts are remembered with what they are folded to."""
_DROPPED = frozenset({"Mn", "Mc", "Me", "Cf"})


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded; in order, repeats included.

    What has more than 64 letters in a row is cut after every 64.

    >>> words("Où est MA commande, #A-17?")
    ('ou', 'est', 'ma', 'commande', 'a', '17')
    >>> words("PаyPаl 故障")  # the first word with two Cyrillic letters
    ('paypal', '故', '障')
    """
    return cut(folded(text))


def cut(folded_text: str) -> tuple[str, ...]:
    """The words of a text that is folded already."""
    word = _WORD if folded_text.isascii() else _ANY_WORD
    return tuple(word.findall(folded_text))


def folded(text: str) -> str:
    """The text without case, accents, marks and disguise, its spaces and signs left as they are.

    >>> folded("Où est ma COMMANDE?")
    'ou est ma commande?'
    """
    return text.lower() if text.isascii() else _undisguised(_plain(text))


def spellings(text: str) -> tuple[str, ...]:
    """The text folded; and before that with its letters left in their script, if that differs.

    Of a part of a word nobody can tell whether the whole is Latin: `рос` alone looks like `poc`,
    and begins `россия`.
    """
    plain = _plain(text)
    return tuple(dict.fromkeys((plain, _undisguised(plain))))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each of the words of `words` stands in the text, as start and end.

    >>> list(spans("Où est?"))
    [(0, 2), (3, 6)]
    """
    return _where(text, _WORD if text.isascii() else _ANY_WORD)


def occurrences(text: str, sign: str) -> Iterator[tuple[int, int]]:
    """Where something stands in the text that is folded already and no word, as start and end.

    >>> list(occurrences("Où? Quoi?", "?"))
    [(2, 3), (8, 9)]
    """
    return _where(text, re.compile(re.escape(sign)))


def _where(text: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the text has what is looked for in it folded."""
    if text.isascii():
        return map(re.Match.span, wanted.finditer(text.lower()))
    return _where_beyond_ascii(text, wanted)


def _where_beyond_ascii(text: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    came = [place for place, each in enumerate(text) for _ in _plain(each)]
    for found in wanted.finditer(folded(text)):
        end = came[found.end() - 1] + 1
        while end < len(text) and not _plain(text[end]):
            end += 1  # marks belong to the letter before them
        yield came[found.start()], end


def _plain(text: str) -> str:
    """The text without case, accents and marks; each letter by itself, whatever is beside it."""
    return _BEYOND_ASCII.sub(_bare, text).lower()


def _bare(found: re.Match[str]) -> str:
    return _bare_letters(found[0])


@lru_cache(maxsize=_MOST_KEPT)
def _bare_letters(letters: str) -> str:
    plain = unicodedata.normalize("NFKD", letters).casefold()
    return "".join(each for each in plain if unicodedata.category(each) not in _DROPPED)


def _undisguised(text: str) -> str:
    return _RUN.sub(_as_latin, text) if _POSING.search(text) else text


def _as_latin(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(_LOOKS) if _POSING.search(word) and _is_latin(word) else word


def _is_latin(word: str) -> bool:
    """Whether a word is meant to be read as Latin: nothing in it shows another script."""
    return _CERTAINLY.fullmatch(word) is not None or (
        _POSSIBLY.fullmatch(word) is not None and _A_LATIN_LETTER.search(word) is not None
    )
