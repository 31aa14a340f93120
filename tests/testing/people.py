"""
A person's browser, reduced to the three requests that it makes.
"""

import secrets
from hashlib import sha256
from typing import Any

from django.test import Client

from tegenbeeld.casework.case import SLOTS


def random_hash() -> str:
    """
    A PDQ hash of no picture, with as many ones as zeros, as lower-case hexadecimal.
    """
    half = secrets.token_bytes(16)
    return (half + bytes(byte ^ 0xFF for byte in half)).hex()


class Person:
    """
    Somebody with a code: 32 tokens, as spec/code.md derives them, here drawn at random.
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

    def protect(self, *hash_texts: str) -> Any:
        """
        Protect pictures in the first slots; the response.
        """
        items = [self.protection(slot, text) for slot, text in enumerate(hash_texts)]
        return self.post("protect", {"protections": items})

    def read(self) -> list[dict[str, Any]]:
        """
        All slots, in order.
        """
        response = self.post("read", {"tokens": [token.hex() for token in self.tokens]})
        assert response.status_code == 200, response.content
        slots: list[dict[str, Any]] = response.json()["slots"]
        return slots

    def withdraw(self, *slots: int) -> Any:
        """
        Withdraw some slots, with dummies for the others; the response.
        """
        tokens = [self.tokens[slot].hex() for slot in slots]
        tokens += [secrets.token_hex(32) for _ in range(SLOTS - len(tokens))]
        return self.post("withdraw", {"tokens": tokens})

    def post(self, move: str, message: object) -> Any:
        """
        One of the three requests, with any body.
        """
        return self.client.post(f"/case/{move}", message, content_type="application/json")
