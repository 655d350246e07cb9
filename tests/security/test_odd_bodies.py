"""No body of any action of the running application is a fault of the server; generated.

Every action is sent each parameter that it reads, also those of the objects in its lists, with a
value of each wrong kind, the others as they should be: by the operator, and with fewer kinds by an
officer, who gets furthest with entries, a stranger and an applicant. All that takes a quarter of
an hour and is asked for by hand, by a pattern of actions' names: ``GOVDATA_ODD_BODIES=.``, or
``'^p'`` for a part. One kind for each parameter is sent with every run of the tests.
"""
from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bodies_read import Path, recording, taken
from ckan import logic, model
from ckan.lib import app_globals
from ckan.tests import factories
from reading_world import Portal, portal

from ckanext.govdata.security import bodies

pytestmark = pytest.mark.usefixtures("fresh")
WANTED = os.environ.get("GOVDATA_ODD_BODIES", "")
ONE = ('{"a": [1]}',)
"""What CKAN fails at most often: it has no method of a text and cannot be looked up."""
FEW = ('"text"', "[[1]]", '{"a": [1]}')
KINDS = (*FEW, "-1", "null", '""', "1.5", "9" * 30, "true", "[]", "[null]")
MORE = (
    "0", "NaN", "1e400", "1" + "0" * 400 + ".0", '"[]"', '"{broken"', '"-1"', '"1e2"', '["text"]',
    "{}", "[{}]", f'"{"水" * 20_000}"', '{"a":[' * 15 + "1" + "]}" * 15,
    r'"\u0000"', r'["\u0000"]', r'{"\ud800": "\ud800"}',
)
WHOLE = ("[" * 5000 + "]" * 5000, f'"{"[" * 5000}"')
"""Judged of the body as a whole, whatever the parameter."""
NEEDED = bodies.declaration().needed
"""Without these an action is not reached, and reads nothing."""
ENDS = re.compile("delete|purge|revoke|end")
OWN = {
    "package": "/dataset id", "dataset": "/dataset id", "organization": "/organization id",
    "group": "/group id", "resource": "resource_id", "datastore": "resource_id",
    "user": "/user id", "govdata_case": "case_id", "govdata_grant": "grant_id",
    "govdata_emergency": "name",
}
"""What the ``id`` of an action is, by how the action's name begins."""
KNOWN = {
    "package_id": "/dataset id", "org_id": "organization", "user_id": "/user id",
    "user": "/user id", "username": "/user id", "resource_id": "resource_id",
    "case_id": "case_id",
}


@pytest.fixture
def configuration(ckan_config):
    """What is configured in the database goes with the test: it would stay in the process."""
    yield
    model.Session.rollback()
    model.Session.query(model.SystemInfo).delete()
    model.Session.commit()
    app_globals.reset()


class Asking:
    """Sends bodies; ``wrong`` are those that the server could not answer."""

    def __init__(self, app: Any, people: dict[str, dict[str, str]]) -> None:
        self._app, self._people = app, people
        self.wrong: list[str] = []

    def ask(self, who: str, action: str, body: str) -> None:
        headers = {"Content-Type": "application/json", **self._people[who]}
        try:
            answer = self._app.post(
                f"/api/3/action/{action}", data=body.encode(), headers=headers, status=None)
            failed = str(answer.status_code) if answer.status_code >= 500 else ""
        except Exception as error:  # it is a 500 outside of tests
            failed = f"{error!r:.150}"
        if failed:
            self.wrong.append(f"{who} {action} {body[:150]}: {failed}")

    def every_kind(self, action: str, known: dict[str, str]) -> None:
        asked = self.each_parameter("root", action, known, MORE + KINDS, KINDS)
        asked |= self.each_parameter("officer", action, known, FEW, FEW)
        for who in ("stranger", "citizen"):
            for path in sorted(path for path in asked if len(path) == 1):
                for body in bodies(path, known, asked, FEW):
                    self.ask(who, action, body)
        for body in bodies(("id",), {}, asked, WHOLE):
            self.ask("root", action, body)

    def each_parameter(
        self, who: str, action: str, known: dict[str, str],
        kinds: tuple[str, ...], inner: tuple[str, ...],
    ) -> set[Path]:
        """Those that the action turns out to read; ``inner`` kinds are for objects in lists."""
        asked: set[Path] = set()
        taken()
        self.ask(who, action, "{}")
        paths = taken() | {(name.split(".")[0],) for name in NEEDED.get(action, ())}
        while paths := paths - asked:
            asked |= paths
            if right := {name: value for name, value in known.items() if (name,) in asked}:
                self.ask(who, action, json.dumps(right))
            for path in sorted(paths):
                for body in bodies(path, known, asked, kinds if len(path) == 1 else inner):
                    self.ask(who, action, body)
            paths = taken()
        return asked


def sensible(place: Portal, action: str) -> dict[str, str]:
    """What identifiers should be, so that an action gets further than to look for its thing."""
    own = next((word for begin, word in OWN.items() if action.startswith(begin)), "")
    return {key: place.words[word][0] for key, word in {**KNOWN, "id": own}.items() if word}


def bodies(
    path: Path, known: dict[str, str], read: set[Path], kinds: tuple[str, ...]
) -> Iterator[str]:
    """One for each kind of value of this parameter."""
    around = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in known.items()
              if (key,) in read and key != path[0]]
    for kind in kinds:
        value = kind
        for name in reversed(path[1:]):
            value = f"[{{{json.dumps(name)}: {value}}}]"
        yield "{" + ", ".join([*around, f"{json.dumps(path[0])}: {value}"]) + "}"


@pytest.fixture
def place(web_application: Any) -> Portal:
    return portal(web_application)


@pytest.fixture
def asking(app: Any, place: Portal, configuration: None) -> Asking:
    return Asking(app, {"stranger": {}, **{
        who: {"Authorization": factories.APIToken(user=who)["token"]}
        for who in ("citizen", "officer", "root")}})


def in_order(actions: list[str]) -> list[str]:
    """What takes things away comes last."""
    return sorted(actions, key=lambda name: (bool(ENDS.search(name)), name))


def test_one_odd_value_of_each_parameter_is_not_our_fault(asking: Asking, place: Portal) -> None:
    with recording() as actions:
        for action in in_order(actions):
            known = sensible(place, action)
            asking.each_parameter("root", action, known, ONE, ())
            if not getattr(logic.get_action(action), "side_effect_free", False):
                asking.each_parameter("officer", action, known, ONE, ONE)
    assert not asking.wrong, f"{len(asking.wrong)} faults\n" + "\n".join(asking.wrong)


@pytest.mark.parametrize("action", [
    "group_member_delete", "organization_member_delete", "package_collaborator_delete"])
def test_what_is_not_there_is_no_fault_either(asking: Asking, action: str) -> None:
    for who in ("root", "officer", "stranger"):
        asking.ask(who, action, '{"id": "none-such", "username": "citizen", "user_id": "citizen"}')
    assert not asking.wrong, asking.wrong


@pytest.mark.skipif(not WANTED, reason="takes a quarter of an hour")
def test_no_odd_body_is_our_fault(asking: Asking, place: Portal) -> None:
    with recording() as actions:
        for action in filter(re.compile(WANTED).search, in_order(actions)):
            asking.every_kind(action, sensible(place, action))
    assert not asking.wrong, f"{len(asking.wrong)} faults\n" + "\n".join(asking.wrong)
