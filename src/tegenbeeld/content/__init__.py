"""
Facts that change on their own: support lines for now. Data files with source, grade and date.

Nothing here knows the web framework. A fact whose `verified_on` is absent has not been
checked by a person, and whatever shows it says so.
"""

from tegenbeeld.content.support_lines import Channel, SupportLine, support_lines
from tegenbeeld.content.values import Grade, Language

__all__ = ["Channel", "Grade", "Language", "SupportLine", "support_lines"]
