// Saves a draft two seconds after the last change; the page works without.
"use strict";
for (const form of document.querySelectorAll("form[data-draft]")) {
  const status = form.querySelector("[data-draft-status]");
  let waiting;
  const save = async () => {
    const data = new FormData(form);
    data.delete("upload");
    data.delete("number");
    data.delete("submit");
    data.set("stay", "1");
    data.set("unasked", "1");
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.status === 204 && status) {
      status.textContent = `${status.dataset.saved} ${new Date().toLocaleTimeString()}`;
    } else if (answer.status === 401 && status) {
      status.textContent = status.dataset.signedOut;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save().catch(() => {}), 2000);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
