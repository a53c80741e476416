"""``try facilities`` and ``try digital-link``: supply chains on data of your own, without a home."""

import click

from reviewer.commands.json_lines import BadLine, answer_lines, parse_json
from reviewer.supply.digital_link import BadLink, parse_digital_link
from reviewer.supply.facility import BadFacility, Facility
from reviewer.supply.facility_likeness import compare_facilities

_PAIR = 2


@click.command("facilities", epilog="Example: tipline-review try facilities < pairs.jsonl")
def facilities() -> int:
    """Print how alike pairs of facilities from standard input are.

    Each line is a JSON array of two objects with "name", "address" and "country" (ISO 3166-1 alpha-2, or empty).
    Prints one object a line, in the order of the input: "verdict" is same, ask or different; "score" is from 0
    to 1 and puts questions into order; "reasons" are codes. A line that is no such pair gets its number and an
    "error", the other lines go on, and the exit code is 1.
    """
    return answer_lines(_compared)


def _compared(line: str) -> dict[str, object]:
    pair = parse_json(line)
    if not isinstance(pair, list) or len(pair) != _PAIR:
        raise BadLine("not-a-pair")
    try:
        one, other = map(Facility.parse, pair)
    except BadFacility as error:
        raise BadLine(error.fault.value) from error
    compared = compare_facilities(one, other)
    return {"verdict": compared.verdict, "score": compared.score, "reasons": compared.reasons}


@click.command("digital-link", epilog="Example: tipline-review try digital-link < addresses.txt")
def digital_link() -> int:
    """Print the keys in GS1 Digital Links from standard input. Nothing is fetched.

    Each line is a web address. Prints one object a line, in the order of the input, with those of "gtin" (14
    digits), "lot", "serial", "sscc" and "gln" that the address holds, percent-decoded. A line that is no Digital
    Link gets its number and an "error", the other lines go on, and the exit code is 1.
    """
    return answer_lines(_keys)


def _keys(line: str) -> dict[str, str]:
    try:
        return parse_digital_link(line.strip(" \t")).to_json()
    except BadLink as error:
        raise BadLine(error.fault.value) from error
