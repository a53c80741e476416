"""Readers of a report, the six steps of due diligence, and the sentences that may derive from tips.

The steps are those of the OECD's Due Diligence Guidance for Responsible Business Conduct (2018), in our words. A
sentence stands here and nowhere else: staff choose it, and write none, so that no word of a source can slip in.
"""

from typing import Final

from reviewer.languages.staff_language import marked

INSIDE: Final = marked("inside")
AUTHORITY: Final = marked("authority")
COMPANY: Final = marked("company")
READERS: Final = (INSIDE, AUTHORITY, COMPANY)
OUTSIDE: Final = (COMPANY, AUTHORITY)

STEPS: Final = {
    1: marked("Make it policy"),
    2: marked("Find and assess harm"),
    3: marked("Stop, prevent and lessen harm"),
    4: marked("Track what comes of it"),
    5: marked("Tell what is done"),
    6: marked("Remedy, or help to remedy"),
}

TOLD: Final = {
    "restriction_of_movement": "Workers told us that they cannot leave, or cannot go out alone.",
    "threats": "Workers told us that they or their families are threatened.",
    "violence": "Workers told us that they are hurt.",
    "retention_documents": "Workers told us that someone else keeps their papers and does not return them.",
    "withholding_wages": "Workers told us that pay is missing, late or less than was agreed.",
    "debt_bondage": "Workers told us that they have to work to pay back a debt.",
    "excessive_overtime": "Workers told us that they work twelve hours a day or more.",
}
"""By the id of an indicator: those for which ``voice`` asks. No other questionnaire asks who may be told."""

TOLD_KEY: Final = "told:"
"""The key of a finding that is such a sentence begins so; the id of the indicator follows."""

FIRST_PAGE: Final = {
    COMPANY: (
        (
            "Do not try to find out who spoke.",
            "Do not ask workers about it or search telephones. That harms people who said nothing.",
        ),
        (
            "Remedy the harm before you end a contract.",
            "If you leave now, workers lose their pay. Pay what is owed and return papers first.",
        ),
        (
            "You can answer.",
            "Your answer stands beside the finding, with its date, in each report that we make from then on.",
        ),
    ),
    AUTHORITY: (
        (
            "Do not try to find out who spoke.",
            "No finding here needs the name of a source. A search harms people who said nothing, too.",
        ),
        (
            "Protect workers before you visit.",
            "Some may have no papers, or owe money. Plan where they sleep and how they are paid afterwards.",
        ),
        (
            "Remedy comes before the end of a contract.",
            "Where a buyer leaves at once, workers lose their pay, and the harm goes on.",
        ),
        (
            "The company can answer.",
            "What it answered to us stands beside the finding, with its date.",
        ),
    ),
    INSIDE: (
        (
            "For the team only.",
            "This report names tips. It leaves this room on no paper and in no file that others can read.",
        ),
    ),
}
"""The first page for each reader: headings and their sentences."""

NO_VERDICT: Final = (
    "This report says what is known to us, with its sources. What does not stand here is not known here. It is no"
    " verdict, and no certificate."
)
