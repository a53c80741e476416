"""The README of an evidence package; a test runs its commands, the lines behind four blanks."""

from typing import Final

KEY_FILE: Final = "key.txt"
"""The name that the receiver gives to the file with the age key."""

SEALED_NAME: Final = "evidence.tar.age"
TOP_FOLDER: Final = "evidence"

INSIDE: Final = """\
EVIDENCE PACKAGE

report.pdf says what is in this folder, where it came from, and who had it in
hand. manifest.json says the same for programs. The folder "files" has the
files. A name that ends in ".untrusted" can do harm when it is opened.

VERIFY IT

You need the programs sha256sum and minisign. Open a terminal in this folder.

1. Show the digits of the key:

    sha256sum evidence.pub

   Call the organisation, at a number that you had before. Let them read the
   digits of their key to you. All 64 digits must be the same. Else stop: this
   package is not theirs. The report prints the digits too, but only the
   telephone counts: a person who forges a package forges its report.

2. Verify the signature of the list:

    minisign -V -p evidence.pub -m SHA256SUMS

   It must say "Signature and comment signature verified".

3. Verify each file against the list:

    sha256sum --check --strict SHA256SUMS

   Each line must end with "OK". A file that is not in SHA256SUMS does not
   belong to the package.

What this proves: the organisation that read you the digits made this list,
and nothing was changed since. What it does not prove: that what the source
said is true, or who the source is.
"""

BESIDE_SEALED: Final = f"""\
A SEALED EVIDENCE PACKAGE

{SEALED_NAME} opens with your age key only. You need the programs age and tar,
then sha256sum and minisign.

1. Put the file with your age key into this folder, and call it {KEY_FILE}.
   Open a terminal in this folder.

2. Open the package:

    age --decrypt --identity {KEY_FILE} --output evidence.tar {SEALED_NAME}
    tar --extract --file evidence.tar
    cd {TOP_FOLDER}

3. Go on with the file README.txt in the folder "{TOP_FOLDER}".
"""
