"""One question to each service; the answer is a complaint in words, or nothing.

Free of CKAN, so that the stack can ask before CKAN runs. No address, password or SQL ever
stands in a complaint.
"""
from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis
import requests
from ckan.types import DataDict

TIMEOUT = 3


def postgres(url: str) -> str:
    """Whether the database answers a query."""
    where = _place(url)
    try:
        connection = psycopg2.connect(url, connect_timeout=TIMEOUT)
    except psycopg2.OperationalError as error:
        return _postgres_words(str(error), where)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error as error:
        return f"{where} accepts connections but no query: {type(error).__name__}"
    finally:
        connection.close()
    return ""


def solr(url: str) -> str:
    """Whether the core is loaded and searches."""
    where = _place(url)
    try:
        answer = requests.get(f"{url}/select?q=*:*&rows=0&wt=json", timeout=TIMEOUT)
    except requests.Timeout:
        return f"{where} did not answer within {TIMEOUT} s"
    except requests.RequestException:
        return f"nothing answers at {where}; is it started?"
    if answer.status_code == 404:
        return f"{where} answers, but has no core named {urlsplit(url).path.split('/')[-1]}"
    return "" if answer.ok else f"{where} answers with HTTP {answer.status_code}"


def valkey(url: str) -> str:
    """Whether it answers a ping and takes writes."""
    where = _place(url)
    client = redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    try:
        client.set("govdata:health", "1", ex=60)
    except redis.AuthenticationError:
        return f"{where} refuses the password of the configuration"
    except redis.TimeoutError:
        return f"{where} did not answer within {TIMEOUT} s"
    except redis.ConnectionError as error:
        loading = "loading" in str(error).lower()
        return f"{where} is still loading its data" if loading else (
            f"nothing answers at {where}; is it started?"
        )
    except redis.ResponseError as error:
        return f"{where} takes no writes: {str(error).split(' ')[0]}"
    finally:
        client.close()
    return ""


def web(url: str, stack: str) -> str:
    """Whether CKAN answers over HTTP, and is that stack's."""
    state = _health(url)
    if not state:
        return f"nothing answers at {_place(url)} yet"
    return "" if state.get("stack") == stack else f"another program answers at {_place(url)}"


def part(url: str, name: str) -> str:
    """What the running portal says of one of its parts."""
    state = _health(url)
    return state["parts"][name]["why"] if state else "the web process, which would know, is down"


def warnings(url: str) -> list[str]:
    """What the running portal says that somebody must look at."""
    return _health(url).get("warnings", [])


def _health(url: str) -> DataDict:
    try:
        return requests.get(f"{url}/api/govdata/health", timeout=10).json()
    except requests.RequestException:
        return {}


def disk(folder: Path, least: int) -> str:
    """Whether files can be stored, with room to spare."""
    try:
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileNotFoundError:
        return f"the storage folder {folder.name} does not exist"
    except OSError as error:
        return f"the storage folder {folder.name} cannot be written: {error.strerror}"
    if free < least:
        return f"only {free // 1024**2} MiB are free, {least // 1024**2} MiB are needed"
    return ""


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _postgres_words(error: str, where: str) -> str:
    """psycopg2's message may hold role and database names; only its kind is told."""
    kinds = {
        "Connection refused": f"nothing answers at {where}; is it started?",
        "starting up": f"{where} is starting up or recovering after a crash",
        "shutting down": f"{where} is shutting down",
        "password authentication failed": f"{where} refuses the password of the configuration",
        "does not exist": f"{where} has no such database or role",
        "too many clients": f"{where} has no connection left",
        "timeout": f"{where} did not answer within {TIMEOUT} s",
    }
    return next((words for mark, words in kinds.items() if mark in error), f"{where} refuses us")
