"""``news``: what is new since a person last opened the casebook."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.linking.news import news_since
from reviewer.linking.tip_reading import read_new_tips
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review news ~/review")
@at_home
@JSON
def command(home: Home, as_json: bool) -> None:
    """Show what is new since the last day on which a person opened the casebook.

    Tips, findings, questions, decisions of colleagues and their proposals, by number and without a word of a tip.
    """
    read_new_tips(home)
    news = news_since(home, today=today())
    home.casebook.log.add("news", f"{news.tips} tips", today=today())
    if as_json:
        output(json.dumps(news.to_json(), indent=2))
        return
    output(f"last opened      {news.last.isoformat() if news.last else 'today is the first day'}")
    output(f"tips             {news.tips:,}, of {news.mailboxes:,} mailboxes, {news.urgent:,} in danger")
    output(f"findings         {news.findings.sentence()}")
    output(f"questions        {news.questions:,}")
    output(f"decisions        {news.decisions:,} of colleagues, {news.opposite:,} opposite to others")
    output(f"proposals        {news.proposals:,} of colleagues, to delete or to forget")
    if news.questions:
        notice("hint", "tipline-review links HOME shows the questions")
    if news.opposite:
        notice("hint", "tipline-review links HOME shows the opposite decisions")
    if news.proposals:
        notice("hint", "tipline-review proposals HOME shows what colleagues propose")
