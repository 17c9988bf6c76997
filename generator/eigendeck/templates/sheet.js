"use strict";
// Search, filters, and comfort. Hiding answers and colours work without this script, by CSS alone.
(() => {
  const at = (id) => document.getElementById(id);
  const [search, section, form, hide, colours] = ["_search", "_section", "_form", "_hide", "_colours"].map(at);

  // NFKD makes 𝐱 of the maths an x, and é an e.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const cards = [...document.querySelectorAll(".card")].map((card) => {
    const formula = card.querySelector(".formula");
    const parts = [...card.querySelectorAll("h3, .form, .says, .ask, .formula, .run, .line")].map((e) => e.textContent);
    return {
      card,
      section: card.closest("section"),
      heading: card.closest("section").querySelector("h2").id,
      form: card.dataset.form,
      text: fold([...parts, formula?.dataset.latex ?? ""].join(" ")),
    };
  });

  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { card, heading, form: own, text } of cards) {
      const wanted = (!section.value || heading === section.value)
        && (!form?.value || own === form.value)
        && words.every((word) => text.includes(word));
      card.hidden = !wanted;
      count += wanted;
    }
    for (const element of new Set(cards.map((card) => card.section))) {
      element.hidden = !element.querySelector(".card:not([hidden])");
    }
    const narrowed = count < cards.length;
    for (const panels of document.querySelectorAll(".panels")) panels.hidden = narrowed;
    const said = at("_count").dataset[narrowed ? "some" : "all"];
    at("_count").textContent = said.replace("{count}", count).replace("{all}", cards.length);
    at("_none").hidden = count > 0;
  };

  // A link to a card that the filter hides shows it all the same.
  const follow = () => {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest("[hidden]")) return;
    search.value = section.value = "";
    if (form) form.value = "";
    filter();
    target.scrollIntoView();
  };

  // What scrolls sideways must be reachable by keyboard; what does not must not be a stop on the way.
  const reach = () => {
    for (const element of document.querySelectorAll(".part")) {
      if (element.scrollWidth > element.clientWidth + 1) {
        element.tabIndex = 0;
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", element.closest(".formula, .substituted").className);
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
      }
    }
  };

  const remember = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("eigendeck-colours") ?? "";
      localStorage.setItem("eigendeck-colours", value);
    } catch { /* a browser may forbid storage to local files */ }
    return "";
  };

  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
  for (const control of [search, section, form]) control?.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.value = ""; filter(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, select")) {
      event.preventDefault();
      search.focus();
    }
  });
  hide.addEventListener("input", () => {
    for (const box of document.querySelectorAll(".reveal input")) box.checked = false;
  });
  colours.value = remember() || colours.value;
  colours.addEventListener("input", () => remember(colours.value));
  addEventListener("hashchange", follow);
  new ResizeObserver(reach).observe(document.querySelector("main"));
  document.fonts.ready.then(reach);
  filter();
  follow();
})();
