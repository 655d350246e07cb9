"""The portal as a WSGI application, for granian, gunicorn or uwsgi; reads ``CKAN_INI``.

A CKAN without our plugin is served too: ``make bench`` measures beside it.
"""
from __future__ import annotations

import logging
import os
from fcntl import LOCK_EX, flock
from pathlib import Path

from ckan import authz, logic, plugins
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools
from webassets.exceptions import BundleError, FilterError

from .security import keys

log = logging.getLogger(__name__)
application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())

if plugins.plugin_loaded("govdata"):
    with application.app_context():
        keys.at_start()



def _build_assets() -> None:
    """Build what pages bring along, one process after the other: CKAN builds each at the first page
    that needs it, and whoever asks for one that another is building gets a 500."""
    folder = Path(webassets_tools.get_webassets_path())
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".building").open("w") as turn:
        flock(turn, LOCK_EX)
        for name, bundle in webassets_tools.env._named_bundles.items():
            try:
                bundle.urls()
            except (BundleError, FilterError) as error:  # another plugin's, on no page of ours
                log.error("%s cannot be built: %s", name, error)
            if name.startswith("govdata/"):  # else every page looks whether a source has changed
                bundle.config["auto_build"] = False


_build_assets()

# CKAN gathers its actions and its auth functions at the first request, its own before those of
# the plugins, and another thread takes what is there so far: an action that asks no gate yet, or
# a 500. So they are gathered before the first request comes.
logic.get_action("status_show")
authz.auth_functions_list()
