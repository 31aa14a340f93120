"""
What is used in a `with` block, and closed at its end.
"""

from types import TracebackType
from typing import Self


class Closing:
    """
    Gives a class that has `close` its `with` block.
    """

    def __enter__(self) -> Self:
        """
        Use it for the length of a `with` block.
        """
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """
        Close it, also after an error.
        """
        self.close()

    def close(self) -> None:
        """
        Let go of what it holds. It cannot be used afterwards.
        """
        raise NotImplementedError
