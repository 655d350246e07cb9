"""What forms ask for."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from . import request_key


def govdata_once() -> Markup:
    """A form's hidden field with its key: two clicks are one act. Of who is not signed in nothing
    is kept, so there is none."""
    return request_key.hidden_field() if tk.current_user.is_authenticated else Markup()
