"""Who asks the portal over HTTP and writes down what he was told."""
from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import requests

from .journal import Act, Fate, Journal

PATIENCE = (3, 20)
PAUSE = 0.5
"""Seconds for which somebody whose line broke looks at his screen."""
TRIES = 40
"""So often an act is asked again under its key before its fate is left open."""


@dataclass(frozen=True)
class Client:
    """Asks as this person, or as a stranger without a token."""

    url: str
    journal: Journal
    token: str = ""

    def get(self, path: str) -> requests.Response | None:
        """An answer that came whole, or None."""
        try:
            answer = requests.get(self.url + path, headers=self._headers(), timeout=PATIENCE)
        except requests.RequestException:
            self.journal.heard(None, path, "")
            time.sleep(PAUSE)
            return None
        self.journal.heard(answer.status_code, path, answer.text[:300])
        return answer

    def act(
        self, act: Act, action: str, data: Mapping[str, Any], file: tuple[str, bytes] | None = None
    ) -> Act:
        """Ask for it once and note what came of it."""
        headers = self._headers() | ({"Idempotency-Key": act.key} if act.key else {})
        try:
            answer = requests.post(
                f"{self.url}/api/3/action/{action}", timeout=PATIENCE, headers=headers,
                **_body(data, file),
            )
        except requests.RequestException:
            act.status = None
            self.journal.heard(None, action, "")
            time.sleep(PAUSE)
            return act
        self.journal.heard(answer.status_code, action, answer.text)
        replayed = answer.headers.get("Idempotency-Replayed") == "true"
        if act.fate is Fate.DONE and act.answered:
            self._same(act, action, answer, replayed)
            return act
        act.status, act.answered = answer.status_code, time.time()
        act.answer = _answer_of(answer)
        return act

    def _same(self, act: Act, action: str, answer: requests.Response, replayed: bool) -> None:
        """An act that was acknowledged is asked again: the first answer, or that a service is away.
        """
        if answer.status_code == 503:
            return
        self.journal.again()
        if not replayed or _answer_of(answer) != act.answer:
            said = answer.text[:300]
            self.journal.fault(f"{action} under its key anew: {answer.status_code} {said}")

    def surely(
        self, act: Act, action: str, data: Mapping[str, Any], stop: threading.Event
    ) -> Act:
        """Ask for it, and again under its key until one knows or is told to stop."""
        act.again = lambda: self.act(act, action, data)
        for _ in range(TRIES):
            if self.act(act, action, data).fate is not Fate.UNKNOWN or stop.wait(0.5):
                break
        return act

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.token} if self.token else {}


def key(number: int) -> str:
    """A key for an act, drawn by the round's dice."""
    return str(UUID(int=number))


def _body(data: Mapping[str, Any], file: tuple[str, bytes] | None) -> dict[str, Any]:
    if file:
        return {"data": data, "files": {"upload": (file[0], file[1], "text/csv")}}
    return {"json": data}


def _answer_of(answer: requests.Response) -> Any:
    try:
        told = answer.json()
    except json.JSONDecodeError:
        return answer.text[:500]
    return told.get("result", told.get("error")) if isinstance(told, dict) else told
