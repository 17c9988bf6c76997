"""What a card may take, and how large what it makes may be: the reader of decks and both ends of the wire ask here.

The worker's address space, the clock of its parent and the messages about either are held to the same numbers.
"""

SECONDS = 2.0  # for one job: a card with all its variants, or a slice of its draws
PATIENCE = 5  # times that long by the clock, where a busy machine gives the worker less than its share
MEMORY = 512 * 2**20  # bytes over what a worker holds when it starts
IN_WORDS = f"{MEMORY // 2**20} MB"
PROCESSOR = 600  # seconds of a worker's whole life: its end, should nobody else end it

JOB = 16 * 2**20  # bytes of a frame: a card with its longest pieces, many times over
ANSWER = 2**20  # bytes of a frame
OWN_WORDS = 500  # characters of what the worker says of a fault of its own

# One piece of code: the text of a key.
CHARACTERS, LINES = 4_000, 60
PARTS, NESTED = 2_000, 40  # nodes of its syntax tree, and how deep they lie
PROBLEMS = 30  # told of one piece: more are noise, and a flood of them would be too large an answer

# One value that a card shows.
ELEMENTS, DEPTH = 2_000, 5
PLOT_ELEMENTS = 5_000  # of a plot's parameter, which is drawn and never written out
BITS = 2_000  # of a whole number: some 600 digits
AXES = 64  # of an array: NumPy has no more
TEXT = 60_000  # characters of anything that is shown

SHOWN = 50_000  # characters of what was computed, in all variants of a card together: ten times the usual

TRIES = 5_000  # draws for one variant
ANSWERS = 5  # different ones of a card's draws that are told: from then on they are various

# A deck: what its cards may take together, so that many of them, each within its own limits, do not add up without end.
DECK_SECONDS, JOB_SECONDS = 300.0, 0.2  # of computing, and for each job in addition: twenty times the usual
DECK_SHOWN, CARD_SHOWN = 4_000_000, 10_000  # characters of what was computed, and for each card in addition
DECK_DRAWN, CARD_DRAWN = 16_000_000, 600_000  # characters of its plots, and for each card that has one in addition
