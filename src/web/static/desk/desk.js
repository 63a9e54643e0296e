"use strict";
// What every page of the desk does besides htmx. Without script all of it works by forms.
document.documentElement.classList.add("scripted");

// A form that sends something is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  // A preview in a frame sends nothing off.
  if (event.submitter && event.submitter.formTarget) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // The page may stay: the answer is a file, or the browser was told to stop.
  setTimeout(() => { delete form.dataset.sent; }, 5_000);
});
// A page that the back button brings back can be sent again.
window.addEventListener("pageshow", (event) => {
  // Who goes back after sending must not read that it is a draft still.
  if (event.persisted && document.querySelector(".send-form")) location.reload();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
// A field beside a choice chooses it.
document.addEventListener("input", (event) => {
  const place = event.target.closest(".radio-and-field");
  const radio = place && place.querySelector("input[type=radio]");
  if (radio && event.target !== radio) radio.checked = true;
});
