"""The casebook for the rest of the program: one attribute for each kind of record."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.keys.at_rest import RestKey
from reviewer.casebook.answer_drafts import AnswerDrafts
from reviewer.casebook.awaited import AwaitedItems
from reviewer.casebook.bin import Bin
from reviewer.casebook.case_register import CaseRegister
from reviewer.casebook.colleagues import Colleagues
from reviewer.casebook.company_reports import CompanyReports
from reviewer.casebook.consents import Consents
from reviewer.casebook.content_destroyer import ContentDestroyer
from reviewer.casebook.custody_steps import CustodySteps
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.decision_facts import DecisionFacts
from reviewer.casebook.decisions import Decisions
from reviewer.casebook.deletions import Deletions
from reviewer.casebook.due_diligence import DueDiligence
from reviewer.casebook.entities import Entities
from reviewer.casebook.entity_proposals import EntityProposals
from reviewer.casebook.facility_evidence import FacilityEvidence
from reviewer.casebook.facility_goods import FacilityGoods
from reviewer.casebook.facility_lists import FacilityLists
from reviewer.casebook.facility_matches import FacilityMatches
from reviewer.casebook.file_pictures import FilePictures
from reviewer.casebook.finding_readings import FindingReadings
from reviewer.casebook.findings import CasebookFindings
from reviewer.casebook.handed_over import HandedOverTips
from reviewer.casebook.help_records import HelpRecords
from reviewer.casebook.help_register import HelpRegister
from reviewer.casebook.identifier_keys import IdentifierKeys
from reviewer.casebook.imported_tables import ImportedTables
from reviewer.casebook.inbox import Inbox
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.kept_figures import OpenFigures, ReleaseCounts
from reviewer.casebook.known_digests import KnownDigests
from reviewer.casebook.lasting_masks import LastingMasks
from reviewer.casebook.leaving import Departures, LeavingKeys, Partners
from reviewer.casebook.link_operations import LinkOperations
from reviewer.casebook.link_questions import LinkQuestions
from reviewer.casebook.list_matches import ListMatches
from reviewer.casebook.listed_entities import ListedEntities
from reviewer.casebook.log import Log
from reviewer.casebook.manifests import CasebookManifests
from reviewer.casebook.marks import ArchivedSubmissions, Notes
from reviewer.casebook.name_keys import NameKeys
from reviewer.casebook.outgoing import OutgoingBundles
from reviewer.casebook.overview import Overview
from reviewer.casebook.part_proposals import PartProposals
from reviewer.casebook.picture_positions import PicturePositions
from reviewer.casebook.pictures import Pictures
from reviewer.casebook.place_groups import PlaceGroups
from reviewer.casebook.proposals import DeletionProposals
from reviewer.casebook.quarantine import Quarantine
from reviewer.casebook.quarter_facts import QuarterFacts
from reviewer.casebook.redaction import Redaction
from reviewer.casebook.registers import (
    Backups,
    ImportedItems,
    OpenedDays,
    PendingReviewers,
    Questionnaires,
    RetiredWeeks,
)
from reviewer.casebook.replies import SentReplies
from reviewer.casebook.retention_rules import Holds, RetentionRules
from reviewer.casebook.saved_folders import SavedFolders
from reviewer.casebook.saved_views import SavedViews
from reviewer.casebook.sealed_files import SealedFiles
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.servers import Servers
from reviewer.casebook.settings import CasebookSettings
from reviewer.casebook.shared_cases import SharedCases
from reviewer.casebook.shared_marks import SharedMarks
from reviewer.casebook.shared_operations import SharedOperations
from reviewer.casebook.staff_texts import StaffTexts
from reviewer.casebook.submissions import CasebookSubmissions
from reviewer.casebook.telephone_reports import TelephoneReports
from reviewer.casebook.text_languages import TextLanguages
from reviewer.casebook.text_sketches import TextSketches
from reviewer.casebook.thread_marks import ThreadMarks
from reviewer.casebook.translations import Translations
from reviewer.casebook.translators import TranslatorOrders, Translators
from reviewer.casebook.unopened import Unopened


class Casebook:
    """Three files in one folder. The file of envelopes has its own key: backups contain the other key."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self.settings = CasebookSettings(files.small)
        self.servers = Servers(files.small)
        self.pending_reviewers = PendingReviewers(files.small)
        self.manifests = CasebookManifests(files.small)
        self.submissions = CasebookSubmissions(files)
        self.overview = Overview(files.small)
        self.search = SearchIndex(files.small)
        self.archived = ArchivedSubmissions(files.small)
        self.notes = Notes(files.small)
        self.inbox = Inbox(files.small)
        self.inbox_rows = InboxRows(files.small)
        self.quarter_facts = QuarterFacts(files.small)
        self.threads = ThreadMarks(files.small)
        self.shared_marks = SharedMarks(files.small)
        self.views = SavedViews(files.small)
        self.cases = CaseRegister(files.small)
        self.shared_cases = SharedCases(files.small)
        self.telephone = TelephoneReports(files)
        self.imported_tables = ImportedTables(files)
        self.facility_lists = FacilityLists(files)
        self.facility_matches = FacilityMatches(files.small)
        self.listed = ListedEntities(files)
        self.open_figures = OpenFigures(files)
        self.release_counts = ReleaseCounts(files)
        self.list_matches = ListMatches(files.small)
        self.place_groups = PlaceGroups(files.small)
        self.due_diligence = DueDiligence(files.small)
        self.company_reports = CompanyReports(files.small)
        self.facility_evidence = FacilityEvidence(files.small)
        self.facility_goods = FacilityGoods(files.small)
        self.custody = CustodySteps(files.small)
        self.unopened = Unopened(files)
        self.awaited = AwaitedItems(files.small)
        self.sealed_files = SealedFiles(files)
        self.replies = SentReplies(files.small)
        self.answer_drafts = AnswerDrafts(files.small)
        self.text_languages = TextLanguages(files.small)
        self.text_sketches = TextSketches(files.small)
        self.translations = Translations(files.small)
        self.translators = Translators(files.small)
        self.translator_orders = TranslatorOrders(files.small)
        self.outgoing = OutgoingBundles(files.small)
        self.backups = Backups(files)
        self.retired = RetiredWeeks(files.small)
        self.questionnaires = Questionnaires(files.small)
        self.leaving_keys = LeavingKeys(files)
        self.partners = Partners(files.small)
        self.departures = Departures(files)
        self.consents = Consents(files.small)
        self.handed_over = HandedOverTips(files)
        self.imported_items = ImportedItems(files.small)
        self.operations = SharedOperations(files.small)
        self.colleagues = Colleagues(files.small)
        self.saved_folders = SavedFolders(files.small)
        self.quarantine = Quarantine(files.small)
        self.known_digests = KnownDigests(files.small)
        self.content_destroyer = ContentDestroyer(files)
        self.log = Log(files.small)
        self.findings = CasebookFindings(files.small)
        self.finding_readings = FindingReadings(files.small)
        self.picture_positions = PicturePositions(files.small)
        self.identifiers = IdentifierKeys(files.small)
        self.names = NameKeys(files.small)
        self.pictures = Pictures(files.small)
        self.file_pictures = FilePictures(files.small)
        self.link_questions = LinkQuestions(files.small)
        self.entities = Entities(files.small)
        self.decisions = Decisions(files.small)
        self.lasting_masks = LastingMasks(files.small)
        self.decision_facts = DecisionFacts(files.small)
        self.link_operations = LinkOperations(files.small)
        self.entity_proposals = EntityProposals(files.small)
        self.staff_texts = StaffTexts(files.small)
        self.redaction = Redaction(files)
        self.opened_days = OpenedDays(files.small)
        self.deletions = Deletions(files)
        self.bin = Bin(files)
        self.holds = Holds(files.small)
        self.retention_rules = RetentionRules(files.small)
        self.proposals = DeletionProposals(files.small)
        self.part_proposals = PartProposals(files.small)
        self.help_register = HelpRegister(files.small)
        self.help_records = HelpRecords(files.small)

    @classmethod
    def create(cls, folder: Path, *, key: RestKey, envelopes_key: RestKey) -> "Casebook":
        return cls(CasebookFiles.create(folder, key=key, envelopes_key=envelopes_key))

    @classmethod
    def open_existing(cls, folder: Path, *, key: RestKey, envelopes_key: RestKey) -> "Casebook":
        return cls(CasebookFiles.open_existing(folder, key=key, envelopes_key=envelopes_key))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction over all files."""
        with self._files.changing():
            yield

    def sweep(self) -> None:
        """Remove what an interrupted change left in only one of the files."""
        self._files.sweep()

    def close(self) -> None:
        self._files.close()
