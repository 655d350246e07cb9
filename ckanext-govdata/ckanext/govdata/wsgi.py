"""The portal as a WSGI application, for granian, gunicorn or uwsgi; reads ``CKAN_INI``.

A CKAN without our plugin is served too: ``make bench`` measures beside it.
"""
from __future__ import annotations

import os

from ckan import authz, logic, plugins
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools

from .security import keys

application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())

if plugins.plugin_loaded("govdata"):
    with application.app_context():
        keys.at_start()

# Else every page looks whether a source of our assets changed since the last one.
for name, bundle in webassets_tools.env._named_bundles.items():
    if name.startswith("govdata/"):
        bundle.urls()
        bundle.config["auto_build"] = False

# CKAN gathers its actions and its auth functions at the first request, its own before those of
# the plugins, and another thread takes what is there so far: an action that asks no gate yet, or
# a 500. So they are gathered before the first request comes.
logic.get_action("status_show")
authz.auth_functions_list()
