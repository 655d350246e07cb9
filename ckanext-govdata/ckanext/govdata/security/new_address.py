"""A letter to the address that an account had, when somebody else has changed it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from .. import settings


def tell(name: str, address: str) -> None:
    """Job: send it. ``name`` is the account's; the new address is not told."""
    subject = tk._("The mail address of your account was changed")
    body = tk._(
        "The mail address of the account “{name}” at {site} was changed by the portal's operator. "
        "Letters with a key for a new password go to the new address from now on. If you did not "
        "ask for that, tell the portal and your department at once: the change stands in the "
        "ledger with who made it."
    ).format(name=name, site=settings.site_url())
    mailer.mail_recipient(name, address, subject, body)
