"""The web process begins here: modules in C that write to a disk by themselves are barred before a library can load
one. Which library loads what changes with each version of Python: from 3.13 on its debugger, which Flask loads by
way of click, loads ``readline``.
"""

import sys

from tipline.machine.no_plaintext import bar_silent_writers


def main() -> int:
    bar_silent_writers()
    from tipline.web import main  # only now: it loads the web server

    return main.main()


if __name__ == "__main__":
    sys.exit(main())
