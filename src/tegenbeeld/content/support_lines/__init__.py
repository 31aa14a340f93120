"""
The people one can call, as data: one file per country, and the rules that hold for them.
"""

from tegenbeeld.content.support_lines.hours import Hours
from tegenbeeld.content.support_lines.line import (
    Channel,
    SupportLine,
    Words,
)
from tegenbeeld.content.support_lines.reading import (
    BrokenLine,
    broken_lines,
    read_support_lines,
    support_lines,
)

__all__ = [
    "BrokenLine",
    "Channel",
    "Hours",
    "SupportLine",
    "Words",
    "broken_lines",
    "read_support_lines",
    "support_lines",
]
