"""What strangers may not know of answers as what never was: on every action and every route.

Each is asked twice, with identifiers of something hidden and with such as never were; status,
words and length must be the same, but for the identifiers that the asker brought himself.
"""
from __future__ import annotations

import json
import re
import uuid
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from itsdangerous.encoding import base64_decode
from leak_world import Entry, combined, entry, site, world
from test_leaks import ACTIONS, CRASHES, ROUTES, actions, ask

pytestmark = pytest.mark.usefixtures("fresh")
READERS = ("", "citizen", "stranger")
CHANGING = re.compile(
    r'name="(?:_?csrf_token|_once)"\s+(?:value|content)="[^"]+"|<updated>[^<]+|"timestamp": "[^"]+"'
)
"""What differs between two answers to one question."""
MARK = re.compile(r'name="_written_by" value="([^".]+)[^"]*"')
"""For whom and for which address a form was made, signed: an address that the asker brought."""
SAYS_TAKEN = {"package_create", "resource_create", "govdata_search_demand_create"}
"""A name or id that is taken is refused: it is unique, so this cannot be hidden. A demand is
refused the second time, and names no entry."""


def absent(known: Entry) -> Entry:
    """An entry that never was, with identifiers of the same form."""
    return Entry("absent", str(uuid.uuid4()), f"absent-{uuid.uuid4().hex[:12]}", known.department,
                 "absent-tag", [str(uuid.uuid4()) for _ in known.resources],
                 [str(uuid.uuid4()) for _ in known.views])


def pairs(template: Any, hidden: Entry, never: Entry, reader: str) -> list[tuple[Any, Any]]:
    return list(zip(combined(template, hidden.words(reader and f"{reader}1")),
                    combined(template, never.words(reader and f"{reader}1")), strict=True))


def same(first: Any, second: Any, hidden: Entry, never: Entry) -> str:
    """Nothing where two answers are alike; else what tells them apart."""
    if first.status_code != second.status_code:
        return f"{first.status_code} {second.status_code}"
    texts = []
    for answer, known in ((first, hidden), (second, never)):
        text = answer.get_data(as_text=True) + str(answer.headers.get("Location") or "")
        text = MARK.sub(lambda found: base64_decode(found[1]).decode(), text)
        brought = [known.id, known.name, known.tag, *known.resources, *known.views,
                   f"alias_{known.attribute}", f"canary-{known.attribute}"]
        for word in brought:
            text = text.replace(word, "WORD")
        texts.append(CHANGING.sub("", text))
    if texts[0] == texts[1]:
        return ""
    place = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), 0)
    return " | ".join(text[max(place - 40, 0):place + 60] for text in texts)


def hidden_entries(place: Any) -> list[tuple[Entry, bool]]:
    """Private, draft and deleted entries; and files of one that is not open."""
    department = tk.get_action("organization_show")(site(), {
        "id": place.entries["private"].department})
    found = [(place.entries["private"], True)]
    for state in ("draft", "deleted"):
        made = entry(department, state)
        tk.get_action("package_patch")(site(), {"id": made.id, "state": state})
        found.append((made, True))
    return [*found, (place.entries["non_open"], False)]


def asked_of(template: Any, whole: bool) -> bool:
    """Whether a question names something that is hidden: of an open entry only its files are."""
    text = str(template)
    names = ("$entry", "$resource", "$view", "$table", "$alias", "$tag")
    return any(name in text for name in (names if whole else ("$resource", "$view", "$table")))


def test_an_action_does_not_tell_hidden_from_absent(app) -> None:
    place, told = world(), []
    for hidden, whole in hidden_entries(place):
        never = absent(hidden)
        for name, asked in ACTIONS["reads"].items():
            for template in asked:
                if not asked_of(template, whole) or (not whole and "$entry" in str(template)):
                    continue
                for reader in READERS:
                    for one, other in pairs(template, hidden, never, reader):
                        answers = [app.get(f"/api/3/action/{name}", query_string=query, status=None,
                                           headers=place.headers(reader)) for query in (one, other)]
                        apart = same(*answers, hidden, never)
                        if apart and name not in CRASHES:
                            told.append((name, json.dumps(one), reader, apart))
    assert told == [], json.dumps(told[:40], ensure_ascii=False, indent=1)


def test_a_write_does_not_tell_hidden_from_absent(app) -> None:
    place, told = world(), []
    for hidden, whole in hidden_entries(place):
        never = absent(hidden)
        for name in set(actions()) - set(ACTIONS["reads"]) - SAYS_TAKEN:
            for reader in READERS:
                answers = []
                for known in (hidden, never):
                    file = {"resource_id": known.resources[0], "view_id": known.views[0]}
                    thing = {"id": known.id, "package_id": known.id, "dataset_id": known.id,
                             "subject": known.id, "object": known.id, "package": known.id}
                    data = {**file, **thing} if whole else {"id": known.resources[0], **file}
                    answers.append(ask(app, place, reader, f"/api/3/action/{name}", data=data))
                if answers[0].status_code == 200 and answers[1].status_code == 200:
                    continue  # what a person may do to himself names no entry
                apart = same(*answers, hidden, never)
                if apart:
                    told.append((name, hidden.attribute, reader, apart))
    assert told == [], json.dumps(told[:40], ensure_ascii=False, indent=1)


def test_a_route_does_not_tell_hidden_from_absent(app) -> None:
    place, told = world(), []
    for hidden, whole in hidden_entries(place):
        never = absent(hidden)
        for rule, asked in ROUTES.items():
            for template in asked:
                if not asked_of(template, whole):
                    continue
                if not whole:  # an open page of another entry, with a hidden file
                    template = template.replace("$entry", place.entries["unconditional"].name)
                for reader in READERS:
                    for one, other in pairs(template, hidden, never, reader):
                        answers = [ask(app, place, reader, address) for address in (one, other)]
                        apart = same(*answers, hidden, never)
                        if apart:
                            told.append((rule, one, reader, apart))
    assert told == [], json.dumps(told[:40], ensure_ascii=False, indent=1)


def test_who_may_know_gets_the_thing_itself(app) -> None:
    """A check that cannot fail is worth nothing."""
    place = world()
    private, closed = place.entries["private"], place.entries["non_open"]
    for address in (f"/api/3/action/package_show?id={private.id}", f"/dataset/{private.name}",
                    f"/api/3/action/resource_show?id={private.resources[0]}",
                    f"/api/3/action/resource_show?id={closed.resources[1]}"):
        assert ask(app, place, "officer", address).status_code == 200, address
        for reader in READERS:
            assert ask(app, place, reader, address).status_code == 404, (address, reader)


def test_an_action_does_not_tell_hidden_from_absent_inside_its_parameters(app) -> None:
    place, told = world(), []
    own = place.entries["unconditional"].id
    for hidden, whole in hidden_entries(place):
        never = absent(hidden)
        if not whole:
            continue
        for name, ask_of in INSIDE:
            for reader in ("citizen", "stranger"):
                answers = [app.post(f"/api/3/action/{name}", json=ask_of(one, own), status=None,
                                    headers=place.headers(reader)) for one in (hidden, never)]
                if apart := same(*answers, hidden, never):
                    told.append((name, hidden.attribute, reader, apart))
    assert told == [], json.dumps(told, ensure_ascii=False, indent=1)


INSIDE = [
    ("package_revise", lambda one, own: {"match": {"id": one.id}, "update": {"title": "x"}}),
    ("package_revise", lambda one, own: {"match": {"name": one.name}, "update": {"title": "x"}}),
    ("package_revise", lambda one, own: {"match": json.dumps({"id": one.id}), "update": {}}),
    ("package_revise", lambda one, own: {"match__id": one.id, "update": {"title": "x"}}),
    ("package_revise", lambda one, own: {"match__name": one.name, "update": {"title": "x"}}),
    ("package_relationships_list", lambda one, own: {"id": own, "id2": one.id}),
    ("package_create_default_resource_views",
     lambda one, own: {"package": {"id": one.id, "resources": []}}),
    ("resource_create_default_resource_views",
     lambda one, own: {"resource": {"id": one.resources[0], "package_id": one.id}}),
]


def test_an_action_does_not_tell_hidden_from_absent_by_name_alone(app) -> None:
    """``package_update`` takes a name where there is no id; a tag and a file have names too."""
    place = world()
    hidden, never = place.entries["private"], absent(place.entries["private"])
    told = []
    for name in set(actions()) - SAYS_TAKEN - {"package_create", "group_create"}:
        for reader in ("", "stranger"):
            answers = [ask(app, place, reader, f"/api/3/action/{name}", data={"name": known.name})
                       for known in (hidden, never)]
            if {answer.status_code for answer in answers} != {200}:
                apart = same(*answers, hidden, never)
                told += [(name, reader, apart)] if apart else []
    assert told == [], json.dumps(told[:40], ensure_ascii=False, indent=1)
