"use strict";
// The writing page: saves while one types, keeps what could not be saved, shows the preview, drags cards,
// and makes Markdown of what is pasted.
(() => {
  const form = document.getElementById("write");
  const state = document.getElementById("save-state");
  const frame = document.getElementById("preview");
  const views = document.getElementById("preview-form");
  const key = `xabar-write-${form.dataset.issue}`;
  const RETRY = 3000;
  let unsaved = false;
  let retry = 0;
  // How often something was typed, and how often it had been when the last request was sent.
  let typed = 0;
  let sent = 0;

  const says = (text, problem) => {
    const line = document.getElementById("save-state");
    line.textContent = text;
    line.classList.toggle("error", Boolean(problem));
  };

  // --- What is typed stays in the browser until the service has it.
  const fields = () => [...new FormData(form)].filter(([name]) => name !== "csrf" && name !== "version");
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: fields() }));
    } catch { /* A browser may have no room; the text is still on the page. */ }
  };
  const drop = () => {
    try { localStorage.removeItem(key); } catch { /* As above. */ }
  };
  form.addEventListener("input", () => {
    unsaved = true;
    typed += 1;
    says(form.dataset.saving);
    keep();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  const again = () => {
    clearTimeout(retry);
    retry = setTimeout(() => htmx.trigger(form, "again"), RETRY);
  };
  document.body.addEventListener("htmx:sendError", () => {
    says(form.dataset.offline, true);
    again();
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      says(form.dataset.signedOut, true);
      again();
    } else if (status >= 500) {
      says(form.dataset.offline, true);
      again();
    } else {
      says(form.dataset.refused, true);
    }
  });
  window.addEventListener("online", () => unsaved && htmx.trigger(form, "again"));
  // htmx adds the button that was pressed last to each request of its form: saving would press it again.
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData } = event.detail;
    if (elt === form && formData.get("do") !== "arranged") formData.delete("do");
  });
  document.body.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.pathInfo.requestPath === form.getAttribute("action")) sent = typed;
  });
  document.body.addEventListener("saved", () => {
    clearTimeout(retry);
    show();
    if (typed !== sent) {
      htmx.trigger(form, "again");
      return;
    }
    unsaved = false;
    drop();
  });

  // --- What an earlier visit could not save.
  const rescue = document.getElementById("rescue");
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept && JSON.stringify(kept.fields) !== JSON.stringify(fields())) offer(kept);
    else drop();
  } catch { drop(); }
  function offer(kept) {
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "second small";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    };
    const use = () => {
      const body = new URLSearchParams(kept.fields.filter(([, value]) => typeof value === "string"));
      body.set("do", "overwrite");
      body.set("csrf", form.elements.csrf.value);
      body.set("version", form.elements.version.value);
      fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).then((answer) => {
        if (!answer.ok) return;
        drop();
        unsaved = false;
        location.reload();
      });
    };
    const text = document.createElement("p");
    text.textContent = rescue.dataset.text.replace("{at}", new Date(kept.at).toLocaleString(document.documentElement.lang));
    rescue.append(text, button(rescue.dataset.use, use), " ", button(rescue.dataset.drop, () => {
      drop();
      rescue.hidden = true;
    }));
    rescue.hidden = false;
  }

  // --- The preview stays where it was scrolled to.
  function show() {
    const chosen = new URLSearchParams(new FormData(views));
    frame.classList.toggle("phone", chosen.get("view") === "phone");
    // Without a connection the frame has a page of the browser's own, which tells nothing.
    let top = 0;
    try { top = frame.contentWindow.scrollY; } catch { /* As above. */ }
    frame.addEventListener("load", () => {
      try { frame.contentWindow.scrollTo(0, top); } catch { /* As above. */ }
    }, { once: true });
    frame.contentWindow.location.replace(`${views.action}?${chosen}`);
  }
  views.addEventListener("change", show);

  // --- Cards.
  const parts = document.getElementById("parts");
  const arranged = () => htmx.ajax("POST", form.action, {
    source: form, target: "#parts", swap: "innerHTML", values: { do: "arranged" },
  });
  const sortable = () => {
    // The same with mouse, finger and pen.
    const options = { handle: ".handle", animation: 120, forceFallback: true, onEnd: arranged };
    Sortable.create(parts, { ...options, draggable: ".part-card" });
    for (const list of parts.querySelectorAll(".items")) {
      Sortable.create(list, { ...options, draggable: ".item-card", group: "items" });
    }
  };
  sortable();
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === parts) sortable();
  });
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
  // A link to a place opens the card that has it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#part-']");
    const card = link && document.getElementById(link.hash.slice(1));
    if (!card) return;
    if (card.matches("details")) card.open = true;
    const field = card.querySelector("input:not([type=hidden]), textarea");
    if (field) setTimeout(() => field.focus());
  });

  // --- Text from Word and Google Docs.
  const markdown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*" });
  markdown.remove(["style", "script", "title", "meta", "link", "head"]);
  // Google Docs wraps everything in a bold element that is not bold.
  markdown.addRule("not-bold", {
    filter: (node) => node.nodeName === "B" && node.style.fontWeight === "normal",
    replacement: (content) => content,
  });
  // Both write their emphasis as styles.
  markdown.addRule("styled", {
    filter: (node) => node.nodeName === "SPAN",
    replacement: (content, node) => {
      if (!content.trim()) return content;
      const weight = node.style.fontWeight;
      const [, before, text, after] = content.match(/^(\s*)([\s\S]*?)(\s*)$/);
      let made = text;
      if (node.style.fontStyle === "italic") made = `*${made}*`;
      if (weight === "bold" || Number(weight) >= 600) made = `**${made}**`;
      return before + made + after;
    },
  });
  // As if it were typed: only so does the browser's undo take it back. There is no newer way for that.
  const insert = (field, text) => {
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  form.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches("textarea[data-markdown]")) return;
    const html = event.clipboardData.getData("text/html");
    if (!html) return;
    // Word's lists and conditional comments are no HTML that anybody else reads.
    const clean = html.replace(/<!--[\s\S]*?-->/g, "").replace(/<o:p>[\s\S]*?<\/o:p>/g, "");
    const body = new DOMParser().parseFromString(clean, "text/html").body;
    // Word uses no-break spaces also for rows of spaces; those of French punctuation and of numbers are meant.
    const spaces = (space, at, whole) =>
      /[:;?!»%\d]/.test(whole[at + 1] || "") || /[«\d]/.test(whole[at - 1] || "") ? space : " ";
    const text = markdown.turndown(body).replace(/\u00a0/g, spaces).replace(/\n{3,}/g, "\n\n").trim();
    event.preventDefault();
    insert(field, text);
  });

  // --- Pictures.
  parts.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("[data-upload]") || !input.files.length) return;
    const place = input.closest("[data-picture]");
    const problem = place.querySelector("[data-upload-error]");
    problem.textContent = "";
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("file", input.files[0]);
    let answer;
    try {
      const response = await fetch("/desk/pictures", { method: "POST", body, headers: { accept: "application/json" } });
      answer = await response.json();
      if (!response.ok) throw new Error(answer.detail);
    } catch (error) {
      problem.textContent = error.message || form.dataset.offline;
      return;
    } finally {
      input.value = "";
    }
    const set = (name, value) => { place.querySelector(`[name=${name}]`).value = value; };
    set("image-url", answer.url);
    set("image-width", answer.width);
    set("image-height", answer.height);
    form.dispatchEvent(new Event("input", { bubbles: true }));
    place.querySelector("[name=image-alt]").focus();
  });
})();
