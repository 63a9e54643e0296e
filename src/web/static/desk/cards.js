"use strict";
// The cards of the writing page, where nothing is saved: what opens and folds, and where the focus goes.
(() => {
  const parts = document.getElementById("parts");

  document.body.addEventListener("focus-on", (event) => {
    const target = document.getElementById(event.detail.value);
    if (!target) return;
    const card = target.closest("details.item-card");
    if (card) card.open = true;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  });
  parts.addEventListener("toggle", (event) => {
    const card = event.target;
    if (!card.matches("details.item-card")) return;
    card.querySelector("input[name=item]").value = card.open ? "open" : "folded";
  }, true);
  parts.addEventListener("input", (event) => {
    if (!event.target.matches("[data-item-name]")) return;
    const name = event.target.closest(".item-card").querySelector(".item-name");
    if (event.target.value) name.textContent = event.target.value;
  });
  // A link to a place, of this page or another, opens the cards that have it.
  const PLACES = /^(part-|(subject|preheader|intro)$)/;
  const visit = (hash) => {
    const id = hash.slice(1);
    const place = PLACES.test(id) && document.getElementById(id);
    if (!place) return;
    for (let card = place.closest("details"); card; card = card.parentElement.closest("details")) card.open = true;
    const field = place.matches("input") ? place : place.querySelector("input:not([type=hidden]), textarea");
    if (field) setTimeout(() => field.focus());
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) visit(link.hash);
  });
  visit(location.hash);

  // The second click of a double one hits what has come into the place of the first card.
  parts.addEventListener("click", (event) => {
    if (!(event.detail > 1) || !event.target.closest("button[name=do]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
