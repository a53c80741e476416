"""The five regions of the ILO, and the one in which a country lies that a table names.

Tables of others name countries by codes of two or three letters or in words. The ILO names its regions in words.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from reviewer.atlas.folding import place_key
from reviewer.reading.place_names import countries

AFRICA, AMERICAS, ARAB_STATES = "Africa", "Americas", "Arab States"
ASIA, EUROPE = "Asia and the Pacific", "Europe and Central Asia"

_COUNTRIES: Final = {
    AFRICA: (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EA EG EH ER ET GA GH GM GN GQ GW IC IO KE KM LR LS LY MA MG ML MR"
        " MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW"
    ),
    AMERICAS: (
        "AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC"
        " MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI"
    ),
    ARAB_STATES: "AE BH IQ JO KW LB OM PS QA SA SY YE",
    ASIA: (
        "AF AS AU BD BN BT CC CK CN CP CX FJ FM GU HK HM ID IN IR JP KH KI KP KR LA LK MH MM MN MO MP MV MY NC NF"
        " NP NR NU NZ PF PG PH PK PN PW SB SG TH TK TL TO TV TW UM VN VU WF WS"
    ),
    EUROPE: (
        "AC AD AL AM AT AX AZ BA BE BG BY CH CQ CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IL IM IS IT JE"
        " KG KZ LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TA TJ TM TR UA UZ VA XK"
    ),
}
_REGION_OF: Final = {code: region for region, codes in _COUNTRIES.items() for code in codes.split()}
WORLD_REGIONS: Final = tuple(_COUNTRIES)
"""In the order in which the ILO lists them."""

_REGION_WORDS: Final[Mapping[str, str]] = {
    **{place_key(region): region for region in WORLD_REGIONS},
    **{place_key(words): AMERICAS for words in ("the Americas", "America")},
    **{place_key(words): ASIA for words in ("Asia Pacific", "Asia and Pacific", "the Asia and the Pacific")},
    place_key("the Arab States"): ARAB_STATES,
}
_ALL_WORDS: Final = frozenset({"world", "global", "total", "all"})


def region_of_country(code: str) -> str | None:
    """The region of a country by its ISO code of two letters; None for no such code."""
    return _REGION_OF.get(code)


def region_named(untrusted_words: str) -> str | None:
    """The region that a table names in words; None if these are no region."""
    words = untrusted_words.replace("&", " and ").replace("-", " ")
    return _REGION_WORDS.get(place_key(words))


def country_named(untrusted_words: str) -> str | None:
    """The ISO code (two letters) of a country named by a code or in words; None if it is none."""
    words = untrusted_words.strip()
    if words.isascii() and words.isalpha():
        code = words.upper()
        if len(code) == 2 and code in _REGION_OF:
            return code
        if len(code) == 3 and code in _three_letters():
            return _three_letters()[code]
    found = countries().get(place_key(words.replace("&", " and ")))
    return found if found in _REGION_OF else None


def is_all(untrusted_words: str) -> bool:
    """True for the line of the whole world, which is the sum of the others."""
    return place_key(untrusted_words) in _ALL_WORDS


@cache
def _three_letters() -> Mapping[str, str]:
    """Codes of two letters by those of three (ISO 3166-1)."""
    pairs = _THREE_LETTERS.split()
    return {pair[:3]: pair[3:] for pair in pairs}


_THREE_LETTERS: Final = """
ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASCAC ASMAS ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE
BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BURMM BWABW
CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPTCP CPVCV CRICR CUBCU CUWCW CXRCX
CYMKY CYPCY CZECZ DDRDE DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ
FLKFK FRAFR FROFO FSMFM FXXFR GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL
GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL
ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI
LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME
MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO
NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA
REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS
STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TAATA TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TMPTL
TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN
VUTVU WLFWF WSMWS XKKXK YEMYE YMDYE ZAFZA ZARCD ZMBZM ZWEZW
"""
