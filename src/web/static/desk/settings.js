"use strict";
// The settings of a newsletter: a preview that follows what is chosen, rows that are dragged, copying.
(() => {
  const form = document.getElementById("settings");

  // --- Whoever leaves with fields that are not saved is asked.
  if (form) {
    let unsaved = Boolean(document.querySelector(".settings[data-unsaved]"));
    let leaving = false;
    const typed = () => {
      unsaved = true;
      leaving = false;
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    document.body.addEventListener("htmx:afterSwap", (event) => {
      if (form.contains(event.detail.target) && event.detail.requestConfig.verb === "post") typed();
    });
    form.addEventListener("submit", (event) => {
      // A preview in a frame leaves nothing.
      leaving = !(event.submitter && event.submitter.formTarget);
    });
    window.addEventListener("pageshow", () => { leaving = false; });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved && !leaving) event.preventDefault();
    });
  }

  // --- The preview. The form is sent into a new frame, which takes the old one's place once it has loaded: nothing
  // flickers, and the browser's history stays as it is.
  const button = document.getElementById("look");
  if (form && form.hasAttribute("data-preview") && button) {
    const NAME = button.formTarget;
    const WAIT = 200;
    const frame = () => document.querySelector(`iframe[name="${NAME}"]`);
    let timer = 0;
    let loading = false;
    let again = false;
    const show = () => {
      if (loading) {
        again = true;
        return;
      }
      const old = frame();
      const next = old.cloneNode(false);
      next.removeAttribute("src");
      next.classList.add("incoming");
      // The window keeps the name that its element loses.
      if (old.contentWindow) old.contentWindow.name = "";
      old.removeAttribute("name");
      old.after(next);
      loading = true;
      next.addEventListener("load", () => {
        const shown = next.contentWindow;
        if (shown.location.href === "about:blank") return;
        shown.scrollTo(0, old.contentWindow ? old.contentWindow.scrollY : 0);
        next.classList.remove("incoming");
        old.remove();
        loading = false;
        if (again) {
          again = false;
          show();
        }
      });
      form.requestSubmit(button);
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(show, WAIT);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    document.body.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target.id === "arranged" || event.detail.elt.id === "arranged") later();
    });
  }

  // --- The two fields of the colour say the same.
  const picker = document.getElementById("accent-picker");
  const accent = document.getElementById("accent");
  if (picker && accent) {
    picker.addEventListener("input", () => {
      accent.value = picker.value;
      accent.dispatchEvent(new Event("input", { bubbles: true }));
    });
    accent.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(accent.value)) picker.value = accent.value.toLowerCase();
    });
  }

  // --- Rows.
  const arranged = () => htmx.ajax("POST", form.action, {
    source: form, target: "#arranged", select: "#arranged", swap: "outerHTML", values: { do: "arranged" },
  });
  const sortable = () => {
    const rows = document.querySelector("[data-sortable]");
    if (rows) Sortable.create(rows, { handle: ".handle", draggable: ".row", animation: 120, onEnd: arranged });
  };
  sortable();
  const TIMEOUT = 20_000;
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { elt, target, formData } = event.detail;
    if (target.id !== "arranged") return;
    event.detail.timeout = TIMEOUT;
    // A button means the place that its row has now: it may have been dragged.
    const row = elt.closest(".row");
    if (!row || !elt.value.includes(":")) return;
    const [verb, place] = elt.value.split(":");
    const [, choice] = place.split(".");
    const at = [...document.querySelectorAll("#rows > .row")].indexOf(row);
    formData.set("do", choice ? `${verb}:${at}.${choice}` : `${verb}:${at}`);
  });
  // The rows take nothing while an answer is awaited that replaces them.
  document.body.addEventListener("htmx:beforeSend", (event) => {
    const { target, xhr } = event.detail;
    if (target.id === "arranged") xhr.addEventListener("loadend", lock(target));
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    sortable();
    const next = document.querySelector("#settings [autofocus]");
    if (next && document.activeElement === document.body) next.focus();
  });

  // Without an answer the rows stay as they are, and the page says why.
  const undone = document.getElementById("undone");
  const tellUndone = (event) => {
    const isSignedOut = event.type === "htmx:responseError" && [401, 403].includes(event.detail.xhr.status);
    if (event.detail.target.id === "arranged") undone.textContent = isSignedOut ? undone.dataset.signedOut : undone.dataset.offline;
  };
  if (undone) {
    for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
      document.body.addEventListener(failure, tellUndone);
    }
    document.body.addEventListener("htmx:beforeSend", (event) => {
      if (event.detail.target.id === "arranged") undone.textContent = "";
    });
  }

  // --- Copying.
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    const source = document.getElementById(copy.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      // Without permission, or over plain HTTP.
      source.select();
      document.execCommand("copy");
    }
    const words = copy.textContent;
    copy.textContent = copy.dataset.copied;
    document.getElementById("copied").textContent = copy.dataset.copied;
    setTimeout(() => { copy.textContent = words; }, 2000);
  });
})();
