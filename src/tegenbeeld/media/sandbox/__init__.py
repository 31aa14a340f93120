"""
Hostile files: each is looked at in a child process that can do next to nothing.

A job (a function from bytes to bytes) runs in a pool of children. A file that crashes its child,
keeps it busy or fills its memory costs one file and a clear error; the parent parses nothing.

    with Sandbox("package.module:job", workers=4) as sandbox:
        answer = sandbox.run(content)

Who does what:

    pool       Sandbox: lends workers to the threads that ask
    template   the parent's end of the process that workers are copied from
    worker     the parent's end of one worker
    ends       how a worker ended, in words
    frames     what goes over the sockets
    inside/    what runs in the children; the parent never imports it

Why it is built so: docs/adr/0006.
"""

from tegenbeeld.media.sandbox.limits import Limits
from tegenbeeld.media.sandbox.pool import Sandbox

__all__ = ["Limits", "Sandbox"]
