"""Clean copies of photos, which contain only the picture.

The file that came is decoded by a process that can do nothing else (``decoder``), its bare pixels are written as a
new file by a second one that never sees the old one (``encoder``), and what came out is looked at once more
(``bare``). Nothing is taken out of the old file, so nothing can be overlooked in it. docs/adr/0026 has the reasons.
"""
