"""Build ckanext-govdata; the package's data folders live at the top level."""
from pathlib import Path

from setuptools import find_packages, setup

SRC = "ckanext-govdata"
DATA = {  # import name -> top-level folder; each needs an __init__.py
    "ckanext.govdata.schemas": "schemas",
    "ckanext.govdata.config": "config",
}
I18N = Path(__file__).parent / SRC / "ckanext" / "govdata" / "i18n"


def compile_catalogues() -> None:
    """Write each .mo beside its .po, so that every kind of install carries them."""
    from babel.messages import mofile, pofile

    for source in I18N.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            mofile.write_mo(mo, pofile.read_po(po))


compile_catalogues()

setup(
    name="ckanext-govdata",
    version="0.1.0",
    description="The open data portal that carries out China's government-data regulations",
    license="AGPL-3.0-or-later",
    python_requires=">=3.10",
    package_dir={"": SRC, **DATA},
    packages=find_packages(SRC, include=["ckanext", "ckanext.*"]) + list(DATA),
    namespace_packages=["ckanext"],
    install_requires=[
        line.strip()
        for line in (Path(__file__).parent / "requirements.in").read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ],
    # Signing letters with a certificate of the operator (ckanext.govdata.seal.certificate).
    extras_require={"seal": ["pyhanko>=0.31,<1"]},
    package_data={
        "ckanext.govdata": [
            "config_declaration.yaml",
            "templates/**/*",
            "assets/**/*",
            "public/**/*",
            "i18n/**/*",
            "migration/**/*",
            "stack/files/**/*",
            "demo/data/**/*",
        ],
        **{
            name: ["*.yaml", "**/*.yaml", "**/*.txt", "**/*.csv", "**/*.xml", "**/*.json"]
            for name in DATA
        },
    },
    zip_safe=False,
    entry_points={
        "ckan.plugins": ["govdata = ckanext.govdata.plugin:GovdataPlugin"],
        "babel.extractors": ["ckan = ckan.lib.extract:extract_ckan"],
    },
)
