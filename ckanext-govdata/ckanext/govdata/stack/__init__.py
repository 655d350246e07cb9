"""The portal on one machine without docker: PostgreSQL, Valkey, Solr and CKAN from packages.

Not a CKAN slice: nothing here is loaded by CKAN. ``python -m ckanext.govdata.stack`` is the
door, ``make up`` its handle. Everything that runs or is stored lies in one folder, the
`Home`; every process is a *part* under one supervisor.
"""
from __future__ import annotations
