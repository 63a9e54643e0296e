"use strict";
// Pictures of the writing page: on their way to the service, and in their card.
const isSignedOut = (status) => status === 401 || status === 403;

// What is larger is made smaller here; the service takes no more.
const MOST_OCTETS = 10_000_000;
// Twice what a mail shows, as the service makes it smaller too.
const WIDE = 2_400;

// The picture as the browser shows it, not wider than that; nothing where the browser cannot show it.
async function shrunk(file) {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, WIDE / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    // Something may shine through all but photos.
    const kind = /^image\/(png|webp|gif)$/.test(file.type) ? "image/png" : "image/jpeg";
    return await new Promise((resolve) => { canvas.toBlob(resolve, kind, 0.92); });
  } catch {
    return null;
  }
}

// Returns the picture that the service keeps, or the `problem` in words for the person.
async function uploadPicture(form, file) {
  const isLarge = file.size > MOST_OCTETS;
  const first = await sendPicture(form, (isLarge && await shrunk(file)) || file);
  if (isLarge || first.status !== 422) return first;
  // Too many pixels, or a kind that this browser knows and the service does not.
  const other = await shrunk(file);
  return other ? sendPicture(form, other) : first;
}

async function sendPicture(form, file) {
  const TIMEOUT = 180_000;
  const body = new FormData();
  body.append("csrf", form.elements.csrf.value);
  body.append("file", file);
  let status = 0;
  try {
    const response = await fetch("/desk/pictures", {
      method: "POST", body, headers: { accept: "application/json" }, signal: AbortSignal.timeout?.(TIMEOUT),
    });
    status = response.status;
    const answer = await response.json();
    return response.ok ? answer : { status, problem: answer.detail || form.dataset.uploadOffline };
  } catch {
    // What the browser says of it, or a page of the service, is in no language of the desk.
    return { problem: isSignedOut(status) ? form.dataset.uploadSignedOut : form.dataset.uploadOffline };
  }
}

// Puts a picture into the fields of its card.
function showPicture(place, picture) {
  const set = (name, value) => { place.querySelector(`[name=${name}]`).value = value; };
  set("image-url", picture.url);
  set("image-width", picture.width);
  set("image-height", picture.height);
  let shown = place.querySelector("img");
  if (!shown) {
    shown = document.createElement("img");
    shown.alt = "";
    shown.width = 120;
    place.prepend(shown);
  }
  shown.src = picture.url;
  place.querySelector("[name=image-alt]").focus();
}
