"""
The language of a page.
"""

from typing import cast

from django.utils.translation import get_language

from tegenbeeld.content import Language


def active_language() -> Language:
    """
    Give the language of the page; English where nothing else is active.
    """
    code = (get_language() or "en").split("-")[0]
    return cast("Language", code) if code in {"en", "nl", "fr", "de"} else "en"
