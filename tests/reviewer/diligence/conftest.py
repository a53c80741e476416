"""The desk of the tests about reports."""

import pytest

from tests.reviewer.desk_stage import Desk
from tests.reviewer.diligence.voice_desk import VoiceDesk


@pytest.fixture
def stage(desk: Desk) -> VoiceDesk:
    return VoiceDesk(desk)
