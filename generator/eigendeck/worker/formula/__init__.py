"""The displayed formula, executed: LaTeX is read, computed with the drawn inputs, and compared with the code's answer.

`read` takes a card's formula and its `reads`; `Reading.judge` says what one draw finds; `combine` sums the draws up.
The text of a formula is never evaluated as code.
"""

from eigendeck.worker.formula.mutants.mutants import MisprintReport
from eigendeck.worker.formula.verdict.reading import Reading, Verdict, read
from eigendeck.worker.formula.verdict.summary import Summary, combine, merge, widened

__all__ = ["MisprintReport", "Reading", "Summary", "Verdict", "combine", "merge", "read", "widened"]
