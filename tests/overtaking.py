"""Another officer writes in the very moment in which entries are read for the index."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import text

from ckanext.govdata.catalogue.index import writer


class Overtaking:
    """Each of ``writes`` begins when documents were made and not sent yet, in a thread of its own.

    What indexes goes on when each has ended, or waits for a lock: whoever must wait, waits.
    """

    def __init__(self, app: Any, monkeypatch: Any, writes: Iterable[Callable[[], object]]) -> None:
        self._app = app
        self._ended = 0
        self.failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._write, args=[one]) for one in writes]
        read = writer.documents_of
        mine = threading.current_thread()

        def read_and_be_overtaken(ids):
            documents = read(ids)
            if threading.current_thread() is mine and not self._threads[0].ident:
                for thread in self._threads:
                    thread.start()
                while self._ended + _waiting() < len(self._threads):
                    self._threads[-1].join(0.02)
            return documents

        monkeypatch.setattr(writer, "documents_of", read_and_be_overtaken)

    def _write(self, write: Callable[[], object]) -> None:
        try:
            with self._app.flask_app.app_context():
                write()
        except BaseException as error:
            self.failed.append(error)
        finally:
            model.Session.remove()
            self._ended += 1

    def ended(self) -> None:
        """Wait for all of them; they must have begun."""
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()
        assert not self.failed, self.failed


def _waiting() -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with model.ensure_engine().connect() as connection:
        return connection.scalar(text(query)) or 0


def patch(name: str, **change: Any) -> Callable[[], object]:
    """Change an entry as CKAN's own action does."""
    context = {"ignore_auth": True, "user": ""}
    return lambda: tk.get_action("package_patch")(dict(context), {"id": name, **change})
