"""
What pyproject.toml cannot say: an installed package carries the browser code inside it.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CATALOGUES = Path("src/tegenbeeld/server/locale")


class BuildWithBrowserCode(build_py):
    """
    Copies `web/`, with the libraries that `tools/vendor.mjs` put there.
    """

    def run(self) -> None:
        """
        Build, then copy. An editable install reads `web/` where it lies.
        """
        super().run()
        if self.editable_mode:
            return
        if not Path("web/vendor").is_dir() or not list(CATALOGUES.rglob("*.mo")):
            # Enough for a platform. A node says that it needs the rest and how to get it.
            print("Without `make setup` first, this package is for platforms only.", file=sys.stderr)
            return
        target = Path(self.build_lib) / "tegenbeeld" / "web"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree("web", target)


setup(cmdclass={"build_py": BuildWithBrowserCode})
