"""
What a notice to a platform is put together from, on the person's device (`web/portal/notice.mjs`).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from tegenbeeld.content.laws import Law, laws
from tegenbeeld.content.values import Text

PARTS = frozenset(
    [
        "subject",
        "greeting",
        "self",
        "helper",
        "spread",
        "deepnude",
        "voyeurism",
        "threat",
        "addresses",
        "laws",
        "remove",
        "stop",
        "tida",
        "preserve",
        "answer",
        "faith",
        "signature",
        "contact",
    ]
)

OF_A_COURT = frozenset({"be-584", "be-187"})
"""Laws about what a court orders: no platform breaks them by what its users publish."""

WHERE_BOUND = {"us": "tida", "gb": "osa"}
"""Laws of other countries are named to platforms that they bind; see `content.platforms`."""

DUTIES = frozenset({"eu", "us"})
"""Laws about what a platform must do now, whenever the facts were."""

EVERYWHERE = frozenset({"be", "eu"})
"""Laws that are named to all: those of the country that this site is for, and of the Union."""


class Citation(msgspec.Struct, frozen=True):
    """
    A law as a notice names it.

    Attributes:
        cite: How to name it, by language.
        forms: What it is about.
        valid_from: The first day of facts for which it holds, such as "2026-09-01"; "" for
            whenever they were.
        valid_to: The last, or None.
        binding: The law in `Platform.law` that a platform must have for it to be named; None for
            all platforms.
    """

    cite: Text
    forms: tuple[str, ...]
    valid_from: str
    valid_to: str | None
    binding: str | None


@cache
def notice_parts() -> Mapping[str, Text]:
    """
    The sentences, by name.

    Raises:
        ValueError: One is missing, or is used nowhere.
    """
    text = files("tegenbeeld.content").joinpath("notices.toml").read_bytes()
    parts = msgspec.toml.decode(text, type=dict[str, Text])
    if parts.keys() != PARTS:
        wrong = ", ".join(sorted(parts.keys() ^ PARTS))
        raise ValueError(f"notices.toml does not have the parts that a notice needs: {wrong}.")
    return parts


def citations() -> list[Citation]:
    """
    The laws that notices may name: settled readings only.
    """
    return [_citation(law) for law in laws() if law.is_settled and _may_be_named(law)]


def _may_be_named(law: Law) -> bool:
    return law.id not in OF_A_COURT and _jurisdiction(law) in EVERYWHERE | WHERE_BOUND.keys()


def _citation(law: Law) -> Citation:
    return Citation(
        cite=law.cite,
        forms=law.forms,
        valid_from="" if _jurisdiction(law) in DUTIES else law.valid_from.isoformat(),
        valid_to=None if law.valid_to is None else law.valid_to.isoformat(),
        binding=WHERE_BOUND.get(_jurisdiction(law)),
    )


def _jurisdiction(law: Law) -> str:
    return law.id.partition("-")[0]
