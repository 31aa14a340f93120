"""
The tables in the database are those of the code.
"""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    """
    A changed table without its migration fails here, not on somebody's node.
    """
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
