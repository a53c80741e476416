"""Every column of the casebook that may hold a typed name is known to forgetting, also in a table to come."""

import re
from pathlib import Path

from reviewer.casebook import staff_texts

FILES = ("schema.sql", "upgrade-2.sql", "upgrade-3.sql", "upgrade-4.sql")
SCHEMAS = [Path(staff_texts.__file__).with_name(name) for name in FILES]
# Columns with words of a fixed list, days, names of servers and reviewers, languages, in any table.
FIXED = (
    re.compile(
        r"(\w+_)?day|since|until|week|quarter|kind|state|act|server|reviewer|part|mark|form|language|tag|use|type|minute|outcome"
    ),
    re.compile(
        r"status|owner|set_by|held_by|entered_by|author|origin|verdict|rule|role|program|version|licence|media_type|scheme"
    ),
)
# The words of a source, which are blacked out, and what is made of them, which goes.
OF_SOURCES = {
    *(
        "fields.name",
        "fields.value",
        "files.name",
        "inside_fields.name",
        "inside_fields.value",
        "inside_files.name",
    ),
    *("translations.text", "translator_orders.passages", "identifier_keys.key", "name_keys.key"),
    *("finding_readings.reading", "marked_identifiers.key"),
}
# No name of a person who is forgotten: settings, keys and names of servers, digests, and codes.
NO_WORDS = {
    *("settings.name", "settings.value", "servers.name", "reviewers_pending.name", "submissions.unopened_file"),
    *("submissions.unopenable", "sealed_files.missing", "log.subject", "deleted_envelopes.reason"),
    *("deleted_files.reason", "retention_rules.questionnaire", "deletion_proposals.reason"),
    *("inbox_threads.waits_for_us", "inbox_threads.waits_for_source", "inbox_rows.waits_for_us"),
    *("inbox_rows.waits_for_source", "translators.name", "translators.recipient", "translator_orders.translator"),
    *("translator_orders.identity", "saved_folders.tip", "quarantined_files.tip", "quarantine_accesses.tip"),
    *("departures.sealed_to", "departures.told_others", "hand_overs_in.sender", "hand_overs_in.told_others"),
    *("partners.name", "log_people.person", "entity_proposals.entities", "entity_proposals.passages"),
    *("referred_entities.properties", "consents.receiver", "facility_lists.columns", "facilities.country"),
    *("facility_identifiers.value", "facility_questions.reasons", "help_places.region", "help_places.hours"),
    *("help_relays.name", "help_sightings.meaning", "place_groups.code", "place_group_facilities.hands_out_since"),
    *("facility_tips.indicators", "facility_findings.indicator", "facility_findings.valid_until"),
    *("facility_goods.good_key", "facility_buyers.good", "company_answers.finding", "diary_entries.readers"),
    *("sentence_releases.indicator", "sentence_releases.reader", "supply_reports.reader", "part_proposals.name"),
    *(
        "referrals.properties",
        "referrals.receiver",
        "sentences_held.reader",
        "refusals_undone.reader",
        "voices_ended.readers",
    ),
    *("open_figures.dimension", "open_figures.label", "release_counts.label", "release_counts.counts"),
    *("announcements.reads", "help_week_files.relays", "help_week_files.buttons"),
}
# Made of rows and steps whose whole text forgetting looks through, and lists that others publish.
OF_LISTS = re.compile(r"(?:custody_(?:faults|lots|steps)|listed_(?:goods|entities|identifiers|name_keys))\..*")


def columns_with_text() -> set[str]:
    found = set()
    for schema in SCHEMAS:
        for table in re.finditer(r"CREATE TABLE (\w+) \((.*?)\n\)", schema.read_text(encoding="utf-8"), re.DOTALL):
            found |= {f"{table[1]}.{column}" for column in re.findall(r"^ +(\w+) TEXT", table[2], re.MULTILINE)}
    return found


def test_every_column_of_text_is_one_of_a_source_one_of_staff_that_forgetting_names_or_holds_no_name() -> None:
    named = Path(staff_texts.__file__).read_text(encoding="utf-8")
    unknown = {
        column
        for column in columns_with_text() - OF_SOURCES - NO_WORDS
        if not any(pattern.fullmatch(column.partition(".")[2]) for pattern in FIXED)
        and OF_LISTS.fullmatch(column) is None
        and not all(re.search(rf"\b{word}\b", named) for word in column.split("."))
    }
    assert unknown == set()
