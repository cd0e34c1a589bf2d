"""The classifiers that we ship, as one plugin of a desk: the extra `text`.

`Desk.open("care.db", TextPlugin(languages=("en", "es")))` is all that it takes.
This module is there without the extra; what needs it loads when the desk opens.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from socialcare.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from socialcare.plugins.protocols import Classifier

__all__ = ["TextPlugin"]


class TextPlugin:
    """Brings the default set for English, told apart from the brand's other languages.

    Args:
        languages: The languages in which the brand's customers write, as BCP 47 tags.
        regions: Where they are, as ISO 3166 codes; for phones and national numbers.
        also: More classifiers, asked after these, such as one that a brand trained itself.
    """

    def __init__(
        self,
        languages: Sequence[str] = ("en",),
        regions: Sequence[str] = ("US", "GB"),
        also: "Iterable[Classifier]" = (),
    ) -> None:
        self._languages, self._regions = tuple(languages), tuple(regions)
        self._also = tuple(also)

    @hookimpl
    def socialcare_classifiers(self) -> "tuple[Classifier, ...]":
        """The classifiers, in the order in which to ask them.

        Raises:
            MissingExtra: If the extra `text` is not installed.
            InvalidValue: If a language or region is not one.
        """
        from socialcare.text.english import english

        return (*english(self._languages, self._regions), *self._also)
