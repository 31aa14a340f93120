"""
The portal as Django knows it: its templates.
"""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """
    Templates of the person's pages.
    """

    name = "tegenbeeld.server.portal"
    label = "portal"
