"use strict";
// What is pasted into the writing page: Markdown of what Word and Google Docs have, or the reason why it is not.
(() => {
  const form = document.getElementById("write");
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
  // A line below the field; the next paste takes it away.
  const note = (field, text) => {
    let line = field.parentElement.querySelector(".paste-note");
    if (!line) {
      if (!text) return;
      line = document.createElement("p");
      line.className = "hint paste-note";
      field.after(line);
    }
    line.textContent = text;
    tell(text);
  };

  // --- Word's lists are paragraphs that say their level, and have their mark as text.
  const MARK = /^[\s\u00a0]*([·•▪§–-]|o(?=[\s\u00a0])|\w{1,4}[.)])[\s\u00a0]+/;
  const takeMark = (paragraph) => {
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("style")));
    if (mark) {
      mark.remove();
      return mark.textContent;
    }
    const found = MARK.exec(paragraph.textContent);
    if (!found) return "";
    let rest = found[0].length;
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (rest && texts.nextNode()) {
      const text = texts.currentNode;
      const taken = Math.min(rest, text.data.length);
      text.data = text.data.slice(taken);
      rest -= taken;
    }
    return found[0];
  };
  const makeLists = (body) => {
    let open = [];
    for (const paragraph of body.querySelectorAll("p")) {
      const level = /mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute("style") || "");
      if (!level && !/^MsoListParagraph/.test(paragraph.className)) continue;
      const mark = takeMark(paragraph).replace(/[\s\u00a0]/g, "");
      if (!mark) continue;
      const make = () => body.ownerDocument.createElement(/[.)]$/.test(mark) ? "ol" : "ul");
      const depth = level ? Number(level[1]) : 1;
      const goesOn = open.length && paragraph.previousElementSibling === open[0];
      if (!goesOn || (depth === 1 && make().nodeName !== open[0].nodeName)) {
        open = [make()];
        paragraph.before(open[0]);
      }
      open.length = Math.min(open.length, depth);
      while (open.length < depth) {
        const outer = open[open.length - 1];
        const list = make();
        (outer.lastElementChild || outer.appendChild(body.ownerDocument.createElement("li"))).append(list);
        open.push(list);
      }
      const item = body.ownerDocument.createElement("li");
      item.append(...paragraph.childNodes);
      open[open.length - 1].append(item);
      paragraph.remove();
    }
  };

  // Takes out the pictures, and links that were nothing but a picture; returns whether there were any.
  const takePictures = (body) => {
    const pictures = body.querySelectorAll("img, picture, svg");
    pictures.forEach((picture) => picture.remove());
    if (!pictures.length) return false;
    for (const link of body.querySelectorAll("a")) if (!link.textContent.trim()) link.remove();
    return true;
  };

  // Takes out what Word has crossed out or only remarked on; returns whether there is something left whose form a
  // text cannot have.
  const takeRemarks = (body) => {
    const gone = "del, .msoDel, .msocomanchor, .MsoCommentReference, [style*='mso-element:comment' i]";
    body.querySelectorAll(gone).forEach((remark) => remark.remove());
    return Boolean(body.querySelector("s, strike, table, [style*='line-through' i]"));
  };

  // Word's notes lead to a place in their own file, which no mail has.
  const takeInnerLinks = (body) => {
    for (const link of body.querySelectorAll("a[href^='#'], a[href^='file:' i]")) link.replaceWith(...link.childNodes);
  };

  // Google Docs puts a list beside the item that it belongs to.
  const nestLists = (body) => {
    for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
      const item = list.previousElementSibling;
      if (item && item.nodeName === "LI") item.append(list);
    }
  };

  // --- Plain text: its lines stay lines, and what only looks like a mark of Markdown stays as it is.
  const MARKED = /^\s*([-*+>|]\s|\d+[.)]\s|#|```)/;
  const UNDERLINE = /^\s*(-{2,}|={2,})\s*$/;
  const isWrapped = (lines) => lines.length > 2 && lines.slice(0, -1).every((line) => line.length >= 60 && line.length <= 80);
  const keepLines = (text) => text.split(/\n{2,}/).map((paragraph) => {
    const lines = paragraph.split("\n");
    // A mail program has broken these lines.
    if (isWrapped(lines)) return paragraph;
    return lines.map((line, at) => {
      const next = lines[at + 1];
      if (!next?.trim() || !line.trim()) return line;
      if (UNDERLINE.test(next)) return `${line}\n`;
      return MARKED.test(next) || UNDERLINE.test(line) || /^\s*#/.test(line) ? line : `${line.trimEnd()}  `;
    }).join("\n");
  }).join("\n\n").replace(/(\d)\*(?=\d)/g, "$1\\*");

  const toMarkdown = (body) => {
    makeLists(body);
    nestLists(body);
    takeInnerLinks(body);
    // Word uses no-break spaces also for rows of spaces; those of French punctuation and of numbers are meant.
    const spaces = (space, at, whole) =>
      /[:;?!»%\d]/.test(whole[at + 1] || "") || /[«\d]/.test(whole[at - 1] || "") ? space : " ";
    return markdown.turndown(body).replace(/\u00a0/g, spaces).replace(/\n{3,}/g, "\n\n").trim();
  };

  form.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches("textarea, input[type=text]")) return;
    note(field, "");
    const isMarkdown = field.matches("[data-markdown]");
    const html = isMarkdown ? event.clipboardData.getData("text/html") : "";
    const plain = event.clipboardData.getData("text/plain").replace(/\r\n/g, "\n");
    let text = isMarkdown && !plain.includes("```") ? keepLines(plain) : plain;
    let losesForm = false;
    let hasPictures = !html && !text && event.clipboardData.files.length > 0;
    if (html) {
      // Word's lists and conditional comments are no HTML that anybody else reads.
      const clean = html.replace(/<!--[\s\S]*?-->/g, "").replace(/<o:p>[\s\S]*?<\/o:p>/g, "");
      const body = new DOMParser().parseFromString(clean, "text/html").body;
      hasPictures = takePictures(body);
      losesForm = takeRemarks(body);
      text = toMarkdown(body);
    }
    const isOther = Boolean(html) || text !== plain;
    if (isOther) event.preventDefault();
    const room = field.maxLength - field.value.length + (field.selectionEnd - field.selectionStart);
    if (field.maxLength >= 0 && text.length > room) {
      // The browser would cut it off and say nothing.
      event.preventDefault();
      note(field, form.dataset.pasteTooLong.replace("{max}", field.maxLength.toLocaleString(document.documentElement.lang)));
      return;
    }
    if (isOther && text) insert(field, text);
    const notes = [hasPictures && form.dataset.pastePicture, losesForm && form.dataset.pasteForm];
    if (hasPictures || losesForm) note(field, notes.filter(Boolean).join(" "));
  });
})();
