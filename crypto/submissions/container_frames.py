"""Frame types of a container: ``docs/formats/container.md``, section "Frames"."""

import struct

MOST_FIELDS = 1024
MOST_FILES = 4096
FIELD_NAME_BYTES = 64
FIELD_VALUE_BYTES = 256 * 1024
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255
DATA_BYTES = 256 * 1024
"""Length of every data frame of a file but its last."""
MAILBOX_BYTES = 32 + 1216

FIELD = b"F"
FILE_BEGIN = b"B"
DATA = b"D"
FILE_END = b"E"
END = b"Z"
FIELD_LENGTHS = struct.Struct(">BI")
FILE_LENGTHS = struct.Struct(">HB")
DATA_LENGTH = struct.Struct(">I")
FILE_TOTAL = struct.Struct(">Q32s")
TOTALS = struct.Struct(">IIQB")
ZEROS = bytes(65536)
