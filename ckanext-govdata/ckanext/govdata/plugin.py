"""The CKAN plugin: which interfaces we fill, and nothing else."""
from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from . import api_calls, cli, config_updates, kept_files, language, settings, slices
from .access import columns, doors, existence, file_ids, locations, naming, publicity
from .access import stock as access_stock
from .cases import following, vacancies, warning
from .catalogue import (
    damaged,
    documents,
    elsewhere,
    entry_index,
    kept_columns,
    links,
    members,
    plain,
    powers,
    standing,
    writing,
)
from .emergency import marks
from .identity import addresses
from .identity import stock as identity_stock
from .ledger import acting, settling, tables
from .pages import addresses as page_addresses
from .search import asking as search_asking
from .search import away as search_away
from .search import connection as solr_connection
from .search import documents as search_documents
from .search import stock as search_stock
from .search import uses as search_uses
from .security import bodies, returning, tokens
from .security.hardening import Hardening


class GovdataPlugin(Hardening, kept_files.Uploads, p.SingletonPlugin, DefaultTranslation):
    """Government data: catalogue, rules, search, cases, emergency, supervision."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IValidators)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config: Any) -> None:
        """Templates, assets and public files stand beside this file; configuration is checked."""
        tk.add_template_directory(config, "templates")
        if settings.is_portal():
            tk.add_template_directory(config, "templates/portal")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "govdata")
        slices.check()
        locations.watch()
        naming.keep_names()
        columns.cut()
        file_ids.by_id_alone()
        addresses.watch()
        settling.watch([powers.judge], [elsewhere.draw, following.draw, vacancies.draw])
        kept_files.watch()
        plain.leave_to_ckan()
        entry_index.take_over()
        solr_connection.take_over()
        damaged.take_over()

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Called once with the Flask application."""
        language.speak_without_request(app)
        existence.hang(app)
        api_calls.pass_through(app, bodies.fitting, existence.replace_in_body)
        doors.hang(app)
        warning.hang(app)
        members.take_over(app)
        naming.hang(app)
        search_uses.hang(app)
        if settings.is_portal():
            config_updates.take_over()
            page_addresses.take_over(app)
            search_away.hang(app)
        return super().make_middleware(app, config)

    def get_actions(self) -> dict[str, Any]:
        """Actions of every slice; each that writes says who acts."""
        stock = {**access_stock.actions(), **search_stock.actions(), **identity_stock.actions()}
        chained = {**stock, **standing.actions(), **tables.actions()}
        chained["api_token_list"] = tokens.api_token_list
        return acting.noted(links.judging({**slices.functions("action"), **chained}))

    def get_auth_functions(self) -> dict[str, Any]:
        """Who may call them."""
        stock = {**access_stock.auth(), **identity_stock.auth(), **standing.auth()}
        return {**slices.functions("auth"), **stock}

    def get_helpers(self) -> dict[str, Any]:
        """Template helpers."""
        return {**slices.functions("helpers"), "url_is_local": returning.url_is_local}

    def get_validators(self) -> dict[str, Any]:
        """Validators."""
        own = file_ids.resource_id_does_not_exist
        return {**slices.functions("validators"), own.__name__: own}

    def get_blueprint(self) -> list[Any]:
        """Pages and API beside CKAN's own."""
        return slices.listed("views", "blueprints")

    def get_commands(self) -> list[Any]:
        """``ckan govdata …``; CKAN's own commands are refused in words."""
        cli.answer_in_words()
        return [cli.govdata]

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """In the transaction that writes the entry."""
        writing.entry_written(pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """In the transaction that writes the entry."""
        writing.entry_written(pkg_dict)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """The search document."""
        outline = publicity.index_document(pkg_dict)
        found = {**search_documents.index_document(outline), **marks.index_fields(outline)}
        document = {**documents.index_document(outline), **found}
        return locations.index_document(kept_columns.index_document(document))

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """No dict tells where data stands that is not open, or more than strangers may see."""
        locations.show(context, pkg_dict)
        publicity.show(context, pkg_dict)
        kept_columns.show(context, pkg_dict)
        if not context.get("for_edit") and not context.get("for_update"):
            links.hide(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """What Solr is asked, from what a reader typed."""
        return search_asking.prepare(search_params)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Count the query; tell how it was read."""
        return kept_columns.after_search(search_asking.conclude(search_results, search_params))
