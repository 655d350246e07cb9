# encoding: utf-8
"""CKAN's namespace stub: ``ckanext`` is shared by every extension."""
try:
    import pkg_resources

    pkg_resources.declare_namespace(__name__)
except ImportError:
    import pkgutil

    __path__ = pkgutil.extend_path(__path__, __name__)
