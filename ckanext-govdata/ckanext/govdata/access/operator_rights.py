"""Who writes entries: their department while it is there; the operator takes them from the public.

CKAN asks nobody's leave for a system administrator. Here each action on entries, files and tables
refuses him, but those that ``config/powers.yaml`` lists; what these may come to is judged when
it is kept (``catalogue/entry/powers.py``). The portal's own account acts on the command line and
in jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from inspect import getmembers, isfunction
from types import ModuleType
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.logic.auth import create, delete, patch, update
from ckan.types import Action, AuthFunction, AuthResult, Context, DataDict
from flask import has_request_context

from .. import settings
from ..domain.power import Operator
from ..ledger import actors
from . import gate, power_rules

ABOUT_ENTRIES = ("package_", "dataset_", "resource_", "bulk_update_", "datastore_")
"""How the names begin of CKAN's actions on entries, their files and tables."""
MAINTENANCE = frozenset({"datastore_analyze", "resource_view_clear"})
"""They touch neither data nor who reads it."""
ENTRIES = "dataset"
"""The type of catalogue entries; of others, such as a harvester's sources, CKAN decides."""


def powers() -> Operator:
    """What ``config/powers.yaml`` lets him do."""
    return power_rules.powers().operator


def auth() -> dict[str, Callable[..., AuthResult]]:
    """CKAN's auth functions that write entries, chained; ours first."""
    return {name: _kept_out(name, function) for name, function in _writing()}


def refusal(context: Mapping[str, object]) -> AuthResult | None:
    """What whoever operates the portal is told where he may not; None for everybody else."""
    if not _operates(gate.reader_of(context)) or actors.outermost() in powers().actions:
        return None
    return {"success": False, "msg": words()}


def words() -> str:
    """Why he does not do that."""
    return tk._(
        "Entries are kept by their departments. Whoever operates the portal takes them from the "
        "public at most: private, deleted"
    )


def _operates(user: model.User | None) -> bool:
    own = user is not None and user.name == settings.site_id() and not has_request_context()
    return gate.operates(user) and not own


def _writing() -> Iterator[tuple[str, Action]]:
    modules: list[ModuleType] = [create, update, patch, delete]
    if p.plugin_loaded("datastore"):
        modules.append(import_module("ckanext.datastore.logic.auth"))
    allowed = {*powers().actions, *MAINTENANCE}
    for module in modules:
        for name, function in getmembers(module, isfunction):
            own = function.__module__ == module.__name__ and name.startswith(ABOUT_ENTRIES)
            reads = name.endswith(("_search", "_search_sql", "_info", "_auth"))
            if own and not reads and name not in allowed:
                yield name, function


def _kept_out(name: str, function: Action) -> Callable[..., AuthResult]:
    @tk.chained_auth_function
    @tk.auth_sysadmins_check
    def asked(next_auth: AuthFunction, context: Context, data_dict: Any) -> AuthResult:
        spared = _asked_by_a_page(name) or _of_another_type(name, data_dict)
        said = None if spared else refusal(context)
        return said or _next(next_auth, context, data_dict)

    asked.__name__ = name
    if getattr(function, "auth_allow_anonymous_access", False):
        setattr(asked, "auth_allow_anonymous_access", True)  # noqa: B010
    return asked


def _next(next_auth: AuthFunction, context: Context, data_dict: DataDict) -> AuthResult:
    """CKAN's own answer, which it does not ask for where the user is system administrator; its
    other functions all ask ``package_update``."""
    user = gate.reader_of(context)
    if user is not None and user.sysadmin:
        return {"success": True}
    said = next_auth(context, data_dict)
    if said.get("success") and gate.is_gone(_provider(context, data_dict)):
        return {"success": False, "msg": tk._("The department of this entry was deleted.")}
    return said


def _provider(context: Context, data_dict: DataDict) -> str:
    """The department of the entry that is named, or that a new one names; maybe empty."""
    data: Mapping[str, object] = data_dict if isinstance(data_dict, Mapping) else {}
    package = context.get("package") or model.Package.get(str(data.get("id") or ""))
    return str((package.owner_org if package else data.get("owner_org")) or "")


def _asked_by_a_page(name: str) -> bool:
    """CKAN's list for making many entries private or public asks this; the action asks again."""
    return name == "bulk_update_public" and not actors.outermost()


def _of_another_type(name: str, data_dict: DataDict) -> bool:
    """Whether a dataset is written that is no catalogue entry, by an action that names it alone."""
    data: Mapping[str, object] = data_dict if isinstance(data_dict, Mapping) else {}
    if name == "package_create":
        return str(data.get("type") or ENTRIES) != ENTRIES
    if name not in ("package_update", "package_patch"):
        return False
    package = model.Package.get(str(data.get("id") or data.get("name") or ""))
    return package is not None and package.type != ENTRIES
