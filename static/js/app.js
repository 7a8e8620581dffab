// Wakes GOV.UK's components. The address comes from the page, because it carries the hash of the file's content.
const { initAll } = await import(document.getElementById("govuk-js").href);
initAll();

// On a narrow screen the menu and a pupil's tabs run off to the right: where one is comes into sight, sideways only.
function showWhereOneIs() {
  for (const here of document.querySelectorAll(".shell-nav [aria-current], .tabs [aria-current]")) {
    const strip = here.closest(".tabs, .shell-nav ul");
    const [item, seen] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
    strip.scrollLeft += item.left + item.width / 2 - seen.left - seen.width / 2;
  }
}
showWhereOneIs();

// A fragment brings components of its own.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});

// A file that is too large is not sent at all: that is said at once, and the words beside it stay.
document.addEventListener("change", ({ target: field }) => {
  const most = Number(field.dataset?.mostBytes);
  if (!most || field.type !== "file") return;
  const id = `${field.id}-too-large`;
  document.getElementById(id)?.remove();
  if (![...field.files].some((file) => file.size > most)) return;
  const words = document.createElement("p");
  Object.assign(words, { id, className: "govuk-error-message" });
  words.setAttribute("role", "alert");
  words.textContent = `This file is larger than ${most / 1024 / 1024} MB. Scan it at a lower resolution, or split it.`;
  field.before(words);
  field.value = "";
});
