"""Every module loads on this Python. ``scripts/try-python`` runs it on each of them.

mypy reads the types of Python 3.11, and does not see an annotation that only a later Python can evaluate.
"""

import importlib
import pkgutil

import pytest

PACKAGES = ("crypto", "onion", "system", "tipline", "reviewer", "courier", "sealer", "outreach", "relay", "duty")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_of_a_package_loads(package: str) -> None:
    root = importlib.import_module(package)
    names = [module.name for module in pkgutil.walk_packages(root.__path__, f"{package}.")]
    assert names
    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(name)
