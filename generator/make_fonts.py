"""Builds the fonts of the sheet from their published packages. Run by hand; the results are committed.

    pip download --no-deps ziamath==0.13
    npm pack @fontsource/source-sans-3@5.3.0 @fontsource/source-code-pro@5.3.0
    python generator/make_fonts.py ziamath-*.whl fontsource-source-sans-3-*.tgz fontsource-source-code-pro-*.tgz

Needs fonttools with brotli (the `test` extra). The same inputs give the same bytes.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import merge, subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "eigendeck" / "fonts"

PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)
ACCENTS = (0x20D7, 0x20D6, 0x0332, 0x0305)  # \vec, its mirror, \underline, \overline
CROSS = 0x2717  # STIX Two has ✓ and no ✗
RAISED, LOWERED = {0x1D40: "T", 0x1D4F: "k"}, {0x1D62: "i", 0x2C7C: "j", 0x2096: "k", 0x2098: "m", 0x2099: "n"}

# What cards of mathematics can be expected to use: the alphabets of \mathbf, \mathbb, \mathcal, \mathsf, and the
# operators, arrows and fences that LaTeX names. Fraktur and typewriter letters are left out for their size.
MATH = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x2C6, 0x2DE),
    *range(0x300, 0x30D),
    *(0x327, 0x330, 0x331, 0x332, 0x333, 0x338),
    *range(0x391, 0x3F7),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x203B),
    *(0x203E, 0x2044, 0x2057, 0x2061, 0x2062, 0x2063, 0x2064, 0x20AC),
    *range(0x2070, 0x209D),
    *(0x20D0, 0x20D1, *range(0x20D6, 0x20DD), 0x20E1),
    *range(0x2100, 0x2150),
    *range(0x2190, 0x21E0),
    *range(0x2200, 0x2300),
    *range(0x2308, 0x230C),
    *range(0x231C, 0x2320),
    *(0x23B0, 0x23B1, 0x23B4, 0x23B5, 0x23DC, 0x23DD, 0x23DE, 0x23DF, 0x23E0, 0x23E1),
    *(0x25A0, 0x25A1, 0x25AA, 0x25B2, 0x25B3, 0x25B6, 0x25B8, 0x25BC, 0x25CA, 0x25CB, 0x25CF, 0x25EF),
    *(0x2605, 0x2660, 0x2661, 0x2662, 0x2663, 0x2713, 0x2717, 0x2720),
    *range(0x27E6, 0x27F0),
    *range(0x27F5, 0x2800),
    *(0x2A00, 0x2A01, 0x2A02, 0x2A04, 0x2A06, 0x2A0C, 0x2A3F, 0x2A7D, 0x2A7E, 0x2A85, 0x2A86, 0x2AAF, 0x2AB0),
    *RAISED,
    *LOWERED,
    0xFE00,  # picks \mathcal among the script letters
    *range(0x1D400, 0x1D504),  # bold, italic, bold italic, script
    *range(0x1D538, 0x1D56C),  # double-struck
    *range(0x1D5A0, 0x1D5D4),  # sans-serif
    *range(0x1D6A4, 0x1D756),  # Greek: bold, italic, bold italic
    *range(0x1D7CE, 0x1D7E2),  # bold and double-struck digits
}
LATIN_EXTENDED_A = set(range(0x100, 0x180))  # Erdős, Łukasiewicz
GREEK = set(range(0x370, 0x400))


def map_primes_to_script_size(font: TTFont) -> None:
    """Maps ′ ″ ‴ ⁗ to the large forms: browsers already shrink a superscript, and STIX's own are shrunk twice."""
    large: dict[str, list[str]] = {}
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "ssty":
            for index in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    large.update(getattr(getattr(table, "ExtSubTable", table), "alternates", {}))
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            for point in PRIMES:
                if table.cmap.get(point) in large:
                    table.cmap[point] = large[table.cmap[point]][0]


def give_accents_a_width(font: TTFont) -> None:
    """Turns combining accents into spacing glyphs: Chromium centres an accent by its advance, which was zero."""
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    attachment = font["MATH"].table.MathGlyphInfo.MathTopAccentAttachment
    for point in ACCENTS:
        name = cmap[point]
        box = font["glyf"][name]
        shift, width = -box.xMin, box.xMax - box.xMin
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = (width, 0)
        if name in attachment.TopAccentCoverage.glyphs:
            index = attachment.TopAccentCoverage.glyphs.index(name)
            attachment.TopAccentAttachment[index].Value += shift
        font["GDEF"].table.GlyphClassDef.classDefs.pop(name, None)  # shapers zero the advance of marks


def let_arrows_stretch(font: TTFont) -> None:
    """Swaps back the connectors of the last part of long arrows, which STIX Two 2.11 has the wrong way round."""
    for construction in font["MATH"].table.MathVariants.HorizGlyphConstruction:
        if construction.GlyphAssembly:
            last = construction.GlyphAssembly.PartRecords[-1]
            if not last.PartFlags & 1 and last.StartConnectorLength == 0 and last.EndConnectorLength:
                last.StartConnectorLength, last.EndConnectorLength = last.EndConnectorLength, 0


def draw_cross(font: TTFont) -> None:
    """Adds ✗ as wide as ✓: two strokes that taper, so that it reads as a pen's mark and not as ×."""
    pen = TTGlyphPen(None)
    for stroke in (
        ((70, 20), (150, -30), (640, 610), (600, 670)),
        ((80, 600), (560, -20), (640, 40), (150, 660)),
    ):
        pen.moveTo(stroke[0])
        for point in stroke[1:]:
            pen.lineTo(point)
        pen.closePath()
    add(font, CROSS, "uni2717", pen, (710, 70))


def draw_small_letters(font: TTFont) -> None:
    """Adds ᵀ ᵏ ᵢ ⱼ ₖ ₘ ₙ, which plain text uses where it has no maths: Vᵀ, xᵢ."""
    glyphs, cmap, scale = font.getGlyphSet(), font.getBestCmap(), 0.62
    for letters, shift in ((RAISED, 300), (LOWERED, -130)):
        for point, letter in letters.items():
            name = f"uni{point:04X}"
            pen = TTGlyphPen(None)
            glyphs[cmap[ord(letter)]].draw(TransformPen(pen, (scale, 0, 0, scale, 0, shift)))
            advance, bearing = font["hmtx"][cmap[ord(letter)]]
            add(font, point, name, pen, (round(advance * scale), round(bearing * scale)))


def add(font: TTFont, point: int, name: str, pen: TTGlyphPen, metrics: tuple[int, int]) -> None:
    """Adds what a pen has drawn as the glyph of a code point."""
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = metrics
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14 and (point < 0x10000 or table.format == 12):
            table.cmap[point] = name


def rename(font: TTFont, family: str) -> None:
    """Gives a changed font its own name; Adobe reserves the name Source."""
    for record in list(font["name"].names):
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family.replace(" ", "") if record.nameID == 6 else family
        elif record.nameID not in (0, 2, 5, 7, 13, 14):
            font["name"].removeNames(nameID=record.nameID)
    if "STAT" in font:
        del font["STAT"]  # names the axes of the variable font this was cut from


def subset_to(font: TTFont, points: Iterable[int], features: tuple[str, ...]) -> TTFont:
    """Returns the font with these code points and no hints."""
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["DSIG"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=set(points))
    subsetter.subset(font)
    return font


def write(font: TTFont, name: str) -> None:
    """Writes fonts/<name>.woff2."""
    font.flavor = "woff2"
    font.recalcTimestamp = False
    path = FONTS / f"{name}.woff2"
    font.save(path)
    print(f"{path.name}: {path.stat().st_size} bytes, {len(font.getBestCmap())} code points")


def math_font(wheel: Path) -> TTFont:
    """Returns STIX Two Math from ziamath's wheel, patched for browsers and subset.

    Without `ssty`: at these sizes the optical variants look the same and double the file.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    map_primes_to_script_size(font)
    give_accents_a_width(font)
    let_arrows_stretch(font)
    draw_cross(font)
    draw_small_letters(font)
    return subset_to(font, MATH, ("dtls", "kern", "ccmp", "locl"))


def text_font(package: Path, stem: str, family: str, weight: int) -> TTFont:
    """Returns one weight of a fontsource package: Latin-1, Latin Extended-A and Greek in one font."""
    features = ("kern", "liga", "ccmp", "locl", "mark")
    with tarfile.open(package) as archive, tempfile.TemporaryDirectory() as folder:
        parts = []
        for part, points in (("latin", None), ("latin-ext", LATIN_EXTENDED_A), ("greek", GREEK)):
            member = archive.extractfile(f"package/files/{stem}-{part}-{weight}-normal.woff2")
            if member is None:
                raise SystemExit(f"{package}: no {stem}-{part}-{weight}")
            font = TTFont(io.BytesIO(member.read()), recalcTimestamp=False)
            created = font["head"].modified
            subset_to(font, points or set(font.getBestCmap()), features)
            rename(font, family)
            font.flavor = None
            parts.append(str(Path(folder) / f"{part}.ttf"))
            font.save(parts[-1])
        merged = merge.Merger().merge(parts)
        merged["head"].modified = merged["head"].created = created
        merged["OS/2"].usWeightClass = weight
        return merged


def write_advances() -> None:
    """Writes fonts/advances.json: how far each code point moves the pen, in thousandths of the font's size.

    With it a build can tell, without a browser, what is too wide for a box. Code needs no table: 600 a character.
    """
    advances = {}
    for name in ("sans-400", "math"):
        font = TTFont(FONTS / f"{name}.woff2")
        em = font["head"].unitsPerEm
        advances[name] = {
            chr(point): round(1000 * font["hmtx"][glyph][0] / em) for point, glyph in sorted(font.getBestCmap().items())
        }
    path = FONTS / "advances.json"
    path.write_text(json.dumps(advances, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main(wheel: Path, sans: Path, mono: Path) -> None:
    """Writes the five fonts, and the table of their advances."""
    write(math_font(wheel), "math")
    for weight in (400, 600):
        write(text_font(sans, "source-sans-3", "Eigendeck Sans", weight), f"sans-{weight}")
        write(text_font(mono, "source-code-pro", "Eigendeck Mono", weight), f"mono-{weight}")
    write_advances()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*map(Path, sys.argv[1:]))
