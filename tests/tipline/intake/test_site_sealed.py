"""Files that a source sealed beforehand: what the site hands out for it, what it takes, what it refuses kindly."""

import binascii
import contextlib
import datetime as dt
import html
import re

import pytest

from crypto.age.age_header import Stanza, base64_of
from crypto.age.envelope import EnvelopeWriter
from crypto.keys.keys import HybridPublicKey, SealedPublicKey, SealedSecretKey
from crypto.manifests.recipient_file import recipient_file, verify_recipients
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import SealedFileWriter
from tests.organisation import TODAY
from tests.tipline.site_stage import BOUNDARY, Answer, Stage, Upload, multipart
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.folder import SiteFolder
from tipline.instance.turning_day import LATEST_SECONDS
from tipline.intake.sealed_upload import HEADER_BYTES, SEALED_TYPE, FileStart
from tipline.pages.padding import PAGE_BYTES
from tipline.requests.refusals import Refused

AGE_LINE = b"age-encryption.org/v1\n"
CLASSICAL = Stanza((b"X25519", base64_of(bytes(range(32)))), bytes(32))
MAC_LINE = b"--- " + base64_of(bytes(32)) + b"\n"


def age_file(keys: list[HybridPublicKey], plaintext: bytes = b"a film") -> bytes:
    out: list[bytes] = []
    writer = EnvelopeWriter(out.append, to=keys)
    writer.write(plaintext)
    writer.finish()
    return b"".join(out)


def some_keys(count: int) -> list[HybridPublicKey]:
    return [SealedSecretKey.generate().public_key() for _ in range(count)]


def foreign(*stanzas: Stanza) -> bytes:
    """An age file whose payload matters to no one here."""
    return AGE_LINE + b"".join(stanza.to_bytes() for stanza in stanzas) + MAC_LINE + bytes(100)


def hybrid_stanza() -> Stanza:
    header = age_file(some_keys(1)).split(b"\n---")[0]
    arguments, *body = header.removeprefix(AGE_LINE).removeprefix(b"-> ").split(b"\n")
    padded = b"".join(body) + b"=" * (-len(b"".join(body)) % 4)
    return Stanza(tuple(arguments.split(b" ")), binascii.a2b_base64(padded))


def kept(stage: Stage) -> int:
    rows = stage.store.submissions._small.rows("SELECT id FROM submissions")
    return len(rows) + len(stage.store.submissions._bulk.rows("SELECT id FROM pieces"))


def send(stage: Stage, content: bytes, media_type: str = "application/octet-stream") -> Answer:
    return stage.browser.send_tip("See the file.", [Upload("sealed.age", content, media_type)])


def test_the_site_hands_out_the_recipient_file_of_today_and_a_signature_that_fits_it(stage: Stage) -> None:
    file, signature = stage.browser.get("/recipients.txt"), stage.browser.get("/recipients.txt.minisig")
    assert file.body.startswith(b"# last day 2026-12-31\n")
    for named_by_its_address in (file, signature):
        assert named_by_its_address.header("Content-Disposition") is None
    entry = verify_recipients(file.body, signature.body, root=stage.organisation.root.verify_key())
    expected = [key.public_key() for key in stage.organisation.sealed[Quarter.of(TODAY)]]
    assert set(entry.keys) == set(expected)
    for answer in (file, signature):
        assert answer.header("Content-Type") == "text/plain; charset=utf-8"
        assert answer.header("Cache-Control") == "no-store"


def test_without_keys_for_today_there_is_no_file_and_the_page_says_so(stage: Stage) -> None:
    stage.clock.day = dt.date(2027, 1, 2)
    stage.browser.get("/recipients.txt")
    stage.seconds_later += LATEST_SECONDS
    assert stage.browser.get("/recipients.txt").status == 404
    assert stage.browser.get("/recipients.txt.minisig").status == 404
    page = stage.browser.get("/program")
    assert page.status == 200
    assert "not possible at the moment" in page.text
    assert "recipients.txt" not in page.text


def test_a_manifest_without_a_signature_over_its_recipient_file_offers_none(stage: Stage) -> None:
    assert stage.browser.get("/recipients.txt").status == 200
    stage.organisation.signs_recipients = False
    stage.organisation.issue(stage.server.party())
    adopt_run(
        stage.organisation.run(),
        store=stage.store,
        folder=SiteFolder(stage.path),
        policy=stage.policy,
        clock=stage.clock,
    )
    assert stage.browser.get("/recipients.txt").status == 404


def test_the_page_tells_how_and_how_the_ways_differ_and_is_one_of_the_padded_ones(stage: Stage) -> None:
    assert "/program" in stage.browser.get("/way").body.decode()
    page = stage.browser.get("/program")
    assert len(page.body) == PAGE_BYTES == len(stage.browser.get("/").body)
    for promise in (
        "it has it open in its memory",
        "count on this only if you do step 2",
        "the text that you write here and our answers go the usual way",
        "only after several months",
        "We cannot see here whether you locked it for us or for someone else",
        "age -R recipients.txt -o sealed.age FILE",
        "tipline-seal --to recipients.txt --root-key RW",
        "2026-12-31",
    ):
        assert promise in page.text
    commands = [
        html.unescape(found) for found in re.findall(r"<pre[^>]*>(.*?)</pre>", page.body.decode(), re.DOTALL)
    ]
    assert len(commands) == 5


def test_a_file_sealed_beforehand_is_taken_as_it_is_under_a_type_of_its_own(stage: Stage) -> None:
    entry = stage.policy.manifest().sealed_quarter(TODAY)
    out: list[bytes] = []
    writer = SealedFileWriter(out.append, to=entry, day=TODAY)
    writer.field("text", "What I saw.")
    writer.close()
    content = b"".join(out)
    assert send(stage, content, "text/plain").status == 200
    assert stage.read_one().files == [("sealed.age", SEALED_TYPE, content)]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_one_to_four_post_quantum_slots_are_taken_whoever_they_are_for(stage: Stage, count: int) -> None:
    """To whom a file is sealed cannot be seen here; the page says so, and staff answer."""
    content = age_file(some_keys(count))
    assert send(stage, content).status == 200
    assert stage.read_one().files == [("sealed.age", SEALED_TYPE, content)]


@pytest.mark.parametrize(
    "content",
    [
        foreign(CLASSICAL),
        foreign(hybrid_stanza(), CLASSICAL),
        foreign(Stanza((b"scrypt", base64_of(bytes(16)), b"18"), bytes(32))),
        foreign(Stanza((b"ssh-ed25519", b"AAAAAA", base64_of(bytes(32))), bytes(32))),
        foreign(Stanza((b"ssh-rsa", b"AAAAAA"), bytes(256))),
        age_file(some_keys(5)),
    ],
    ids=["classical", "mixed", "passphrase", "ssh-ed25519", "ssh-rsa", "five slots"],
)
def test_a_file_that_staff_could_never_open_is_refused_kindly_and_nothing_is_kept(
    stage: Stage, content: bytes
) -> None:
    answer = send(stage, content)
    assert answer.status == 422
    assert "This locked file was not made with our keys." in answer.text
    assert "If you can install a program" in answer.text
    assert "put it into a zip file" in answer.text
    assert "See the file." in answer.text
    assert kept(stage) == 0


@pytest.mark.parametrize("before", [b"", b"\n", b" \r\n\t" * 200], ids=["at once", "after a line", "after blanks"])
def test_a_file_in_armour_is_refused_with_what_to_do(stage: Stage, before: bytes) -> None:
    answer = send(stage, before + b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n")
    assert answer.status == 422
    assert "without --armor or -a" in answer.text
    assert kept(stage) == 0


def test_a_header_cut_at_many_places_is_refused_and_nothing_is_kept(stage: Stage) -> None:
    whole = age_file(some_keys(4))
    header_bytes = whole.index(b"\n", whole.index(b"\n---") + 1) + 1
    for end in [len(AGE_LINE), *range(len(AGE_LINE), header_bytes, 997), header_bytes - 1]:
        answer = send(stage, whole[:end])
        assert answer.status == 422
        assert "This locked file is damaged." in answer.text
    assert kept(stage) == 0


@pytest.mark.parametrize(
    "content",
    [
        AGE_LINE + b"-> " + b"x" * 2_000_000,
        AGE_LINE + b"-> mlkem768x25519 " + b"x" * HEADER_BYTES + b"\n--- \n",
        AGE_LINE + (b"-> mlkem768x25519 a\n" + b"A" * 64 + b"\n") * 20_000,
        AGE_LINE + b"\n" * 100_000,
        AGE_LINE + b"--- " + base64_of(bytes(32)) + b"\n" + bytes(100),
        AGE_LINE + b"-> mlkem768x25519 AAAA\n" + base64_of(bytes(32)) + b"\n" + MAC_LINE,
        foreign(hybrid_stanza()).replace(MAC_LINE, b"--- AAAA\n"),
    ],
    ids=["one line", "over 8 KiB", "many stanzas", "blank lines", "no stanza", "short slot", "short MAC"],
)
def test_a_header_that_never_ends_or_is_none_is_refused_and_nothing_is_kept(stage: Stage, content: bytes) -> None:
    answer = send(stage, content)
    assert answer.status == 422
    assert "This locked file is damaged." in answer.text
    assert kept(stage) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a",
        AGE_LINE[:-1],
        b"age-encryption.org/v1 is a format\n",
        b"age-encryption.org/v2\n-> x\n",
        b"-----BEGIN PGP MESSAGE-----\n",
        b"-----BEGIN AGE",
        b" " * 5000 + b"-----BEGIN AGE ENCRYPTED FILE-----",
        b"\n" * 10,
        b"PK\x03\x04" + age_file(some_keys(1)),
    ],
    ids=range(10),
)
def test_every_other_file_arrives_bit_for_bit_under_the_type_that_its_browser_gave(
    stage: Stage, content: bytes
) -> None:
    assert send(stage, content, "image/jpeg").status == 200
    assert stage.read_one().files == [("sealed.age", "image/jpeg", content)]


@pytest.mark.parametrize("content", [b"a", b"age", bytes(5000)], ids=["short", "begins like age", "long"])
def test_a_file_without_a_name_is_none_the_less_kept(stage: Stage, content: bytes) -> None:
    assert stage.browser.send_tip("hello", [Upload("", content, "image/jpeg")]).status == 200
    assert stage.read_one().files == [("", "image/jpeg", content)]


@pytest.mark.parametrize("claimed", ["sealed", "Sealed", " sealed "])
def test_no_browser_can_call_a_file_sealed(stage: Stage, claimed: str) -> None:
    assert send(stage, b"not sealed at all", claimed).status == 200
    assert stage.read_one().files == [("sealed.age", "application/octet-stream", b"not sealed at all")]


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_the_kind_of_a_file_does_not_depend_on_how_it_was_cut_on_its_way(step: int) -> None:
    whole = age_file(some_keys(4), bytes(10_000))
    start = FileStart("text/plain")
    for at in range(0, len(whole), step):
        given_back = start.take(whole[at : at + step])
        if given_back is not None:
            assert given_back == whole[: at + step]
            assert at < HEADER_BYTES
            assert start.media_type == SEALED_TYPE
            return
    pytest.fail("the header was never recognised")


@pytest.mark.parametrize(
    "content", [b" ", b"\n", AGE_LINE + b"-> x\n", b"-"], ids=["blanks", "lines", "header", "dashes"]
)
def test_never_more_than_8_kib_are_held_back_to_tell_what_a_file_is(content: bytes) -> None:
    start = FileStart("text/plain")
    held = 0
    with contextlib.suppress(Refused):
        while start.take(content) is None:
            held += len(content)
            assert held < HEADER_BYTES + len(content)


def test_every_form_with_files_takes_and_refuses_them_alike(stage: Stage) -> None:
    """More files for a receipt, the page for files, a further message of a mailbox."""
    good, bad = Upload("sealed.age", age_file(some_keys(2))), Upload("old.age", foreign(CLASSICAL))
    receipt = stage.browser.send_tip("hello")
    more = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    large = [("nonce", stage.browser.get("/files").hidden("nonce")), ("handle", ""), ("text", "hello")]
    mailbox = stage.browser.open_mailbox(receipt.words)
    write = [("nonce", mailbox.form_nonce("/mailbox/write")), ("text", "hello")]
    before = kept(stage)
    for path, fields in (("/more", more), ("/files/send", large), ("/mailbox/write", write)):
        answer = stage.browser.upload(path, fields, [bad], headers={"HTTP_SEC_FETCH_DEST": "document"})
        assert (answer.status, kept(stage)) == (422, before)
        assert "This locked file was not made with our keys." in answer.text
        answer = stage.browser.upload(path, fields, [good], headers={"HTTP_SEC_FETCH_DEST": "document"})
        assert answer.status == 200
        before = kept(stage)
    arrived = [read.files for read in stage.read_all() if read.files]
    assert arrived == 3 * [[("sealed.age", SEALED_TYPE, good.content)]]


def test_a_refused_sealed_file_takes_the_files_before_it_along(stage: Stage) -> None:
    files = [Upload("photo.jpg", bytes(200_000)), Upload("old.age", foreign(CLASSICAL))]
    assert stage.browser.send_tip("Two files.", files).status == 422
    assert kept(stage) == 0


def test_the_text_is_looked_at_before_a_sealed_file_is(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    text = "x" * (stage.settings.limits.text_characters + 1)
    body = multipart([("nonce", nonce), ("text", text)], [Upload("old.age", foreign(CLASSICAL))])
    answer = stage.browser.ask("POST", "/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    assert "Your text is too long" in answer.text


def test_a_recipient_file_of_the_site_is_that_of_its_manifest(stage: Stage) -> None:
    entry = stage.policy.manifest().sealed_quarter(TODAY)
    assert stage.browser.get("/recipients.txt").body == recipient_file(entry)
    assert all(isinstance(key, SealedPublicKey) for key in entry.keys)
