r"""Texts that try to bring LaTeX to MathJax which no card may use: what it would do, in what it hides.

Each of them says `evil` in whatever it would make of a page: an element, an attribute, a request, or a formula.
"""

from __future__ import annotations

from collections.abc import Iterator

PAYLOADS = {
    "href": r"\href{javascript:evil()}{evil}",
    "style": r"\style{background:url(http://evil.test/a.png)}{evil}",
    "class": r"\class{evil}{evil}",
    "id": r"\cssId{evil}{evil}",
    "box": r"\bbox[background:url(http://evil.test/b.png)]{evil}",
    "sign": r"\unicode[evil]{x3c}",
    "token": r'\mmlToken{mi}[class="evil"]{evil}',
    "macro": r"\def\a{evil}\a",
    "extension": r"\require{html}\evil",
    "chemistry": r"\ce{evil}",
    "inner": r"\text{$\class{evil}{evil}$}",
    "element": r"<a href=//evil.test>evil</a>",
}
WRAPPERS = {
    "bare": "P",
    "maths": r"\(P\)",
    "a space at the end": r"So \(x\ \) P and \(y\).",
    "a break at the end": r"So \(x\\\) P and \(y\).",
    "two breaks at the end": r"So \(x\\\\\) P and \(y\).",
    "only a space": r"\(\ \) P \(\ \)",
    "a space at the start": r"\( \ x\) P \(y\)",
    "an open brace": r"\(x{\) P \(y}\)",
    "a closed brace": r"\(x}\) P \({y\)",
    "an escaped brace": r"\(x\{\) P \(y\}\)",
    "braces apart": r"\({{x\) P \(y}}\)",
    "text across": r"\(x\text{\) P \(}y\)",
    "brackets": r"\[P\]",
    "dollars": "$P$ $$P$$",
    "an environment": r"\begin{align}P\end{align} \begin{matrix}P\end{matrix}",
    "a reference": r"\ref{evil} \eqref{evil} P",
    "a double backslash": r"\\(P\\)",
    "three backslashes": r"\\\(P\\\)",
    "code between": r"`\`(P`\`)",
    "code before": r"`\`\(P\)",
    "code across": r"\(x `\) P` \(y\)",
    "ticks": r"`` \( ` P ``\)",
    "a comment": r"\(x %\) P \(y\)",
    "a line's end": "So \\\n(P\\\n) and \\(x\\\n\\) P \\(y\\)",
    "character references": r"&#92;(P&#92;) &bsol;(P\) &lpar;",
    "nothing": r"\(\) P \(\)",
    "one within another": r"\(a \(P\) b\)",
    "the wrong way round": r"\) P \(",
    "a last backslash": "P \\",
    "fields": r"{{Says}}\(x}}\) P \({{y\)",
    "sound": r"[sound:\(P\)] [latex]P[/latex] [$]P[/$]",
    "an element across": r"\(x<b>\) P \(</b>y\)",
    "a style": r"\(x\) <style>@import '//evil.test'</style> \(P\)",
}


def texts() -> Iterator[tuple[str, str]]:
    """Yields every text with its name; neighbours differ in both of their parts."""
    wrappers, payloads = list(WRAPPERS.items()), list(PAYLOADS.items())
    for turn in range(len(payloads)):
        for place, (wrapper, text) in enumerate(wrappers):
            payload, latex = payloads[(place + turn) % len(payloads)]
            yield f"{payload} in {wrapper}", text.replace("P", latex)
