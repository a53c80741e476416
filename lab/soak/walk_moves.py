"""Moves of honest people in a walk: sources write, couriers carry, staff import, back up, retire and restore.

Staff confirm a new stream only with an export or an outbox that was just made, after asking the other side; or
where the operator or an honest reviewer has noted it before, as the server may have died since. As the runbook
asks, they first import every FILE at hand that was fetched from the server before, and do so after a restore of a
reviewer.
"""

import re
import shutil
from pathlib import Path

from lab.soak.walk_world import DATABASE_KEY, LOCKED_KEY, PASSPHRASE, File, Reviewer, Site, Tip, World
from reviewer.errors import BundleRefused, NotProved
from reviewer.exchange.import_result import ImportReport
from reviewer.exchange.outbox import write_outbox
from reviewer.exchange.take_in import FileImporter
from reviewer.keys.intake_keys import issue_keys
from reviewer.keys.manifest_update import adopt_files
from reviewer.keys.offering import make_offer
from reviewer.keys.retire import retire_weeks
from reviewer.keys.retirement_proof import due_weeks, missing_proof
from reviewer.media.root_medium import RootMedium
from reviewer.recovery.backup import restore, write_backup
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import take_keys, try_unopened
from reviewer.twin.open_twin import open_twin
from reviewer.twin.twin import write_twin
from tipline.bundles.exporter import present_stream
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused
from tipline.instance.intake_status import IntakeClosed
from tipline.operations import backup as site_backup

TRIES = 4
DAYS_BETWEEN_ISSUES = 14
DAYS_UNTIL_ONE_RECEIPT_IS_ENOUGH = 30
_ACCEPT = re.compile(r"--accept-stream (\S+)")
_STREAM = re.compile(r"\b[0-9a-f]{32}\b")


def submit(world: World) -> None:
    site = world.rng.choice(world.sites)
    text = f"tip {len(world.tips)}"
    before = {kept.submission for kept in site.store.submissions.waiting()}
    try:
        site.receive(text)
    except IntakeClosed as closed:
        world.say(f"{site.name} takes nothing: {closed.reason.name}")
        return
    (new,) = [kept for kept in site.store.submissions.waiting() if kept.submission not in before]
    world.tips.append(Tip(text, site, new.sha256, world.day))
    world.say(f"{text} comes to {site.name}")


def export(world: World, site: Site | None = None, *, from_number: int | None = None) -> File:
    site = site or world.rng.choice(world.sites)
    there = {kept.sha256 for kept in site.store.submissions.waiting() if kept.submission not in site.faulty}
    content = site.export(from_number=from_number)
    site.export_days.append(world.day)
    world.exports += 1
    file = File(world.exports, site, content, [tip for tip in world.tips if tip.sha256 in there])
    for tip in file.tips:
        tip.was_carried = True
    world.files.append(file)
    stream = present_stream(site.store)
    if stream is not None:  # export prints it, and the operator notes it
        world.known_streams.add(bytes.fromhex(stream))
    world.say(f"FILE {file.number} of {site.name}: {[tip.text for tip in file.tips]}")
    return file


def hand_over(world: World, reviewer: Reviewer, file: File, *, is_fresh: bool) -> None:
    """A FILE as it was written, on a sound medium; where it was just made, staff can ask for what is missing."""
    with reviewer.at_home() as home:
        present = home.casebook.servers.stream(file.site.name)
    _hand_over(world, reviewer, file, is_fresh=is_fresh)
    with reviewer.at_home() as home, home.casebook.changing():
        stream = home.casebook.servers.stream(file.site.name)
        if reviewer in world.honest and stream is not None:
            world.known_streams.add(stream)
        if not is_fresh and present is not None and stream != present:
            home.casebook.servers.confirm_stream(file.site.name, present)  # the newest is confirmed last


def _hand_over(world: World, reviewer: Reviewer, file: File, *, is_fresh: bool) -> None:
    for _ in range(TRIES):
        world.say(f"FILE {file.number} to {reviewer.name}")
        intake = take_in(world, reviewer, world.stick(file.content))
        asked = [
            _answer(world, reviewer, file, refusal, is_fresh) for refusal in (intake.refusals if intake else ())
        ]
        file.handed_to.add(reviewer.name)
        file.hand_again_to.discard(reviewer.name)
        if not any(asked):
            return
        if any(one is not file for one in asked if one):
            file = next(one for one in asked if one and one is not file)


def take_in(world: World, reviewer: Reviewer, path: Path) -> ImportReport | None:
    with reviewer.at_home() as home:
        try:
            intake = FileImporter(home, today=world.day, progress=lambda _: None).read(path)
        except BundleRefused as refused:
            world.say(f"{reviewer.name} refuses: {refused}")
            return None
    world.say(f"{reviewer.name} reads {intake.bundles} bundles, {len(intake.opened)} tips")
    return intake


def _answer(world: World, reviewer: Reviewer, file: File, refusal: BundleRefused, is_fresh: bool) -> File | None:
    """Answer a refusal as staff do: the FILE to try next, or None."""
    if refusal.kind in {"missing manifest", "newer manifest"}:
        follow(world, reviewer)
        return file
    stream = bytes.fromhex(_STREAM.findall(refusal.hint or "")[-1]) if refusal.kind == "new stream" else None
    if stream is not None and (is_fresh or stream in world.known_streams):
        if is_fresh:
            import_old_files(world, reviewer, file.site)
        with reviewer.at_home() as home, home.casebook.changing():
            home.casebook.servers.confirm_stream(file.site.name, stream)
            if is_fresh:
                home.casebook.outgoing.end_stream(file.site.name)
        return file
    if refusal.kind == "out of order" and is_fresh:
        return export(world, file.site, from_number=1)
    world.say(f"{reviewer.name} refuses: {refusal}")
    return None


def import_old_files(world: World, reviewer: Reviewer, site: Site | None = None) -> None:
    """Those at hand that this home has not read, the oldest first."""
    for file in list(world.files):
        missing = reviewer.name not in file.handed_to or reviewer.name in file.hand_again_to
        if file.tips and missing and site in {None, file.site}:
            hand_over(world, reviewer, file, is_fresh=False)


def import_some(world: World) -> None:
    """A fresh export as a rule, else one of those that lie about."""
    reviewer = world.rng.choice(world.reviewers)
    if world.files and world.rng.random() < 0.4:
        hand_over(world, reviewer, world.rng.choice(world.files[-8:]), is_fresh=False)
    else:
        hand_over(world, reviewer, export(world), is_fresh=True)


def back_up(world: World, reviewer: Reviewer | None = None) -> None:
    reviewer = reviewer or world.rng.choice(world.reviewers)
    path = world.folder / f"casebook-{reviewer.name}-{len(reviewer.backups)}.age"
    with reviewer.at_home() as home:
        write_backup(home, path, today=world.day)
    reviewer.backups.append(path)


def outbox(world: World, reviewer: Reviewer, *, from_number: int | None = None) -> bytes:
    path = world.folder / "outbox"
    with reviewer.at_home() as home:
        write_outbox(home, path, from_number=from_number, today=world.day)
    reviewer.outboxes.append(path.read_bytes())
    path.unlink()
    return reviewer.outboxes[-1]


def bring_some(world: World) -> None:
    """A fresh outbox to both servers as a rule, else an old one to one of them."""
    reviewer = world.rng.choice(world.reviewers)
    if reviewer.outboxes and world.rng.random() < 0.4:
        bring(
            world, world.rng.choice(world.sites), world.rng.choice(reviewer.outboxes[-6:]), reviewer, is_fresh=False
        )
        return
    content = outbox(world, reviewer)
    for site in world.sites:
        bring(world, site, content, reviewer, is_fresh=True)


def bring(world: World, site: Site, content: bytes, reviewer: Reviewer, *, is_fresh: bool) -> None:
    """An outbox, with what the operator does about a refusal when its reviewer can be asked."""
    accept = None
    before = {kept.sha256 for kept in site.store.submissions.waiting()}
    for _ in range(TRIES):
        try:
            done = site.take_in(content, accept=accept)
        except CarryRefused as refused:
            named = _ACCEPT.search(refused.hint or "")
            if named and is_fresh:
                accept = ConfirmedStream.parse(named[1])
            elif is_fresh and "must come before" in str(refused):
                content = outbox(world, reviewer, from_number=1)
            else:
                world.say(f"{site.name} refuses {reviewer.name}: {refused}")
                break
        else:
            world.say(f"{site.name} hears {reviewer.name}: {done.receipts} receipts, {done.deleted} deleted")
            if not (done.to_accept and is_fresh):
                break
            accept = ConfirmedStream.parse(done.to_accept)
    gone = before - {kept.sha256 for kept in site.store.submissions.waiting()}
    excuse(world, [tip for tip in world.tips if tip.sha256 in gone])


def excuse(world: World, gone: list[Tip]) -> None:
    """Excuse messages that were deleted on one receipt: they are no loss of a reviewer from whom every export of
    it was held back."""
    for tip in gone:
        files = [file for file in world.files if tip in file.tips]
        days = {day for day in tip.site.export_days if day > tip.day}
        for reviewer in world.honest:
            was_held_back = not any(reviewer.name in file.handed_to for file in files)
            if was_held_back and len(days) >= DAYS_UNTIL_ONE_RECEIPT_IS_ENOUGH:
                tip.excused.add(reviewer.name)


def excuse_held_back_files(world: World) -> None:
    """A restored server keeps its weeks open for 30 counted days. A FILE of the machine before that a courier holds
    back for longer may hold the only copy of a tip, and is no loss of the program."""
    for site in world.sites:
        if site.store.days.days() < DAYS_UNTIL_ONE_RECEIPT_IS_ENOUGH:
            continue
        for tip in world.tips:
            for reviewer in world.honest if tip.site is site and tip.is_younger_than_backup else ():
                if not any(reviewer.name in file.handed_to for file in world.files if tip in file.tips):
                    tip.excused.add(reviewer.name)


def days_pass(world: World) -> None:
    """Staff issue keys long before the manifest runs out."""
    world.pass_days(world.rng.choice([1, 2, 5, 9]))
    excuse_held_back_files(world)
    if (world.day - world.issued).days > DAYS_BETWEEN_ISSUES:
        issue(world)


def issue(world: World) -> None:
    """Keys of eight weeks; every server gets the manifest as a file, or later by an outbox."""
    first, second = world.reviewers
    follow(world, second)
    with second.at_home() as home:
        offer = make_offer(home, weeks=8, today=world.day).raw
        write_twin(home, second.twin)
    with first.at_home() as home:
        medium = RootMedium.open_existing(world.root)
        issue_keys(home, medium, weeks=8, offers=[offer], twin=first.twin, today=world.day, date_is_right=True)
    world.run = [verified.signed for verified in RootMedium.open_existing(world.root).run]
    follow(world, second)
    world.issued = world.day
    for site in world.sites:
        if world.rng.random() < 0.8:
            site.adopt(world.run)


def follow(world: World, reviewer: Reviewer) -> None:
    with reviewer.at_home() as home:
        adopt_files(home, world.run, today=world.day)


def retire(world: World) -> None:
    """Every week that is due and proved."""
    reviewer = world.rng.choice(world.reviewers)
    with reviewer.at_home() as home:
        weeks = [
            week for week in due_weeks(home, today=world.day) if not missing_proof(home, week, today=world.day)
        ]
        try:
            retired = retire_weeks(home, weeks, twin=reviewer.twin, give_up_unopenable=False, today=world.day)
        except NotProved as refused:
            world.say(f"{reviewer.name} retires nothing: {refused}")
        else:
            world.say(f"{reviewer.name} retires {retired.names}")


def reviewer_dies(world: World) -> None:
    """And comes back from the newest backup and the twin."""
    reviewer = world.rng.choice(world.reviewers)
    if not reviewer.backups:
        return
    new = world.place(f"home-{reviewer.name}")
    new.rmdir()
    with reviewer.backups[-1].open("rb") as backup:
        restore(
            new,
            backup=backup,
            identity=reviewer.backup_key.read_bytes(),
            entry=SecretEntry(None),
            today=world.day,
        )
    shutil.rmtree(reviewer.home)
    reviewer.home = new
    with reviewer.at_home() as home:
        take_keys(home, open_twin(reviewer.twin, passphrase_file=None), today=world.day)
        try_unopened(home, today=world.day)
        write_twin(home, reviewer.twin)
    for file in world.files:
        if reviewer.name in file.handed_to:
            file.hand_again_to.add(reviewer.name)
    world.say(f"{reviewer.name} is restored from {reviewer.backups[-1].name}")
    import_old_files(world, reviewer)


def back_up_site(world: World) -> None:
    site = world.rng.choice(world.sites)
    path = world.folder / f"site-{site.name}-{len(site.backups)}.backup"
    site_backup.write_backup(site.folder, site.store, path, key=DATABASE_KEY, locked_key=LOCKED_KEY)
    site.backups.append((path, len(world.tips)))


def site_dies(world: World) -> None:
    """And comes back from its newest backup; a person adopts the newest manifest."""
    site = world.rng.choice(world.sites)
    if not site.backups:
        return
    path, tips = site.backups[-1]
    new = world.place(site.name)
    new.rmdir()
    with path.open("rb") as backup:
        site_backup.restore(new, backup, passphrase=PASSPHRASE, clock=site)
    shutil.rmtree(site.path)
    site.reopen(new)
    site.faulty.clear()  # it is another disk
    for tip in world.tips[tips:]:
        tip.is_younger_than_backup |= tip.site is site
    if world.rng.random() < 0.7:
        site.adopt(world.run)
    world.say(f"{site.name} is restored from {path.name}")
