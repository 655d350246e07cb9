"""One typed function per ini option; nobody else reads the configuration."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

import ckan.plugins.toolkit as tk

from .domain.attachment_shares import AttachmentShares, Share


def site_id() -> str:
    """CKAN's ``ckan.site_id``: prefix of everything that we keep in Valkey."""
    return str(tk.config["ckan.site_id"])


def database_url() -> str:
    """CKAN's ``sqlalchemy.url``."""
    return str(tk.config["sqlalchemy.url"])


def datastore_url() -> str:
    """CKAN's ``ckan.datastore.write_url``."""
    return str(tk.config["ckan.datastore.write_url"])


def solr_url() -> str:
    """CKAN's ``solr_url``."""
    return str(tk.config["solr_url"]).rstrip("/")


def removes_deleted() -> bool:
    """CKAN's ``ckan.search.remove_deleted_packages``: no deleted dataset stays in the index."""
    return tk.asbool(tk.config["ckan.search.remove_deleted_packages"])


def search_facets() -> frozenset[str]:
    """CKAN's ``search.facets``: fields that the operator's lists count by."""
    facets = tk.config.get("search.facets") or ()
    return frozenset(facets.split() if isinstance(facets, str) else facets)


def redis_url() -> str:
    """CKAN's ``ckan.redis.url``."""
    return str(tk.config["ckan.redis.url"])


def storage_path() -> str:
    """CKAN's ``ckan.storage_path``."""
    return str(tk.config["ckan.storage_path"])


def default_storage(kind: str) -> str:
    """CKAN's ``ckan.files.default_storages.*`` for uploads of this kind; often there is none."""
    return str(tk.config.get(f"ckan.files.default_storages.{kind}") or "")


def search_patience() -> int:
    """Seconds that a request waits for an answer of the search server."""
    return tk.config["ckanext.govdata.search.patience"]


def least_free_space() -> int:
    """Bytes that must be free on the storage disk (the option is in MiB)."""
    return int(tk.config["ckanext.govdata.least_free_space"]) * 1024**2


def responsible_body() -> str:
    """Name of the body that answers for the portal; empty when none was set."""
    return str(tk.config.get("ckanext.govdata.pages.responsible_body") or "")


def jurisdictions_directory() -> str:
    """The operator's own jurisdiction files over ours; empty if there are none."""
    return str(tk.config["ckanext.govdata.jurisdictions"] or "")


def remedies_directory() -> str:
    """The operator's own files of remedies over ours; empty if there are none."""
    return str(tk.config["ckanext.govdata.remedies"] or "")


def seal_certificate() -> str:
    """The file of the certificate with which letters are signed; empty if there is none."""
    return str(tk.config["ckanext.govdata.seal.certificate"] or "")


def seal_password() -> str:
    """The password of that file; empty if it has none."""
    return str(tk.config["ckanext.govdata.seal.password"] or "")


def calendars_directory() -> str:
    """The operator's own calendar files over ours; empty if there are none."""
    return str(tk.config["ckanext.govdata.calendars"] or "")


@dataclass(frozen=True)
class Smtp:
    """CKAN's own ``smtp.*`` options."""

    server: str
    starttls: bool
    user: str
    password: str
    sender: str
    reply_to: str


def smtp() -> Smtp:
    """The mail server; an empty ``server`` means that no mail is sent."""
    return Smtp(
        server=tk.config.get("smtp.server") or "",
        starttls=tk.asbool(tk.config.get("smtp.starttls")),
        user=tk.config.get("smtp.user") or "",
        password=tk.config.get("smtp.password") or "",
        sender=tk.config.get("smtp.mail_from") or "",
        reply_to=tk.config.get("smtp.reply_to") or "",
    )


def letter_patience() -> timedelta:
    """How long a letter that always fails is tried (the option is in days)."""
    return timedelta(days=int(tk.config["ckanext.govdata.notices.patience"]))


def site_title() -> str:
    """The portal's name as readers see it."""
    return tk.config["ckan.site_title"]


def site_url() -> str:
    """The public address, without a slash at the end."""
    return tk.config["ckan.site_url"]


def is_on(option: str) -> bool:
    """Whether one of CKAN's switches is on; an undeclared one is off."""
    return tk.asbool(tk.config.get(option) or False)


def let_no_role_cascade() -> None:
    """Empty CKAN's ``ckan.auth.roles_that_cascade_to_sub_groups``, by default ``admin``."""
    tk.config["ckan.auth.roles_that_cascade_to_sub_groups"] = []


def lead_after_login(own: str) -> None:
    """Whoever signs in comes to a page of ours, where CKAN's ``ckan.auth.route_after_login`` is
    still CKAN's own: nobody works there."""
    if tk.config["ckan.auth.route_after_login"] == "dashboard.datasets":
        tk.config["ckan.auth.route_after_login"] = own


def login_failures_per_account() -> int:
    """Failed attempts before an account is locked; 0: never."""
    return tk.config["ckanext.govdata.login.failures_per_account"]


def login_failures_per_address() -> int:
    """Failed attempts before a network address is locked; 0: never."""
    return tk.config["ckanext.govdata.login.failures_per_address"]


def login_window() -> int:
    """Seconds after which failed attempts are forgotten."""
    return tk.config["ckanext.govdata.login.window"]


def searches_per_minute() -> int:
    """Searches a minute from one address without signing in; 0: no limit."""
    return tk.config["ckanext.govdata.search.anonymous_per_minute"]


def trusted_proxies() -> int:
    """Proxies before CKAN whose word about the client's address counts."""
    return tk.config["ckanext.govdata.trusted_proxies"]


def token_header() -> str:
    """CKAN's ``apitoken_header_name``: the header in which programs send their token."""
    return str(tk.config["apitoken_header_name"])


def secret_key() -> str:
    """Flask's ``SECRET_KEY``."""
    return str(tk.config["SECRET_KEY"])


def csrf_field() -> str:
    """The name of the field in which forms carry their token."""
    return str(tk.config["WTF_CSRF_FIELD_NAME"])


def ledger_algorithm() -> str:
    """How the ledger's digests are made: ``sha256`` or ``sm3``."""
    return str(tk.config["ckanext.govdata.ledger.algorithm"])


def auditors() -> list[str]:
    """Names of the users who read the ledger and decide nothing."""
    return tk.aslist(tk.config["ckanext.govdata.auditors"])


def one_step() -> list[str]:
    """Jurisdictions in which the head may decide without an officer's proposal."""
    return tk.aslist(tk.config["ckanext.govdata.cases.one_step"])


def hide_applicant() -> bool:
    """Whether officers see who applied only after the decision."""
    return tk.asbool(tk.config["ckanext.govdata.cases.hide_applicant"])


def identity_keys() -> list[bytes]:
    """Fernet keys of the identities, the newest first; by default one made of ``SECRET_KEY``."""
    keys = tk.aslist(tk.config["ckanext.govdata.security.keys"])
    made = base64.urlsafe_b64encode(hashlib.sha256(secret_key().encode()).digest())
    return [key.encode() for key in keys] or [made]


def report_days() -> int:
    """Calendar days after the end of a grant within which its use report is owed."""
    return int(tk.config["ckanext.govdata.grants.report_days"])


def largest_file() -> int:
    """Bytes of the largest file of an entry: CKAN's ``ckan.max_resource_size``, in MiB."""
    return int(tk.config["ckan.max_resource_size"]) * 1024**2


def largest_attachment() -> int:
    """Bytes of the largest attachment of a case (the option is in MiB)."""
    return int(tk.config["ckanext.govdata.cases.largest_attachment"]) * 1024**2


def attachment_shares() -> AttachmentShares:
    """How many attachments, and how large together (the options are in MiB)."""
    option = "ckanext.govdata.cases.attachments_per_"
    case, person = (
        Share(int(tk.config[f"{option}{of}"]), int(tk.config[f"{option}{of}_size"]) * 1024**2)
        for of in ("case", "person")
    )
    return AttachmentShares(case, person)


def drafts_per_entry() -> int:
    """Applications that a person may have begun for one entry and not handed in."""
    return int(tk.config["ckanext.govdata.cases.drafts_per_entry"])


def drafts_per_person() -> int:
    """Applications that a person may have begun and not handed in."""
    return int(tk.config["ckanext.govdata.cases.drafts_per_person"])


def imports_per_person() -> int:
    """Imports that an officer may have open on the web at once."""
    return int(tk.config["ckanext.govdata.catalogue.imports_per_person"])


def hours_of_undo() -> int:
    """Hours after which an import can no longer be undone."""
    return int(tk.config["ckanext.govdata.catalogue.undo_hours"])


def makes_tables() -> bool:
    """Whether files that are uploaded become tables."""
    return tk.asbool(tk.config["ckanext.govdata.tables.load"])


def linked_hosts() -> list[str]:
    """Hosts whose linked files become tables; none by itself."""
    return [host.lower() for host in tk.aslist(tk.config["ckanext.govdata.tables.linked_hosts"])]


def of_tables(name: str) -> int:
    """``rows``, ``columns``, ``size`` (MiB), ``seconds`` or ``bad_rows`` of one table at most."""
    return int(tk.config[f"ckanext.govdata.tables.{name}"])


def hours_of_keys() -> int:
    """Hours for which what was answered under a key is kept for who asks again."""
    return int(tk.config["ckanext.govdata.repeats.hours"])


def locale_default() -> str:
    """CKAN's ``ckan.locale_default``: the language where no reader has chosen one."""
    return str(tk.config["ckan.locale_default"])


def english_title() -> str:
    """The portal's name on English pages; empty when ``ckan.site_title`` serves there too."""
    return str(tk.config.get("ckanext.govdata.pages.english_title") or "")


def locales_offered() -> list[str]:
    """CKAN's ``ckan.locales_offered``: the languages a reader may choose from."""
    return list(tk.config.get("ckan.locales_offered") or [])


def search_vectors() -> bool:
    """Whether titles and queries are compared by meaning, where the model runs."""
    return tk.config["ckanext.govdata.search.vectors"]


def search_vector_patience() -> int:
    """Milliseconds that a search waits for its query's vector."""
    return tk.config["ckanext.govdata.search.vector_patience"]


def search_log_days() -> int:
    """Days for which counts of queries are kept; 0: none are kept."""
    return tk.config["ckanext.govdata.search.log_days"]


def is_portal() -> bool:
    """Whether this CKAN is the portal, or a CKAN that goes on as before with our plugin loaded."""
    return tk.config["ckanext.govdata.portal"]


def source_hosts() -> list[str]:
    """Hosts inside our own network from which granted data may be fetched."""
    return tk.aslist(tk.config["ckanext.govdata.access.source_hosts"])


def hook_hosts() -> list[str]:
    """Hosts inside our own network to which webhooks may lead."""
    return tk.aslist(tk.config["ckanext.govdata.emergency.hook_hosts"])


def subscriptions_per_hour() -> int:
    """How many may ask in an hour to be told of one event by mail; 0: no limit."""
    return int(tk.config["ckanext.govdata.emergency.subscriptions_per_hour"])


def subscriptions_per_client() -> int:
    """How many subscriptions one network address may ask for in an hour; 0: no limit."""
    return int(tk.config["ckanext.govdata.emergency.subscriptions_per_client"])


def marks_per_entry() -> int:
    """How many marks of one entry a person may have under way; 0: no limit."""
    return int(tk.config["ckanext.govdata.marks.per_entry"])


def marks_per_person() -> int:
    """How many marks a person may have under way at all; 0: no limit."""
    return int(tk.config["ckanext.govdata.marks.per_person"])


def rehearsals_per_minute() -> int:
    """Acts on cases, and looks at what they would write, of an account in a minute; 0: no limit."""
    return int(tk.config["ckanext.govdata.security.rehearsals_per_minute"])


def cases_per_client() -> int:
    """Cases that a network address may begin or hand in in an hour; 0: no limit."""
    return int(tk.config["ckanext.govdata.security.cases_per_client"])


def accounts_per_client() -> int:
    """Accounts and new passwords that a network address may ask for in an hour; 0: no limit."""
    return int(tk.config["ckanext.govdata.security.accounts_per_client"])


def reset_landing_page() -> str:
    """Where CKAN leads whoever asked for a new password."""
    return str(tk.config.get("ckan.user_reset_landing_page") or "home.index")


def reset_pause() -> int:
    """Seconds after a letter with a new password's key in which no other is sent (in minutes)."""
    return 60 * int(tk.config["ckanext.govdata.security.reset_pause"])


def token_days() -> int:
    """Days for which an API token stands; 0: for ever."""
    return int(tk.config["ckanext.govdata.security.token_days"])


def subscriptions_kept() -> timedelta:
    """How long after its event's end a subscription is kept (the option is in days)."""
    return timedelta(days=int(tk.config["ckanext.govdata.emergency.subscriptions_kept"]))


def signed_in_cookies() -> frozenset[bytes]:
    """Names of the cookies that somebody who is signed in brings."""
    names = (tk.config.get("SESSION_COOKIE_NAME"), tk.config.get("REMEMBER_COOKIE_NAME"))
    return frozenset(str(name).encode() for name in (*names, "ckan", "remember_token") if name)
