"""Whether a procedure has words for everything that it says, and none for what it never says."""

from __future__ import annotations

from collections.abc import Collection

from . import elapse, letter, notice_roles
from .case import GRANT_TURNS, PARTY_TOLD, PROVIDED
from .procedure import ALL, Procedure, Role
from .seal import IN_PLACE
from .soundness import Known, Places

REPLY_LETTER = "reply_letter"
TELL_OBJECTORS = "tell_objectors"
OUTSIDE = (letter.LAW, letter.NAMED, letter.TERM)
PAGES = ("apply", "begin", "begin_button", "hand_in", "go_on", "asked")
"""Words on the pages of what somebody applies for."""
MAY_BE = frozenset({"handed_in"})
"""Words that a page of what somebody applies for has where the folder has them: what comes next."""
DECIDED_PAGES = ("decisions", "decisions_lead")
"""Words on the page of public decisions."""
COUNTED = ("answered_in_time", "refused", "overdue")
"""The indicators of what is decided: see ``supervision``."""


def check(procedure: Procedure, places: Places, known: Known) -> None:
    """Note every word that is missing, and every one that nobody will ever read."""
    words = procedure.words
    outcomes = {state.outcome.value for state in procedure.states.values() if state.outcome}
    _check(places, "outcomes", words.outcomes, outcomes)
    _check(places, "events", words.events, events(procedure))
    given = GRANT_TURNS if procedure.gives_data else frozenset[str]()
    others = by_time(procedure) | given
    may = lettered(procedure) | (others & words.letters.keys())
    _check(places, "letters", words.letters, may)
    public = procedure.applied_for and bool(outcomes)
    needed = {*(PAGES if procedure.applied_for else ()), *(DECIDED_PAGES if public else ())}
    needed |= {"same"} if procedure.same_if else set()
    needed |= MAY_BE & words.pages.keys() if procedure.applied_for else set()
    _check(places, "pages", words.pages, needed)
    _check(places, "counted", words.counted, set(COUNTED) if public else set())
    _check_notices(procedure, places)
    _check_letters(procedure, places, known)


def events(procedure: Procedure) -> set[str]:
    """The events that happen by a command, or by time in a way that is the procedure's own."""
    found = {one.event for one in procedure.commands.values() if not one.partial}
    return found | by_time(procedure) | following(procedure)


def following(procedure: Procedure) -> set[str]:
    """The events that a command brings about beside its own, each with a letter."""
    commands = procedure.commands.values()
    return {PARTY_TOLD} if any(TELL_OBJECTORS in one.effects for one in commands) else set()


def by_time(procedure: Procedure) -> set[str]:
    """The events by which time moves a case to another state, or ends what is owed in it."""
    lapses = [state.lapses for state in procedure.states.values() if state.lapses]
    owed = [one for one in procedure.clocks.values() if one.until]
    return {elapse.happened(one) for one in lapses} | {PROVIDED for _one in owed}


def lettered(procedure: Procedure) -> set[str]:
    """The events that a reply letter tells."""
    commands = procedure.commands.values()
    own = {one.event for one in commands if REPLY_LETTER in one.effects}
    return own | following(procedure)


def _check(places: Places, key: str, there: Collection[str], needed: Collection[str]) -> None:
    for name in sorted(set(needed) - set(there)):
        places.blame(f"{key}: the words for {name} are missing", key)
    for name in sorted(set(there) - set(needed)):
        places.blame(f"{key}: nothing ever says {name}", key, name)


def _check_notices(procedure: Procedure, places: Places) -> None:
    """Each event by the roles that are told of it; ``all`` covers them."""
    needed: dict[str, set[str]] = {event: {ALL} for event in by_time(procedure)}
    needed |= {event: {Role.OFFICER.value} for event in following(procedure)}
    for told in notice_roles.ever(procedure):
        needed.setdefault(told.notice, set()).add(told.role.value)
    notices = procedure.words.notices
    _check(places, "notices", notices, needed)
    for event, roles in needed.items():
        there = set(notices.get(event, ()))
        if event not in notices or there == {ALL}:
            continue
        for role in sorted(roles - there) if ALL not in there else ():
            places.blame(f"notices: {event} has no words for the {role}", "notices", event)
        for role in sorted(there - roles - {ALL}):
            places.blame(f"notices: {event} is never told the {role}", "notices", event, role)


def _check_letters(procedure: Procedure, places: Places, known: Known) -> None:
    """Each name that a sentence of a letter wants filled in is one that a case has, in all
    languages."""
    there: dict[str, Collection[str]] = {
        letter.SAID: [one.name for one in procedure.fields.values() if not one.private],
        letter.DUE: procedure.clocks,
        letter.LIMIT: procedure.clocks,
        letter.DAY: events(procedure),
        letter.NUMBER: lettered(procedure),
        letter.TERM: [one.removeprefix(f"{procedure.kind}.") for one in known.terms],
    }
    for event, words in procedure.words.letters.items():
        own = {letter.SAID: [*there[letter.SAID], *_sealed(procedure)]} if words.to else {}
        for name in letter.unknown(words, {**there, **own, **(known.outside or {})}):
            if known.outside is not None or name.partition(".")[0] not in OUTSIDE:
                places.blame(f"letters: nothing is known as {{{name}}}", "letters", event)
        if any(letter.unlike(one) for one in words.sentences()):
            said = "letters: a sentence names other things in one language than in another"
            places.blame(said, "letters", event)


def _sealed(procedure: Procedure) -> list[str]:
    """Fields of which a letter to somebody else than the applicant may speak: kept encrypted in it,
    as they are in the event."""
    return [one.name for one in procedure.fields.values() if one.sealed == IN_PLACE]
