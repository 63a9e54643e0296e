"use strict";
// The writing page: saves while one types, keeps what could not be saved, shows the preview, drags cards.
(() => {
  const form = document.getElementById("write");
  const parts = document.getElementById("parts");
  const frame = document.getElementById("preview");
  const views = document.getElementById("preview-form");
  const key = `xabar-write-${form.dataset.issue}`;
  const earlierKey = `${key}-earlier`;
  const RETRY = 3000;
  const TIMEOUT = 20_000;
  const MOST_KEPT = 5;
  const CONFLICT = 409;
  let unsaved = false;
  let retry = 0;
  // How often something was typed.
  let typed = 0;
  // The requests of the form, and uploads, that have no answer yet.
  const flying = new Set();
  // The uploads among them, and what waits for their end because its answer replaces the cards.
  const uploads = new Set();
  let delayed = [];
  // The buttons of cards whose request did not arrive.
  const undone = new Set();
  // Whether cards were dragged and the service has not shown them in their new order yet.
  let moved = false;
  // Whether a button of the page sends the form and leaves, and which one waits for an answer to do so.
  let leaving = false;
  let waiting = "";

  const says = (text, problem) => {
    const line = document.getElementById("save-state");
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("error", Boolean(problem));
    line.toggleAttribute("data-problem", Boolean(problem));
  };

  // --- What is typed stays in the browser until the service has it.
  const BESIDE = ["csrf", "version", "base", "newsletter-version"];
  const fields = () => [...new FormData(form)].filter(([name]) => !BESIDE.includes(name));
  const read = (name) => {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  };
  const store = (name, value) => {
    // A browser may have no room; the text is still on the page.
    try { localStorage.setItem(name, JSON.stringify(value)); } catch { return false; }
    return true;
  };
  const forget = (name) => {
    try { localStorage.removeItem(name); } catch { /* As above. */ }
  };
  const keep = () => store(key, { at: Date.now(), version: form.elements.version.value, base: form.elements.base.value, fields: fields() });
  form.addEventListener("input", () => {
    unsaved = true;
    leaving = false;
    typed += 1;
    says(form.dataset.saving);
    keep();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  // What is left there is in the history.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#conflict a")) leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (!event.persisted) return;
    // The page is older than what its own button has saved.
    leaving = true;
    location.reload();
  });

  // --- Saving.
  const save = () => {
    const [button] = undone;
    undone.delete(button);
    if (moved) arranged();
    else if (button && button.isConnected) htmx.trigger(button, "click");
    else htmx.trigger(form, "again");
  };
  const again = () => {
    clearTimeout(retry);
    retry = setTimeout(save, RETRY);
  };
  const isOurs = (event) => event.detail.pathInfo.requestPath === form.getAttribute("action");
  const failed = (event) => {
    const { elt, xhr } = event.detail;
    const status = event.type === "htmx:responseError" ? xhr.status : 0;
    if (!isOurs(event)) {
      // The checks renew themselves after a save; only who pressed a button waits for its answer.
      const line = elt.matches("form") && elt.querySelector("[data-trouble]");
      if (line) line.textContent = isSignedOut(status) ? form.dataset.undoneSignedOut : form.dataset.undoneOffline;
      return;
    }
    if (status && !isSignedOut(status) && status < 500) {
      says(form.dataset.refused, true);
      return;
    }
    says(isSignedOut(status) ? form.dataset.signedOut : form.dataset.offline, true);
    if (elt.matches("button[name=do]")) undone.add(elt);
    again();
  };
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.body.addEventListener(failure, failed);
  }
  document.body.addEventListener("htmx:beforeSend", (event) => {
    const line = !isOurs(event) && event.detail.elt.querySelector("[data-trouble]");
    if (line) line.textContent = "";
  });
  window.addEventListener("online", () => (unsaved || moved || undone.size) && save());
  // What a button does to its card, with the place that the card has now: it may have been dragged.
  const placed = (button) => {
    const [verb] = button.value.split(":");
    const part = button.closest(".part-card");
    // The line of a card that was removed stands beside the others, and knows its place.
    if (!part || !button.value.includes(":") || button.id === "undo") return button.value;
    const item = button.closest(".item-card");
    const at = [...parts.querySelectorAll(".part-card")].indexOf(part);
    return item ? `${verb}:${at}.${[...part.querySelectorAll(".item-card")].indexOf(item)}` : `${verb}:${at}`;
  };
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData, path } = event.detail;
    if (path !== form.getAttribute("action")) return;
    event.detail.timeout = TIMEOUT;
    // htmx adds the button that was pressed last to each request of its form: saving would press it again.
    if (elt === form && formData.get("do") !== "arranged") formData.delete("do");
    if (elt.matches("button[name=do]")) formData.set("do", placed(elt));
  });
  // A picture on its way belongs to a card that must be there when it arrives.
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!uploads.size || event.detail.target !== parts) return;
    event.preventDefault();
    says(form.dataset.uploading);
    delayed.push(() => event.detail.issueRequest(true));
  });
  document.body.addEventListener("htmx:beforeSend", (event) => {
    if (!isOurs(event)) return;
    const { xhr, target } = event.detail;
    const then = typed;
    const unlock = target === parts ? lock(parts) : () => {};
    flying.add(xhr);
    // After htmx has done what it does with the answer, whatever became of it.
    xhr.addEventListener("loadend", () => {
      flying.delete(xhr);
      unlock();
      answered(xhr.status, then);
    });
  });
  const answered = (status, then) => {
    tellSave();
    const isSaved = status >= 200 && status < 300;
    if (isSaved) {
      clearTimeout(retry);
      if (then !== typed) {
        // From now on it is made from the new version.
        keep();
        if (!flying.size) save();
      } else if (moved || undone.size) {
        if (!flying.size) save();
      } else if (!flying.size) {
        unsaved = false;
        forget(key);
      }
    } else if (status === CONFLICT && then === typed) {
      // The history has it: it must not be offered once more as never saved.
      forget(key);
    }
    if (flying.size) return;
    go(isSaved || waiting.startsWith("overwrite"));
  };
  // Presses the button that waits, if it still shall.
  const go = (goes) => {
    const button = waiting && [...form.elements].find((one) => one.name === "do" && one.value === waiting);
    waiting = "";
    if (button && goes) form.requestSubmit(button);
  };
  document.body.addEventListener("saved", () => show());
  form.addEventListener("submit", (event) => {
    const action = event.submitter ? event.submitter.value : "";
    if (!action) {
      // Enter in a field.
      event.preventDefault();
      save();
    } else if (flying.size) {
      // With its answer comes the version that the next one must name.
      event.preventDefault();
      waiting = action;
      if (uploads.size) says(form.dataset.uploading);
    } else {
      leaving = true;
    }
  });

  // --- What an earlier visit could not save. Only its two buttons remove it.
  const rescue = document.getElementById("rescue");
  // The service trims lines and completes addresses; which cards are folded is no text.
  const gist = (all) => JSON.stringify(all.filter(([name]) => name !== "new-kind")
    .map(([name, value]) => [name, name === "item" ? "" : String(value).trim().replace(/^https?:\/\//, "")]));
  const isHere = (kept) => gist(kept.fields) === gist(fields());
  const left = read(key);
  let earlier = [read(earlierKey), left].flat().filter((kept) => kept && kept.fields && !isHere(kept));
  earlier = earlier.slice(-MOST_KEPT);
  const storeEarlier = () => (earlier.length ? store(earlierKey, earlier) : forget(earlierKey));
  if (storeEarlier() !== false) forget(key);
  if ("unsaved" in form.dataset) {
    // The page came with what was refused.
    unsaved = true;
    if (form.dataset.unsaved !== "kept") keep();
  }
  const use = (kept) => {
    // As if it were typed here, from the version that it was typed into.
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = form.action;
    sent.hidden = true;
    const put = (name, value) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      sent.append(field);
    };
    put("csrf", form.elements.csrf.value);
    put("version", kept.version || 0);
    if (kept.base) put("base", kept.base);
    for (const [name, value] of kept.fields) if (typeof value === "string") put(name, value);
    document.body.append(sent);
    leaving = true;
    sent.submit();
  };
  const offer = (kept) => {
    const line = document.createElement("div");
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "second small";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    };
    const text = document.createElement("p");
    text.textContent = rescue.dataset.text.replace("{at}", new Date(kept.at).toLocaleString(document.documentElement.lang));
    line.append(text, button(rescue.dataset.use, () => use(kept)), " ", button(rescue.dataset.drop, () => {
      earlier = earlier.filter((one) => one !== kept);
      storeEarlier();
      line.remove();
      rescue.hidden = !earlier.length;
      (rescue.querySelector("button") || document.getElementById("subject-text")).focus();
    }));
    rescue.append(line);
    rescue.hidden = false;
    // A live region is read out when it changes, not when it comes with the page.
    setTimeout(() => tell(text.textContent), 500);
  };
  earlier.forEach(offer);

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
  function arranged() {
    htmx.ajax("POST", form.getAttribute("action"), {
      source: form, target: "#parts", swap: "innerHTML", values: { do: "arranged" },
    });
  }
  const dragged = () => {
    moved = true;
    unsaved = true;
    keep();
    arranged();
  };
  const sortable = () => {
    // The same with mouse, finger and pen.
    const options = { handle: ".handle", animation: 120, forceFallback: true, onEnd: dragged };
    Sortable.create(parts, { ...options, draggable: ".part-card" });
    for (const list of parts.querySelectorAll(".items")) {
      Sortable.create(list, { ...options, draggable: ".item-card", group: "items" });
    }
  };
  sortable();
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== parts) return;
    moved = false;
    sortable();
  });
  // --- Pictures.
  parts.addEventListener("change", async (event) => {
    const { id, files } = event.target;
    if (!event.target.matches("[data-upload]") || !files.length) return;
    const place = () => document.getElementById(id)?.closest("[data-picture]");
    const tell = (text, problem) => {
      const line = place()?.querySelector("[data-upload-error]");
      if (!line) return;
      line.textContent = text;
      line.classList.toggle("error", problem);
    };
    tell(form.dataset.uploading, false);
    says(form.dataset.uploading);
    unsaved = true;
    leaving = false;
    const one = Symbol(id);
    flying.add(one);
    uploads.add(one);
    const unlock = lock(parts);
    const answer = await uploadPicture(form, files[0]);
    flying.delete(one);
    uploads.delete(one);
    unlock();
    const field = document.getElementById(id);
    // The same name can be chosen again, as the file may be another by then.
    if (field) field.value = "";
    if (answer.problem || !field) {
      const waited = Boolean(waiting);
      waiting = "";
      tell(answer.problem || "", true);
      if (field && waited) field.focus();
      // What was typed meanwhile.
      save();
    } else {
      showPicture(place(), answer);
      tell("", false);
      form.dispatchEvent(new Event("input", { bubbles: true }));
      if (!flying.size) go(true);
    }
    const issue = delayed;
    delayed = [];
    for (const request of issue) request();
  });
})();
