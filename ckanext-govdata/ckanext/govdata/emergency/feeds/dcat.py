"""An event as DCAT 3: a series of datasets, each with its newest file (JSON-LD)."""

from __future__ import annotations

from ... import settings
from ..answers import DatasetAnswer, EventAnswer
from . import cap_atom

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
}


def document(event: EventAnswer) -> dict[str, object]:
    """The event as a ``dcat:DatasetSeries`` with its datasets, newest version each."""
    series = cap_atom.address(event)
    graph = [_series(event, series)]
    graph += [_dataset(event, one, series) for one in event["datasets"]]
    return {"@context": CONTEXT, "@graph": graph}


def _series(event: EventAnswer, address: str) -> dict[str, object]:
    period = {"@type": "dct:PeriodOfTime", "dcat:startDate": _instant(event["started"])}
    if event["ended"]:
        period["dcat:endDate"] = _instant(event["ended"])
    return {
        "@id": address,
        "@type": "dcat:DatasetSeries",
        "dct:title": event["title"],
        "dct:type": event["kind"],
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": event["handler"]["title"]},
        "dct:spatial": [place["code"] for place in event["regions"]],
        "dct:temporal": period,
        "dct:issued": _instant(event["declared"]),
        "dct:modified": _instant(event["modified"]),
        "adms:status": "exercise" if event["drill"] else "ended" if event["ended"] else "running",
        "dcat:landingPage": {"@id": address},
    }


def _dataset(event: EventAnswer, one: DatasetAnswer, series: str) -> dict[str, object]:
    found: dict[str, object] = {
        "@id": f"{settings.site_url()}/dataset/{one['package_id']}",
        "@type": "dcat:Dataset",
        "dct:title": one["title"],
        "dcat:inSeries": {"@id": series},
        "dct:accrualPeriodicity": f"PT{one['rhythm']}M",
        "dct:issued": _instant(one["versions"][-1]["at"]),
        "dct:modified": _instant(one["latest"]["at"]),
        "dcat:version": str(one["latest"]["number"]),
        "dct:source": one["source"],
    }
    if one["readable"]:
        found["dcat:distribution"] = _distribution(event, one)
    return found


def _distribution(event: EventAnswer, one: DatasetAnswer) -> dict[str, object]:
    latest = one["latest"]
    if one["kind"] == "interface":
        return {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": latest["url"]}}
    address = settings.site_url() + one["url"]
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": cap_atom.address(event)},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": latest["media"],
        "dcat:byteSize": latest["size"],
    }


def _instant(written: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": written}
