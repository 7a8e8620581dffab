// Wakes GOV.UK's components. The address comes from the page, because it carries the hash of the file's content.
const { initAll } = await import(document.getElementById("govuk-js").href);
initAll();

// A fragment brings components of its own.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});
