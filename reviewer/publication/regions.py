"""Regions of the world for tables, after those of the United Nations (M49), some joined.

A list that is fixed, so that no label depends on who wrote. Countries would leave nearly every number too small.
"""

from collections.abc import Collection
from typing import Final

NOT_KNOWN: Final = "several, or not known"

_COUNTRIES: Final = {
    "Northern Africa": "DZ EA EG EH IC LY MA SD TN",
    "Western Africa": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "Middle and Southern Africa": "AO BW CD CF CG CM GA GQ LS NA ST SZ TD ZA",
    "Eastern Africa": "BI DG DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "Northern America": "BM CA GL PM US",
    "Central America and the Caribbean": (
        "AG AI AW BB BL BQ BS BZ CR CU CW DM DO GD GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PR SV SX TC TT VC"
        " VG VI"
    ),
    "South America": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "Eastern and Central Asia": "CN HK JP KG KP KR KZ MN MO TJ TM TW UZ",
    "South-eastern Asia": "BN ID KH LA MM MY PH SG TH TL VN",
    "Southern Asia": "AF BD BT IN IR LK MV NP PK",
    "Western Asia": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "Eastern Europe": "BG BY CZ HU MD PL RO RU SK UA",
    "Northern, Southern and Western Europe": (
        "AC AD AL AT AX BA BE CH CQ DE DK EE ES FI FO FR GB GG GI GR HR IE IM IS IT JE LI LT LU LV MC ME MK MT NL"
        " NO PT RS SE SI SJ SM TA VA XK"
    ),
    "Oceania": "AS AU CC CK CP CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}
_REGION_OF: Final = {code: region for region, codes in _COUNTRIES.items() for code in codes.split()}

REGIONS: Final = (*_COUNTRIES, NOT_KNOWN)
"""The labels, in the order of the table."""


def region_of(countries: Collection[str]) -> str:
    """The one region in which these countries (ISO 3166) lie; :data:`NOT_KNOWN` for none and for several."""
    found = {_REGION_OF.get(code, NOT_KNOWN) for code in countries}
    return found.pop() if len(found) == 1 else NOT_KNOWN
