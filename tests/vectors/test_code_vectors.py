"""
The vectors of the code, checked against spec/code.md by other arithmetic than made them.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from testing import notes

REPOSITORY = Path(__file__).resolve().parents[2]
CONTENT = json.loads((REPOSITORY / "spec/vectors/code.json").read_text(encoding="utf-8"))
VECTORS = CONTENT["vectors"]

# x^8 + x^5 + x^3 + x^2 + x + 1, with its highest term.
POLYNOMIAL = 0x12F

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["secret"])


def divided(number: int) -> int:
    """
    Give the remainder of a polynomial over two elements, divided by that of the check byte.
    """
    while number.bit_length() > 8:
        number ^= POLYNOMIAL << (number.bit_length() - 9)
    return number


@each_vector
def test_check_byte_is_the_remainder_of_a_long_division(vector: dict[str, Any]) -> None:
    """
    The check byte follows from dividing the secret as one large polynomial.
    """
    # A start value of 0xFF is the same as changing the first eight bits.
    secret = int(vector["secret"], 16) ^ (0xFF << 72)
    assert divided(secret << 8) ^ 0xFF == int(vector["check"], 16)


@each_vector
def test_words_and_characters_spell_the_secret(vector: dict[str, Any]) -> None:
    """
    Put together again, words and characters give the secret with its check byte.
    """
    whole = int(vector["secret"] + vector["check"], 16)
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for character in vector["characters"].replace("-", ""):
        number = number * 32 + alphabet.index(character)
    assert number == whole << 2
    assert [len(group) for group in vector["characters"].split("-")] == [6, 6, 6]
    assert all(len(words) == 8 for words in vector["words"].values())


def test_words_stand_for_the_same_numbers_throughout() -> None:
    """
    A number always gives the same word of a list, and a word comes from one number only.
    """
    for language in ("english", "french"):
        numbers: dict[str, int] = {}
        for vector in VECTORS:
            whole = int(vector["secret"] + vector["check"], 16)
            for place, word in enumerate(vector["words"][language]):
                number = (whole >> (77 - 11 * place)) & 2047
                assert numbers.setdefault(word, number) == number
        assert len(set(numbers.values())) == len(numbers)


@each_vector
def test_keys_follow_from_the_secret(vector: dict[str, Any]) -> None:
    """
    Root, tokens and digests are those of spec/code.md §3 and §4.
    """
    root = Argon2id(
        salt=b"tegenbeeld/code1", length=32, iterations=3, lanes=1, memory_cost=64 * 1024
    ).derive(bytes.fromhex(vector["secret"]))
    assert root.hex() == vector["root"]
    for slot, token in vector["tokens"].items():
        # HKDF in full. Source: RFC 5869 §2, with an empty salt and one block of output.
        key = hmac.digest(bytes(32), root, "sha256")
        info = b"tegenbeeld/v1/protection/" + slot.encode()
        assert hmac.digest(key, info + b"\x01", "sha256").hex() == token
        digest = hashlib.sha256(bytes.fromhex(token)).hexdigest()
        assert digest == vector["token_digests"][slot]


@each_vector
def test_notes_open_with_their_key(vector: dict[str, Any]) -> None:
    """
    The key is that of spec/code.md §5; each note holds its text, filled up, and fits its slot only.
    """
    extracted = hmac.digest(bytes(32), bytes.fromhex(vector["root"]), "sha256")
    key = hmac.digest(extracted, b"tegenbeeld/v1/notes\x01", "sha256")
    assert key.hex() == vector["note_key"]
    for note in vector["notes"]:
        sealed = base64.b64decode(note["note"])
        assert len(sealed) == 93
        assert len(note["note"]) == 124
        assert sealed[:12].hex() == note["nonce"]
        # The bare counter mode within GCM. Source: NIST SP 800-38D §7.1, the second block on.
        counter = modes.CTR(sealed[:12] + bytes([0, 0, 0, 2]))
        padded = Cipher(algorithms.AES(key), counter).decryptor().update(sealed[12:-16])
        text = note["text"].encode()
        assert padded == bytes([len(text)]) + text + bytes(64 - len(text))
        assert notes.open_note(key, note["slot"], note["note"]) == note["text"]
        assert notes.open_note(key, note["slot"] + 1, note["note"]) is None


def test_file_is_what_its_tool_makes() -> None:
    """
    Nobody has edited the vectors by hand, and the tool still makes the same.
    """
    tool = REPOSITORY / "tools" / "make_code_vectors.py"
    done = subprocess.run(
        [sys.executable, tool, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_specification_shows_a_vector() -> None:
    """
    The example at the head of spec/code.md is one of the vectors.
    """
    text = (REPOSITORY / "spec" / "code.md").read_text(encoding="utf-8")
    vector = next(vector for vector in VECTORS if f"`{vector['secret']}`" in text)
    shown = [
        vector["check"],
        " ".join(vector["words"]["english"]),
        " ".join(vector["words"]["french"]),
        vector["characters"],
        vector["root"],
        vector["tokens"]["0"],
        vector["token_digests"]["0"],
        vector["note_key"],
        next(note["note"] for note in vector["notes"] if note["slot"] == 1),
    ]
    assert all(f"`{value}`" in text for value in shown)
