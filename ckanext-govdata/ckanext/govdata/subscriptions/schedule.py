"""When letters and messages go out, and when subscriptions are forgotten."""

from __future__ import annotations

import ckan.model as model

from .. import now, settings
from ..job import Job
from ..notices import outbox
from . import fan_out, hooks, subscribers, subscription_letters, webhook_delivery

OURS = (subscribers.CONFIRM, fan_out.LETTER, fan_out.MESSAGE)


def write_letters() -> dict[str, int]:
    """Letters for what happened."""
    fan_out.spread()
    return subscription_letters.deliver()


def call_hooks() -> dict[str, int]:
    """Messages to webhooks for what happened; by itself, so that no letter waits for them."""
    fan_out.spread()
    return webhook_delivery.deliver()


def forget() -> dict[str, int]:
    """Delete what is not needed any more: addresses, webhooks, logs, and what was sent."""
    after = settings.subscriptions_kept()
    gone = {
        "subscribers": subscribers.forget(model.Session, after),
        "hooks": hooks.forget(model.Session, after),
        "posts": outbox.forget(model.Session, OURS, now.now() - after),
    }
    model.Session.commit()
    return gone


jobs = [
    Job("emergency_letters", "* * * * *", write_letters),
    Job("emergency_hooks", "* * * * *", call_hooks),
    Job("emergency_forgetting", "20 0 * * *", forget),
]
