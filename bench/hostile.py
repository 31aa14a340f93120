"""
Whether hostile files do harm: every file is answered in time, and the program goes on.

    python bench/hostile.py --corpus DIR [--mutated 20000] [--workers N] [--seed 1] [--json]

Decodes and hashes, in the sandbox, every file of a folder, the files of bench/bombs.py, and files
of both with something changed at random. Then measures how much an ordinary stream of pictures
slows down when one file in ten is hostile. Ends with 1 if a file was not answered in its time, if
a process is left over, or if the sandbox stopped working.

A corpus is the test images in the sources of Pillow and pillow-heif, which hold the files that
broke decoders in the past:

    pip download --no-deps --no-binary :all: pillow pillow-heif
    for file in *.tar.gz; do tar xzf $file; done
"""

import argparse
import itertools
import json
import logging
import os
import random
import statistics
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import bombs
from looking import BREAKS

from tegenbeeld.errors import MediaError
from tegenbeeld.media.limits import MAX_BYTES
from tegenbeeld.media.sandbox import Limits, Sandbox

JOB = "looking:look"

LATE_BY_S = 2.0
"""How much longer than the limit an answer may take: for a busy machine to end a process."""

LARGEST_MUTATED = 200_000
"""Larger files are looked at as they are, but not mutated: most time would go into copying."""

SLOWEST = 15

STREAM = 300
"""Files in each measurement of throughput."""

ROUNDS = 3

File = tuple[str, bytes]


@dataclass
class Result:
    """
    What became of one file.
    """

    name: str
    outcome: str
    seconds: float


def corpus(folder: Path) -> Iterator[File]:
    """
    Read every file of a folder that lies under `images`, or all where there is none.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    chosen = [path for path in files if "images" in path.parts] or files
    for path in chosen:
        if path.stat().st_size <= MAX_BYTES:
            yield str(path.relative_to(folder)), path.read_bytes()


class Mutator:
    """
    Makes broken files of whole ones.
    """

    def __init__(self, whole: list[File], seed: int) -> None:
        self._whole = whole
        self._random = random.Random(seed)
        self._ways: dict[str, Callable[[bytearray], bytearray]] = {
            "flip": self._flip,
            "flip-head": self._flip_head,
            "cut": self._cut,
            "double": self._double,
            "drop": self._drop,
            "extreme": self._extreme,
            "splice": self._splice,
            "mend": self._mend,
        }

    def files(self, count: int) -> Iterator[File]:
        """
        Make so many.
        """
        for number in range(count):
            name, content = self._random.choice(self._whole)
            changed = bytearray(content)
            ways = self._random.choices(list(self._ways), k=self._random.choice((1, 1, 2, 3)))
            for way in ways:
                changed = self._ways[way](changed) or changed
            yield f"{number} {'+'.join(ways)} {name}", bytes(changed)

    def _at(self, content: bytearray, most: int | None = None) -> int:
        return self._random.randrange(max(1, min(len(content), most or len(content))))

    def _flip(self, content: bytearray) -> bytearray:
        for _ in range(self._random.choice((1, 2, 8, 64))):
            content[self._at(content)] ^= 1 << self._random.randrange(8)
        return content

    def _flip_head(self, content: bytearray) -> bytearray:
        for _ in range(self._random.choice((1, 2, 8))):
            content[self._at(content, 600)] = self._random.randrange(256)
        return content

    def _cut(self, content: bytearray) -> bytearray:
        return content[: self._at(content)]

    def _double(self, content: bytearray) -> bytearray:
        start = self._at(content)
        end = min(len(content), start + self._random.choice((4, 16, 100, 4000)))
        return content[:end] + content[start:end] * self._random.choice((1, 1, 20)) + content[end:]

    def _drop(self, content: bytearray) -> bytearray:
        start = self._at(content)
        del content[start : start + self._random.choice((1, 4, 16, 1000))]
        return content

    def _extreme(self, content: bytearray) -> bytearray:
        at = self._at(content, self._random.choice((64, 600, 10**9)))
        values = (0, 1, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
        value = self._random.choice(values)
        size = self._random.choice((2, 4))
        order = self._random.choice(("big", "little"))
        content[at : at + size] = (value & (256**size - 1)).to_bytes(size, order)
        return content

    def _splice(self, content: bytearray) -> bytearray:
        _, other = self._random.choice(self._whole)
        start = self._random.randrange(len(other))
        at = self._at(content)
        content[at : at + 500] = other[start : start + 500]
        return content

    def _mend(self, content: bytearray) -> bytearray:
        # A changed PNG is refused by its checksums unless they are made to fit.
        self._flip(content)
        at = 8
        while content.startswith(b"\x89PNG") and at + 12 <= len(content):
            (length,) = struct.unpack_from(">I", content, at)
            end = at + 8 + length
            if end + 4 > len(content):
                break
            struct.pack_into(">I", content, end, zlib.crc32(content[at + 4 : end]))
            at = end + 4
        return content


def look(sandbox: Sandbox, file: File) -> Result:
    """
    Have one file looked at.
    """
    name, content = file
    began = time.perf_counter()
    try:
        sandbox.run(content)
        outcome = "hashed"
    except MediaError as error:
        outcome = type(error).__name__
    return Result(name, outcome, time.perf_counter() - began)


def look_at_all(sandbox: Sandbox, files: Iterable[File], workers: int) -> Iterator[Result]:
    """
    Have many looked at, as many at once as there are workers, and hold few in memory.
    """
    iterator = iter(files)
    with ThreadPoolExecutor(workers) as threads:
        while some := list(itertools.islice(iterator, 8 * workers)):
            yield from threads.map(lambda file: look(sandbox, file), some)


def throughput(sandbox: Sandbox, hostile: list[bytes], workers: int) -> float:
    """
    Measure a stream of which one file in ten is from *hostile*; none if that is empty.

    Returns:
        Files per second.
    """
    ordinary = [
        bombs.ordinary("JPEG", size=(1920, 1080)),
        bombs.ordinary("JPEG", size=(1600, 1200), progressive=True),
        bombs.ordinary("WEBP", size=(1280, 960)),
        bombs.ordinary("PNG", size=(800, 600)),
    ]
    random_ = random.Random(3)
    stream = [ordinary[number % len(ordinary)] for number in range(STREAM)]
    if hostile:
        for number in range(0, STREAM, 10):
            stream[number] = random_.choice(hostile)
    began = time.perf_counter()
    for _ in look_at_all(sandbox, [("", content) for content in stream], workers):
        pass
    return STREAM / (time.perf_counter() - began)


def compare(
    sandbox: Sandbox, mixes: dict[str, list[bytes]], workers: int, *, rounds: int
) -> dict[str, float]:
    """
    Measure each mix against none, in turns, so that what else the machine does hits all.

    Returns:
        For each mix, its throughput in parts of that without hostile files; the median.
    """
    throughput(sandbox, [], workers)
    shares: dict[str, list[float]] = {name: [] for name in mixes}
    for _ in range(rounds):
        for name, hostile in mixes.items():
            before = throughput(sandbox, [], workers)
            during = throughput(sandbox, hostile, workers)
            after = throughput(sandbox, [], workers)
            shares[name].append(2 * during / (before + after))
    return {name: statistics.median(each) for name, each in shares.items()}


def children() -> set[int]:
    """
    Find the living descendants of this process.
    """
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(path.parent.name)] = int(parent)
    found = {os.getpid()}
    for _ in range(4):
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found - {os.getpid()}


def memory_mb() -> int:
    """
    Give the memory that this process has, in MB.
    """
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


class Run:
    """
    The whole measurement, and what it found.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._limits = Limits()
        self._late: list[Result] = []
        self._broken: list[bytes] = []
        self._hard: list[bytes] = []
        self.report: dict[str, object] = {}

    def run(self) -> bool:
        """
        Measure everything.

        Returns:
            Whether nothing went wrong.
        """
        workers = self._arguments.workers
        before = memory_mb()
        with Sandbox(JOB, workers=workers, waiting=1000, limits=self._limits) as sandbox:
            self.report["protections"] = sandbox.protections
            self.report["missing"] = sandbox.missing
            self.report["memory_before_mb"] = before
            whole = self._part(sandbox, "corpus", corpus(self._arguments.corpus))
            whole += list(bombs.seeds())
            self._part(sandbox, "bombs", bombs.all_bombs())
            mutator = Mutator(whole, self._arguments.seed)
            self._part(sandbox, "mutated", mutator.files(self._arguments.mutated))
            self.report["memory_after_mb"] = memory_mb()
            self._throughput(sandbox)
            self.report["still_works"] = look(sandbox, ("", whole[-1][1])).outcome == "hashed"
        left = children()
        self.report["late"] = [result.name for result in self._late]
        self.report["processes_left"] = len(left)
        return bool(self.report["still_works"]) and not self._late and not left

    def _part(self, sandbox: Sandbox, title: str, files: Iterable[File]) -> list[File]:
        """
        Look at one kind of files; give those that are worth changing.
        """
        began = time.perf_counter()
        kept: list[File] = []
        seen: dict[str, bytes] = {}

        def noted() -> Iterator[File]:
            for name, content in files:
                seen[name] = content
                yield name, content

        outcomes: Counter[str] = Counter()
        results: list[Result] = []
        for result in look_at_all(sandbox, noted(), self._arguments.workers):
            content = seen.pop(result.name)
            outcomes[result.outcome] += 1
            self._keep(result, content, kept)
            results.append(result)
            if result.seconds > self._limits.seconds + LATE_BY_S:
                self._late.append(result)
        slowest = sorted(results, key=lambda result: -result.seconds)[:SLOWEST]
        self.report[title] = {
            "files": len(results),
            "outcomes": dict(outcomes.most_common()),
            "seconds": round(time.perf_counter() - began, 1),
            "slowest": [(each.name, each.outcome, round(each.seconds, 2)) for each in slowest],
            "broke_the_decoder": [
                (each.name, each.outcome) for each in results if each.outcome.startswith("Decoder")
            ][:50],
        }
        show(title, self.report[title])
        return kept

    def _keep(self, result: Result, content: bytes, kept: list[File]) -> None:
        if result.outcome.startswith("Decoder"):
            self._hard.append(content)
        elif result.outcome != "hashed" and len(content) < LARGEST_MUTATED:
            self._broken.append(content)
        if result.outcome not in ("NotAPicture", "EmptyFile") and len(content) < LARGEST_MUTATED:
            kept.append((result.name, content))

    def _throughput(self, sandbox: Sandbox) -> None:
        crash, memory, loop = (BREAKS + name for name in (b"crash", b"memory", b"loop"))
        some = random.Random(5).sample(self._broken, min(500, len(self._broken)))
        mixes = {
            "broken": some,
            "crash": [crash],
            "as found": [*some, *self._hard],
            "half broken, half crash": [*some, *[crash] * len(some)],
        }
        workers = self._arguments.workers
        shares = compare(sandbox, mixes, workers, rounds=ROUNDS)
        if self._arguments.worst:
            # Each takes seconds: no stream keeps up with one in ten of them.
            worst = {"memory": [memory], "endless loop": [loop]}
            shares |= compare(sandbox, worst, workers, rounds=1)
        self.report["throughput_with_one_in_ten"] = {
            name: round(share, 3) for name, share in shares.items()
        }
        self.report["hard_files_found"] = len(self._hard)
        show("throughput", self.report["throughput_with_one_in_ten"])


def show(title: str, what: object) -> None:
    """
    Print one part of the report.
    """
    sys.stdout.write(f"{title}: {json.dumps(what, indent=1)}\n")
    sys.stdout.flush()


def main() -> int:
    """
    Read the arguments and measure.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--mutated", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", action="store_true", help="also the mixes that take minutes")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    run = Run(parser.parse_args())
    logging.basicConfig(level=logging.ERROR)
    is_good = run.run()
    for name, value in run.report.items():
        if name not in ("corpus", "bombs", "mutated", "throughput_with_one_in_ten"):
            show(name, value)
    sys.stdout.write("good\n" if is_good else "BAD\n")
    if run._arguments.json:  # noqa: SLF001
        sys.stdout.write(json.dumps(run.report) + "\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
