"""
The one Django application of the node: its tables.
"""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """
    Tables and migrations.
    """

    name = "tegenbeeld.server.records"
    label = "records"
