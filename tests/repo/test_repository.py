"""
The repository itself.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "tegenbeeld"


def tracked(*patterns: str) -> list[Path]:
    """
    Files that git knows, or would take in.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def imports_of(path: Path) -> set[str]:
    """
    The top names of everything that a module imports.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    "name", ["requirements/run.lock", "requirements/dev.lock", "package-lock.json"]
)
def test_lock_files_hold_hashes_and_no_addresses(name: str) -> None:
    """
    Whoever installs from a lock file gets what we tested, from wherever it is served.
    """
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert text.count("sha256:") + text.count("sha512-") >= 5


def test_every_test_folder_yields_tests() -> None:
    """
    A folder that silently collects nothing is worse than none.
    """
    files = {path for path in tracked("tests/*.py") if path.name.startswith("test_")}
    folders = {
        path.parent
        for path in tracked("tests/*.py")
        if path.parent not in {ROOT / "tests", ROOT / "tests" / "testing"}
    }
    for folder in folders:
        assert any(folder in path.parents for path in files), folder
    for path in files:
        assert re.search(r"^(def test|class Test|Test\w+ = )", path.read_text(), re.MULTILINE), path


def test_pdq_imports_numpy_and_the_standard_library_only() -> None:
    """
    The hash is the part that others embed and read; it stays small.
    """
    allowed = sys.stdlib_module_names | {"numpy"}
    for path in (PACKAGE / "pdq").glob("*.py"):
        outside = {
            name
            for name in imports_of(path)
            if name.partition(".")[0] not in allowed
            and not name.startswith(("tegenbeeld.pdq", "tegenbeeld.errors"))
        }
        assert not outside, (path, outside)


def test_example_platform_uses_the_kit_and_nothing_else_of_ours() -> None:
    """
    What the worked example needs is what a platform gets.
    """
    for path in (ROOT / "examples" / "platform").glob("*.py"):
        ours = {name for name in imports_of(path) if name.startswith("tegenbeeld")}
        assert all(name.startswith("tegenbeeld.kit") for name in ours), (path, ours)


def test_rules_and_reads_never_look_at_the_clock() -> None:
    """
    Time is an argument everywhere but at the doors, the command line and the jobs.
    """
    clockless = ["casework", "wire", "pdq", "media", "server/actions", "server/reads"]
    for folder in clockless:
        for path in (PACKAGE / folder).rglob("*.py"):
            text = path.read_text()
            assert not re.search(r"\b(now|today|utcnow)\(\)|time\.time\(", text), path


def test_browser_code_keeps_nothing_and_asks_nobody_else() -> None:
    """
    No cookie, no web storage, no other origin, no console, no markup from text, no weak chance.
    """
    forbidden = re.compile(
        r"document\.cookie|localStorage|sessionStorage|indexedDB|caches\.|serviceWorker|"
        # The name of SVG looks like an address, and is none: nobody is asked.
        r"sendBeacon|https?://(?!www\.w3\.org/2000/svg\")|console\.|innerHTML|outerHTML|insertAdjacentHTML|"
        r"document\.write|Math\.random|\beval\("
    )
    files = [path for path in tracked("web/*.mjs") if "vendor" not in path.parts]
    assert len(files) > 10
    for path in files:
        found = forbidden.search(path.read_text())
        assert found is None, (path, found)


def test_documents_link_to_files_that_exist() -> None:
    """
    A document never points to a page that has moved.
    """
    for path in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text()):
            # Articles name pages of the site; tests/unit/content looks at those.
            if "://" not in target and not target.startswith("page:"):
                assert (path.parent / target).exists(), (path, target)


def test_nothing_of_a_workplace_is_committed() -> None:
    """
    No path of somebody's machine, and no picture or film but those that we drew.
    """
    media = {".jpg", ".jpeg", ".heic", ".webp", ".avif", ".mp4", ".mov", ".webm", ".gif"}
    for path in tracked():
        is_drawn = path.parent == ROOT / "tests" / "pictures"
        assert is_drawn or path.suffix.lower() not in media, path
        if path.suffix in {".py", ".mjs", ".md", ".toml", ".sh", ".yml", ".json", ""}:
            text = path.read_bytes().decode(errors="replace")
            assert not re.search(r"(?<![\w.])/(?:work|home|root)/\w", text), path
