"""Rules of a translation, and the error for one that breaks them."""

from pathlib import Path

import pytest

from tests.languages.catalogue_rules import Sentence, faults, sentences
from tests.tipline.served import ServedFolder, ask
from tipline.languages.catalogue import CatalogueError, plural_count, read_catalogue
from tipline.languages.language import ENGLISH, LANGUAGES

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
        ("es", sentence("Send", " Enviar"), "a space"),
        ("es", sentence("Send", "Enviar\nya"), "a line break"),
        ("ar", sentence("Send", "\u202eاضغط"), "changes the direction"),
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


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Leave now = Go", r"^languages/en.po line 1: must be a .po file$"),
        (b"\xff\xfe\x00", r"^languages/en.po must be a readable file in UTF-8$"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "languages").mkdir()
    path = tmp_path / "languages" / "en.po"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=told):
        read_catalogue(path, ENGLISH)


def test_a_sentence_knows_its_line_and_its_pages(tmp_path: Path) -> None:
    (tmp_path / "es.po").write_text(
        '#: templates/site/start.html\n#, fuzzy\nmsgid "Send"\nmsgstr "Enviar"\n', encoding="utf-8"
    )
    (one,) = sentences(read_catalogue(tmp_path / "es.po", ENGLISH))
    assert one == Sentence(("Send",), ("Enviar",), True, 3, ("templates/site/start.html",))


def test_a_folder_of_corrections_changes_no_sentence_and_keeps_no_server_from_starting(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    served.folder.languages.mkdir()
    (served.folder.languages / "en.po").write_text('msgid "Leave now"\nmsgstr "%(go)s"\n', encoding="utf-8")
    (served.folder.languages / "reviewed.toml").write_bytes(b"\xff")
    with served.web() as web:
        assert web.port is not None
        _status, _headers, page = ask(web.port, "GET", "/", Accept_Language="en-US")
    assert b"Leave now</a>" in page
