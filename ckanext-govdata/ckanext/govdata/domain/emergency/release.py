"""What is published in one step: datasets, a bulletin, or both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from ..procedure import Role
from ..prohibition import in_words
from ..refusal import Refusal, Refused
from . import acts
from .dataset import Dataset, Published, Submission, publish
from .emergency_event import Emergency, EmergencyRules
from .verdict import Act, Bulletin, Given


@dataclass(frozen=True)
class Publication(Given):
    """Data, a bulletin, or both, given by ``actor``; all of it is published, or nothing.

    ``wrong`` is what could not be read of the bulletin.
    """

    actor: str
    submissions: tuple[Submission, ...] = ()
    bulletin: Bulletin | None = None
    wrong: tuple[Refusal, ...] = ()

    def follow(
        self,
        state: Emergency | None,
        roles: Collection[Role],
        rules: EmergencyRules,
        now: datetime,
    ) -> Act | Refused:
        """Everything published; of a dataset that is given twice the second follows the first.
        What stands against any of it is told at once, so that who answers has been told of all."""
        wrong = check_bulletin(self, rules)
        if not self.submissions and not self.bulletin:
            wrong.append(Refusal("nothing_given", "table"))
        if wrong:
            return Refused(tuple(wrong))
        known: dict[str, Dataset] = {}
        done: list[Published] = []
        wrong = check_files(self.submissions)
        for asked in self.submissions:
            before = known.get(asked.dataset.name, asked.before)
            one = publish(replace(asked, before=before), self.actor, roles, rules, now)
            if isinstance(one, Refused):
                wrong += one.reasons
                continue
            known[one.dataset.name] = one.dataset
            done.append(one)
        if wrong:
            return Refused(tuple(wrong))
        text = self.bulletin.title if self.bulletin else ""
        return Act(acts.known(state), text, published=tuple(done), bulletin=self.bulletin)


def check_files(given: Collection[Submission]) -> list[Refusal]:
    """Of files that nobody can look through one is published at a time: who answers for it by name
    has looked at that one, and not at whatever else came along."""
    files = [one.material.file_name for one in given if one.material.kind == "file"]
    facts = {"files": "、".join(files)}
    return [Refusal("one_unread_file", "upload", facts=facts)] if len(files) > 1 else []


def check_bulletin(given: Publication, rules: EmergencyRules) -> list[Refusal]:
    """What stands against a bulletin; nobody overrides that. A ``title`` is a dataset's, so all
    of it is told of the field ``bulletin``."""
    said = given.bulletin
    if said is None:
        return []
    found = [*given.wrong, *in_words(rules.bans, {"title": said.title, "text": said.text})]
    if not said.text:
        found.append(Refusal("missing", "text"))
    return list(dict.fromkeys(replace(one, field="bulletin") for one in found))
