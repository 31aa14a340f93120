"""
Makes `spec/vectors/code.json`: codes, what they look like, and the keys that come from them.

    python tools/make_code_vectors.py           write the file
    python tools/make_code_vectors.py --check   change nothing; exit 1 when the file differs

Written from spec/code.md alone, so that the browser code has something else to agree with. The
word lists are those of the installed npm packages.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "spec" / "vectors" / "code.json"
LISTS = ROOT / "node_modules" / "@scure" / "bip39" / "wordlists"
LANGUAGES = ("english", "french")
LIST_WORDS = 2048
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SLOTS_SHOWN = (0, 1, 31, 127)

TEXT_BYTES = 64

# Texts of notes: none, plain, of several bytes a letter, and the longest.
NOTES = ((0, ""), (1, "on the beach"), (31, "été ☀"), (127, "a" * TEXT_BYTES))

# Secrets at the edges, and two that nobody chose.
SECRETS = (
    bytes(10),
    b"\xff" * 10,
    bytes(range(10)),
    bytes.fromhex("80000000000000000001"),
    b"tegenbeeld",
    hashlib.sha256(b"tegenbeeld code vector 1").digest()[:10],
    hashlib.sha256(b"tegenbeeld code vector 2").digest()[:10],
)


def check_byte(secret: bytes) -> int:
    """
    Compute the check byte.

    Source:
        spec/code.md §2: CRC-8/AUTOSAR.
    """
    remainder = 0xFF
    for byte in secret:
        remainder ^= byte
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x12F if remainder & 0x80 else 0)
    return remainder ^ 0xFF


def read_list(language: str) -> list[str]:
    """
    Read the 2048 words of one list, accents within their letters.
    """
    path = LISTS / f"{language}.js"
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run `npm ci --ignore-scripts` first.")
    found = re.search(r"`([^`]+)`", path.read_text(encoding="utf-8"))
    words = unicodedata.normalize("NFC", found.group(1)).split() if found else []
    if len(words) != LIST_WORDS:
        raise SystemExit(f"{path} holds {len(words)} words instead of {LIST_WORDS}.")
    return words


def numbers(secret: bytes, *, width: int, count: int) -> Iterator[int]:
    """
    Cut the secret and its check byte into numbers of *width* bits, filled up with zeros.
    """
    bits = f"{int.from_bytes(secret + bytes([check_byte(secret)])):088b}".ljust(width * count, "0")
    for start in range(0, width * count, width):
        yield int(bits[start : start + width], 2)


def characters(secret: bytes) -> str:
    """
    Write a secret as eighteen characters in three groups.
    """
    text = "".join(ALPHABET[number] for number in numbers(secret, width=5, count=18))
    return "-".join((text[:6], text[6:12], text[12:]))


def root_of(secret: bytes) -> bytes:
    """
    Derive the root.

    Source:
        spec/code.md §3.
    """
    derivation = Argon2id(
        salt=b"tegenbeeld/code1", length=32, iterations=3, lanes=1, memory_cost=65536
    )
    return derivation.derive(secret)


def token_of(root: bytes, slot: int) -> bytes:
    """
    Derive the token of one slot.

    Source:
        spec/code.md §4.
    """
    info = b"tegenbeeld/v1/protection/%d" % slot
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)


def note_key_of(root: bytes) -> bytes:
    """
    Derive the key of the notes.

    Source:
        spec/code.md §5.
    """
    info = b"tegenbeeld/v1/notes"
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)


def note_of(key: bytes, slot: int, text: str, nonce: bytes) -> str:
    """
    Seal a note.

    Source:
        spec/code.md §5.
    """
    plain = text.encode()
    padded = bytes([len(plain)]) + plain.ljust(TEXT_BYTES, b"\0")
    sealed = AESGCM(key).encrypt(nonce, padded, b"tegenbeeld/v1/note/%d" % slot)
    return base64.b64encode(nonce + sealed).decode()


def notes(key: bytes) -> Iterator[dict[str, object]]:
    """
    Give notes of one code, each with the nonce that a program would draw.
    """
    for slot, text in NOTES:
        nonce = hashlib.sha256(b"tegenbeeld note vector %d" % slot).digest()[:12]
        note = note_of(key, slot, text, nonce)
        yield {"slot": slot, "text": text, "nonce": nonce.hex(), "note": note}


def vector(secret: bytes, lists: dict[str, list[str]]) -> dict[str, object]:
    """
    Everything that follows from one secret.
    """
    places = list(numbers(secret, width=11, count=8))
    root = root_of(secret)
    tokens = {slot: token_of(root, slot) for slot in SLOTS_SHOWN}
    return {
        "secret": secret.hex(),
        "check": f"{check_byte(secret):02x}",
        "words": {
            language: [words[place] for place in places] for language, words in lists.items()
        },
        "characters": characters(secret),
        "root": root.hex(),
        "tokens": {str(slot): token.hex() for slot, token in tokens.items()},
        "token_digests": {
            str(slot): hashlib.sha256(token).hexdigest() for slot, token in tokens.items()
        },
        "note_key": note_key_of(root).hex(),
        "notes": list(notes(note_key_of(root))),
    }


def accepted(lists: dict[str, list[str]]) -> list[dict[str, str]]:
    """
    Ways to enter one code that all give the same secret.
    """
    secret = SECRETS[-1]
    shown = characters(secret)
    english, french = (
        [lists[language][place] for place in numbers(secret, width=11, count=8)]
        for language in LANGUAGES
    )
    numbered = "\n".join(f"{place}. {word}" for place, word in enumerate(english, start=1))
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", " ".join(french))
        if not unicodedata.combining(letter)
    )
    entries = {
        "as shown": " ".join(english),
        "capitals, commas and line ends": ",\n".join(english).upper(),
        "first four letters": " ".join(word[:4] for word in english),
        "numbered": numbered,
        "joined by hyphens": "-".join(english),
        "French": "  ".join(french),
        "French, accents as signs of their own": unicodedata.normalize("NFD", " ".join(french)),
        "French, no accents": plain,
        "characters as shown": shown,
        "characters, small, spaced in pairs": " ".join(
            re.findall("..", shown.replace("-", ""))
        ).lower(),
        "characters, 0 and 1 as letters": shown.replace("0", "o").replace("1", "l"),
    }
    return [{"what": what, "text": text, "secret": secret.hex()} for what, text in entries.items()]


def refused(lists: dict[str, list[str]]) -> list[dict[str, object]]:
    """
    Entries that are no code, with the problem and the place (0: no single place).
    """
    secret = SECRETS[2]
    words = [lists["english"][place] for place in numbers(secret, width=11, count=8)]
    shown = characters(secret)
    other_word = lists["english"][lists["english"].index(words[4]) + 1]
    other_character = ALPHABET[(ALPHABET.index(shown[3]) + 1) % 32]
    entries: tuple[tuple[str, str, str, int], ...] = (
        ("nothing", "", "length", 0),
        ("seven words", " ".join(words[:7]), "length", 0),
        ("nine words", " ".join([*words, words[0]]), "length", 0),
        ("a word in no list", " ".join([*words[:2], "xqzzt", *words[3:]]), "word", 3),
        ("another word", " ".join([*words[:4], other_word, *words[5:]]), "check", 0),
        ("seventeen characters", shown[:-1], "length", 0),
        ("another character", shown[:3] + other_character + shown[4:], "check", 0),
        ("U, which no code has", f"{shown[:1]}U{shown[2:]}", "character", 2),
        ("bits beyond the check byte", shown[:-1] + _with_low_bit(shown[-1]), "check", 0),
    )
    return [
        {"what": what, "text": text, "problem": problem, "position": position}
        for what, text, problem, position in entries
    ]


def _with_low_bit(character: str) -> str:
    return ALPHABET[ALPHABET.index(character) | 1]


def document() -> str:
    """
    Give the text of the vector file.
    """
    lists = {language: read_list(language) for language in LANGUAGES}
    content = {
        "about": "Made by tools/make_code_vectors.py from spec/code.md. Not for real use.",
        "vectors": [vector(secret, lists) for secret in SECRETS],
        "accepted": accepted(lists),
        "refused": refused(lists),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """
    Write the file, or with --check compare it.
    """
    parser = argparse.ArgumentParser(description="Makes spec/vectors/code.json.")
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    wanted = document()
    if parser.parse_args(arguments).check:
        if not VECTORS.is_file() or VECTORS.read_text(encoding="utf-8") != wanted:
            print(f"{VECTORS} differs: run `python tools/make_code_vectors.py`.", file=sys.stderr)
            return 1
        return 0
    VECTORS.parent.mkdir(parents=True, exist_ok=True)
    VECTORS.write_text(wanted, encoding="utf-8")
    print(f"{VECTORS} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
