"""
Addresses of the partners' door.
"""

from django.urls import path, re_path

from tegenbeeld.server.exchange import native, openapi, stopncii

urlpatterns = [
    path("api/v1/changes", native.changes),
    path("api/v1/acknowledgements", native.acknowledgements),
    path("api/v1/feedback", native.feedback),
    path("api/v1/openapi.json", openapi.document),
    # A client whose base URL ends in a slash asks for //FetchHashes.
    re_path(r"^stopncii/v1/+FetchHashes$", stopncii.fetch_hashes),
    re_path(r"^stopncii/v1/+SubmitHashes$", stopncii.submit_hashes),
    re_path(r"^stopncii/v1/+SubmitFeedback$", stopncii.submit_feedback),
]
