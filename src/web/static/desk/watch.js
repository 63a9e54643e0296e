"use strict";
// Keeps the page of an issue that goes out up to date. Without script it reloads itself now and then.
(() => {
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const told = document.getElementById("told");
  const RETRY_MS = 3000;
  const LOST_MS = 4000;
  let source;
  let again;
  let missing;

  // --- What screen readers say: each trouble and its end, a tenth more that is done at most every ten seconds, and
  // twice in the minute before.
  const TOLD_MS = 10_000;
  const COUNTED = [30, 10];
  const CHANGED = "xabar-watch-changed";
  const text = (css) => (live.querySelector(css)?.textContent ?? "").trim();
  const trouble = () => [...live.querySelectorAll(".notice")].map((line) => line.textContent.trim()).join(" ");
  const tenth = () => Math.floor(Number(live.querySelector("progress")?.value ?? 0) / 10);
  let lastTrouble = trouble();
  let lastTenth = tenth();
  let lastTime = -TOLD_MS;
  const tell = (words) => {
    lastTime = performance.now();
    lastTenth = tenth();
    told.textContent = words;
  };
  const tellProgress = () => {
    const now = trouble();
    if (now !== lastTrouble) {
      lastTrouble = now;
      tell(now || text(".lead"));
    } else if (tenth() > lastTenth && performance.now() - lastTime >= TOLD_MS) {
      tell(text(".lead"));
    }
  };

  // Changes what differs and keeps the rest, so that whoever reads there is not thrown out.
  const renew = (old, fresh) => {
    if (old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length) {
      old.replaceWith(fresh);
      return;
    }
    if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) return;
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const next = [...fresh.childNodes];
    [...old.childNodes].forEach((child, at) => renew(child, next[at]));
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!fresh) return;
    // Other buttons belong to another state.
    if (fresh.dataset.state !== live.dataset.state) {
      try { sessionStorage.setItem(CHANGED, "yes"); } catch { /* Then its title tells it. */ }
      location.reload();
      return;
    }
    renew(live.firstElementChild, document.adoptNode(fresh));
    tellProgress();
    count();
  };

  const open = () => {
    clearTimeout(again);
    if (source) source.close();
    source = new EventSource(live.dataset.events);
    source.addEventListener("open", () => {
      clearTimeout(missing);
      missing = 0;
      lost.hidden = true;
    });
    source.addEventListener("live", (event) => show(event.data));
    source.addEventListener("over", (event) => {
      source.close();
      show(event.data);
    });
    source.addEventListener("error", () => {
      // A stream ends by itself now and then, and the next one begins at once.
      missing = missing || setTimeout(() => { lost.hidden = false; }, LOST_MS);
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
    let shown = total;
    ticking = setInterval(() => {
      const left = Math.max(0, total - Math.floor((performance.now() - began) / 1000));
      if (left === shown) return;
      shown = left;
      line.firstChild.data = words.replace(digits, String(left));
      if (COUNTED.includes(left)) tell(line.textContent);
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
  // The page was loaded anew by itself: a line that is there from the start is not read out.
  try {
    if (sessionStorage.getItem(CHANGED)) setTimeout(() => tell(trouble() || text(".lead")), 500);
    sessionStorage.removeItem(CHANGED);
  } catch { /* As above. */ }
})();
