"""``/api/govdata/health``."""
from __future__ import annotations

from flask import Blueprint, Response, jsonify

from . import report

health = Blueprint("govdata_health", __name__)


@health.route("/api/govdata/health")
def show() -> tuple[Response, int]:
    """200 when every part is well, else 503; JSON says which part is not, and why."""
    state = report.examine()
    answer = jsonify(state)
    answer.cache_control.no_store = True
    return answer, 200 if state["ok"] else 503


blueprints = [health]
