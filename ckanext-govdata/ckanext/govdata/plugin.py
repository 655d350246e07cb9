"""The CKAN plugin: which interfaces we fill, and nothing else."""
from __future__ import annotations

from collections.abc import Callable

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation
from ckan.types import Action, AuthFunction, Context, DataDict, Validator
from flask import Blueprint, Flask

from . import (
    after_commit,
    api_calls,
    ckan_uploads,
    cli,
    config_updates,
    kept_files,
    settings,
    slices,
)
from .access import (
    columns,
    descriptions,
    download_names,
    existence,
    file_ids,
    locations,
    one_table,
    route_guard,
)
from .cases import change_warning, entry_changes, vacancies
from .catalogue.entry import (
    companion_rows,
    damaged_entries,
    foreign_writes,
    links,
    member_pages,
    plain_datasets,
    powers,
    unknown_columns,
)
from .catalogue.index import ckan_index, department_entries, entry_document
from .identity import mail_addresses, resets
from .ledger import actors, settlement
from .pages import page_routes
from .repeats import keyed_actions, request_key
from .search import connection, popularity, query_parameters, solr_down
from .security import bodies, return_address, services_away
from .security.hardening import Hardening
from .speech import language
from .tables import follow, word_search


class GovdataPlugin(Hardening, ckan_uploads.Uploads, p.SingletonPlugin, DefaultTranslation):
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

    def update_config(self, config: CKANConfig) -> None:
        """Templates, assets and public files stand beside this file; configuration is checked."""
        tk.add_template_directory(config, "templates")
        if settings.is_portal():
            tk.add_template_directory(config, "templates/portal")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "govdata")
        slices.check()
        locations.watch()
        download_names.keep_names()
        columns.cut()
        one_table.watch()
        word_search.watch()
        file_ids.by_id_alone()
        mail_addresses.watch()
        settlement.watch(
            [powers.judge, entry_changes.hold],
            [foreign_writes.draw, entry_changes.draw, vacancies.draw,
             department_entries.draw],
            [entry_changes.hold_rest],
        )
        kept_files.watch()
        after_commit.watch()
        plain_datasets.leave_to_ckan()
        ckan_index.take_over()
        connection.take_over()
        damaged_entries.take_over()

    def make_middleware(self, app: Flask, config: object) -> Flask:
        """Called once with the Flask application."""
        language.speak_without_request(app)
        existence.hang(app)
        api_calls.pass_through(
            app, services_away.noticing, bodies.fitting, existence.replace_in_body)
        route_guard.hang(app)
        change_warning.hang(app)
        request_key.hang(app)
        member_pages.take_over(app)
        download_names.hang(app)
        popularity.hang(app)
        if settings.is_portal():
            config_updates.take_over()
            page_routes.take_over(app)
            solr_down.hang(app)
        protected = super().make_middleware(app, config)
        app.before_request(resets.answer)  # after the limits, which count whoever asks
        return protected

    def get_actions(self) -> dict[str, Action]:
        """Actions of every slice; each that writes says who acts, and is done once under a key."""
        ours = {**keyed_actions.keyed(slices.functions("action")), **slices.of_ckan("actions")}
        return keyed_actions.claimed(actors.noted(links.judging(ours)))

    def get_auth_functions(self) -> dict[str, AuthFunction]:
        """Who may call them."""
        return {**slices.functions("auth"), **slices.of_ckan("auth")}

    def get_helpers(self) -> dict[str, Callable[..., object]]:
        """Template helpers."""
        own = (return_address.url_is_local, ckan_uploads.uploads_enabled)
        return {**slices.functions("helpers"), **{one.__name__: one for one in own}}

    def get_validators(self) -> dict[str, Validator]:
        """Validators."""
        own = file_ids.resource_id_does_not_exist
        return {**slices.functions("validators"), own.__name__: own}

    def get_blueprint(self) -> list[Blueprint]:
        """Pages and API beside CKAN's own."""
        return slices.listed("views", "blueprints", Blueprint)

    def get_commands(self) -> list[click.Command]:
        """``ckan govdata …``; CKAN's own commands are refused in words."""
        cli.answer_in_words()
        return [cli.govdata]

    def after_dataset_create(self, context: Context, pkg_dict: DataDict) -> None:
        """In the transaction that writes the entry."""
        companion_rows.entry_written(pkg_dict)
        follow.entry_written(pkg_dict, new=True)

    def after_dataset_update(self, context: Context, pkg_dict: DataDict) -> None:
        """In the transaction that writes the entry."""
        companion_rows.entry_written(pkg_dict)
        follow.entry_written(pkg_dict)

    def before_dataset_index(self, pkg_dict: DataDict) -> DataDict:
        """The search document."""
        return entry_document.complete(pkg_dict)

    def after_dataset_show(self, context: Context, pkg_dict: DataDict) -> None:
        """No dict tells where data stands that is not open, or more than strangers may see."""
        locations.show(context, pkg_dict)
        descriptions.show(context, pkg_dict)
        unknown_columns.show(context, pkg_dict)
        if not context.get("for_edit") and not context.get("for_update"):
            links.hide(pkg_dict)

    def before_dataset_search(self, search_params: DataDict) -> DataDict:
        """What Solr is asked, from what a reader typed."""
        return query_parameters.prepare(search_params)

    def after_dataset_search(
        self, search_results: DataDict, search_params: DataDict
    ) -> DataDict:
        """Count the query; tell how it was read."""
        found = query_parameters.conclude(search_results, search_params)
        return unknown_columns.after_search(found)
