"""
The list as a platform keeps it: one folder with a SQLite file and the credentials.

Rules that this package keeps:
    1. Entries and cursor change together, in one transaction that is on the disk before
       `apply` returns. A crash at any moment leaves the list as it was after some whole page.
    2. Changes are applied in the order of the log, each once; a page that skips is refused.
    3. A hash that is no longer listed is gone from the file, not only marked. The index beside it
       forgets it as `index_keeper.py` says.
    4. The files are readable by their owner only: a hash list is sensitive.
    5. One store writes; a second one that tries is refused. Reading never waits for it.

`store.py` is what others use. Below it: `changes.py` knows what a change does to the list,
`database.py` how the file is read and written, `schema.py` its tables, `lock.py` who may write.
"""

from tegenbeeld.kit.store.store import Store
from tegenbeeld.kit.store.values import Applied, Entry, News, Progress, Snapshot, md5_from_hex

__all__ = ["Applied", "Entry", "News", "Progress", "Snapshot", "Store", "md5_from_hex"]
