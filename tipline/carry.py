"""Bundles between this server and its reviewers, both ways."""

from tipline.carry_in import CarriedIn, Import, NewStreamOf
from tipline.carry_out import CarriedOut, carry_out

__all__ = ["CarriedIn", "CarriedOut", "Import", "NewStreamOf", "carry_out"]
