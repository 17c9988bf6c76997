"""What a side of a formula is by its look: a name of something, an index of the answer, or a computation."""

from collections.abc import Collection, Iterator, Sequence

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import letters_of


def is_label(node: t.Node, missing: t.Node | None = None) -> bool:
    """Whether a side only names something: a symbol, a symbol of something, or a power or a logarithm of one."""
    match node:
        case t.Symbol() | t.Words() | t.Accented() | t.Call() | t.Derivative() | t.Gradient() | t.Event():
            return True
        case t.Indexed(base) | t.Marked(base) | t.Primed(base) | t.Power(base, t.Number()):
            return is_label(base)
        case t.Function(_, arguments):
            return all(is_label(argument) for argument in arguments)
        case t.Norm(body) | t.Absolute(body):
            return is_label(body)
        case t.Product(factors):  # `\operatorname{proj}_{\mathbf{u}} \mathbf{x}`, and a chain of derivatives
            head = factors[0].base if isinstance(factors[0], t.Indexed) else factors[0]
            word = isinstance(head, t.Symbol) and len(head.name) > 1 and not head.name.startswith("\\")
            return (word and missing in (head, factors[0])) or all(isinstance(part, t.Derivative) for part in factors)
    return False


def is_composite(node: t.Node) -> bool:
    """Whether executing a node does more than looking a value up."""
    if isinstance(node, t.Indexed):
        return is_composite(node.base)
    if isinstance(node, t.Negative):
        return is_composite(node.body)
    plain = t.Number | t.Symbol | t.Words | t.Accented | t.Marked | t.Bound | t.Tuple | t.Primed
    return not isinstance(node, plain)


def occurs(label: t.Node, sides: Sequence[t.Node], letters: Collection[str] = ()) -> bool:
    r"""Whether the name on the left stands on the right too, bold or not.

    letters: those that number the axes of the answer: `w_j` is any of the w, but `\mu_p` is no `\mu_i`.
    """
    while isinstance(label, t.Indexed) and any(t.Symbol(letter) in label.indices for letter in letters):
        label = label.base
        sides = [node.base if isinstance(node, t.Indexed) else node for side in sides for node in t.walk(side)]
    name = label.name if isinstance(label, t.Symbol) else None
    named = (node for side in sides for node in _names_in(side))
    return any(node == label or (isinstance(node, t.Symbol) and node.name == name) for node in named)


def _names_in(node: t.Node) -> Iterator[t.Node]:
    """A node and all below it, but for the bases of subscripts, which are other symbols without them."""
    yield node
    for child in t.children(node):
        if not (isinstance(node, t.Indexed) and child is node.base):
            yield from _names_in(child)


def symbols_of(node: t.Node) -> Iterator[t.Node]:
    """The symbols of a node, each with its accents, subscripts and arguments."""
    if isinstance(node, t.Symbol | t.Words | t.Indexed | t.Accented | t.Primed | t.Marked | t.Call | t.Event | t.Bound):
        yield node
    else:
        for child in t.children(node):
            yield from symbols_of(child)


@t.of_tree
def label_letters(clause: t.Chain) -> tuple[str, ...]:
    """The index letters of the left side, in the order in which they number the axes of the answer."""
    if not clause.relations:
        return ()
    bound: set[str] = set()
    for node in t.walk(clause.sides[0]):
        if isinstance(node, t.Big):
            below = t.walk(node.below) if node.below else ()
            bound |= {*letters_of(node), *(part.name for part in below if isinstance(part, t.Symbol))}
    return tuple(letter for letter in letters_of(clause.sides[0]) if letter not in bound)


def index_letters(clause: t.Chain, names: Collection[str], rank: int) -> tuple[str, ...]:
    r"""Returns the letters that number the axes of the answer: those of the left side that are indices.

    An input's letter that counts something, as the k of `A_k = \sum_{i=1}^k …`, is that input. More letters than the
    answer has axes are part of a name, as in $\bar{X}_n$.
    """
    letters = tuple(name for name in label_letters(clause) if not (name in names and counts(clause, name)))
    return letters if len(letters) <= rank else ()


def counts(clause: t.Chain, letter: str) -> bool:
    """Whether the value of a letter matters on the right."""
    return any(counts_in(side, t.Symbol(letter)) for side in clause.sides[1:])


def counts_in(node: t.Node, letter: t.Symbol) -> bool:
    r"""Whether the value of an index letter matters, as that of k in `e^{2\pi j k n}`: it stands outside subscripts."""
    if isinstance(node, t.Indexed):
        return counts_in(node.base, letter)
    return node == letter or any(counts_in(child, letter) for child in t.children(node))


def free_letters(clauses: Sequence[t.Chain]) -> tuple[str, ...]:
    r"""Returns the letters that number the entries of a left side and whose values count: k in `y_k = k x_k`."""
    return tuple({name: True for clause in clauses for name in label_letters(clause) if counts(clause, name)})


_TELLING = frozenset("∼⇌⇋")  # how something is distributed, or what reacts to what


@t.of_tree
def is_remark(clause: t.Chain) -> bool:
    r"""Whether a clause is words, such as `\text{where}`, a distribution or a reaction, or lists names."""
    side = clause.sides[0]
    if clause.relations:
        calls = (side.head for side in clause.sides if isinstance(side, t.Call))
        return not _TELLING.isdisjoint(clause.relations) or any(
            isinstance(head, t.Symbol) and head.font == "cal" for head in calls
        )
    if isinstance(side, t.Dots | t.Symbol | t.Indexed):
        return True
    return isinstance(side.factors[0] if isinstance(side, t.Product) else side, t.Words)


@t.of_tree
def is_search(node: t.Big) -> bool:
    """Whether max, min, or where they are, is of a variable that is searched for, and not of an index."""
    if node.operator not in ("argmax", "argmin", "max", "min") or node.below is None:
        return False
    first = node.below.items[0] if isinstance(node.below, t.Tuple) else node.below
    first = first.sides[0] if isinstance(first, t.Chain) else first
    if isinstance(first, t.Product):
        first = first.factors[0]
    indices = (i for part in t.walk(node.body) if isinstance(part, t.Indexed | t.Bound) for i in part.indices)
    return not t.is_letter(first) or not any(first in set(t.walk(index)) for index in indices)
