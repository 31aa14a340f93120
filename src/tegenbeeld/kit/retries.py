"""
How often and how patiently a request is tried again.
"""

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """
    Exponential backoff with full jitter, so that partners do not all come back at once.

    Attributes:
        attempts: Requests in all, the first one counted; at least 1.
        first_delay: Upper bound of the first pause; each next bound is twice the one before.
        longest_delay: No pause is longer, not even one that the node asks for.

    Source:
        M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    attempts: int = 4
    first_delay: timedelta = timedelta(milliseconds=500)
    longest_delay: timedelta = timedelta(seconds=30)

    def pause(self, attempt: int, *, asked_for: timedelta | None) -> timedelta:
        """
        How long to wait after failed attempt number *attempt*.

        Args:
            attempt: From 1.
            asked_for: What the node said in `Retry-After`; None when it said nothing.
        """
        if asked_for is not None:
            return min(asked_for, self.longest_delay)
        bound = min(self.first_delay * (1 << min(attempt - 1, 20)), self.longest_delay)
        # Not a secret: the spread only keeps clients apart.
        return bound * random.random()  # noqa: S311
