"""
Note in each translation of an article that it was reviewed against the English text of today.

    python tools/stamp_translations.py NAME...    the articles whose translations were reviewed

Run it after the review, never instead: it is how a reader knows that all languages say the same.
"""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "tegenbeeld" / "content" / "articles"

sys.path.insert(0, str(FOLDER.parents[2]))

from tegenbeeld.content.articles import ARTICLES, LANGUAGES, digest  # noqa: E402


def main(names: list[str]) -> int:
    """
    Stamp the named articles.

    Returns:
        0, or 2 if a name is unknown or none is given.
    """
    if not names or not set(names) <= set(ARTICLES):
        print(f"Name the articles that were reviewed, of: {', '.join(ARTICLES)}")
        return 2
    for name in names:
        current = digest((FOLDER / name / "en.md").read_text("utf-8"))
        for language in LANGUAGES[1:]:
            path = FOLDER / name / f"{language}.md"
            text = path.read_text("utf-8")
            head, body = text.removeprefix("+++\n").split("+++\n", 1)
            head = re.sub(r'^of = ".*"\n', "", head, flags=re.MULTILINE)
            path.write_text(f'+++\n{head}of = "{current}"\n+++\n{body}', "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
