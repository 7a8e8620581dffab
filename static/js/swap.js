// What happens after a fragment arrives: where the focus goes, what an expired sign-in looks like, and a script that only
// what came asks for.

// By the attribute that asks for it, each script that this page did not need when it was made (_shell/head.html).
const later = JSON.parse(document.querySelector('meta[name="scripts"]').content);
const fetchScript = (mark) => {
  const address = later[mark];
  if (!address) return;
  delete later[mark];
  import(address).catch(() => { later[mark] = address; }); // the network is away: the next fragment asks again
};
const fetchScripts = (root) => {
  for (const mark of Object.keys(later)) if (root.matches(`[${mark}]`) || root.querySelector(`[${mark}]`)) fetchScript(mark);
};
document.body.addEventListener("htmx:load", (event) => fetchScripts(event.detail.elt));

// On any page of staff it is said that entries wait on this device; most devices never had one (waiting.js).
const hadEntries = async () =>
  "indexedDB" in window && (!indexedDB.databases || (await indexedDB.databases()).some((one) => one.name === "graduated-entries"));
if (document.querySelector(".shell-role")) hadEntries().then((had) => { if (had) fetchScript("data-waits"); }, () => {});

const dialog = document.getElementById("sign-in-again");
const dialogBody = document.getElementById("sign-in-again-body");
const problem = document.getElementById("problem");
let cameFrom = null;

const openSignIn = () => {
  if (!dialog.open) {
    cameFrom = document.activeElement;
    dialog.showModal();
  }
  (dialogBody.querySelector(".govuk-error-summary") ?? dialogBody.querySelector("input:not([type=hidden])"))?.focus();
};

// Another part of the page (autosave) met a 401 and has the server's fragment in hand.
document.addEventListener("sign-in-needed", (event) => {
  dialogBody.innerHTML = event.detail.html;
  window.htmx.process(dialogBody);
  fetchScripts(dialogBody);
  openSignIn();
});

// While somebody signs in over the page, nothing else that meets a 401 may wipe the password being typed.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const fromDialog = dialog.contains(event.detail.requestConfig?.elt ?? null);
  if (event.detail.xhr.status === 401 && dialog.open && !fromDialog) event.detail.shouldSwap = false;
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target === dialogBody) {
    openSignIn();
    return;
  }
  if (target === problem) {
    problem.scrollIntoView({ block: "center" });
    return;
  }
  problem.replaceChildren();
  const place = target.querySelector(".govuk-error-summary") ?? target.querySelector("[data-focus]");
  if (place) {
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus();
  }
});

// The request never reached the school's machine: say so, and keep what was typed.
for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(kind, (event) => {
    // What asks by itself while one writes is no news when it fails: saving says so.
    if (event.detail.elt?.matches("[data-quiet]")) return;
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "note note-bad";
    words.textContent = "That did not reach the school’s machine. Nothing you typed is lost: check the connection and try again.";
    box.append(words);
    problem.replaceChildren(box);
    problem.scrollIntoView({ block: "center" });
  });
}

// The server says {"signed-in": {"csrf": "…"}} in HX-Trigger once the person is signed in again.
// A new sign-in has a new token, and every form on the page still holds the old one.
document.body.addEventListener("signed-in", (event) => {
  // Somebody else signed in here: what stands on this page is not theirs to see, nor to be kept as theirs.
  const author = document.querySelector('meta[name="signed-in"]')?.content;
  if (author && event.detail?.who !== author) {
    document.querySelector("main").replaceChildren();
    location.replace("/");
    return;
  }
  const token = event.detail?.csrf;
  if (token) {
    document.querySelector('meta[name="csrf-token"]').content = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  }
  dialog.close();
  dialogBody.replaceChildren();
  cameFrom?.focus();
  document.dispatchEvent(new CustomEvent("signed-in-again"));
});
