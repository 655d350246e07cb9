"""When people are told that a token ends, and letters go to addresses that were theirs."""
from __future__ import annotations

import ckan.model as model

from ..job import Job
from ..notices.notice import Telling, tell
from ..security import api_tokens
from . import mail_addresses


def tell_of_ending_tokens() -> int:
    """Tell each token's owner, once, that it ends soon; how many are new."""
    found = [
        Telling(f"token_ends:{one.id}", one.user_id, "token_ends", facts={
            "name": one.name, "due": one.ends.isoformat(), "tokens": one.user_id})
        for one in api_tokens.ending(model.Session)
    ]
    told = tell(model.Session, found)
    model.Session.commit()
    return told


jobs = [
    Job("token-ends", "30 7 * * *", tell_of_ending_tokens),
    Job("address-letters", "* * * * *", mail_addresses.deliver),
]
