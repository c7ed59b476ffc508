"""The changes that somebody wrote by hand: `planted/*.txt`.

    core/src/engine/retries.rs: a success leaves the failures counted
    - *self = Self { server_is_known
    + *self = Self { failures: self.failures, server_is_known

The first line names the file and what the change breaks. The text behind the `- ` stands in that file once.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Planted:
    file: str
    breaks: str
    old: str
    new: str


def read(folder: Path) -> list[Planted]:
    planted = []
    for path in sorted(folder.glob("*.txt")):
        blocks = path.read_text().split("\n\n")
        planted += [block(path, each) for each in blocks if each.strip() and each[0] != "#"]
    return planted


def block(path: Path, text: str) -> Planted:
    head, *lines = text.strip("\n").split("\n")
    file, colon, breaks = head.partition(": ")
    side = {"-": [], "+": []}
    for line in lines:
        if line[:1] not in side or line[1:2] not in (" ", ""):
            raise SystemExit(f"{path.name}: what is this line? {line!r}")
        side[line[0]].append(line[2:])
    if not colon or not side["-"]:
        raise SystemExit(f"{path.name}: what is this change? {head!r}")
    return Planted(file, breaks, "\n".join(side["-"]), "\n".join(side["+"]))
