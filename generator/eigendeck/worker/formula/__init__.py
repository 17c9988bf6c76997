"""The displayed formula, executed: LaTeX is read, computed with the drawn inputs, and compared with the code's answer.

`read` takes a formula and the compiled expressions of `reads`; `combine` says what its draws find, and `widened` what
the draws of `wide` add; `mutation_report` counts which misprints of the formula the
draws would notice. The text of a formula is never evaluated as code.
"""

from eigendeck.worker.formula.mutants.mutants import mutation_report
from eigendeck.worker.formula.parser.bindings import Expression
from eigendeck.worker.formula.parser.causes import Undefined, Unread
from eigendeck.worker.formula.verdict.formula import Formula, Trial, combine, read, widened

__all__ = [
    "Expression",
    "Formula",
    "Trial",
    "Undefined",
    "Unread",
    "combine",
    "mutation_report",
    "read",
    "widened",
]
