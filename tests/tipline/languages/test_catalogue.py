"""What a translation must keep, and how an operator corrects one sentence."""

import datetime as dt
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder, ask
from tests.tipline.site_stage import Stage
from tipline.languages.catalogue import CatalogueError, Sentence, plural_count, read_catalogue, sentences
from tipline.languages.catalogue_rules import faults
from tipline.languages.language import ENGLISH, LANGUAGES
from tipline.languages.site_languages import SiteLanguages, read_reviewed
from tipline.supervisor.web_process import WebProcessFailed

BY_TAG = {language.tag: language for language in LANGUAGES}


def sentence(source: str | tuple[str, ...], *forms: str, fuzzy: bool = False) -> Sentence:
    return Sentence((source,) if isinstance(source, str) else source, forms, fuzzy, 1, ())


FILES = ("%(num)s file", "%(num)s files")
ARABIC = ("لا ملف", "ملف", "ملفان", "%(num)s ملفات", "%(num)s ملفا", "%(num)s ملف")


@pytest.mark.parametrize(
    ("tag", "entry"),
    [
        ("es", sentence("Send", "Enviar")),
        ("es", sentence("Up to %(size)s", "Hasta %(size)s")),
        ("es", sentence("Send", "")),
        ("ar", sentence(FILES, *ARABIC)),
        ("zh-Hans", sentence(FILES, "%(num)s 个文件")),
        ("uk", sentence(FILES, "%(num)s файл", "%(num)s файли", "%(num)s файлів")),
        ("fr", sentence("It is %(size)s <b>big</b>", "C’est <b>gros</b> : %(size)s")),
        ("fr", sentence("100%% safe", "Sûr à 100 %%")),
        ("ar", sentence("Press Send", "اضغط \u2068Send\u2069")),
        ("fa", sentence("Wait 15 minutes for tor2web 1.3", "۱۵ دقیقه برای tor2web ۱٫۳ صبر کنید")),
        ("es", sentence("Use 7-Zip", "Usa 7-Zip")),
    ],
    ids=lambda one: one.source[0] if isinstance(one, Sentence) else one,
)
def test_a_good_translation_has_no_faults(tag: str, entry: Sentence) -> None:
    assert not list(faults(entry, BY_TAG[tag]))


@pytest.mark.parametrize(
    ("tag", "entry", "fault"),
    [
        ("es", sentence("Up to %(size)s", "Hasta"), "%(size)s is missing"),
        ("es", sentence("Up to %(size)s", "Hasta %(tamaño)s"), "%(tamaño)s is not in the English"),
        ("es", sentence("Up to %(size)s", "Hasta %(size) s"), "%(size)s is missing"),
        ("es", sentence("Send", "Enviar 50 %"), "a % that belongs to no placeholder"),
        ("es", sentence("Send", "<script>x</script>"), "markup"),
        ("es", sentence("Send", "Enviar &amp; salir"), "markup"),
        ("es", sentence("It is <b>big</b>", "Es grande"), "markup"),
        ("es", sentence("Send", "https://example.org"), "an address"),
        ("es", sentence("Send", " Enviar"), "a blank"),
        ("es", sentence("Send", "Enviar\nya"), "a line break"),
        ("ar", sentence("Send", "\u202eاضغط"), "turns the direction"),
        ("es", sentence("Send", "Enviar", fuzzy=True), "fuzzy"),
        ("es", sentence("After 15 minutes", "Después de 50 minutos"), "numbers are not those"),
        ("es", sentence("After 15 minutes", "Más tarde"), "numbers are not those"),
        ("bn", sentence("After 15 minutes", "15 মিনিট পরে"), "in these digits: ০১২৩৪৫৬৭৮৯"),
        ("hi", sentence("After 15 minutes", "१५ मिनट बाद"), "in these digits: 0123456789"),
        ("ar", sentence(FILES, *ARABIC[:3]), "6 forms expected, 3 given"),
        ("ar", sentence(FILES, *ARABIC[:5], ""), "6 forms expected, 5 given"),
        ("ar", sentence(FILES, *ARABIC[:5], "ملف"), "form 5: %(num)s is missing"),
        ("ru", sentence(FILES, "один файл", "%(num)s файла", "%(num)s файлов"), "form 0: %(num)s is missing"),
        ("zh-Hans", sentence(FILES, "%(num)s 个文件", "文件"), "1 form expected, 2 given"),
    ],
    ids=str,
)
def test_a_bad_translation_is_told_what_is_wrong(tag: str, entry: Sentence, fault: str) -> None:
    assert any(fault in told for told in faults(entry, BY_TAG[tag]))


@pytest.mark.parametrize("tag", BY_TAG)
def test_the_plural_forms_of_a_language_are_as_many_as_its_grammar_has(tag: str) -> None:
    more = {"ar": 6, "ru": 3, "uk": 3, "ro": 3, "zh-Hans": 1, "vi": 1, "th": 1, "fa": 1}
    assert plural_count(BY_TAG[tag]) == more.get(tag, 2)


def corrected(folder: Path, name: str, text: str) -> SiteLanguages:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return SiteLanguages.load(folder)


def test_an_operator_corrects_one_sentence_and_all_others_stay(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    languages = corrected(tmp_path / "languages", "en.po", 'msgid "Leave now"\nmsgstr "Go away from here"\n')
    stage = Stage(tmp_path / "site", languages=languages)
    try:
        page = stage.browser.get("/").text
    finally:
        stage.close()
    assert "Go away from here</a>" in page
    assert ">Send</button>" in page
    english = languages.get("en")
    assert english is not None
    assert english.corrected == 1


def test_a_correction_may_say_what_a_native_speaker_has_read(tmp_path: Path) -> None:
    english = corrected(tmp_path / "languages", "reviewed.toml", "en = 2027-02-03\n").get("en")
    assert english is not None
    assert english.reviewed == dt.date(2027, 2, 3)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("en.po", 'msgid "Leave now!"\nmsgstr "Go"\n', "en.po line 1: msgid must be a sentence of the site"),
        ("en.po", '\n\nmsgid "Leave now"\nmsgstr ""\n', "languages/en.po line 3: msgstr must not be empty"),
        ("en.po", 'msgid "Leave now"\nmsgstr "<b>Go</b>"\n', "languages/en.po line 1: markup is not that"),
        ("en.po", 'msgid "Leave now"\nmsgstr Go\n', "languages/en.po line 1: msgstr must not be empty"),
        ("en.po", 'Leave now = Go', "languages/en.po line 1: must be a .po file"),
        ("english.po", "", "languages/english.po must be named by a language of the site"),
        ("reviewed.toml", f"en = {'9' * 5000}", "languages/reviewed.toml must be TOML"),
        ("reviewed.toml", "en = yes", "languages/reviewed.toml must be TOML: Invalid value (at line 1"),
        ("reviewed.toml", 'en = "2027-02-03"', "languages/reviewed.toml: en must be a day"),
        ("reviewed.toml", "english = 2027-02-03", "languages/reviewed.toml: english is no language of the site"),
    ],
)  # fmt: skip
def test_a_bad_correction_is_refused_at_start_with_its_place(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(CatalogueError) as raised:
        corrected(tmp_path / "languages", name, text)
    assert told in str(raised.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "en.po").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match="readable file in UTF-8"):
        SiteLanguages.load(tmp_path / "languages")


def test_without_a_file_nothing_is_reviewed_and_nothing_is_corrected(tmp_path: Path) -> None:
    assert read_reviewed(tmp_path / "reviewed.toml") == {}
    assert [one.tag for one in SiteLanguages.load(tmp_path).spoken] == [
        one.tag for one in SiteLanguages.load(None).spoken
    ]


def test_a_sentence_knows_its_line_and_its_pages(tmp_path: Path) -> None:
    (tmp_path / "es.po").write_text(
        '#: templates/site/start.html\n#, fuzzy\nmsgid "Send"\nmsgstr "Enviar"\n', encoding="utf-8"
    )
    (one,) = sentences(read_catalogue(tmp_path / "es.po", ENGLISH))
    assert one == Sentence(("Send",), ("Enviar",), True, 3, ("templates/site/start.html",))


def test_a_server_with_a_bad_correction_does_not_start_and_one_with_a_good_one_speaks_it(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    served.folder.languages.mkdir()
    corrections = served.folder.languages / "en.po"
    corrections.write_text('msgid "Leave now"\nmsgstr "%(go)s"\n', encoding="utf-8")
    with pytest.raises(WebProcessFailed, match=r"languages/en.po line 1: %\(go\)s is not in the English"):
        served.web().__enter__()
    corrections.write_text('msgid "Leave now"\nmsgstr "Go away from here"\n', encoding="utf-8")
    with served.web() as web:
        assert web.port is not None
        _status, _headers, page = ask(web.port, "GET", "/", Accept_Language="en-US")
    assert b"Go away from here</a>" in page
