"""
The browser code, as the node serves it.
"""

import pytest
from django.test import Client


# Closing a file response ends its request, and so the database connection of the thread.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "may_compile"),
    [
        ("/static/pdq/worker.mjs", False),
        ("/static/pdq/heic-worker.mjs", True),
        ("/static/video/worker.mjs", False),
        ("/static/video/md5-worker.mjs", True),
        ("/static/code/worker.mjs", True),
    ],
)
def test_only_three_workers_may_compile_webassembly(path: str, *, may_compile: bool) -> None:
    """
    HEIC, MD5 and Argon2id need it, each in a worker with a policy of its own; nothing else does.
    """
    response = Client().get(path)
    response.close()
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    may = " 'wasm-unsafe-eval'" if may_compile else ""
    assert policy == (
        f"default-src 'none'; script-src 'self'{may}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
