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
// What an awaited answer replaces takes nothing meanwhile. Returns what ends that; of several at once the last one does.
const locked = new WeakMap();
function lock(element) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  locked.set(element, (locked.get(element) || 0) + 1);
  element.inert = true;
  element.setAttribute("aria-busy", "true");
  return () => {
    const others = locked.get(element) - 1;
    locked.set(element, others);
    if (others) return;
    element.inert = false;
    element.removeAttribute("aria-busy");
    if (focused && focused.isConnected && document.activeElement === document.body) focused.focus();
  };
}
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
// Times are those of a newsletter; who is elsewhere sees where.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const zone of document.querySelectorAll("[data-zone]")) if (zone.dataset.zone !== here) zone.hidden = false;
