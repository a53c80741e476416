"""Bundles between this server and its reviewers, both ways."""

from tipline.carry_in import CarriedIn, Import
from tipline.carry_out import CarriedOut, carry_out
from tipline.reviewer_streams import NewStreamOf

__all__ = ["CarriedIn", "CarriedOut", "Import", "NewStreamOf", "carry_out"]
