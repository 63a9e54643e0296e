"use strict";
// Pictures of the writing page: on their way to the service, and in their card.
const isSignedOut = (status) => status === 401 || status === 403;

// Returns the picture that the service keeps, or the `problem` in words for the person.
async function uploadPicture(form, file) {
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
    return response.ok ? answer : { problem: answer.detail || form.dataset.uploadOffline };
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
