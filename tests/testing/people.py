"""
A person's browser, reduced to the requests that it makes.
"""

import secrets
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from django.test import Client

from tegenbeeld.casework.case import NOTE_BYTES, SLOTS


def random_hash() -> str:
    """
    A PDQ hash of no picture, with as many ones as zeros, as lower-case hexadecimal.
    """
    half = secrets.token_bytes(16)
    return (half + bytes(byte ^ 0xFF for byte in half)).hex()


def random_note() -> str:
    """
    A note that nobody can read, as the wire writes it.
    """
    return b64encode(secrets.token_bytes(NOTE_BYTES)).decode()


class Person:
    """
    Somebody with a code: its tokens, as spec/code.md derives them, here drawn at random.
    """

    def __init__(self) -> None:
        self.tokens = [secrets.token_bytes(32) for _ in range(SLOTS)]
        self.client = Client()

    def digest(self, slot: int) -> str:
        """
        What the node stores for one slot.
        """
        return sha256(self.tokens[slot]).hexdigest()

    def protection(self, slot: int, hash_text: str, **more: Any) -> dict[str, Any]:
        """
        One item of the request that protects.
        """
        item = {
            "token_digest": self.digest(slot),
            "signal_type": "pdq",
            "hash": hash_text,
            "quality": 100,
        }
        return item | more

    def protect(self, *hash_texts: str, **more: Any) -> Any:
        """
        Protect pictures in the first slots; the response.
        """
        items = [self.protection(slot, text) for slot, text in enumerate(hash_texts)]
        return self.post("protect", {"protections": items, **more})

    def read(self) -> list[dict[str, Any]]:
        """
        All slots, in order, each with all platforms, as the pages put the answer together.
        """
        response = self.post("read", {"tokens": [token.hex() for token in self.tokens]})
        assert response.status_code == 200, response.content
        answer = response.json()
        return [slot | {"platforms": _views(slot, answer)} for slot in answer["slots"]]

    def withdraw(self, *slots: int) -> Any:
        """
        Withdraw some slots, with dummies for the others; the response.
        """
        return self.post("withdraw", {"tokens": self._with_dummies(slots)})

    def renew(self, *slots: int, years: int) -> Any:
        """
        Let some slots last longer, with dummies for the others; the response.
        """
        return self.post("renew", {"tokens": self._with_dummies(slots), "years": years})

    def label(self, notes: dict[int, str]) -> Any:
        """
        Replace the notes of some slots, with dummies for the others; the response.
        """
        dummies = [random_note() for _ in range(SLOTS - len(notes))]
        message = {"tokens": self._with_dummies(notes), "notes": [*notes.values(), *dummies]}
        return self.post("label", message)

    def ask_for_news(self, address: str | None, *slots: int, **more: Any) -> Any:
        """
        Ask to be told of some slots, with dummies for the others; the response.
        """
        message = {"address": address, "language": "nl", "rhythm": "daily"} | more
        return self.post("news", message | {"tokens": self._with_dummies(slots)})

    def post(self, move: str, message: object) -> Any:
        """
        One of the requests, with any body.
        """
        return self.client.post(f"/case/{move}", message, content_type="application/json")

    def _with_dummies(self, slots: Collection[int]) -> list[str]:
        tokens = [self.tokens[slot].hex() for slot in slots]
        return tokens + [secrets.token_hex(32) for _ in range(SLOTS - len(tokens))]


def _views(slot: dict[str, Any], answer: dict[str, Any]) -> list[dict[str, Any]]:
    fields = slot["platforms"]
    return [
        {"name": name} | {field: values[place] for field, values in fields.items()}
        for place, name in enumerate(answer["platforms"])
    ]
