"""
The examples of docs/how-to/run-a-sidecar.md, held against the sidecar.
"""

import json
import re
from pathlib import Path

from tegenbeeld.cli import _parser
from tegenbeeld.sidecar.messages import HashAnswer, PictureAnswer, VideoAnswer
from testing.described import DOCUMENT

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "run-a-sidecar.md").read_text()


def blocks(language: str) -> list[str]:
    """
    The code blocks of one language.
    """
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_guide_when_its_commands_are_parsed() -> None:
    """
    Each command of the guide is one that the program takes.
    """
    commands = re.findall(r"^tegenbeeld (.*)$", "\n".join(blocks("sh")), re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        _parser(with_node=False).parse_args(command.split())


def test_guide_when_its_options_are_compared() -> None:
    """
    Each option that the guide names is there.
    """
    parser = _parser(with_node=False)
    serve = next(action for action in parser._actions if action.choices).choices["serve"]  # type: ignore[call-overload, index]
    known = {word for action in serve._actions for word in action.option_strings}
    assert set(re.findall(r"`(--[a-z-]+)", GUIDE)) <= known | {"--watch"}


def test_guide_when_its_answers_are_compared() -> None:
    """
    Each answer that the guide shows has the fields of the real one.
    """
    fields = {
        json.dumps(["matches"]): HashAnswer.__struct_fields__,
        json.dumps(["matches", "quality"]): PictureAnswer.__struct_fields__,
        json.dumps(["matches", "ending"]): VideoAnswer.__struct_fields__,
    }
    answers = [json.loads(block) for block in blocks("json")]
    assert {json.dumps(list(answer)) for answer in answers} == set(fields)
    for answer in answers:
        assert set(answer) <= set(fields[json.dumps(list(answer))])


def test_guide_when_its_statuses_are_compared() -> None:
    """
    Each status that the description knows is in the table, and the other way round.
    """
    named = {
        status
        for row in re.findall(r"^\| ([\d, ]+) \|", GUIDE, re.MULTILINE)
        for status in row.split(", ")
    }
    described = set(DOCUMENT["paths"]["/v1/match"]["post"]["responses"])
    assert named == described - {"200", "500"}
