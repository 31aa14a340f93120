"""
The order of a page of changes.
"""

import pytest

from tegenbeeld.errors import WireError
from tegenbeeld.kit.pages import check_page
from tegenbeeld.wire.native import Change, ChangeKind, ChangePage, Provenance, SignalType


def page(*seqs: int, next_: int, head: int, more: bool) -> ChangePage:
    """
    A page with changes at these places.
    """
    changes = [
        Change(
            seq=seq,
            kind=ChangeKind.ADD,
            id=f"{seq:032x}",
            signal_type=SignalType.PDQ,
            hash=None,
            quality=None,
            provenance=Provenance.TEST,
        )
        for seq in seqs
    ]
    return ChangePage(changes=changes, next=next_, head=head, more=more)


@pytest.mark.parametrize(
    ("good", "after"),
    [
        (page(next_=0, head=0, more=False), 0),
        (page(next_=7, head=7, more=False), 7),
        (page(1, 2, 3, next_=3, head=3, more=False), 0),
        (page(8, 9, next_=9, head=20, more=True), 7),
    ],
)
def test_check_page_when_it_follows_the_cursor(good: ChangePage, after: int) -> None:
    """
    A page that goes on where the cursor stands is taken.
    """
    check_page(good, after=after)


@pytest.mark.parametrize(
    ("bad", "after"),
    [
        pytest.param(page(2, 3, next_=3, head=3, more=False), 0, id="first one missing"),
        pytest.param(page(1, 3, next_=3, head=3, more=False), 0, id="gap"),
        pytest.param(page(1, 1, next_=1, head=1, more=False), 0, id="twice"),
        pytest.param(page(2, 1, next_=2, head=2, more=False), 0, id="falling"),
        pytest.param(page(1, 2, next_=2, head=2, more=False), 1, id="already seen"),
        pytest.param(page(1, 2, next_=3, head=3, more=False), 0, id="next beyond the last"),
        pytest.param(page(1, 2, next_=1, head=2, more=True), 0, id="next before the last"),
        pytest.param(page(next_=5, head=5, more=False), 4, id="next without changes"),
        pytest.param(page(1, 2, next_=2, head=1, more=False), 0, id="head before next"),
        pytest.param(page(1, next_=1, head=3, more=False), 0, id="says it is the end"),
        pytest.param(page(1, next_=1, head=1, more=True), 0, id="says there is more"),
        pytest.param(page(next_=4, head=9, more=True), 4, id="more, yet nothing"),
        pytest.param(page(next_=4, head=2, more=False), 4, id="node was set back"),
    ],
)
def test_check_page_when_it_breaks_the_order(bad: ChangePage, after: int) -> None:
    """
    A page that skips, repeats or contradicts itself is refused.
    """
    with pytest.raises(WireError):
        check_page(bad, after=after)
