"""What to write in place of what card code does not have. It is said in hints, and refuses or allows nothing."""

import io
import keyword
import re
import tokenize
from collections.abc import Sequence

from eigendeck.worker.allowlist import LIST, MATH, MODULES, NUMPY
from eigendeck.worker.job import Signs

_INSTEAD, _RENAMED, _DRAWS, OLD_DRAWS = (LIST[name] for name in ("elsewhere", "renamed", "draws", "old_draws"))
ELSEWHERE = frozenset(_INSTEAD)  # modules that authors reach for
_DASHES = LIST["typed"]["-"]
_SIGNS = {signs: f"Write `{code}`." for code, signs in LIST["typed"].items()} | LIST["signs"]


def of_import(module: str) -> str:
    """Returns what to write in place of what a module would give, or nothing."""
    rest = "." if module in ("numpy", "math") else ", and write with np and math what it does."
    return _INSTEAD.get(module) or f"Take the line away{rest}"


def of_module(dotted: Sequence[str]) -> str:
    """Returns what of NumPy or `math` does what `math.sqrt` or `scipy.linalg.inv`, so named, does, or nothing."""
    name = _RENAMED.get(dotted[-1], dotted[-1])
    if dotted[0] == "random" or "random" in dotted[:-1]:
        return of_draw(dotted[-1])
    if len(dotted) > 2 and name in MODULES.get(dotted[-2], ()):
        return f"Write np.{dotted[-2]}.{name}."
    if len(dotted) > 1 and dotted[0] != "math" and dotted[-1] in MATH and dotted[-1] not in NUMPY:
        return f"Write math.{dotted[-1]}."
    return f"Write np.{name}." if len(dotted) > 1 and name in NUMPY else _INSTEAD.get(dotted[0], "")


def of_draw(name: str) -> str:
    """Returns how to draw with `rng` what a function of `random` or `np.random` draws."""
    example = _DRAWS.get(OLD_DRAWS.get(name, name), _DRAWS["integers"])
    return f"Draw from rng in `given`: rng.{example}."


def of_sign(character: str) -> str:
    """Returns what to type for a sign that Python does not read, or nothing."""
    return next((hint for signs, hint in _SIGNS.items() if character and character in signs), "")


def of_word(line: str) -> tuple[str, str] | None:
    """Returns what is wrong with a line that uses a word of Python as a name, and what to write; or nothing."""
    found = re.search(r"\b(lambda)\s*(?:[-+*/@=,)\]]|$)", line) or re.match(r"\s*(\w+)\s*=(?!=)", line)
    if not found or not keyword.iskeyword(found[1]):
        return None
    other = "lam" if found[1] == "lambda" else f"{found[1]}_"
    return f"`{found[1]}` is a word of Python and cannot be a name", f"Use {other}."


def dashes(source: str, failed: tuple[int, int]) -> Signs:
    """Returns where code that cannot be read at a dash has one for a minus sign: none in texts and comments."""
    lines = source.split("\n")
    if lines[failed[0] - 1][failed[1] : failed[1] + 1] not in {*_DASHES}:
        return ()
    minus = operators(source.translate(dict.fromkeys(map(ord, _DASHES), "-")), "-")
    return tuple((line, column) for line, column in minus if lines[line - 1][column] in _DASHES)


def operators(source: str, sign: str) -> list[tuple[int, int]]:
    """The lines and columns of operators that begin with a sign."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token.start for token in tokens if token.type == tokenize.OP and token.string[0] == sign]
