"""What stands against giving what a case asks for: the entry and its files as they are today.

Who applies, accepts, proposes or decides is told what has changed since, in place of a grant that
opens nothing (Yaohai 15–17).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from .access import Subject, ungranted
from .procedure import Command, Procedure
from .refusal import Refusal

OPTION = "hindered"
"""The option under which a procedure opens its ways out, such as refusing at once."""
FILES = "files_gone"
"""Of what was asked for some is not there any more; all of it where ``left`` says no."""


def hindrances(
    subject: Subject, department: str, asked: Iterable[str], there: Collection[str]
) -> tuple[Refusal, ...]:
    """What stands against giving today what was ``asked`` for, if the case is with ``department``.

    ``there`` are the files of the entry now; where it has none, nothing is missing yet.
    """
    refusal = ungranted(subject)
    if refusal:
        return (replace(refusal, field="dataset_id", value=subject.entry),)
    if subject.provider != department:
        return (Refusal("entry_moved", "dataset_id", subject.entry),)
    wanted = list(asked)
    gone = [name for name in wanted if name not in there]
    if not gone:
        return ()
    facts = {"gone": str(len(gone)), "left": "yes" if len(gone) < len(wanted) else "no"}
    return (Refusal(FILES, "resources", " ".join(gone), facts=facts),)


def gives(command: Command) -> bool:
    """Whether a command leads to somebody getting the data."""
    return command.receives or command.accepts or command.gives


def against(
    procedure: Procedure, command: Command, found: Iterable[Refusal]
) -> Iterator[Refusal]:
    """Those of the hindrances that stand against a command.

    Files that are gone do not stand against a form in which files are chosen anew, nor against
    giving those that are left.
    """
    if not gives(command):
        return
    chooses = bool(command.form)
    part = any(item.type == "resources" for item in procedure.asked(command))
    for one in found:
        if one.code != FILES or not (chooses or (part and one.facts["left"] == "yes")):
            yield one


def fate(
    subject: Subject, department: str, resources: Iterable[str], there: Collection[str]
) -> tuple[str, str] | None:
    """What becomes of a grant as its entry is now: ``revoked`` or ``suspended``, and why.

    What may come back or waits for another department is suspended; what was closed, opened to
    everybody or deleted is over, and does not stand up again when the entry is changed back.
    """
    found = hindrances(subject, department, resources, there)
    if not found or (found[0].code == FILES and found[0].facts["left"] == "yes"):
        return None
    code = found[0].code
    hidden = code == "entry_withdrawn" and subject.there
    waits = hidden or code in ("entry_moved", "provider_gone")
    return ("suspended" if waits else "revoked"), code
