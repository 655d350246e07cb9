"""Fill a stock CKAN quickly: ``fill.py FILE.jsonl`` of ``package_create`` dictionaries.

One transaction and one Solr commit; how the entries came in is not what is measured.
"""
from __future__ import annotations

import json
import os
import sys

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib.search import commit, rebuild


def main(path: str) -> None:
    """Create every entry of the file, then index them."""
    app = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    with app._wsgi_app.test_request_context(), open(path, encoding="utf-8") as lines:  # noqa: PTH123
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        made = [
            tk.get_action("package_create")(
                {
                    "ignore_auth": True,
                    "user": user,
                    "defer_commit": True,
                    "return_id_only": True,
                },
                json.loads(line),
            )
            for line in lines
        ]
        model.repo.commit()
        rebuild(package_ids=made)
        commit()


if __name__ == "__main__":
    main(sys.argv[1])
