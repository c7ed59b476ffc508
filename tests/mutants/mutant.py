"""One small change of the core: those that `cargo mutants --list --json` lists, and every statement
that can be deleted, which cargo-mutants doesn't try."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import tree_sitter
import tree_sitter_rust

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))

STATEMENT = "Statement"
DELETED = {"assignment_expression", "compound_assignment_expr", "call_expression", "try_expression"}


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
    run = subprocess.run(
        [*command, "--list", "--json", *options], cwd=tree, check=True, stdout=subprocess.PIPE
    )
    mutants, seen = [], {}
    for number, each in enumerate(json.loads(run.stdout), start=1):
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
    globs = [glob for option, glob in zip(options, options[1:]) if option == "--file"]
    if len(options) == 2 * len(globs):
        mutants += deleted_statements(tree, globs or ["*"], len(mutants) + 1, seen)
    return mutants


def deleted_statements(
    tree: Path, globs: list[str], number: int, seen: dict[str, int]
) -> list[Mutant]:
    """Every assignment and every call that stands alone, deleted."""
    mutants = []
    for path in sorted((tree / "core/src").rglob("*.rs")):
        source = path.read_bytes()
        file = str(path.relative_to(tree))
        if not any(fnmatch(file, glob) for glob in globs):
            continue
        for node in statements(PARSER.parse(source).root_node):
            text = node.text.decode()
            key = hashlib.sha256(f"{STATEMENT}\n{file}\n{text}".encode()).hexdigest()[:16]
            seen[key] = seen.get(key, 0) + 1
            line, column = node.start_point
            short = " ".join(text.split())
            mutants.append(
                Mutant(
                    number=number + len(mutants),
                    name=f"{file}:{line + 1}:{column + 1}: delete statement `{short}`",
                    genre=STATEMENT,
                    file=file,
                    replacement="",
                    function="a statement",
                    returns="",
                    start=position(source, node.start_byte),
                    end=position(source, node.end_byte),
                    key=key if seen[key] == 1 else f"{key}-{seen[key]}",
                )
            )
    return mutants


def statements(node):
    if node.type == "expression_statement" and node.children[0].type in DELETED:
        yield node
    for child in node.children:
        yield from statements(child)


def position(source: bytes, byte: int) -> tuple[int, int]:
    """The line and the column, both from one, the column in characters."""
    before = source[:byte]
    last_line = before[before.rfind(b"\n") + 1 :]
    return before.count(b"\n") + 1, len(last_line.decode()) + 1
