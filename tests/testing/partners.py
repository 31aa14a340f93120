"""
A partner and its keys, ready to knock on either door.
"""

from datetime import date
from typing import Any

from django.test import Client

from tegenbeeld.casework.partnership import KeyPurpose
from tegenbeeld.server.actions import partners

DAY = date(2026, 11, 23)


class Partner:
    """
    A platform that takes part, with Django's test client as its software.
    """

    def __init__(self, name: str = "Platform A", *, on: date = DAY) -> None:
        self.name = name
        self.keys = partners.add(name, by="test", on=on)
        self.client = Client()

    @property
    def bearer(self) -> dict[str, str]:
        """
        Headers of the native API.
        """
        return {"Authorization": f"Bearer {self.keys[KeyPurpose.NATIVE]}"}

    def stopncii_headers(self, purpose: KeyPurpose) -> dict[str, str]:
        """
        Headers of one endpoint of the StopNCII-compatible door.
        """
        return {
            "Ocp-Apim-Subscription-Key": self.keys[KeyPurpose.SUBSCRIPTION],
            "x-functions-key": self.keys[purpose],
        }

    def changes(self, **query: int) -> Any:
        """
        A page of the native feed, as JSON.
        """
        return self.client.get("/api/v1/changes", query, headers=self.bearer).json()

    def acknowledge(self, through: int) -> Any:
        """
        Acknowledge, and the answer.
        """
        return self._post("/api/v1/acknowledgements", {"through": through}, self.bearer)

    def say(self, identifier: str, value: str) -> Any:
        """
        Give native feedback, and the answer.
        """
        message = {"feedback": [{"id": identifier, "value": value}]}
        return self._post("/api/v1/feedback", message, self.bearer)

    def fetch(self, start: int = 10, **query: object) -> Any:
        """
        A page of `FetchHashes`, as JSON.
        """
        return self.client.get(
            "/stopncii/v1/FetchHashes",
            {"startTimestamp": start, **query},
            headers=self.stopncii_headers(KeyPurpose.FETCH_HASHES),
        ).json()

    def submit_hashes(self, message: object) -> Any:
        """
        The response to `SubmitHashes`.
        """
        headers = self.stopncii_headers(KeyPurpose.SUBMIT_HASHES)
        return self._response("/stopncii/v1/SubmitHashes", message, headers)

    def submit_feedback(self, message: object) -> Any:
        """
        The response to `SubmitFeedback`.
        """
        headers = self.stopncii_headers(KeyPurpose.SUBMIT_FEEDBACK)
        return self._response("/stopncii/v1/SubmitFeedback", message, headers)

    def _post(self, path: str, message: object, headers: dict[str, str]) -> Any:
        return self._response(path, message, headers).json()

    def _response(self, path: str, message: object, headers: dict[str, str]) -> Any:
        return self.client.post(path, message, content_type="application/json", headers=headers)
