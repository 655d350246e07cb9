"""What CKAN 2.12.0 leaves open, closed: see docs/security.md.

Each module closes one thing: ``exemptions`` (CSRF), ``lockout`` (passwords), ``rates``
(search), ``headers`` (browser and caches), ``smtp`` (TLS), ``defaults`` (CKAN's options
and what the portal refuses to start with). ``hardening`` hangs them into CKAN.
"""
