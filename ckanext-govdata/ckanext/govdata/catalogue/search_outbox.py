"""Table of the entries that are written and not yet in the search index."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk


class SearchOutbox(tk.BaseModel):
    """One row for each entry whose search document is still to be made.

    No foreign key: CKAN purges datasets without asking, and a row of one that is gone is harmless.
    """

    __table__ = sa.Table(
        "govdata_search_outbox",
        tk.BaseModel.metadata,
        sa.Column("package_id", sa.Text, primary_key=True),
    )
