"""CKAN's own actions and auth functions, each asking the gate before it hands out data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from .. import settings
from ..domain.access import Way
from ..domain.publicity import CLOSED
from ..domain.refusal import Refusal
from ..identity.ckan_actions import shown_members
from . import columns, descriptions, file_ids, gate, locations, operator_rights, rows, sentences

SEARCHED = frozenset(
    {
        "id",
        "package_id",
        "position",
        "name",
        "url",
        "hash",
        "cache_url",
        "format",
        "description",
        "mimetype",
        "mimetype_inner",
        "resource_type",
        "size",
        "created",
        "last_modified",
        "metadata_modified",
        "url_type",
    }
)
"""Fields of files by which the public may search. Address and digest of data that is not open
are not in CKAN's tables (``locations``); a field that a provider adds may tell them, so of those
only what the operator himself names in ``ckan.extra_resource_fields`` is searched."""

NUMBERS = ("limit", "offset", "total_estimation_threshold")
"""Numbers that ``datastore_search`` takes."""
WRITING = ("datastore_create", "datastore_upsert", "datastore_delete", "datastore_records_delete")
ROWS_BACK = ("include_records", "include_deleted_records")
"""With these the actions that write to a table hand out rows of it."""

Action = Callable[..., Any]
Tag = TypeVar("Tag", str, DataDict)
"""A keyword, as CKAN's action gives it."""


def actions() -> dict[str, Action]:
    """Chained actions; those of the DataStore where it is loaded."""
    found: dict[str, Action] = {
        f.__name__: f
        for f in (
            member_list,
            resource_search,
            resource_view_list,
            resource_view_show,
            tag_autocomplete,
            tag_delete,
            tag_list,
            tag_search,
            tag_show,
            task_status_show,
        )
    }
    if p.plugin_loaded("datastore"):
        found |= {"datastore_search": datastore_search, "datastore_info": datastore_info}
    return found


def auth() -> dict[str, Action]:
    """Chained auth functions; CKAN's own answer comes first and may but refuse more."""
    found: dict[str, Action] = {
        **operator_rights.auth(),
        "package_collaborator_list": package_collaborator_list,
        "permission_read_file": permission_read_file,
    }
    if p.plugin_loaded("datastore"):
        found |= {
            "datastore_info": _tables("datastore_info"),
            "datastore_search": _tables("datastore_search"),
            "datastore_search_sql": datastore_search_sql,
        }
        found |= {name: _written_back(name) for name in WRITING}
    return found


@tk.chained_auth_function
def package_collaborator_list(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """CKAN's, which takes it for granted that reader and dataset exist and answers 500."""
    asked = data_dict or {}
    known = model.User.get(context.get("user")) and model.Package.get(asked.get("id"))
    return next_auth(context, asked) if known else {"success": False}


# --- data ---------------------------------------------------------------------------------------


def _tables(name: str) -> Action:
    @tk.chained_auth_function
    @tk.auth_allow_anonymous_access
    @tk.auth_sysadmins_check
    def asked(
        next_auth: AuthFunction, context: Context, data_dict: Any
    ) -> AuthResult:
        said = next_auth(context, data_dict)
        if not said.get("success"):
            return said
        resource_id = str(data_dict.get("resource_id") or data_dict.get("id") or "")
        answer = gate.allows(context, resource_id)
        if isinstance(answer, Refusal):
            return {"success": False, "msg": sentences.say(answer)}
        if columns.is_other(resource_id):
            return {"success": False, "msg": tk._("Not authorized to read resource.")}
        if answer.way is Way.GRANT and not rows.within(answer, data_dict):
            return {"success": False, "msg": tk._("Your grant does not reach that far.")}
        return said

    asked.__name__ = name
    return asked


def _written_back(name: str) -> Action:
    """Writing to a table may answer with its rows: that is reading, and the gate is asked."""

    @tk.chained_auth_function
    @tk.auth_sysadmins_check
    def asked(next_auth: AuthFunction, context: Context, data_dict: Any) -> AuthResult:
        said = operator_rights.refusal(context) or next_auth(context, data_dict)
        if said.get("success"):
            file_ids.refuse_other_names(data_dict.get("aliases"))
        new = data_dict.get("resource") and not data_dict.get("resource_id")
        if said.get("success") and not new and any(data_dict.get(key) for key in ROWS_BACK):
            named = str(data_dict.get("resource_id") or data_dict.get("id") or "")
            answer = gate.allows(context, named)
            if isinstance(answer, Refusal):
                return {"success": False, "msg": sentences.say(answer)}
        return said

    asked.__name__ = name
    return asked


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def datastore_search_sql(
    next_auth: AuthFunction, context: Context, data_dict: Any
) -> AuthResult:
    """Each table of the query must be readable whole."""
    for table in context.get("table_names") or ():
        answer = gate.allows(context, str(table))
        if isinstance(answer, Refusal) or not answer.whole:
            return {"success": False, "msg": tk._("Not authorized to read resource.")}
    return next_auth(context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def permission_read_file(
    next_auth: AuthFunction, context: Context, data_dict: Any
) -> AuthResult:
    """A file of CKAN 2.12's own kind that belongs to an entry or one of its files."""
    user = gate.reader_of(context)
    operates = bool(user and user.sysadmin)  # CKAN's own function is not asked for him
    said: AuthResult = {"success": True} if operates else next_auth(context, data_dict)
    found = model.Session.get(model.File, data_dict.get("id")) if said.get("success") else None
    owner = found.owner if found else None
    if not owner or owner.owner_type not in ("resource", "package"):
        return said
    ids = [owner.owner_id]
    if owner.owner_type == "package":
        package = model.Package.get(owner.owner_id)
        if package and gate.entry_open(package.extras or {}):
            return said
        query = sa.select(model.Resource.id).where(model.Resource.package_id == owner.owner_id)
        ids = list(model.Session.scalars(query)) or [""]
    for answer in (gate.allows(context, resource_id) for resource_id in ids):
        if isinstance(answer, Refusal) or not (answer.whole or answer.undivided):
            return {"success": False, "msg": tk._("Not authorized to read resource.")}
    return said


@tk.side_effect_free
@tk.chained_action
def datastore_search(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """Rows of a table, by the columns that the reader gets; under a grant each reading is noted."""
    named = (str(data_dict.get(key) or "") for key in ("id", "resource_id"))
    if any(name.startswith("_") for name in named) and not _operates(context):
        raise tk.ObjectNotFound(tk._("There is no such table."))
    for key in NUMBERS:
        if isinstance(data_dict.get(key), (list, dict)):  # at which CKAN's own check stumbles
            raise tk.ValidationError({key: [tk._("Must be a number")]})
    if isinstance(data_dict.get("filters"), list):  # a dump's, which no API has looked at
        raise tk.ValidationError({"filters": [tk._("Must be an object: names and values")]})
    return rows.search(original, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def datastore_info(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """What a table is, by the columns that the reader gets."""
    return rows.info(original, context, data_dict)


@tk.side_effect_free
@tk.chained_action
def resource_view_list(
    original: Action, context: Context, data_dict: DataDict
) -> list[DataDict]:
    """Views of a file; none for somebody who may not read it."""
    views = original(context, data_dict)
    resource_id = str(data_dict.get("id") or "")
    return views if views and _whole(context, resource_id) else []


@tk.side_effect_free
@tk.chained_action
def resource_view_show(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """One view; its settings may quote the data."""
    view = original(context, data_dict)
    if not _whole(context, str(view["resource_id"])):
        raise tk.NotAuthorized(tk._("Not authorized to read resource."))
    return view


@tk.side_effect_free
@tk.chained_action
def task_status_show(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """How a job on a file went; what it says may quote the file, so who may not read that gets
    the answer for a job that never was. Jobs on anything else are the operator's.
    """
    task = original(context, data_dict)
    if not _operates(context) and not _whole(context, str(task["entity_id"])):
        raise tk.ObjectNotFound
    return task


def _whole(context: Context, resource_id: str) -> bool:
    """Whether nothing of a file or its table is kept from the reader."""
    answer = gate.allows(context, resource_id)
    if isinstance(answer, Refusal) or answer.whole:
        return not isinstance(answer, Refusal)
    if answer.way is not Way.OPEN:
        return False
    return not (rows.in_datastore(resource_id) and columns.kept_back(resource_id, answer))


# --- entries that are not public ----------------------------------------------------------------


@tk.side_effect_free
@tk.chained_action
def resource_search(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """Files by their fields; not by what a provider added to them, nor in its order."""
    if _operates(context):
        return original(context, data_dict)
    query = data_dict.get("query") or ()
    named = {str(pair).partition(":")[0] for pair in ([query] if isinstance(query, str) else query)}
    order = data_dict.get("order_by")
    if order and hasattr(model.Resource, str(order)):
        named.add(str(order))
    known = {name for name in named if hasattr(model.Resource, name)}  # CKAN refuses the others
    refused = sorted(known - SEARCHED - set(model.Resource.get_extra_columns()))
    if refused:
        message = tk._("Files cannot be searched by {field}.").format(field=refused[0])
        raise tk.ValidationError({"query": [message]})
    with descriptions.files_of_public_entries(model.Session):
        found = original(context, data_dict)
    for resource in found["results"]:
        if str(resource.get("url") or "") in (locations.HELD, locations.HELD_FILE):
            resource["url"] = locations.address(resource["package_id"], resource["id"])
    return found


@tk.side_effect_free
@tk.chained_action
def tag_list(original: Action, context: Context, data_dict: DataDict) -> list[Tag]:
    """Keywords of public entries."""
    return _public(context, data_dict, original(context, data_dict))


@tk.side_effect_free
@tk.chained_action
def tag_autocomplete(
    original: Action, context: Context, data_dict: DataDict
) -> list[Tag]:
    """Keywords of public entries."""
    return _public(context, data_dict, original(context, data_dict))


@tk.side_effect_free
@tk.chained_action
def tag_search(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """Keywords of public entries."""
    found = original(context, data_dict)
    kept = _public(context, data_dict, found["results"])
    hidden = len(found["results"]) - len(kept)
    return {**found, "count": found["count"] - hidden, "results": kept}


@tk.side_effect_free
@tk.chained_action
def tag_show(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """A keyword, if a public entry has it."""
    tag = original(context, data_dict)
    if not _public(context, data_dict, [tag]):
        raise tk.ObjectNotFound  # as CKAN says of a keyword that never was
    return tag


@tk.chained_action
def tag_delete(original: Action, context: Context, data_dict: DataDict) -> DataDict | None:
    """CKAN looks for the keyword before it asks whether one may, and so tells what hidden entries
    have."""
    if settings.is_portal():
        tk.check_access("tag_delete", context, data_dict)
    return original(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def member_list(
    original: Action, context: Context, data_dict: DataDict
) -> list[tuple[str, str, str]]:
    """Members of a group or department; private entries for its own people only, users for those
    who manage them."""
    group = model.Group.get(str(data_dict.get("id") or ""))
    listed = shown_members(context, group, original(context, data_dict))
    ids = [row[0] for row in listed if row[1] == "package"]
    if not ids or _operates(context):
        return listed
    if group and gate.provides(gate.reader_of(context), group.id):
        return listed
    package = model.Package
    query = sa.select(package.id).where(
        package.id.in_(ids), package.private.is_(False), package.state == "active"
    )
    seen = set(model.Session.scalars(query))
    return [row for row in listed if row[1] != "package" or row[0] in seen]


def _public(context: Context, data_dict: DataDict, tags: Iterable[Tag]) -> list[Tag]:
    """Those of the tags (names or dicts) that stand on a public entry."""
    listed = list(tags)
    if not listed or _operates(context) or data_dict.get("vocabulary_id"):
        return listed
    names = {t if isinstance(t, str) else t["name"] for t in listed}
    link, package, tag = model.PackageTag, model.Package, model.Tag
    query = (
        sa.select(tag.name)
        .join(link, link.tag_id == tag.id)
        .join(package, package.id == link.package_id)
        .where(
            link.state == "active",
            package.state == "active",
            package.private.is_(False),
            package.extras["open_attribute"].astext.is_distinct_from(CLOSED),
            tag.name.in_(names),
        )
        .distinct()
    )
    seen = set(model.Session.scalars(query))
    return [t for t in listed if (t if isinstance(t, str) else t["name"]) in seen]


def _operates(context: Context) -> bool:
    """Inner calls and the operator see the whole."""
    user = gate.reader_of(context)
    return bool(context.get("ignore_auth")) or bool(user and user.sysadmin)
