// The letter, made anew a moment after the last change; the page works without, by its button.
"use strict";
for (const form of document.querySelectorAll("form[data-decide]")) {
  const place = form.querySelector("[data-letter]");
  let waiting, asked;
  const look = async () => {
    if (!form.checkValidity()) return;
    asked?.abort();
    asked = new AbortController();
    const data = new FormData(form);
    data.set("look", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, signal: asked.signal });
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("form[data-decide]");
    if (!made) return;
    place.replaceChildren(...made.querySelector("[data-letter]").childNodes);
    form.elements.seen.value = made.elements.seen.value;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    place.replaceChildren();
    form.elements.seen.value = "";
    waiting = setTimeout(() => look().catch(() => {}), 700);
  });
}
