"""What every procedure must be able to do, whatever it is about: the standard of the folders."""

import string
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.domain import notice_roles
from ckanext.govdata.domain.decision import commands_now
from ckanext.govdata.domain.field_base import Choices
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.letter import unlike
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.domain.permission import table
from ckanext.govdata.domain.procedure import Field, Procedure, Role
from ckanext.govdata.notices.sentences import NAMED

WORDS = "已看原件和附表，所示地址有出入，依照原文可以改正，第{number}回如此。"
"""What people write here: in signs that both Chinese scripts share."""


class Standard:
    """Asked of one procedure; a failing line says which and why."""

    def __init__(self, procedure: Procedure, options: frozenset[str]) -> None:
        self.procedure = procedure
        self.options = options

    def labels(self):
        """All words: where they stand, and what they say in each language."""
        one, words = self.procedure, self.procedure.words
        yield "name", one.label
        for kind in ("clocks", "states", "commands", "fields"):
            for name, item in getattr(one, kind).items():
                yield f"{kind} {name}", item.label
        for kind in ("outcomes", "events", "pages", "counted"):
            for name, label in getattr(words, kind).items():
                yield f"{kind} {name}", label
        for event, by_role in words.notices.items():
            for role, label in by_role.items():
                yield f"notices {event} {role}", label
        for event, letter in words.letters.items():
            yield f"letters {event} title", letter.title
            yield f"letters {event} decision", letter.decision
            if letter.remedy:
                yield f"letters {event} remedy", letter.remedy

    def check_words(self):
        """Three languages, the same placeholders in each, none that nobody fills in."""
        for where, label in self.labels():
            assert set(label) >= set(LOCALES), where
            if where.startswith("letters"):  # their own check stops the start (needed_words.py)
                assert not unlike(label), where
            else:
                holes = {
                    frozenset(name for _t, name, _f, _c in string.Formatter().parse(said) if name)
                    for said in label.values()
                }
                assert len(holes) == 1, f"{where}: {holes}"
                known = set(NAMED) if where.startswith("notices") else {"value"}
                assert next(iter(holes)) <= known, where
            hans, hant = label["zh_Hans_CN"], label["zh_Hant_TW"]
            assert any("\u4e00" <= sign <= "\u9fff" for sign in hans + hant), where

    def check_everybody_told_has_words(self):
        """Every event that somebody is told has words for his role."""
        for told in notice_roles.ever(self.procedure):
            assert self.procedure.words.notice(told.notice, told.role.value), told

    def check_every_command_is_reached(self):
        """Each command is open to somebody in a state that can be reached."""
        tables = (table(self.procedure, options) for options in (frozenset(), self.options))
        rows = [row for every in tables for row in every.values()]
        open_to = {c.name for roles in rows for cs in roles.values() for c in cs}
        assert open_to == set(self.procedure.commands)

    def check_promises(self):
        """No words of a remedy where no command gives one; a clock is used or is not there."""
        one = self.procedure
        used = {name for state in one.states.values() for name in (*state.clocks, *state.pauses)}
        used |= {c.extends for c in one.commands.values()}
        used |= {name for c in one.commands.values() for name in c.owes}
        used |= {name for state in one.states.values() for name in state.stands_if_own}
        assert set(one.clocks) <= used
        remedy = any(command.within for command in one.commands.values())
        for where, label in self.labels():
            if not remedy and where.startswith(("notices", "letters", "pages")):
                assert "may object" not in label["en"], where
                assert "异议" not in label["zh_Hans_CN"], where

    def walk(self, decide, start, choices):
        """Random commands by random roles: what is offered is accepted or refused in words, what
        is not offered is refused; the case always stands in a state that is declared."""
        commands = sorted(self.procedure.commands)

        @settings(max_examples=60, deadline=None)
        @given(st.lists(st.tuples(st.sampled_from(commands), st.sampled_from(list(Role)),
                                  st.integers(0, 9)), max_size=12))
        def walking(steps):
            case, day = start(), date(2026, 3, 2)
            for name, role, days in steps:
                day += timedelta(days=days)
                case = self.step(case, name, role, decide, choices(day))

        walking()

    def step(self, case, name, role, decide, choices):
        """One command; the case after it, or as it was."""
        actor, rules, result, after = decide(case, name, role, choices)
        offered = {one.name for one in commands_now(case, actor, rules, choices.today)}
        if after is None:
            assert result.reasons
            assert all(reason.code for reason in result.reasons)
            return case
        assert name in offered
        assert after.state in self.procedure.states
        if self.procedure.states[case.state].final:
            raise AssertionError(f"{name} left {case.state}, which is final")
        return after


def answer(item: Field, choices: Choices, number: int = 1) -> Any:
    """An answer that a field takes, by its type; ``None`` where there is nothing to choose."""
    words = WORDS.format(number=number)
    files = {name: sorted(columns) for name, columns in choices.resources.items()}
    citable = choices.grounds.offered if item.grounds and choices.grounds else choices.articles
    if item.powers and choices.powers:
        citable = choices.powers.offered
    # What was received, or came back, is not yet to come.
    past = (FieldPart.SERVED, FieldPart.RETURNED, FieldPart.CHANGED, FieldPart.ANSWERED,
            FieldPart.WITHDRAWN, FieldPart.HEARD_ON)
    ahead = 0 if item.part in past else 30
    return {
        "phone": "0551-62620000", "email": "a@example.org", "link": "https://example.org/a",
        "choice": next(iter(item.options), None), "radio": next(iter(item.options), None),
        "accepted": True, "flag": True, "count": 3,
        "date": (choices.today + timedelta(days=ahead)).isoformat(),
        "future": (choices.today + timedelta(days=300)).isoformat(),
        "terms": choices.terms_version, "resources": list(files) or None, "columns": files or None,
        "attachments": None, "colleague": next(iter(sorted(choices.colleagues)), None),
        "reference": None, "party_letter": next(iter(sorted(choices.party_letters)), None),
        "articles": list(citable)[:1] or None,
    }.get(item.type, words[: item.max] if item.max else words)  # fmt: skip
