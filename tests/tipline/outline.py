"""The outline of a page, for rules about its elements."""

from html.parser import HTMLParser


class Outline(HTMLParser):
    """The elements of a page, for the rules below."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.labelled: set[str] = set()
        self.wrapped: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        if tag == "label":
            self.labelled.add(known.get("for", ""))
        if tag == "input" and "label" in self.open:
            self.wrapped.append(known)
        if tag not in {"meta", "link", "input", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes something else"

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]
