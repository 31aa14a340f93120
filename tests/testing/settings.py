"""
The node's own settings, over a folder that lives as long as the test run.
"""

import atexit
import os
import shutil
import tempfile

os.environ["DATA"] = tempfile.mkdtemp(prefix="tegenbeeld-tests-")
atexit.register(shutil.rmtree, os.environ["DATA"], ignore_errors=True)

from pathlib import Path  # noqa: E402

from tegenbeeld.server.keyring import create_key_file  # noqa: E402

create_key_file(Path(os.environ["DATA"]) / "keys" / "node.key")

from tegenbeeld.server.conf.settings import *  # noqa: E402, F403
from tegenbeeld.server.conf.settings import DATABASES  # noqa: E402

# A file, as on a real node, so that threads and durability behave as they do there.
DATABASES["default"]["TEST"] = {"NAME": Path(os.environ["DATA"]) / "test.sqlite3"}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
