"""
What all facts share: in which languages, how sure, and a sentence in each language.
"""

from typing import Literal

import msgspec

Language = Literal["en", "nl", "fr", "de"]
"""A language of the pages."""

Grade = Literal["A", "B", "C", "M"]
"""
How sure a fact is: A the organisation's own page, B two sources agree, C one other source,
M from memory. C and M are never shown as certain.
"""

CERTAIN: frozenset[Grade] = frozenset({"A", "B"})


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A sentence in each language of the pages.
    """

    en: str
    nl: str
    fr: str
    de: str

    def __post_init__(self) -> None:
        """
        Refuse a sentence that one language lacks.

        Raises:
            ValueError: One is empty.
        """
        if not all((self.en, self.nl, self.fr, self.de)):
            raise ValueError(f"“{self.en or self.nl}” lacks a language.")

    def of(self, language: Language) -> str:
        """
        The sentence in one language.
        """
        said: str = getattr(self, language)
        return said
