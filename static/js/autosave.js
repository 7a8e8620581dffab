// Saves a long form to the server as it is typed: every 5 seconds when something changed, and when a field is left.
// Nothing is kept in the browser. <form data-autosave="/drafts/…"> posts the form there; the answer may be 204 or
// JSON {"saved": "15:41:08", "version": 4}; the version goes back into the form's hidden field.
// With data-save-here the page stays until its Save was answered well: a fault on the way leaves every word in it.

const EVERY = 5000;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "Europe/London" });
const token = () => document.querySelector('meta[name="csrf-token"]').content;

const textOf = (form) => {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.delete("csrf_token");
  return new URLSearchParams(data).toString();
};

const say = (form, words, state) => {
  for (const place of form.querySelectorAll("[data-save-status]")) {
    place.textContent = words;
    place.classList.toggle("waiting", state === "waiting");
    place.classList.toggle("failed", state === "failed");
    // Read out only what needs doing: a voice every five seconds would drown the person's own work.
    if (state === "failed") place.setAttribute("role", "alert");
    else place.removeAttribute("role");
  }
};

const takeAnswer = async (form, answer) => {
  const kind = answer.headers.get("Content-Type") ?? "";
  const body = kind.includes("json") ? await answer.json() : {};
  const version = form.elements.namedItem("version");
  if (version && body.version !== undefined) version.value = body.version;
  return body.saved ?? clock.format(new Date());
};

const watch = (form) => {
  let kept = textOf(form);
  let busy = false;
  let running = Promise.resolve(true);
  let leaving = "";

  // Whether what stands in the form is safe, or the server at least answers for it.
  const keep = async (now) => {
    busy = true;
    say(form, "Saving…", "waiting");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { "X-CSRFToken": token(), "HX-Request": "true" },
        signal: AbortSignal.timeout(20000),
      });
      if (answer.status === 401) {
        say(form, "Not saved yet: sign in again", "failed");
        document.dispatchEvent(new CustomEvent("sign-in-needed", { detail: { html: await answer.text() } }));
        return false;
      } else if (answer.status === 409) {
        const kind = answer.headers.get("Content-Type") ?? "";
        const said = kind.includes("json") ? (await answer.json()).said : "";
        say(form, said || "Not saved: someone else has changed this. Press Save to see both.", "failed");
      } else if (!answer.ok) {
        say(form, "Not saved yet. We try again by ourselves.", "failed");
        return answer.status < 500;
      } else {
        const when = await takeAnswer(form, answer);
        // The version that came back is part of the form now, and no change of the person's.
        kept = textOf(form) === now ? now : keptAfter(form, now);
        say(form, `Saved ${when}`, "saved");
      }
      return true;
    } catch {
      say(form, "Not saved yet: no connection. We try again by ourselves.", "failed");
      return false;
    } finally {
      busy = false;
    }
  };

  const save = () => {
    const now = textOf(form);
    // While the sign-in is open over the page, asking again would wipe the password being typed.
    const signingIn = document.getElementById("sign-in-again").open;
    if (busy || signingIn || now === kept || !form.isConnected) return;
    running = keep(now);
  };

  // Leaving the page by Save waits until the words are kept: an answer that never comes then costs nothing. A save that
  // is still on its way must not arrive after it either, for it would bring the words back as if they were new.
  const leave = async (event) => {
    if (event.defaultPrevented || form.hasAttribute("hx-post") || leaving === "now") return;
    event.preventDefault();
    if (leaving) return;
    leaving = "soon";
    const by = event.submitter;
    await running;
    await new Promise((go) => { setTimeout(go); }); // a form takes no second submit while the first is being told
    const now = textOf(form);
    if ((now === kept || (await (running = keep(now)))) && (form.dataset.saveHere === undefined || (await isForThePage(by)))) {
      leaving = "now";
      form.requestSubmit(by);
    }
    leaving = "";
  };

  // Save without leaving the page. Gives whether the answer is one that a page has to show (a question, a mistake):
  // then the form is sent once more in the ordinary way, which saved nothing so far.
  const isForThePage = async (by) => {
    const now = textOf(form);
    const data = new FormData(form);
    if (by?.name) data.append(by.name, by.value);
    say(form, "Saving…", "waiting");
    busy = true;
    try {
      const answer = await fetch(form.getAttribute("action") ?? location.href, {
        method: "POST",
        body: new URLSearchParams(data),
        headers: { "X-CSRFToken": token(), "HX-Request": "true" },
        signal: AbortSignal.timeout(30000),
      });
      const to = answer.headers.get("HX-Redirect");
      if (answer.status === 401) {
        say(form, "Not saved yet: sign in again", "failed");
        document.dispatchEvent(new CustomEvent("sign-in-needed", { detail: { html: await answer.text() } }));
      } else if (answer.status >= 500) {
        say(form, "Not saved: something went wrong on the school’s machine. Nothing you typed is lost. Press Save again.", "failed");
      } else if (to) {
        if (textOf(form) === now) kept = now;
        else await keep(textOf(form)); // typed while it was being saved: it waits as a draft
        go(to);
      } else {
        return true;
      }
      return false;
    } catch {
      say(form, "Not saved: no connection. Nothing you typed is lost. Press Save again.", "failed");
      return false;
    } finally {
      busy = false;
    }
  };

  form.addEventListener("input", () => { if (!busy) say(form, "Not saved yet", "waiting"); });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", leave);
  document.addEventListener("signed-in-again", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  const timer = setInterval(() => { form.isConnected ? save() : clearInterval(timer); }, EVERY);
};

// An address that differs from this page's by its place within it alone would only scroll.
const go = (to) => {
  const there = new URL(to, location.href);
  if (there.hash && there.pathname + there.search === location.pathname + location.search) {
    history.replaceState(null, "", there);
    location.reload();
  } else {
    location.assign(there);
  }
};

const keptAfter = (form, sent) => {
  const text = new URLSearchParams(sent);
  const version = form.elements.namedItem("version");
  if (version && text.has("version")) text.set("version", version.value);
  return text.toString();
};

const start = (root) => {
  const forms = root.matches?.("form[data-autosave]") ? [root] : root.querySelectorAll("form[data-autosave]");
  for (const form of forms) if (!form.dataset.watched) { form.dataset.watched = "yes"; watch(form); }
};

start(document);
document.body.addEventListener("htmx:load", (event) => start(event.detail.elt));
