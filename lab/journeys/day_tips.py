"""The tips of a working day: forty in nine languages, some with hostile files."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.fakes_server import FakeServer, File, a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.test_desk_tips import HOSTILE
from tests.reviewer.viewers.hostile import bombs, damaged, reaching_out, sound_files
from tests.reviewer.viewers.samples import EMAIL, docx, heic, media, pdf

TIPS: Final = 40
PLAIN: Final = 36
"""The first ones, of which some have whole files and none a hostile one."""

# Two openings and two endings make four tips in each language; all places are invented.
_SENTENCES: Final = {
    "en": (
        ("The boss of the farm took our passports.", "I clean rooms in a hotel by the ring road."),
        ("We sleep eleven in one room.", "He says that we owe him more each week."),
    ),
    "es": (
        ("El jefe de la finca se quedó con nuestros pasaportes.", "Limpio habitaciones en un hotel cerca del río."),
        ("Dormimos once personas en un cuarto.", "Dice que cada semana le debemos más dinero."),
    ),
    "fr": (
        ("Le patron de la ferme a pris nos passeports.", "Je fais le ménage dans un hôtel près de la gare."),
        ("Nous dormons à onze dans une chambre.", "Il dit que nous lui devons plus chaque semaine."),
    ),
    "ar": (
        ("أخذ صاحب المزرعة جوازات سفرنا عندما وصلنا.", "أنظف الغرف في فندق قرب النهر منذ سنتين."),
        ("ننام أحد عشر شخصا في غرفة واحدة.", "يقول إن ديننا يزيد كل أسبوع."),
    ),
    "ru": (
        ("Хозяин фермы забрал наши паспорта.", "Я убираю комнаты в гостинице у реки."),
        ("Мы спим по одиннадцать человек в одной комнате.", "Он говорит, что мы должны ему всё больше."),
    ),
    "tl": (
        ("Kinuha ng amo sa bukid ang mga pasaporte namin.", "Naglilinis ako ng mga kuwarto sa isang otel."),
        ("Labing-isa kaming natutulog sa iisang kuwarto.", "Sabi niya lumalaki ang utang namin bawat linggo."),
    ),
    "hi": (
        ("खेत के मालिक ने हमारे पासपोर्ट ले लिए।", "मैं नदी के पास एक होटल में कमरे साफ़ करती हूँ।"),
        ("हम एक कमरे में ग्यारह लोग सोते हैं।", "वह कहता है कि हमारा कर्ज़ हर हफ़्ते बढ़ता है।"),
    ),
    "vi": (
        ("Ông chủ trang trại đã lấy hộ chiếu của chúng tôi.", "Tôi dọn phòng trong một khách sạn gần sông."),
        ("Mười một người chúng tôi ngủ chung một phòng.", "Ông ta nói mỗi tuần chúng tôi nợ thêm tiền."),
    ),
    "zh": (
        ("农场老板拿走了我们的护照。", "我在河边的一家旅馆打扫房间。"),
        ("我们十一个人睡在一个房间里。", "他说我们每个星期欠他更多的钱。"),
    ),
}
LANGUAGES: Final = tuple(_SENTENCES)
PLACE_ONLY: Final = base64.b64decode("/9j/4QAwRXhpZgAASUkqAAgAAAABACWIBAABAAAAGgAAAAAAAAABAAEAAgACAAAATgAAAAAA/9k=")
"""A place in an EXIF block, and no picture behind it."""
HOSTILE_NAMES: Final[Sequence[File]] = (
    ("<img src=x onerror=alert(1)>", "text/html\x1b[2J", b"<script>document.title = 'owned'</script>"),
    ("photo\u202egpj.exe", "image/jpeg", b"MZ"),
    ("../../etc/passwd", "", b"root"),
    ("n" * 1000 + ".jpg", "image/jpeg", PLACE_ONLY),
    ("", "", b""),
)


def text_of(number: int) -> tuple[str, str]:
    """The language and the text of one of the plain tips, counted from 0."""
    tag = LANGUAGES[number % len(LANGUAGES)]
    openings, endings = _SENTENCES[tag]
    return tag, f"{openings[number // 9 % 2]}\n{endings[number // 18 % 2]}"


def day_of_tips(server: FakeServer, made: Path) -> list[bytes]:
    """The sealed tips in the order of their numbers; ``made`` is a folder for sound and film."""
    sealed = []
    for number in range(PLAIN):
        tag, text = text_of(number)
        fields = [("text", text), ("language", tag)] + ([("urgent", "yes")] if number % 6 == 0 else [])
        sealed.append(_sealed(server, number, fields, _whole_files(number, made)))
    hostile = [*damaged(sound_files(made)), *reaching_out(made / "secret.png"), *bombs()]
    named = [(name, "", content) for name, content in hostile]
    sealed += [
        _sealed(server, PLAIN, [("text", HOSTILE + "W" * 20_000), ("language", "\u202e<b>")], HOSTILE_NAMES),
        _sealed(server, PLAIN + 1, [("text", "What is in these?")], named[:40]),
        _sealed(server, PLAIN + 2, [("text", "And in these?" + "\n" * 5000)], named[40:]),
        _sealed(server, PLAIN + 3, [("text", " "), ("a\u202efield<b>", HOSTILE)], [("a", "b", EMAIL)] * 120),
    ]
    return sealed


def _whole_files(number: int, made: Path) -> Sequence[File]:
    """A source adds a photo, a document or a film to some tips."""
    if number == 1:
        return [("foto.jpg", "image/jpeg", photos.jpeg()), ("lista.pdf", "application/pdf", pdf(12))]
    if number == 3:
        return [("صورة.jpg", "image/jpeg", photos.encoded(photos.board((1200, 900)), "JPEG"))]
    if number == 4:
        return [("договор.docx", "", docx()), ("письмо.eml", "", EMAIL), ("a.heic", "image/heic", heic())]
    if number == 7:
        return [("clip.mp4", "video/mp4", media("mp4", made, with_video=True))]
    return []


def _sealed(server: FakeServer, number: int, fields: Sequence[tuple[str, str]], files: Sequence[File]) -> bytes:
    mailbox = a_mailbox(number + 1) if number % 7 != 5 else None
    return server.seal(fields=fields, files=files, mailbox=mailbox, submission_id=bytes([number + 1]) * 16)
