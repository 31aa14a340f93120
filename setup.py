"""
What pyproject.toml cannot say: the browser code goes into the package, and a kernel is compiled.

Without a C compiler the package installs all the same, and matches slowly; with
`TEGENBEELD_KERNEL=required` set, it does not.
"""

import os
import shutil
import sys
from pathlib import Path

from setuptools import Extension, setup
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
            print(
                "Without `make setup` first, this package is for platforms only.", file=sys.stderr
            )
            return
        target = Path(self.build_lib) / "tegenbeeld" / "web"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree("web", target, ignore=shutil.ignore_patterns("examples"))


KERNEL = Path("src/tegenbeeld/pdq/kernel")

kernel = Extension(
    "tegenbeeld.pdq._kernel",
    sources=sorted(str(path) for path in KERNEL.glob("*.c")),
    depends=sorted(str(path) for path in KERNEL.glob("*.h")),
    extra_compile_args=["-std=gnu11", "-O3", "-Wall", "-Wextra", "-fvisibility=hidden"],
    define_macros=[("Py_LIMITED_API", "0x030B0000")],
    py_limited_api=True,
    optional=os.environ.get("TEGENBEELD_KERNEL") != "required",
)

setup(
    cmdclass={"build_py": BuildWithBrowserCode},
    ext_modules=[kernel],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
