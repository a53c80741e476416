"""One table of figures, each with its goal, the ratio to the idle site, and SecureDrop's figure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One figure; ``below`` is its goal, if any, ``quiet`` the same figure without other load."""

    part: str
    what: str
    figure: float
    unit: str
    below: float | None
    securedrop: float | None
    quiet: float | None

    @property
    def holds(self) -> bool:
        return self.below is None or self.figure < self.below

    def cells(self) -> tuple[str, str, str, str]:
        asked = "" if self.below is None else f"{'ok' if self.holds else 'NOT'} < {self.below:g}"
        ratios = [] if not self.quiet else [f"{self.figure / self.quiet:.1f} x quiet"]
        ratios += [] if not self.securedrop else [f"{self.figure / self.securedrop:.3f} of its {self.securedrop:g}"]
        shown = f"{self.figure:.4g}" if self.figure < 1000 else f"{self.figure:,.0f}"
        return self.what, f"{shown} {self.unit}".strip(), asked, ", ".join(ratios)


class Table:
    """Lines in the order in which they came."""

    def __init__(self) -> None:
        self._lines: list[LoadRow] = []

    def add(
        self,
        part: str,
        what: str,
        figure: float,
        unit: str,
        *,
        below: float | None = None,
        securedrop: float | None = None,
        quiet: float | None = None,
    ) -> None:
        self._lines.append(LoadRow(part, what, figure, unit, below, securedrop, quiet))

    def show(self) -> None:
        """On standard output, a block a part."""
        shown = ""
        for line in self._lines:
            if line.part != shown:
                shown = line.part
                print(f"\n{shown}")
            what, figure, asked, ratios = line.cells()
            print(f"  {what:52} {figure:>14}   {asked:12} {ratios}".rstrip())
        print("\nSecureDrop, measured before on a machine like this and quoted: first page 2.08 s (p95) beside 16")
        print("sources, 4 of 16 sign-ups fail, 182 junk posts taken in 15 s.")

    def outcome(self) -> int:
        """An exit code: 1 when a figure is not what was asked for."""
        return int(not all(line.holds for line in self._lines))
