// Sets each side of a card in the largest letters with which all of it stands within its edges. A back that would be too
// small to read does without what it can spare; what is too small even so is marked, and named in `data-small` of the page.
(function () {
    "use strict";
    const LARGEST = 12, LEAST = 7, STEP = 0.5; // points
    const LONGEST_ROW = 90; // characters: what is printed in longer ones is no table, and breaks

    function fits(side) {
        const body = side.querySelector(".body");
        const room = side.clientHeight - parseFloat(getComputedStyle(side).paddingBottom);
        return body.offsetTop + body.offsetHeight <= room && body.scrollWidth <= body.clientWidth;
    }

    // Sets each side in the largest size at which it fits, from `low` to `high` steps, and returns those that are too small.
    // All try their next size before one is measured: the page is laid out once for all of them.
    function shrunk(sides, low, high) {
        const all = sides.map((side) => ({ side, low, high }));
        const resize = (one, steps) => (one.side.style.fontSize = steps * STEP + "pt");
        for (let open = all; (open = open.filter((one) => one.low < one.high)).length; ) {
            for (const one of open) resize(one, Math.ceil((one.low + one.high) / 2));
            const fitting = new Set(open.filter((one) => fits(one.side)));
            for (const one of open) {
                const middle = Math.ceil((one.low + one.high) / 2);
                if (fitting.has(one)) one.low = middle;
                else one.high = middle - 1;
            }
        }
        for (const one of all) resize(one, one.low);
        return all.filter((one) => one.low * STEP < LEAST);
    }

    function set() {
        for (const printed of document.querySelectorAll("pre.shown, samp.rows")) {
            const rows = printed.textContent.trimEnd().split("\n");
            printed.classList.toggle("table", rows.length > 1 && rows.every((row) => row.length <= LONGEST_ROW));
        }
        const sides = [...document.querySelectorAll(".side")], small = {};
        const large = sides.filter((side) => !fits(side)); // all are measured before one is changed
        const tight = shrunk(large, LEAST / STEP - 1, LARGEST / STEP - 1).map((one) => one.side);
        for (const side of tight) side.classList.toggle("brief", side.matches(".back"));
        for (const { side, low } of shrunk(tight, 1, LEAST / STEP)) {
            side.classList.add("small");
            small[side.dataset.card] = Math.min(low * STEP, small[side.dataset.card] || LEAST);
        }
        document.documentElement.dataset.small = JSON.stringify(small);
    }

    document.documentElement.dataset.small = ""; // from here on sides are laid out in the largest letters, as is tried first
    document.addEventListener("DOMContentLoaded", () => document.fonts.ready.then(set));
})();
