"""
Copies inside uploads: the parts of a picture that may be a photo of their own.

Pure functions over one luma plane, decoded once. They know neither files nor hashes. What is
recognised and what not, with figures, stands in `docs/explanation/copies.md`.
"""

from tegenbeeld.media.views.finding import VIEWS, View, find_views

__all__ = ["VIEWS", "View", "find_views"]
