"""
Where and how one has something taken down, as data: one file per platform, and the rules for it.
"""

from tegenbeeld.content.platforms.platform import Other, Platform, Route
from tegenbeeld.content.platforms.reading import (
    VOCABULARIES,
    broken_platforms,
    platforms,
    vocabulary,
)

__all__ = [
    "VOCABULARIES",
    "Other",
    "Platform",
    "Route",
    "broken_platforms",
    "platforms",
    "vocabulary",
]
