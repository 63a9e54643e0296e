"use strict";
// Keeps the page of an issue that goes out up to date. Without script the page reloads itself.
(() => {
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const RETRY_MS = 3000;
  let source;
  let again;

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!fresh) return;
    // Other buttons belong to another state.
    if (fresh.dataset.state !== live.dataset.state) {
      location.reload();
      return;
    }
    live.replaceChildren(document.adoptNode(fresh));
    count();
  };

  const open = () => {
    clearTimeout(again);
    if (source) source.close();
    source = new EventSource(live.dataset.events);
    source.addEventListener("open", () => { lost.hidden = true; });
    source.addEventListener("live", (event) => show(event.data));
    source.addEventListener("over", (event) => {
      source.close();
      show(event.data);
    });
    source.addEventListener("error", () => {
      lost.hidden = false;
      // The browser connects anew by itself, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, RETRY_MS);
    });
  };

  // The minute before an issue goes out.
  let ticking;
  const count = () => {
    clearInterval(ticking);
    const box = live.querySelector("[data-starts-in]");
    const line = live.querySelector(".countdown");
    if (!box || !line) return;
    const words = line.textContent;
    const total = Number(box.dataset.startsIn);
    const began = performance.now();
    const digits = /\d+/;
    ticking = setInterval(() => {
      const left = Math.max(0, total - Math.floor((performance.now() - began) / 1000));
      line.textContent = words.replace(digits, String(left));
    }, 250);
  };

  // After sleep the connection may be dead without an error.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") open();
  });
  window.addEventListener("pagehide", () => source && source.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  count();
  open();
})();
