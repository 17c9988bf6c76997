from eigendeck.authoring.library import build as build
from eigendeck.authoring.library import save as save
from eigendeck.deck.read import Deck as Deck
from eigendeck.deck.read import read_deck as read_deck
from eigendeck.deck.subset import UnknownName as UnknownName
from eigendeck.errors import DeckError as DeckError
from eigendeck.errors import Fault as Fault
from eigendeck.errors import MissingPart as MissingPart
from eigendeck.outputs.package import DamagedPackage as DamagedPackage
from eigendeck.program import Built as Built
from eigendeck.program import Checked as Checked
from eigendeck.program import check as check
from eigendeck.rehearsal import Rehearsal as Rehearsal
from eigendeck.rehearsal import rehearse as rehearse

__version__: str
