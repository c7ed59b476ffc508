"""One small change of a package: those that `cargo mutants --list --json` lists, every statement that
can be deleted, which cargo-mutants doesn't try, and those that somebody wrote by hand."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import tree_sitter
import tree_sitter_rust

import planted
from packages import Package

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))

STATEMENT = "Statement"
PLANTED = "Planted"
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


class Keys:
    """A change's key is made of its text, and says which it is of those that have the same."""

    def __init__(self):
        self.seen: dict[str, int] = {}

    def of(self, *parts: str) -> str:
        key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
        self.seen[key] = self.seen.get(key, 0) + 1
        return key if self.seen[key] == 1 else f"{key}-{self.seen[key]}"


def listed(tree: Path, package: Package, options: list[str], only_planted: bool) -> list[Mutant]:
    """All changes of the package's sources. `options` are cargo-mutants' own, `--file` for one."""
    keys = Keys()
    globs = [glob for option, glob in zip(options, options[1:]) if option == "--file"]
    mutants = [] if only_planted else by_cargo_mutants(tree, package, options, keys)
    if len(options) == 2 * len(globs):
        first = len(mutants) + 1
        if not only_planted:
            mutants += deleted_statements(tree, package, globs or ["*"], first, keys)
        mutants += by_hand(tree, package, globs or ["*"], len(mutants) + 1, keys)
    return [each for each in mutants if each.file not in package.left_out]


def by_cargo_mutants(tree: Path, package: Package, options: list[str], keys: Keys) -> list[Mutant]:
    command = ["cargo", "mutants", "-p", package.cargo, "--exclude", "core/benches/**"]
    run = subprocess.run(
        [*command, "--list", "--json", *options], cwd=tree, check=True, stdout=subprocess.PIPE
    )
    mutants = []
    for number, each in enumerate(json.loads(run.stdout), start=1):
        lines = [line for line in each["diff"].split("\n") if not line.startswith("@@")]
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
                key=keys.of(each["genre"], each["replacement"], *lines),
            )
        )
    return mutants


def deleted_statements(
    tree: Path, package: Package, globs: list[str], number: int, keys: Keys
) -> list[Mutant]:
    """Every assignment and every call that stands alone, deleted."""
    mutants = []
    for path in sorted((tree / package.folder / "src").rglob("*.rs")):
        source = path.read_bytes()
        file = str(path.relative_to(tree))
        if not any(fnmatch(file, glob) for glob in globs):
            continue
        for node in statements(PARSER.parse(source).root_node):
            text = node.text.decode()
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
                    key=keys.of(STATEMENT, file, text),
                )
            )
    return mutants


def by_hand(
    tree: Path, package: Package, globs: list[str], number: int, keys: Keys
) -> list[Mutant]:
    """Those of `planted/*.txt` that are about this package."""
    mutants, lost = [], []
    for each in planted.read(Path(__file__).parent / "planted"):
        in_package = each.file.startswith(f"{package.folder}/")
        if not in_package or not any(fnmatch(each.file, glob) for glob in globs):
            continue
        source = (tree / each.file).read_bytes()
        old = each.old.encode()
        if source.count(old) != 1:
            lost.append(f"{each.file}: {each.breaks}: its text is there {source.count(old)} times")
            continue
        begin = source.index(old)
        line, column = position(source, begin)
        body = body_around(PARSER.parse(source).root_node, begin, begin + len(old))
        returns = body and body.parent.child_by_field_name("return_type")
        mutants.append(
            Mutant(
                number=number + len(mutants),
                name=f"{each.file}:{line}:{column}: {each.breaks}",
                genre=PLANTED,
                file=each.file,
                replacement=each.new,
                function="a body" if body else "",
                returns=returns.text.decode() if returns else "",
                start=(line, column),
                end=position(source, begin + len(old)),
                key=keys.of(PLANTED, each.file, each.old, each.new),
            )
        )
    if lost:
        raise SystemExit("\n".join(["no longer in the sources:", *lost]))
    return mutants


def body_around(root, begin: int, end: int):
    """The innermost body of a function around a text, or else of a closure."""
    node, closure = root.descendant_for_byte_range(begin, end - 1), None
    while node:
        body = node.child_by_field_name("body")
        if body and body.start_byte <= begin and end <= body.end_byte:
            if node.type == "function_item":
                return body
            if node.type == "closure_expression":
                closure = closure or body
        node = node.parent
    return closure


def statements(node):
    if node.type == "mod_item" and is_test(node):
        return
    if node.type == "expression_statement" and node.children[0].type in DELETED:
        yield node
    for child in node.children:
        yield from statements(child)


def is_test(node) -> bool:
    before = node.prev_named_sibling
    return before is not None and before.text == b"#[cfg(test)]"


def position(source: bytes, byte: int) -> tuple[int, int]:
    """The line and the column, both from one, the column in characters."""
    before = source[:byte]
    last_line = before[before.rfind(b"\n") + 1 :]
    return before.count(b"\n") + 1, len(last_line.decode()) + 1
