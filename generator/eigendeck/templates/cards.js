// Sets each side of a card in the largest letters with which all of it stands within its edges. A back that would be too
// small to read does without what it can spare; what is too small even so is marked, and named in `data-small` of the page.
(function () {
    "use strict";
    const LARGEST = 12, LEAST = 7, STEP = 0.5; // points
    const LONGEST_ROW = 90; // characters: what is printed in longer ones is no table, and breaks
    const small = {};

    function fits(side) {
        const body = side.querySelector(".body");
        const room = side.clientHeight - parseFloat(getComputedStyle(side).paddingBottom);
        return body.offsetTop + body.offsetHeight <= room && body.scrollWidth <= body.clientWidth;
    }

    // Sets the side in the largest size at which it fits, from `low` to `high` steps, and returns that in points.
    function fitted(side, low, high) {
        while (low < high) {
            const middle = Math.ceil((low + high) / 2);
            side.style.fontSize = middle * STEP + "pt";
            if (fits(side)) low = middle;
            else high = middle - 1;
        }
        side.style.fontSize = low * STEP + "pt";
        return low * STEP;
    }

    function shrink(side) {
        let points = fitted(side, LEAST / STEP - 1, LARGEST / STEP - 1);
        if (points >= LEAST) return;
        if (side.matches(".back")) side.classList.add("brief");
        points = fitted(side, 1, LEAST / STEP);
        if (points >= LEAST) return;
        side.classList.add("small");
        small[side.dataset.card] = Math.min(points, small[side.dataset.card] || LEAST);
    }

    document.fonts.ready.then(() => {
        for (const printed of document.querySelectorAll("pre.shown, samp.rows")) {
            const rows = printed.textContent.trimEnd().split("\n");
            printed.classList.toggle("table", rows.length > 1 && rows.every((row) => row.length <= LONGEST_ROW));
        }
        const sides = [...document.querySelectorAll(".side")];
        for (const side of sides) side.style.fontSize = LARGEST + "pt";
        for (const side of sides.filter((one) => !fits(one))) shrink(side); // all are measured before one is changed
        document.documentElement.dataset.small = JSON.stringify(small);
    });
})();
