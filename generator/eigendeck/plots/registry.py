"""The plot kinds and their parameters: what an author may write under `plot`. Imports nothing heavy."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from eigendeck.errors import nearest

MOST_SERIES = 8


class PlotError(Exception):
    """A value that a plot kind cannot draw; `parameter` is empty where the fault is not one parameter's."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        self.message = message
        super().__init__(f"{parameter}: {message}" if parameter else message)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a kind.

    takes: what it takes, in words.
    read: (name, value) -> the checked value; raises PlotError.
    option: its text is taken as written: it is no NumPy expression.
    choices: all that it takes, where these are a few.
    """

    takes: str
    read: Callable[[str, object], Any]
    required: bool = False
    option: bool = False
    choices: tuple[str | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A plot kind. `paint(page, values)` draws and returns the alt text.

    values: the dataclass that it gets them in; names of the author's own are a mapping in the field any_name.
    """

    name: str
    shows: str
    values: type[Any]
    paint: Callable[[Any, Any], str]

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters by name, as an author writes them."""
        return {it.name: it.metadata["parameter"] for it in fields(self.values) if "parameter" in it.metadata}

    @property
    def any_name(self) -> Parameter | None:
        """What a name that is no parameter takes, where any name is welcome; at least one is then needed."""
        return next((it.metadata["any_name"] for it in fields(self.values) if "any_name" in it.metadata), None)

    @property
    def options(self) -> frozenset[str]:
        """The parameters whose text is taken as written, where the others hold NumPy expressions."""
        return frozenset(name for name, parameter in self.parameters.items() if parameter.option)

    @property
    def required(self) -> tuple[str, ...]:
        """The parameters that may not be left out."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.required)


PLOTS: dict[str, Kind] = {}

Paint = Callable[[Any, Any], str]


def kind(name: str, shows: str, values: type[Any]) -> Callable[[Paint], Paint]:
    """Returns a decorator that registers `(page, values) -> alt text` as the plot kind `name`.

    values: a dataclass whose fields the functions of `parameters` made.
    """

    def register(paint: Paint) -> Paint:
        PLOTS[name] = Kind(name, shows, values, paint)
        return paint

    return register


def parameter_problem(kind: str, parameters: Collection[str]) -> str | None:
    """Returns what is wrong with a kind's name or with the names of its parameters; None when all is well."""
    if kind not in PLOTS:
        begun = next((f'Did you mean "{name}"?' for name in PLOTS if len(kind) > 2 and name.startswith(kind)), "")
        hint = nearest(kind, PLOTS) or begun
        return _sentences(f'there is no plot kind "{kind}"', hint, f"The kinds: {', '.join(PLOTS)}.")
    it = PLOTS[kind]
    free = [name for name in parameters if name not in it.parameters]
    if free and it.any_name is None:
        return _sentences(f'{kind} has no parameter "{free[0]}"', nearest(free[0], it.parameters), signature(it))
    if len(free) > MOST_SERIES:
        return _sentences(f"{kind} draws at most {MOST_SERIES} names, here are {len(free)}")
    missing = [name for name in it.required if name not in parameters]
    if missing:
        return _sentences(f"{kind} needs {' and '.join(missing)}", "", signature(it))
    if it.any_name is not None and not free:
        return _sentences(f"{kind} has nothing to draw: it needs a name of your own", "", signature(it))
    return None


def signature(kind: Kind) -> str:
    """Returns one sentence that names the parameters a kind takes."""
    names = [f"{name} (required)" if it.required else name for name, it in kind.parameters.items()]
    if kind.any_name is not None:
        names.insert(0, "any names of your own")
    return f"It takes {', '.join(names)}."


def read_values(kind: Kind, values: Mapping[str, object]) -> Any:
    """Returns the values checked and as the kind's function takes them; names of the author's own in the order given.

    Raises PlotError: a value is not what its parameter takes, or the names are wrong.
    """
    problem = parameter_problem(kind.name, values)
    if problem:
        raise PlotError("", problem)
    read: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, value in values.items():
        parameter = kind.parameters.get(name) or kind.any_name
        assert parameter is not None  # parameter_problem has refused any other name
        try:
            (read if name in kind.parameters else own)[name] = parameter.read(name, value)
        except PlotError as error:
            meant = "" if name in kind.parameters else nearest(name, kind.parameters)
            if not meant:
                raise
            raise PlotError(name, f"{error.message}. {meant}") from error
    return kind.values(**read, **{it.name: own for it in fields(kind.values) if "any_name" in it.metadata})


def _sentences(fault: str, hint: str = "", more: str = "") -> str:
    return " ".join(part for part in (f"{fault}.", hint, more) if part)
