"""
Row numbers that say nothing.

A counter would tell which rows were written together, and so which hashes came from one person.
These are drawn at random, and on SQLite they are the row's place in the file as well.
"""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _BigAutoField = models.BigAutoField[int, int]
else:
    _BigAutoField = models.BigAutoField

ID_BITS = 62
"""Room to spare below the largest number that a database key can hold (2**63 - 1)."""


def random_id() -> int:
    """
    A number from 1 to 2**62, from the operating system's generator.
    """
    return secrets.randbits(ID_BITS) + 1


class RandomIdField(_BigAutoField):
    """
    A primary key drawn at random.

    It builds on the automatic key because SQLite then stores rows in the order of this number
    instead of the order of arrival.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", random_id)
        super().__init__(*args, **options)
