"""A linked file, fetched for the time in which its table is made; only from hosts that the operator
names, by the one fetcher that is not led into the own network (:mod:`..access.source`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from .. import settings
from ..access import source
from .findings import Unloadable


@contextmanager
def fetched(url: str, name: str, limits: source.Limits) -> Iterator[Path]:
    """Its bytes in a file of that name, which is gone afterwards. Raises :class:`.Unloadable`."""
    with TemporaryDirectory(prefix="govdata-link-") as folder:
        path = Path(folder, name)
        with path.open("wb") as out, _in_words(limits):
            source.download(url, out, settings.linked_hosts(), settings.source_hosts(), limits)
        yield path


@contextmanager
def _in_words(limits: source.Limits) -> Iterator[None]:
    try:
        yield
    except source.NotReachableError:
        raise Unloadable("link_elsewhere") from None
    except source.TooLargeError:
        raise Unloadable("sheet.too_large", limit=limits.size // 2**20) from None
    except source.NoRoomError as error:
        raise Unloadable("own_disk") from error
    except requests.HTTPError as error:
        raise Unloadable("link_status", status=error) from error
    except requests.Timeout as error:
        raise Unloadable("link_slow") from error
    except requests.RequestException as error:
        raise Unloadable("link_dead") from error
