"use strict";
// What screen readers say of the writing page while somebody works on it: little, so that it is heard.
const told = document.getElementById("told");

function tell(text) {
  if (told.textContent !== text) told.textContent = text;
}

// --- What became of a save: a trouble once, however long it lasts, and its end.
let troubled = false;
function tellSave() {
  const line = document.getElementById("save-state");
  // For a moment htmx gives what is new the class of what it replaces.
  const isTrouble = "problem" in line.dataset;
  if (isTrouble || troubled) tell(line.textContent.trim());
  troubled = isTrouble;
}

// --- What became of the checks that take a minute. The answer replaces all of them, and the focus stays.
document.body.addEventListener("htmx:beforeSend", (event) => {
  const { elt, target, xhr } = event.detail;
  if (!elt.matches(".checks-ask")) return;
  tell("");
  target.setAttribute("aria-busy", "true");
  xhr.addEventListener("loadend", () => {
    target.removeAttribute("aria-busy");
    if (xhr.status === 200) tell(document.getElementById("check-count").textContent);
  });
});
