"""One small change of the core, as `cargo mutants --list --json` tells it."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    number: int
    name: str
    genre: str
    file: str
    replacement: str
    function: str
    returns: str
    start: tuple[int, int]
    end: tuple[int, int]
    # The change itself without its place, so that it is known again when lines above it have moved.
    key: str

    def bounds(self, source: bytes) -> tuple[int, int]:
        """Where the text that is replaced begins and ends, in bytes."""
        return offset(source, *self.start), offset(source, *self.end)

    def planted(self, source: bytes) -> bytes:
        """The file with this change, the ordinary way."""
        begin, end = self.bounds(source)
        return source[:begin] + self.replacement.encode() + source[end:]


def offset(source: bytes, line: int, column: int) -> int:
    """Lines and columns count from one, columns in characters."""
    before = source.split(b"\n")
    text = before[line - 1].decode()
    return sum(len(each) + 1 for each in before[: line - 1]) + len(text[: column - 1].encode())


def listed(tree: Path, options: list[str]) -> list[Mutant]:
    """All changes of the core's sources. `options` are cargo-mutants' own, `--file` for one."""
    command = ["cargo", "mutants", "-p", "jellyfin-auth", "--exclude", "core/benches/**"]
    told = subprocess.run(
        [*command, "--list", "--json", *options], cwd=tree, check=True, stdout=subprocess.PIPE
    )
    mutants, seen = [], {}
    for number, each in enumerate(json.loads(told.stdout), start=1):
        lines = [line for line in each["diff"].split("\n") if not line.startswith("@@")]
        change = "\n".join([each["genre"], each["replacement"], *lines])
        key = hashlib.sha256(change.encode()).hexdigest()[:16]
        seen[key] = seen.get(key, 0) + 1
        function, span = each["function"] or {}, each["span"]
        mutants.append(
            Mutant(
                number=number,
                name=each["name"],
                genre=each["genre"],
                file=each["file"],
                replacement=each["replacement"],
                function=function.get("function_name", ""),
                returns=function.get("return_type", ""),
                start=(span["start"]["line"], span["start"]["column"]),
                end=(span["end"]["line"], span["end"]["column"]),
                key=key if seen[key] == 1 else f"{key}-{seen[key]}",
            )
        )
    return mutants
