"""
What pyproject.toml cannot say: an installed package carries the browser code inside it.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithBrowserCode(build_py):
    """
    Copies `web/`, with the libraries that `tools/vendor.mjs` put there.
    """

    def run(self) -> None:
        """
        Build, then copy. An editable install reads `web/` where it lies.
        """
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "tegenbeeld" / "web"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("web", target)


setup(cmdclass={"build_py": BuildWithBrowserCode})
