"""
Nobody can find out whether a hash is on the list, whatever he does over however long.

Each trace is lived twice: by somebody whose picture another person protects too, at whatever
time, and by somebody whose picture nobody else has. All answers must be the same.
"""

import random
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tegenbeeld.server.actions import entries, expiry
from tegenbeeld.server.actions.publication import publish
from testing.partners import DAY, Partner
from testing.people import Person, random_hash, random_note

MOVES = 50
NOTE = random_note()


class Life:
    """
    One person, one picture, and all that the node ever answers.
    """

    def __init__(self, text: str) -> None:
        self.person = Person()
        self.text = text
        self.answers: list[Any] = []

    def do(self, move: str) -> None:
        """
        One request, and its answer.
        """
        match move:
            case "protect":
                response = self.person.protect(self.text, years=1)
            case "protect something else":
                response = self.person.protect(random_hash())
            case "withdraw":
                response = self.person.withdraw(0)
            case "renew":
                response = self.person.renew(0, years=5)
            case "label":
                response = self.person.label({0: NOTE})
            case "news":
                response = self.person.ask_for_news("ann@example.org", 0)
            case _:
                self.answers.append(self.person.read())
                return
        self.answers.append((response.status_code, response.content))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(30))
def test_lives_with_and_without_another_protector_are_the_same(
    seed: int, settings: Settings
) -> None:
    """
    Protecting, withdrawing, renewing, labelling, asking again, over any time, tells nothing.
    """
    settings.MAIL_SERVER = "any"
    chance = random.Random(seed)
    partner, other, text = Partner(), Person(), random_hash()
    shared, alone = Life(text), Life(random_hash())
    day = DAY
    for _ in range(MOVES):
        move = chance.choice(
            [
                *("protect", "protect", "protect something else", "withdraw", "renew", "label"),
                *("news", "read", "read", "other", "tick"),
            ]
        )
        match move:
            case "other":
                chance.choice([lambda: other.protect(text), lambda: other.withdraw(0)])()
            case "tick":
                day += timedelta(days=chance.choice([0, 0, 1, 36, 181, 400]))
                expiry.expire(today=day)
                publish(on=day)
                entries.erase_unlisted()
                entries.erase_withdrawn(today=day)
                entries.forget_ended_protections(today=day)
                if chance.random() < 0.5:
                    partner.acknowledge(partner.changes()["head"])
            case _:
                shared.do(move)
                alone.do(move)
    assert shared.answers == alone.answers
