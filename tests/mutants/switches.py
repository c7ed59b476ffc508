"""Builds every change into one text, each behind a switch of its own.

`crate::mutant(7)` is true when the environment asks for change 7. A comment pair `/*<7*/` and `/*7>*/`
stands around what a change added, so that a compiler's complaint leads to the change that it is about.
"""

import re

from mutant import PARSER, PLANTED, STATEMENT, Mutant, body_around

# Kept out of the packages' folders: tests read the core's for statics and environment variables.
SWITCH = """
fn active() -> u32 {
    static ACTIVE: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *ACTIVE.get_or_init(|| std::env::var("MUTANT").map_or(0, |text| text.parse().expect("a number")))
}

pub(crate) fn mutant(number: u32) -> bool {
    active() == number
}
"""


def declaration(folder: str) -> bytes:
    """For the end of the `src/lib.rs` of a package."""
    up = "../" * (folder.count("/") + 2)
    return f'\n#[path = "{up}switch.rs"]\nmod switch;\npub(crate) use switch::mutant;\n'.encode()


# Some changes are an overflow that the compiler sees coming. For the beginning of `src/lib.rs`.
ALLOWED = b"#![allow(arithmetic_overflow, unconditional_panic)]\n"


def on(mutant: Mutant) -> str:
    return f"crate::mutant({mutant.number})"


def marked(mutant: Mutant, text: str) -> str:
    return f"/*<{mutant.number}*/{text}/*{mutant.number}>*/"


def marked_at(text: bytes, at: int) -> int | None:
    """The innermost change around a place in a text."""
    around = []
    for mark in re.finditer(rb"/\*(?:<(\d+)|(\d+)>)\*/", text):
        if mark.start() > at:
            break
        if mark[1]:
            around.append(int(mark[1]))
        elif mark.end() <= at:
            around.pop()
    return around[-1] if around else None


def in_function_at(text: bytes, at: int) -> set[int]:
    """All changes in the function around a place in a text."""
    node = PARSER.parse(text).root_node.descendant_for_byte_range(at, at)
    while node and node.type != "function_item":
        node = node.parent
    return {int(number) for number in re.findall(rb"/\*<(\d+)\*/", node.text)} if node else set()


class File:
    """A source file and the changes of it."""

    def __init__(self, source: bytes, mutants: list[Mutant]):
        self.source = source
        self.root = PARSER.parse(source).root_node
        self.placed: dict[tuple[str, int], list[Mutant]] = {}
        for mutant in mutants:
            self.placed.setdefault(self.place(mutant), []).append(mutant)

    def place(self, mutant: Mutant) -> tuple[str, int]:
        """The genre, and where the piece of syntax begins that it is about."""
        begin, end = mutant.bounds(self.source)
        if mutant.genre == PLANTED:
            return mutant.genre, body_around(self.root, begin, end).start_byte
        if mutant.genre != "FnValue":
            return mutant.genre, begin
        node = self.root.descendant_for_byte_range(begin, begin)
        while node.type != "function_item" or node.child_by_field_name("body").start_byte >= begin:
            node = node.parent
        return mutant.genre, node.child_by_field_name("body").start_byte

    def at(self, genre: str, node) -> list[Mutant]:
        return self.placed.pop((genre, node.start_byte), [])

    def switched(self) -> bytes:
        """The file with all its changes behind switches."""
        text = self.text(self.root).encode()
        assert not self.placed, f"not built in: {self.placed}"
        return text

    def text(self, node) -> str:
        """The piece of syntax with the changes inside of it."""
        planted = self.at(PLANTED, node)
        text = self.without_planted(node)
        for each in planted:
            begin, end = each.bounds(self.source)
            before = self.source[node.start_byte : begin].decode()
            after = self.source[end : node.end_byte].decode()
            new = marked(each, f"{before}{each.replacement}{after}")
            text = f"{{ if {on(each)} {{ {new} }} else {{ {text} }} }}"
        return text

    def without_planted(self, node) -> str:
        render = {
            "binary_expression": self.operation,
            "compound_assignment_expr": self.operation,
            "unary_expression": self.negation,
            "match_arm": self.arm,
            "block": self.body,
            "expression_statement": self.statement,
        }.get(node.type, self.plain)
        return render(node)

    def plain(self, node, but=None) -> str:
        """The node as it is; `but` has other texts for some of its children."""
        text, place = [], node.start_byte
        for child in node.children:
            text.append(self.source[place : child.start_byte].decode())
            text.append(but[child.id] if but and child.id in but else self.text(child))
            place = child.end_byte
        text.append(self.source[place : node.end_byte].decode())
        return "".join(text)

    def body(self, node) -> str:
        """`if` this change `{ return` what it returns `}` before all else."""
        returns = "".join(
            marked(each, f"if {on(each)} {{ return {each.replacement}; }}")
            for each in self.at("FnValue", node)
        )
        return self.plain(node, {node.children[0].id: "{" + returns} if returns else None)

    def statement(self, node) -> str:
        deleted = self.at(STATEMENT, node)
        if not deleted:
            return self.plain(node)
        (mutant,) = deleted
        return marked(mutant, f"if !{on(mutant)} {{ {self.plain(node)} }}")

    def operation(self, node) -> str:
        sign = node.child_by_field_name("operator")
        mutants = self.at("BinaryOperator", sign)
        if not mutants:
            return self.plain(node)
        left = self.text(node.child_by_field_name("left"))
        right = self.text(node.child_by_field_name("right"))
        sign = sign.text.decode()
        # Written so that no operand stands there twice: what's inside of it may be changed, too.
        if sign in ("&&", "||"):
            (mutant,) = mutants
            same = "!=" if sign == "&&" else "=="
            name = f"left_{mutant.number}"
            halves = f"if {name} {same} {on(mutant)} {{ {right} }} else {{ {name} }}"
            return f"({marked(mutant, f'{{ let {name} = {left}; {halves} }}')})"
        if sign in ("==", "!="):
            (mutant,) = mutants
            return f"(({left} {sign} {right}) != {marked(mutant, on(mutant))})"
        others = "".join(
            marked(each, f"if {on(each)} {{ {left} {each.replacement} {right} }} else ")
            for each in mutants
        )
        return f"({others}{{ {left} {sign} {right} }})"

    def negation(self, node) -> str:
        mutants = self.at("UnaryOperator", node)
        if not mutants:
            return self.plain(node)
        (mutant,) = mutants
        operand = self.text(node.children[1])
        sign = node.children[0].type
        return f"({marked(mutant, f'if {on(mutant)} {{ {operand} }} else {{ {sign}{operand} }}')})"

    def arm(self, node) -> str:
        pattern = node.child_by_field_name("pattern")
        guard = pattern.child_by_field_name("condition")
        deleted = self.at("MatchArm", node)
        replaced = self.at("MatchArmGuard", guard) if guard else []
        if not deleted and not replaced:
            return self.plain(node)
        condition = f"({self.text(guard)})" if guard else ""
        for each in replaced:
            join = {"true": f"{on(each)} ||", "false": f"!{on(each)} &&"}[each.replacement]
            condition = f"({marked(each, join)} {condition})"
        for each in deleted:
            condition = marked(each, f"!{on(each)}") + (f" && {condition}" if condition else "")
        if guard:
            pattern_text = self.plain(pattern, {guard.id: condition})
        else:
            pattern_text = f"{self.plain(pattern)} if {condition}"
        return self.plain(node, {pattern.id: pattern_text})
