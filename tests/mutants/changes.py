"""The places of a source where a small change should be noticed by somebody, and the change."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OTHER_OPERATOR = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
WORDS_FOR_READERS = {"_", "ungettext", "N_", "debug", "info", "warning", "error", "exception"}
"""Calls whose texts are worded for people: another word is no other behaviour."""
Change = Callable[[ast.AST], ast.AST | None]


@dataclass(frozen=True)
class Place:
    """One change: in which function (as ``co_qualname`` has it), on which line, of what kind."""

    function: str
    line: int
    kind: str
    number: int
    """The place's number in the walk of the file."""


def places(source: str) -> list[Place]:
    """Every place of ``source``, in the order of the walk; only inside functions."""
    found = enumerate(_walk(ast.parse(source)))
    return [Place(function, node.lineno, kind, number)
            for number, (function, node, kind, _change) in found]  # fmt: skip


def changed(source: str, place: Place) -> ast.Module:
    """The whole file with that one change."""
    tree = ast.parse(source)
    _function, node, _kind, change = list(_walk(tree))[place.number]
    other = change(copy.deepcopy(node))
    done = _Replaced(node, other).visit(tree)
    return ast.fix_missing_locations(done)


class _Replaced(ast.NodeTransformer):
    def __init__(self, node: ast.AST, other: ast.AST | None) -> None:
        self.node, self.other = node, other

    def visit(self, node: ast.AST) -> ast.AST | None:
        if node is self.node:
            return ast.copy_location(self.other, node) if self.other else None
        return self.generic_visit(node)


Found = tuple[str, ast.AST, str, Change]


def _walk(tree: ast.AST, function: str = "", within: str = "") -> Iterator[Found]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.ClassDef):
            yield from _walk_body(child, function, f"{within}{child.name}.")
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            outer = function or f"{within}{child.name}"
            yield from _walk_body(child, outer, f"{within}{child.name}.<locals>.")
        elif isinstance(child, ast.Call) and _called(child) in WORDS_FOR_READERS:
            continue
        else:
            if function and isinstance(child, (ast.expr, ast.stmt)):
                yield from ((function, child, kind, change) for kind, change in _changes(child))
            yield from _walk(child, function, within)


def _walk_body(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, function: str,
               within: str) -> Iterator[Found]:  # fmt: skip
    """Without decorators, annotations and what documents it."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    yield from _walk(ast.Module(body=body, type_ignores=[]), function, within)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OTHER_OPERATOR:
            yield "comparison", _with(ops=[OTHER_OPERATOR[type(operator)]()])
        case ast.BoolOp() | ast.BinOp() if type(node.op) in OTHER_OPERATOR:
            yield "operator", _with(op=OTHER_OPERATOR[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", lambda one: one.operand
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition", lambda one: _negated(one)
        case ast.Constant(value=bool() as value):
            yield "truth", _with(value=not value)
        case ast.Constant(value=int() as value):
            yield "number", _with(value=value + 1)
        case ast.Constant(value=str() as value) if value.strip():
            yield "text", _with(value=f"{value}x")
        case ast.Return(value=ast.expr() as given) if ast.unparse(given) != "None":
            yield "answer", _with(value=ast.Constant(value=None))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "step", lambda _one: ast.Pass()


def _with(**fields: object) -> Change:
    def change(node: ast.AST) -> ast.AST:
        for name, value in fields.items():
            setattr(node, name, value)
        return node

    return change


def _negated(node: ast.AST) -> ast.AST:
    node.test = ast.UnaryOp(op=ast.Not(), operand=node.test)
    return node
