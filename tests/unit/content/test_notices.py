"""
What notices are put together from.
"""

import pytest

from tegenbeeld.content import notices
from tegenbeeld.content.laws import laws
from tegenbeeld.content.platforms import platforms


def test_parts_are_whole() -> None:
    """
    Each in four languages, without a place to fill in.
    """
    for name, text in notices.notice_parts().items():
        for said in (text.en, text.nl, text.fr, text.de):
            assert said
            assert not set("{}[]<>_") & set(said), name


def test_only_what_is_settled_and_binds_is_cited() -> None:
    """
    No reading that no judge has confirmed, no order of a court, no law from afar.

    Those of other countries are named to platforms that they bind.
    """
    cited = {citation.cite.en for citation in notices.citations()}
    left_out = {law.cite.en for law in laws() if not law.is_settled or law.id in notices.OF_A_COURT}
    kept = {law.cite.en for law in laws() if law.is_settled and law.id not in notices.OF_A_COURT}
    assert cited & (left_out - kept) == set()
    assert "Belgian Criminal Code, article 136" in cited
    assert not any("France" in cite for cite in cited)
    bindings = {citation.binding for citation in notices.citations()} - {None}
    assert bindings <= {law for platform in platforms() for law in platform.law}


def test_missing_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A notice without its good faith is none.
    """
    monkeypatch.setattr(notices, "PARTS", notices.PARTS | {"regards"})
    notices.notice_parts.cache_clear()
    try:
        with pytest.raises(ValueError, match="regards"):
            notices.notice_parts()
    finally:
        notices.notice_parts.cache_clear()
