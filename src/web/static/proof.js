// Has the browser solve a challenge when the form is sent. Without it the form works too: the
// page that answers asks to wait instead.
import "./altcha.js";

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker("/static/altcha-worker.js"));

const widget = document.querySelector("altcha-widget");
const status = document.querySelector("[data-working]");

widget.addEventListener("statechange", (event) => {
  status.textContent = event.detail.state === "verifying" ? status.dataset.working : "";
  if (event.detail.state === "error") {
    widget.closest("form").submit();
  }
});
