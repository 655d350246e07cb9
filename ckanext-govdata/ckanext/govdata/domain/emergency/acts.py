"""Who may do what to an event: one table of the core's roles, read by actions, buttons and pages.

Those who handle the emergency open the data (Anhui 35); where a decision is a head's, an officer
of the handling body does not take it. Roles come from membership alone.
"""

from __future__ import annotations

from collections.abc import Collection

from ..locales import LOCALES, Label
from ..permission import role_in, table
from ..procedure import Command, Procedure, Role, State
from ..refusal import Refusal
from .emergency_event import Emergency

DECLARE, UPDATE, LEVEL = "declare", "update", "level"
PUBLISH, OVERRIDE, END = "publish", "override", "end"
DECIDES = (Role.GOVERNMENT, Role.HEAD)
"""Who decides, the highest first: whoever has several roles acts in the highest. The government and
the departments that handle an event, and no text names the data authority (Anhui 35)."""
WORKS = (Role.GOVERNMENT, Role.AUTHORITY, Role.HEAD, Role.OFFICER)
"""Who carries out what was decided; the authority runs the platform on which it is published."""
UNDECLARED, RUNNING, ENDED = "undeclared", "running", "ended"


def _labels(hans: str, hant: str, en: str) -> Label:
    return dict(zip(LOCALES, (hans, hant, en), strict=True))


STATES = (
    State(UNDECLARED, _labels("未发布", "未發布", "Undeclared")),
    State(RUNNING, _labels("进行中", "進行中", "Running"), Role.HEAD),
    State(ENDED, _labels("已结束", "已結束", "Ended"), final=True),
)
COMMANDS = (
    Command(DECLARE, _labels("发布事件", "發布事件", "Declare"), "declared", (UNDECLARED,),
            DECIDES, RUNNING),
    Command(UPDATE, _labels("修改", "修改", "Update"), "updated", (RUNNING,), WORKS),
    Command(LEVEL, _labels("调整级别", "調整級別", "Re-level"), "levelled", (RUNNING,), DECIDES),
    Command(PUBLISH, _labels("公布", "公布", "Publish"), "published", (RUNNING,), WORKS),
    Command(OVERRIDE, _labels("准予公布", "准予公布", "Override"), "overridden", (RUNNING,),
            DECIDES),
    Command(END, _labels("结束", "結束", "End"), "ended", (RUNNING,), DECIDES, ENDED),
)  # fmt: skip
EMERGENCY = Procedure(
    kind="emergency",
    code="YJ",
    label=_labels("应急开放", "應急開放", "Emergency publication"),
    initial=UNDECLARED,
    clocks={},
    states={state.name: state for state in STATES},
    commands={command.name: command for command in COMMANDS},
    forms={},
    fields={},
)
"""An event is no case: it counts instants and keeps versions. But who may do what is one table."""
TABLE = table(EMERGENCY)


def state_of(event: Emergency | None) -> str:
    """Where an event stands; one that is none yet is undeclared."""
    if event is None:
        return UNDECLARED
    return ENDED if event.ended else RUNNING


def known(event: Emergency | None) -> Emergency:
    """The event; nothing but a declaration comes before it."""
    if event is None:
        raise ValueError("there is no event yet")
    return event


def role_for(act: str, roles: Collection[Role]) -> Role | None:
    """The role in which somebody may do an act, the highest; ``None`` where he may not."""
    return role_in(EMERGENCY.commands[act], roles)


def acts_now(event: Emergency, roles: Collection[Role]) -> list[str]:
    """What somebody with these roles may do to an event as it stands."""
    here = TABLE[state_of(event)]
    return [act for act in EMERGENCY.commands if any(act == c.name for r in roles for c in here[r])]


FIELDS = {DECLARE: "organization", LEVEL: "level", OVERRIDE: "override"}
"""What an act is about, where that is not the event as a whole."""


def objections(event: Emergency | None, act: str, roles: Collection[Role]) -> list[Refusal]:
    """Why somebody may not do this to the event now, before anything that he typed is looked at."""
    found: list[Refusal] = []
    if event and event.ended and act != END:  # of which ``check_end`` says so
        found.append(Refusal("ended", "id", event.ended.isoformat()))
    if role_for(act, roles) is None:
        found.append(Refusal("not_allowed", FIELDS.get(act, "id")))
    return found
