"""Strangers who read whatever there is, and remember each text that they were shown."""
from __future__ import annotations

import hashlib
import random
import re
import threading
import time

from .journal import Reading
from .writers import World

TEXT = re.compile(r"\b(chaos(?:w\d+n\d+|files\d+x\d+))-v(\d+)\b")
NOTE = re.compile(r"chaos-update-\d+-\d+\.")


def read(world: World, dice: random.Random, stop: threading.Event) -> None:
    """Read one page, answer, list or file."""
    if world.addresses and dice.random() < 0.25:
        _file(world, dice)
        return
    path = _somewhere(world, dice)
    asked = time.time()
    answer = world.client().get(path)
    if answer is None or answer.status_code != 200:
        return
    body, told = answer.text, time.time()
    world.journal.read(texts(body, path, asked, told))


def texts(body: str, where: str, asked: float, answered: float) -> list[Reading]:
    """What an answer tells of those things that the writers write."""
    found = {Reading(m[1], m[0], where, asked, answered) for m in TEXT.finditer(body)}
    notes = {Reading("notes", note, where, asked, answered) for note in NOTE.findall(body)}
    return sorted(found | notes, key=lambda one: one.text)


def _somewhere(world: World, dice: random.Random) -> str:
    """Where a stranger looks, for one of the newest entries more often than for an old one."""
    names = world.names[-12:] or ["chaos-conditional"]
    name = dice.choice(names)
    return dice.choice((
        f"/dataset/{name}", f"/dataset/{name}", f"/api/3/action/package_show?id={name}",
        f"/api/3/action/package_search?q={name}", f"/dataset/?q={name}", "/", "/dataset/",
        "/api/3/action/package_search?sort=metadata_modified+desc", "/feeds/dataset.atom",
        "/organization/chaos-department", f"/dataset/{name}.jsonld",
        "/emergency/chaos-flood-5.json", "/emergency",
    ))


def _file(world: World, dice: random.Random) -> None:
    """Fetch a file whole; it is known by its digest."""
    resource, path = dice.choice(sorted(world.addresses.items()))
    asked = time.time()
    answer = world.client().get(path)
    if answer is None or answer.status_code != 200:
        return
    digest = hashlib.sha256(answer.content).hexdigest()
    world.journal.read([Reading(resource, digest, path, asked, time.time())])
