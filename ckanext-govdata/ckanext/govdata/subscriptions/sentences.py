"""Why somebody is not told of emergencies, in words."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..forms import refusals

REFUSALS: refusals.Sentences = {
    "event_or_region": lambda: tk._("Say either the event or the place."),
    "drill_untold": lambda: tk._("This is a drill; nobody is told of it."),
    "mail_address": lambda: tk._("'{value}' is no mail address."),
    "language_unknown": lambda: tk._("'{value}' is none of the portal's languages."),
    "no_mail": lambda: tk._("This portal sends no mail. The Atom feed tells the same."),
    "crowded": lambda: tk._(
        "Very many are subscribing at this moment. Please try again in {minutes} minutes; the "
        "page and the Atom feed tell the same meanwhile."
    ),
    "uncounted": lambda: tk._("Subscribing is not possible at the moment. Please try again later."),
    "link_expired": lambda: tk._("The link is more than a day old. Please subscribe again."),
    "event_over": lambda: tk._("The event has ended; there will be no more news of it."),
    "hook_address": lambda: tk._(
        "A webhook's address begins with https:// and has the port 443 or 8443, no user name and "
        "no '#'."
    ),
    "hook_inside": lambda: tk._("This address leads to no public place."),
    "hooks_most": lambda: tk._("You have {most} webhooks already; delete one first."),
}

FORMS_AT = {"/emergency-mail": ("subscription",), "/emergency-hooks": ("webhook",)}
"""The forms that stand at an address."""
