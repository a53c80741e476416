"""Judges lines of FollowTheMoney with the package itself, in an environment of its own.

``python judge.py < lines`` prints one JSON list: for each line its schema, and each property that the package
refuses, drops or changes.
"""

import json
import sys

from followthemoney import model
from followthemoney.exc import InvalidData


def judged(line: str) -> dict[str, object]:
    """Schema and faults of one line."""
    told = json.loads(line)
    taken = model.get_proxy(told, cleaned=False)
    faults = []
    try:
        taken.schema.validate(told)
    except InvalidData as error:
        faults.append(str(error.errors))
    kept = {name: sorted(values) for name, values in taken.to_dict()["properties"].items()}
    faults += [name for name, values in told["properties"].items() if kept.get(name) != sorted(values)]
    return {"schema": taken.schema.name, "faults": faults}


if __name__ == "__main__":
    json.dump([judged(line) for line in sys.stdin], sys.stdout)
