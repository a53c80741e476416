"""Every page in every language: its length, its title, and what it says of itself."""

import re

import pytest

from tests.languages.every_page import TAGS, EveryPage
from tests.tipline.outline import Outline
from tests.tipline.pages.named_pages import PAGES, shown
from tipline.instance.emergency_numbers import language_numbers
from tipline.languages.language import LANGUAGES
from tipline.pages.padding import fits

DIRECTION = {language.tag: language.direction.value for language in LANGUAGES}
LONGEST_TITLE = 24
DIFFER = {"lang", "dir", "href", "action", "src", "aria-label", "list", "open", "title", "formaction"}
_OF_ONE_LANGUAGE = re.compile(
    r'<details class="languages">.*?</details>|<p class="hint unchecked">.*?</p>|<datalist.*?</datalist>'
    r'|<ul class="numbers">.*?</ul>',  # a language adds those of its countries
    re.DOTALL,
)
_NONCE = re.compile(rb'name="nonce" value="\w+"')
# Not to be read over a shoulder: help, danger, safe, secret, police, crime, victim, trafficking, report, abuse.
TELLING = {
    "en": "help|danger|safe|secret|polic|crime|victim|traffick|report|abuse|tip",
    "es": "ayud|peligr|segur|secret|polic|delit|víctim|trata|tráfic|denunci|abus",
    "fr": "aide|danger|sécur|secret|polic|crime|victim|traite|trafic|signal|dénonc|abus",
    "pt": "ajud|perigo|segur|segred|secret|políc|crime|vítim|tráfic|denúnci|abus",
    "ro": "ajut|pericol|sigur|secret|poliți|crim|victim|trafic|sesiz|denunț|abuz",
    "ru": "помощ|опасн|безопасн|секрет|тайн|полиц|преступ|жертв|торговл|жалоб|донос|насил",
    "uk": "допомог|небезпе|безпе|секрет|таєм|поліц|злоч|жертв|торгівл|скарг|донос|насил",
    "ar": "مساعد|خطر|أمان|سري|سرّ|شرط|جريم|ضحي|اتجار|بلاغ|إبلاغ|استغلال",
    "fa": "کمک|خطر|امن|\\bراز|مخفی|پلیس|جرم|قربانی|قاچاق|گزارش|شکایت|آزار",
    "ur": "مدد|خطر|محفوظ|خفیہ|\\bراز|پولیس|جرم|متاثر|اسمگل|رپورٹ|شکایت|استحصال",
    "hi": "मदद|सहायता|खतर|ख़तर|सुरक्ष|गुप्त|पुलिस|अपराध|पीड़ित|तस्करी|शिकायत|रिपोर्ट|शोषण",
    "bn": "সাহায্য|বিপদ|নিরাপ|গোপন|পুলিশ|অপরাধ|শিকার|পাচার|অভিযোগ|রিপোর্ট|নির্যাতন|শোষণ",
    "zh-Hans": "帮助|求助|危险|安全|秘密|警|犯罪|受害|贩|举报|报告|虐",
    "th": "ช่วย|อันตราย|ปลอดภัย|ความลับ|ตำรวจ|อาชญา|เหยื่อ|ค้ามนุษย์|แจ้งเบาะแส|ร้องเรียน|ล่วงละเมิด",
    "vi": "giúp|nguy|an toàn|bí mật|cảnh sát|công an|tội|nạn nhân|buôn|tố cáo|báo cáo|lạm dụng",
    "tl": "tulong|panganib|ligtas|lihim|pulis|krimen|biktima|trafficking|sumbong|\\bulat|abuso",
}


@pytest.mark.parametrize("tag", [*TAGS, "qps-ploc"])
def test_every_page_fits_the_one_length_of_all(every_page: EveryPage, tag: str) -> None:
    too_long = {name: len(page) for name in PAGES if not fits(page := every_page.page(name, tag))}
    assert not too_long


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_says_its_language_and_has_a_short_title_that_tells_nothing(
    every_page: EveryPage, tag: str
) -> None:
    for name in PAGES:
        page = every_page.page(name, tag).decode()
        assert f'<html lang="{tag}" dir="{DIRECTION[tag]}"' in page
        (title,) = re.findall("<title>(.+?)</title>", page)
        assert len(title) <= LONGEST_TITLE, title
        assert not re.search(TELLING[tag], title, re.IGNORECASE), title


def test_a_page_rendered_again_is_the_page_that_was_sent(every_page: EveryPage) -> None:
    assert (shown("start").template, shown("start").method, shown("start").path) == ("start.html", "GET", "/")
    sent = every_page.sent("/?lang=en").removesuffix(b"-->\n").rstrip(b" ").removesuffix(b"<!--")
    assert _NONCE.sub(b"", every_page.page("start", "en")) == _NONCE.sub(b"", sent)
    page = every_page.page("start", "ar").decode()
    assert 'action="/?lang=ar"' in page
    assert 'value="en" lang="en"' in page


def outline(page: str, tag: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every element, with what does not depend on the language, but for what only some languages have."""
    page = _OF_ONE_LANGUAGE.sub("", page)
    for one in language_numbers(tag):
        page = page.replace(f'<li>{one.place} <b dir="ltr">{one.number}</b></li>\n', "")
    return [
        (tag, sorted((name, value) for name, value in attributes.items() if name not in DIFFER))
        for tag, attributes in Outline(page).tags
        if attributes.get("name") != "language"
    ]


@pytest.fixture(scope="module")
def in_english(every_page: EveryPage) -> dict[str, object]:
    """The outline of each page in English."""
    return {name: outline(every_page.page(name, "en").decode(), "en") for name in PAGES}


@pytest.mark.parametrize("tag", TAGS[1:])
def test_a_page_is_built_alike_in_every_language(
    every_page: EveryPage, in_english: dict[str, object], tag: str
) -> None:
    for name in PAGES:
        assert outline(every_page.page(name, tag).decode(), tag) == in_english[name], name
