"""Find the department of each row, and make the missing ones where that was asked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import vocabularies
from ...departments import tree
from ...domain import provider_names as names
from . import readers

_LEVEL = {2: "province", 4: "city", 6: "county", 9: "township"}


class NoProvider(Exception):
    """The row's department cannot be told. ``code`` names the reason, ``detail`` who else fits."""

    def __init__(self, code: str, value: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code, self.value, self.detail = code, value, detail


@dataclass
class Providers:
    """The portal's departments as an import sees them.

    ``allowed`` are the ids into which this user may import, ``None`` for all. ``default`` is the
    id of the department that is meant where a row names none.
    """

    allowed: Collection[str] | None
    default: str = ""
    create: bool = False
    missing: dict[str, str] = field(default_factory=dict[str, str])
    """Full name → place, of departments that are to be made."""

    def __post_init__(self) -> None:
        self.known = {d.id: d for d in tree.every()}
        borne = {code for d in self.known.values() for code in (d.uscc, d.name)}
        self.directory = names.ProviderDirectory(
            [
                names.ProviderNames(d.id, d.title, d.short_name, code, d.former)
                for d in self.known.values()
                for code in (d.uscc, d.name, *(c for c in d.former_codes if c not in borne))
            ],
            readers.short_forms(),
            readers.fold(),
        )

    def find(self, printed: str, code: str, place: str) -> str:
        """The id of the department; of one that is still to be made ``new:`` and its full name.

        Raises :class:`NoProvider`.
        """
        if not printed and not code:
            if not self.default:
                raise NoProvider("department_missing")
            return self.default
        printed, beside = names.parted(printed)
        department = self._known(printed, code or beside, place)
        if not department:
            return self._missing(printed, place)
        if self.allowed is not None and department not in self.allowed:
            raise NoProvider("department_not_yours", printed)
        return department

    def _known(self, printed: str, code: str, place: str) -> str:
        """The id of the department that is meant, of those that there are; empty for none."""
        found = self.directory.find(printed, code, place)
        return self._meant(found.departments, printed) if found else ""

    def _meant(self, fitting: Sequence[names.ProviderNames], printed: str) -> str:
        """The one that fits; of several the officer's own, who writes 区民政局 and means hers."""
        own = [d for d in fitting if self.allowed is not None and d.id in self.allowed]
        if len(fitting) == 1 or len(own) == 1:
            return (own or fitting)[0].id
        titles = "、".join(d.title for d in fitting[:5])
        raise NoProvider("department_ambiguous", printed, titles)

    def _missing(self, printed: str, place: str) -> str:
        if not printed or not self.create:
            raise NoProvider("department_unknown", printed)
        full = self.directory.full_name(printed, place)
        self.missing.setdefault(full, place)
        return f"new:{full}"

    def are_all(self, department: str, rows: Iterable[tuple[str, str, str]], place: str) -> bool:
        """Whether all rows (name, code, place) that name a department mean this one for certain."""
        where = place or self.own_place()
        named = {(*names.parted(name), code, at or where)
                 for name, code, at in rows if name or code}  # fmt: skip
        try:
            return all(
                self._known(name, code or beside, at) == department
                for name, beside, code, at in named
            )
        except NoProvider:
            return False

    def own_place(self) -> str:
        """The place of the departments into which this user may import, if it is one."""
        own = [self.known[one] for one in self.allowed or () if one in self.known]
        regions = {department.region for department in own if department.region}
        return vocabularies.divisions().full_name(regions.pop()) if len(regions) == 1 else ""

    def title(self, department: str) -> str:
        """The department's title, also of one that is still to be made."""
        known = self.known.get(department)
        return known.title if known else department.removeprefix("new:")

    def make_missing(self, user: str) -> tuple[dict[str, str], list[str]]:
        """Make the missing departments in the caller's transaction.

        Returns the ids by ``new:`` name, and the titles of all that were made, governments that
        had to be made above them included.
        """
        made: list[str] = []
        ids = {
            f"new:{full}": self._make(full, place, user, made)
            for full, place in self.missing.items()
        }
        return ids, made

    def _make(self, full: str, place: str, user: str, made: list[str]) -> str:
        found = self.directory.find(full, place=place)
        if found and len(found.departments) == 1:
            return found.departments[0].id
        parent = self._parent(full, place, user, made)
        return self._create(full, parent, "department", self._region(full, place), user, made)

    def _parent(self, full: str, place: str, user: str, made: list[str]) -> str:
        """The government of the place that the department's name or the sheet names."""
        segments = names.place_segments(self.directory.plain(place))
        for segment in names.place_segments(full):
            if segment not in segments:
                segments.append(segment)
        parent = ""
        itself = self.directory.spellings(full)
        for index, segment in enumerate(segments):
            title = segment + names.GOVERNMENT
            if title in itself:
                break
            found = self.directory.find(title)
            if found and len(found.departments) == 1:
                parent = found.departments[0].id
                continue
            region = _region_code(segments[: index + 1])
            parent = self._create(title, parent, "government", region, user, made)
        return parent

    def _region(self, full: str, place: str) -> str:
        segments = names.place_segments(self.directory.plain(place))
        for segment in names.place_segments(full):
            if segment not in segments:
                segments.append(segment)
        return _region_code(segments)

    def _create(
        self, title: str, parent: str, role: str, region: str, user: str, made: list[str]
    ) -> str:
        data: dict[str, object] = {
            "name": f"dept-{hashlib.sha256(title.encode()).hexdigest()[:12]}",
            "title": title,
            "role": role,
            "groups": [{"name": self._name(parent)}] if parent else [],
        }
        if region:
            data |= {"region": region, "level": _LEVEL[len(region)]}
        context = Context(ignore_auth=True, user=user, defer_commit=True, return_id_only=True)
        created: str = tk.get_action("organization_create")(context, data)
        department = tree.Department(
            created, str(data["name"]), title, parent, region=region, role=role
        )
        self.known[department.id] = department
        self.directory.add(names.ProviderNames(department.id, title))
        made.append(title)
        return department.id

    def _name(self, department: str) -> str:
        return self.known[department].name


def _region_code(segments: list[str]) -> str:
    """The division code of the last of these places, the widest first; empty if unknown."""
    places = vocabularies.divisions()
    code = ""
    for segment in segments:
        found = [
            d.code for d in places.by_code.values() if d.name == segment and d.code.startswith(code)
        ]
        if len(found) != 1:
            shallow = [c for c in found if len(c) == min(map(len, found))]
            found = shallow
        if len(found) != 1:
            return ""
        code = found[0]
    return code


def place_of_sheet(texts: Collection[str]) -> str:
    """The city that a sheet without a column for it speaks of, with its province if known."""
    places = vocabularies.divisions()
    cities: dict[str, list[str]] = {}
    for place in places.by_code.values():
        if place.level in ("city", "county"):
            cities.setdefault(place.name, []).append(place.code[:4])
    named = [segments[-1] for text in set(texts) if (segments := names.place_segments(text)[:2])]
    votes = Counter(cities[name][0] for name in named if len(cities.get(name, ())) == 1)
    ranked = votes.most_common(2)
    second = ranked[1][1] if len(ranked) > 1 else 0
    if ranked and ranked[0][1] >= max(3, 2 * second):
        return places.full_name(ranked[0][0])
    return names.place_of(texts)
