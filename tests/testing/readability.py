"""
How hard a text is to read.

LIX counts words in a sentence and long words: below 25 children's books, 30 to 40 easy, 40 to 50
newspapers, above 50 hard. It was made for Swedish and is used for many languages; those that join
words get a higher figure for the same text.

Source: Björnsson, C. H. (1968), Läsbarhet; levels as in Björnsson (1983), Readability of newspapers
in 11 languages, Reading Research Quarterly 18(4).
"""

import re

LONG_LETTERS = 6
"""A word with more letters than this is long."""

_WORD = re.compile(r"[^\W\d_]+(?:[\u2019'-][^\W\d_]+)*")
_END = re.compile(r"[.!?:;…]+(?=\s|$)|\n+")


def lix(text: str, *, ignored: frozenset[str] = frozenset()) -> float:
    """
    Compute how hard a text is.

    Args:
        text: Sentences; a line ends one, too.
        ignored: Words that do not count as long, in lower case: names, and words without a plainer
            one.
    """
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > LONG_LETTERS and word.lower() not in ignored]
    return len(words) / len(sentences(text)) + 100 * len(long) / len(words)


def sentences(text: str) -> list[str]:
    """
    Divide a text; a colon and the end of a line end a sentence, too.
    """
    return [part.strip() for part in _END.split(text) if _WORD.search(part)]
