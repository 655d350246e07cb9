"""The portal as a WSGI application, for granian, gunicorn or uwsgi; reads ``CKAN_INI``."""
from __future__ import annotations

import os

from ckan import authz, logic
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())

# CKAN gathers its actions and its auth functions at the first request, its own before those of
# the plugins, and another thread takes what is there so far: an action that asks no gate yet, or
# a 500. So they are gathered before the first request comes.
logic.get_action("status_show")
authz.auth_functions_list()
