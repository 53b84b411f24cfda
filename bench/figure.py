"""One measured figure beside its target. Knows no benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `target` is the most it may be, None where there is nothing to reach."""

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the figure is where it should be."""
        if self.target is None:
            return ""
        return "reached" if self.value <= self.target else "MISSED"

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The figure as the cells of a table."""
        target = "" if self.target is None else f"≤ {self.target:g} {self.unit}"
        return self.name, f"{self.value:.3g} {self.unit}", target, self.verdict, self.note
