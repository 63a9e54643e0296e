// Shows the mails of the demo's mailbox as they come. Without it, a link reloads the page.
const mails = document.getElementById("mails");
const count = document.getElementById("mail-count");
document.getElementById("live").hidden = false;

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("mails");
    if (answer.ok && now && now.innerHTML !== mails.innerHTML) {
      // What had the focus keeps it.
      const focused = mails.contains(document.activeElement) && document.activeElement.getAttribute("href");
      mails.innerHTML = now.innerHTML;
      if (focused) mails.querySelector(`a[href="${focused}"]`)?.focus();
      count.textContent = page.getElementById("mail-count").textContent;
    }
  } catch {
    // The demo has ended, or starts again.
  }
  setTimeout(look, 1000);
}
setTimeout(look, 1000);
