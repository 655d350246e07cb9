"""CKAN's validators: they bring values to one form; what is allowed, the pure core decides."""
from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.converters import convert_to_extras
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from .. import settings
from ..departments import former_names, succession, tree
from ..domain import basis
from ..domain.catalogue import BASES, EntryRule, Problem, check_duties, shortened
from ..domain.department import Parent, check_department
from ..domain.stored_value import Shape, read
from ..domain.text import Fault, date_fault
from .entry import codes, damaged_entries, judgement, problem_sentences

REPEATING = ("information_items", "application_materials")
LISTS = ("data_formats", "related_entries")
LIST_LIMIT = 500
GAPS_ALLOWED = "govdata_gaps_allowed"
"""In a context: write the entry though statements are missing (imports record them instead)."""


def govdata_stripped(value: object) -> object:
    """A text without white space around it."""
    return value.strip() if isinstance(value, str) else value


def govdata_day(value: object) -> str:
    """A day as ``YYYY-MM-DD``; what is no day stays as it is and is reported with the entry."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value).strip()
    return text[:10] if date_fault(text) is None else text


def govdata_flag(value: object) -> object:
    """Yes or no as a truth value; anything else stays and is reported with the entry."""
    text = str(value).strip().lower()
    if text in ("true", "yes", "1", "是"):
        return True
    if text in ("false", "no", "0", "否"):
        return False
    return value


def govdata_address(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """An entry's name in web addresses: what is given, else the one it has, else a new one.

    A Chinese title holds nothing that an address may, so nobody is asked to invent one; outside
    the portal it is asked for, as CKAN does.
    """
    value = data.get(key)
    if value is tk.missing or value is None or not str(value).strip():
        package = context.get("package")
        if package is None and not settings.is_portal():
            errors[key].append(tk._("Missing value"))
            raise tk.StopOnError
        data[key] = package.name if package else f"entry-{uuid.uuid4().hex[:12]}"
        if data.get(("title",)) in (tk.missing, None, ""):  # CKAN would take the name for it
            errors[("title",)].append(tk._("Missing value"))


def govdata_list(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A list of short texts, from a list, one text a line, or JSON; stored as JSON."""
    value = data.get(key)
    if value is tk.missing or value is None or value == "":
        data[key] = "[]"
        return
    found = _listed(value)
    texts = [one for one in found or () if isinstance(one, str)]
    if found is None or len(found) > LIST_LIMIT or len(texts) < len(found):
        errors[key].append(tk._("Must be a list of texts, at most {n}").format(n=LIST_LIMIT))
        raise tk.StopOnError
    unique = dict.fromkeys(text.strip() for text in texts)
    data[key] = json.dumps([text for text in unique if text], ensure_ascii=False)


def govdata_list_output(value: object) -> list[object]:
    """The stored list; anything else that was stored becomes a list of one."""
    found = _listed(value)
    return list(found or ())


def govdata_basis(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A basis as text: what was ticked on the list and what was written, one citation a line or
    with ；between them. Grounds named by their id are kept in words."""
    value = data.get(key)
    if value is tk.missing or value is None:
        data.pop(key, None)
        raise tk.StopOnError
    parts = list(value) if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(one, str) for one in parts):
        errors[key].append(tk._("Text is wanted here."))
        raise tk.StopOnError
    package = context.get("package")
    owner = data.get(("owner_org",))
    provider = owner if isinstance(owner, str) and owner else package and package.owner_org
    written = basis.BETWEEN.join(text.strip() for text in map(str, parts) if text.strip())
    data[key] = judgement.worded(str(key[-1]), written, provider or "")


def govdata_basis_output(value: object) -> object:
    """The stored basis; what an older version stored as an id, in words."""
    return judgement.in_words(value) if isinstance(value, str) else value


def govdata_object(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A JSON object; stored as JSON. One that is not named stays: whoever may change the entry
    need not see it."""
    value = data.get(key, tk.missing)
    package = context.get("package")
    kept = (package.extras or {}).get(key[-1]) if package is not None else None
    if value is tk.missing and kept and read(Shape.OBJECT, kept).whole:
        data[key] = kept
        return
    if value is tk.missing or not value:
        data.pop(key, None)
        raise tk.StopOnError
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dict):
        errors[key].append(tk._("Must be a JSON object"))
        raise tk.StopOnError
    data[key] = json.dumps(found, ensure_ascii=False)


def govdata_object_output(value: object) -> object:
    """The stored object."""
    return read(Shape.OBJECT, value).value


def govdata_check_entry(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Judge the whole entry, and give it its catalogue code if it has none."""
    _drop_empty_rows(data)
    entry = _entry(data)
    package = context.get("package")
    provider = str(entry.get("owner_org") or (package.owner_org if package else "") or "")
    problems = judgement.judge(entry, provider)
    if problems:
        problems = _without_allowed_gaps(problems, context, package, entry)
    problems += _unknown_provider(entry) + _taken_code(entry, package)
    damaged_entries.insist(entry, package, errors)
    _report(problems, errors, {n: sorted({k[1] for k in data if k[0] == n}) for n in REPEATING})
    if any(errors.values()):
        return
    if provider and (package is None or package.owner_org != provider):
        succession.insist(model.Session, [provider])
    _close_ranks(data)
    if not entry.get("catalogue_code"):
        written = codes.code_of(package.id) if package else None
        line = tree.ancestors(provider) if provider and not written else []
        data[("catalogue_code",)] = written or codes.give([(entry, line[-1] if line else None)])[0]
        convert_to_extras(("catalogue_code",), data, errors, context)


def govdata_check_department(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Judge a department and its place in the tree."""
    department = {k[0]: v for k, v in data.items() if len(k) == 1 and v is not tk.missing}
    parents = _parents(data)
    group = context.get("group")
    line = tree.ancestors(parents[0].id) if parents else []
    above = Parent(line[-1].id, line[-1].level, line[-1].region) if line else None
    below = {d.id for d in tree.descendants(group.id)} | {group.id} if group else set()
    problems = check_department(department, judgement.department_rules(), above, below)
    if len(parents) > 1:
        problems.append(Problem("parent", Fault.REPEATED, parents[1].name))
    problems += [
        Problem("parent", Fault.UNKNOWN_PARENT, shortened(name))
        for name in _unknown(data, parents)
    ]
    _report(problems, errors)


def _entry(data: FlattenDataDict) -> dict[str, object]:
    """The entry out of CKAN's flattened data, with its lists as lists."""
    entry = {k[0]: v for k, v in data.items() if len(k) == 1 and v is not tk.missing}
    for name in LISTS:
        entry[name] = _listed(entry.get(name)) or []
    rows: dict[str, dict[int, dict[str, object]]] = {name: {} for name in REPEATING}
    for k, v in data.items():
        if len(k) == 3 and k[0] in rows and v is not tk.missing:
            rows[k[0]].setdefault(k[1], {})[k[2]] = v
    entry.update({name: [found[i] for i in sorted(found)] for name, found in rows.items()})
    return entry


def _drop_empty_rows(data: FlattenDataDict) -> None:
    """Forms offer empty rows, and a row is taken away by emptying it.

    The others keep their numbers: what is wrong is told at the row that the form shows.
    """
    for name in REPEATING:
        rows = [k for k in data if len(k) == 3 and k[0] == name]
        filled = {k[1] for k in rows if data[k] is not tk.missing and data[k] not in ("", None)}
        for k in rows:
            if k[1] not in filled:
                del data[k]


def _close_ranks(data: FlattenDataDict) -> None:
    """Number the rows that are left without a hole, as CKAN's unflattening needs them."""
    for name in REPEATING:
        rows = {k: data[k] for k in data if len(k) == 3 and k[0] == name}
        places = {number: place for place, number in enumerate(sorted({k[1] for k in rows}))}
        if any(number != place for number, place in places.items()):
            for k in rows:
                del data[k]
            data.update({(name, places[k[1]], k[2]): v for k, v in rows.items()})


def _without_allowed_gaps(
    problems: list[Problem],
    context: Context,
    package: model.Package | None,
    entry: Mapping[str, object],
) -> list[Problem]:
    """Leave out the gaps that the caller records, and those that the stored entry has already.

    Else nobody could attach a file to an imported entry before its basis is known.
    """
    if context.get(GAPS_ALLOWED):
        return [problem for problem in problems if not problem.gap]
    if package is None:
        return problems
    stored = {**dict(package.extras or {}), "title": package.title, "notes": package.notes}
    old = {(p.field, p.rule) for p in check_duties(stored, judgement.strictest_rules()) if p.gap}
    return [
        p
        for p in problems
        if not p.gap or ((p.field, p.rule) not in old and _is_new(p, stored, entry))
    ]


def _is_new(problem: Problem, stored: Mapping[str, object], entry: Mapping[str, object]) -> bool:
    """Whether a basis that is no ground, or the attribute that rests on it, is not as it was."""
    if problem.rule not in (EntryRule.OPEN_GROUND, EntryRule.SHARE_GROUND):
        return True
    fields = (problem.field, BASES[problem.field][0])
    return any(stored.get(name) != entry.get(name) for name in fields)


def _unknown_provider(entry: Mapping[str, object]) -> list[Problem]:
    name = entry.get("shared_from")
    if not isinstance(name, str) or not name.isprintable() or not name:
        return []
    return [] if tree.get(name) or former_names.heir_of(name) else [_shared_from(name)]


def _shared_from(name: str) -> Problem:
    return Problem("shared_from", Fault.UNKNOWN_PROVIDER, shortened(name))


def _taken_code(entry: Mapping[str, object], package: model.Package | None) -> list[Problem]:
    written = entry.get("catalogue_code")
    if not isinstance(written, str) or codes.codes.parse(written) is None:
        return []
    owner = codes.owners([written]).get(written)
    if owner is None or (package is not None and owner == package.id):
        return []
    return [Problem("catalogue_code", Fault.TAKEN, written)]


def _report(
    problems: list[Problem], errors: FlattenErrorDict, rows: Mapping[str, list[int]] | None = None
) -> None:
    """Put each problem at its field; a repeating field's at its row, by the number it came with."""
    for problem in problems:
        parts = problem.field.split("-")
        key: FlattenKey = (problem.field,)
        if len(parts) == 3:
            numbers = (rows or {}).get(parts[0]) or range(int(parts[1]) + 1)
            key = (parts[0], numbers[int(parts[1])], parts[2])
        errors.setdefault(key, []).append(problem_sentences.say(problem))


def _listed(value: object) -> Sequence[object] | None:
    if isinstance(value, (list, tuple)):
        return list(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            return None
        return found if isinstance(found, list) else None
    return text.splitlines()


def _named_parents(data: FlattenDataDict) -> list[str]:
    by_row: dict[int, str] = {}
    for k, v in sorted(data.items(), key=lambda item: str(item[0])):
        if len(k) == 3 and k[0] == "groups" and k[2] in ("name", "id") and isinstance(v, str) and v:
            by_row.setdefault(k[1], v)
    return list(dict.fromkeys(by_row.values()))


def _parents(data: FlattenDataDict) -> list[model.Group]:
    found = (model.Group.get(name) for name in _named_parents(data))
    return [group for group in found if group is not None and group.is_organization]


def _unknown(data: FlattenDataDict, parents: list[model.Group]) -> list[str]:
    known = {text for group in parents for text in (group.id, group.name)}
    return [name for name in _named_parents(data) if name not in known]
