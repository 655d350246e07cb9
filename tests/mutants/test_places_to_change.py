"""Of the trial itself: every change is one, and each stands where it says."""

import ast

from tests.mutants.changes import changed, places

SOURCE = '''
LIMIT = 5


def within(days: int, *, of: str = "term") -> bool:
    """So many days are inside the term."""
    if days < 0 or not of:
        raise ValueError(_("No days."))
    log.warning("asked")
    return days + 1 <= LIMIT
'''


def test_each_place_of_a_function_is_changed_alone():
    found = places(SOURCE)
    assert [(one.line, one.kind) for one in found] == [
        (7, "condition"), (7, "operator"), (7, "comparison"), (7, "number"), (7, "not"),
        (8, "step"), (9, "step"), (10, "answer"), (10, "comparison"), (10, "operator"),
        (10, "number"),
    ]  # fmt: skip
    assert {one.function for one in found} == {"within"}
    before = ast.unparse(ast.parse(SOURCE))
    texts = {ast.unparse(changed(SOURCE, one)) for one in found}
    assert len(texts) == len(found)
    assert before not in texts


def test_what_is_outside_functions_is_left():
    assert places("LIMIT = 5\nclass A:\n    size = 1\n") == []


def test_a_method_and_what_is_inside_it_have_the_outer_name():
    found = places("class A:\n    def f(self):\n        return [one for one in self if one > 1]\n")
    assert {one.function for one in found} == {"A.f"}
    assert [one.kind for one in found] == ["answer", "comparison", "number"]
