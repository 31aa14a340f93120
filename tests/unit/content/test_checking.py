"""
`tegenbeeld content check`: what it finds, and what it says.
"""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from tegenbeeld.cli import main
from tegenbeeld.content import checking
from tegenbeeld.content.checking import Item, Shelf


def test_what_is_shipped_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Exit code 0, with how much of it a person has verified.
    """
    assert main(["content", "check"]) == 0
    said = capsys.readouterr().out
    assert "routes: 101; verified by a person: 0; too long ago: 0" in said
    assert "Every file has its shape" in said
    assert "facebook" not in said


def test_what_nobody_verified_is_named_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Each route by its platform and address.
    """
    assert main(["content", "check", "--list"]) == 0
    said = capsys.readouterr().out
    assert "facebook: web_form https://help.meta.com/requests/1371776380779082/" in said


def test_age_counts_from_the_day_of_verification() -> None:
    """
    So many days are still fresh, one more is not; what nobody verified is not old but unverified.
    """
    items = [
        Item("old", date(2026, 5, 27)),
        Item("fresh", date(2026, 5, 28)),
        Item("never", None),
    ]
    shelf = Shelf("things", items)
    assert shelf.stale(date(2026, 11, 24), days=180) == ["old"]
    assert shelf.unverified() == ["never"]


def test_broken_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Exit code 1 and the rule, and no count that hides it.
    """
    read = Path.read_bytes

    def spoiled(path: Path) -> bytes:
        return read(path).replace(b'"https://dis.gd/report"', b'"http://dis.gd/report"')

    folder = files("tegenbeeld.content.platforms")
    assert isinstance(folder, Path)
    monkeypatch.setattr(Path, "read_bytes", spoiled)
    checking.platforms.cache_clear()
    try:
        assert main(["content", "check"]) == 1
        said = capsys.readouterr().out
    finally:
        monkeypatch.undo()
        checking.platforms.cache_clear()
    assert "discord" in said
    assert "no plain address" in said


@pytest.mark.parametrize("days", ["0", "x", "-1", "40000"])
def test_days_that_make_no_sense_are_refused(days: str) -> None:
    """
    As any argument: exit code 2.
    """
    with pytest.raises(SystemExit) as left:
        main(["content", "check", f"--older-than={days}"])
    assert left.value.code == 2
