"""
What every page may say of the site.
"""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """
    Template context: the operator's name and exit, and what the language switch needs.

    The path comes without its language, so that the switch leads to the same page.
    """
    _, _, rest = request.path.lstrip("/").partition("/")
    return {
        "SITE_NAME": settings.SITE_NAME,
        "EXIT_URL": settings.EXIT_URL,
        "languages": settings.LANGUAGES,
        "current_path_without_language": rest,
    }
