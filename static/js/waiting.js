// Entries of the group log that wait on this device while there is no connection.
// What waits are references that only the server can read, codes and figures: no name, no note. Each waits under the
// reference of the person who made it and is sent by nobody else. No page is kept, and no service worker is used.
// See docs/decisions/008-entries-that-wait.md.

const NAME = "graduated-entries";
const AGAIN = 15_000;
const FIGURE = /^[<>]?\s?-?\d{1,4}([.:]\d{1,4})?$/;
const able = window.isSecureContext && "indexedDB" in window && "locks" in navigator && "randomUUID" in crypto;
const box = document.getElementById("waiting");
const owner = box?.dataset.owner ?? null;
const isLog = document.querySelector(".log-sheet, #waiting") !== null;
const notes = new Map(); // reference → the notes of an entry, on this page only
const answers = new Map(); // reference → what the server asked or refused
let ready = false;
let trouble = "";

// The store ------------------------------------------------------------------------------------------------------

let opened = null;
const open = () => (opened ??= new Promise((resolve, reject) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "reference" }).createIndex("owner", "owner");
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => { opened = null; reject(asked.error); };
}));

const inStore = async (mode, act) => {
  const store = await open();
  return new Promise((resolve, reject) => {
    const deal = store.transaction("entries", mode, { durability: "strict" });
    const asked = act(deal.objectStore("entries"));
    deal.oncomplete = () => resolve(asked.result);
    deal.onerror = deal.onabort = () => reject(deal.error);
  });
};
const keep = (row) => inStore("readwrite", (store) => store.put(row));
const drop = (reference) => inStore("readwrite", (store) => store.delete(reference));
const find = (reference) => inStore("readonly", (store) => store.get(reference));
const waitingOf = async (person) => {
  const rows = await inStore("readonly", (store) => store.index("owner").getAll(person));
  return rows.sort((one, other) => one.made.localeCompare(other.made));
};
const anythingWaits = async () => {
  if (indexedDB.databases && !(await indexedDB.databases()).some((one) => one.name === NAME)) return false;
  return (await inStore("readonly", (store) => store.count())) > 0;
};
// One sender at a time, whatever number of tabs is open.
const alone = (act) => navigator.locks.request(NAME, act);

// Sending --------------------------------------------------------------------------------------------------------

const ask = async (path, more = {}) => {
  if (!navigator.onLine) return null;
  try {
    const headers = { "HX-Request": "true", ...more.headers };
    return await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000), ...more, headers });
  } catch {
    return null;
  }
};

const whoIsHere = async () => {
  const answer = await ask("/entries/mine");
  if (answer === null || answer.status >= 500) return { trouble: "offline" };
  if (answer.status === 401) return { trouble: "signed-out", html: await answer.text() };
  if (!answer.ok) return { trouble: "nobody" };
  return answer.json();
};

const withNotes = (row) => {
  const { made, tried, ...plain } = row;
  const kept = notes.get(row.reference);
  if (!kept) return plain;
  return { ...plain, note: kept.note, marks: plain.marks.map((mark) => ({ ...mark, note: kept.of.get(mark.place) ?? "" })) };
};

const handIn = async (row, token) => {
  await keep({ ...row, tried: true });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await ask("/entries", { method: "POST", headers, body: JSON.stringify(withNotes(row)) });
  if (answer?.status === 400) return { came: "refused", words: "The school’s machine could not read this entry. Log the session again." };
  if (answer === null) return null;
  return answer.ok ? answer.json() : { came: "later" }; // one that cannot be taken now holds up no other
};

const send = (signIn = false) => alone(async () => {
  const came = [];
  if (!(await anythingWaits())) { trouble = ""; return came; }
  const me = await whoIsHere();
  trouble = me.trouble ?? (owner && me.owner !== owner ? "changed" : "");
  if (trouble === "signed-out" && signIn) {
    document.dispatchEvent(new CustomEvent("sign-in-needed", { detail: { html: me.html } }));
  }
  if (trouble) return came;
  for (const row of await waitingOf(me.owner)) {
    if (answers.has(row.reference) && !row.settle) continue;
    const answer = await handIn(row, me.token);
    if (answer === null) { trouble = "offline"; break; }
    if (answer.came === "saved") {
      await drop(row.reference);
      notes.delete(row.reference);
      answers.delete(row.reference);
    } else if (answer.came === "later") {
      trouble = "later";
    } else if (answer.came !== "other") {
      if (row.settle) await keep({ ...row, settle: "", stands: null, tried: true });
      answers.set(row.reference, answer);
    }
    came.push({ row, answer });
  }
  return came;
});

// Words ----------------------------------------------------------------------------------------------------------

const element = (name, words, css = "") => {
  const made = document.createElement(name);
  made.textContent = words;
  if (css) made.className = css;
  return made;
};
const button = (words, kind, act) => {
  const made = element("button", words, `govuk-button ${kind}`);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
};
const london = (moment, shape) => new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...shape }).format(moment);
const dayWords = (day) => london(new Date(`${day}T12:00:00Z`), { weekday: "long", day: "numeric", month: "long" });
const todayHere = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(new Date());
const said = (row) => {
  if (row.undo) return "an entry to be taken back";
  if (row.state === "cancelled") return "did not happen";
  const here = row.marks.filter((mark) => mark.here).length;
  return `${here} here${here < row.marks.length ? `, ${row.marks.length - here} away` : ""}`;
};
const waits = (count) => `${count} ${count === 1 ? "entry waits" : "entries wait"} on this device`;
const WHY = { // for one entry, for several
  offline: ["It is sent by itself when the connection is back.", "They are sent by themselves when the connection is back."],
  "signed-out": ["Sign in again to send it.", "Sign in again to send them."],
  nobody: ["It is sent when you sign in again.", "They are sent when you sign in again."],
  later: ["It could not be taken just now and is tried again.", "They could not be taken just now and are tried again."],
  "": ["", ""],
};

// The page -------------------------------------------------------------------------------------------------------

const sectionOf = (sheet) => document.getElementById(`sheet-${sheet}`);

const tell = (section, words, ...more) => {
  const place = section.querySelector(".sheet-state");
  const line = element("p", words);
  line.tabIndex = -1;
  place.replaceChildren(line, ...more);
  return line;
};

const showWaiting = (section, row) => {
  const state = `${row.reference} ${answers.has(row.reference)}`;
  if (section.dataset.shown === state) return; // drawn anew, it would be read out again and take the focus away
  section.dataset.shown = state;
  const body = section.querySelector(".sheet-body");
  const more = [];
  if (notes.has(row.reference)) {
    more.push(element("p", "Your note is not kept on this device. Leave this page open and it is sent with the entry; if you close the page, write it again later.", "small"));
  }
  more.push(button("Undo", "govuk-button--secondary", () => takeBack(section, row.reference)));
  tell(section, answers.has(row.reference) ? "This entry waits for your answer, above." : `Waits on this device: ${said(row)}.`, ...more);
  body.hidden = true;
};

const reopen = (section) => {
  const body = section.querySelector(".sheet-body");
  for (const input of body.querySelectorAll('input[name="client_reference"]')) input.value = crypto.randomUUID();
  for (const pressed of body.querySelectorAll("button[type=submit]")) pressed.disabled = false;
  section.querySelector(".sheet-state").replaceChildren();
  delete section.dataset.shown;
  body.hidden = false;
};

const takeBack = async (section, reference) => {
  await alone(async () => {
    const row = await find(reference);
    answers.delete(reference);
    notes.delete(reference);
    if (!row) return;
    // Once it was on its way nobody here can know whether it arrived: then the school's machine is told to forget it.
    if (row.tried) await keep({ reference, owner: row.owner, sheet: row.sheet, on: row.on, made: row.made, undo: true });
    else await drop(reference);
  });
  reopen(section);
  await work();
};

// What stands now, from the server: the one section is put in the place of the old one. The words do if that fails.
const showSaved = async (section, words) => {
  section.querySelector(".sheet-body").hidden = true;
  const then = section.dataset.then;
  if (then) {
    const link = element("a", "See the log");
    link.href = then;
    const back = element("a", "My groups today");
    back.href = "/groups";
    const row = element("p", "", "row");
    row.append(back, link);
    tell(section, words, row).focus();
    return;
  }
  tell(section, words).focus();
  const answer = await ask(location.href);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(section.id);
  if (!fresh || !section.isConnected) return;
  section.replaceWith(fresh);
  tell(fresh, "Saved.").focus();
};

const question = (row, answer) => {
  const card = element("div", "", "note note-warn");
  const at = london(new Date(row.made), { hour: "numeric", minute: "2-digit", hour12: true }).replace(":", ".");
  card.append(element("p", `Your entry of ${dayWords(row.on)}, made at ${at}: ${said(row)}.`), element("p", answer.words));
  const choices = element("div", "", "row");
  const settle = (how) => async () => {
    await alone(async () => {
      const kept = await find(row.reference);
      if (kept) await keep({ ...kept, settle: how, stands: answer.stands });
    });
    await work(true);
  };
  const remove = async () => {
    await alone(() => drop(row.reference));
    answers.delete(row.reference);
    notes.delete(row.reference);
    const section = sectionOf(row.sheet);
    if (section) await showSaved(section, answer.came === "asks" ? "The entry that stands is kept." : "Your entry is removed from this device.");
    await work();
  };
  if (answer.came === "asks") {
    choices.append(
      button("Keep that entry", "govuk-button--secondary", remove),
      button(answer.instead, "govuk-button--secondary", settle("instead")),
      button("It was another session: count both", "govuk-button--secondary", settle("another")),
    );
  } else {
    choices.append(button("Remove it from this device", "govuk-button--secondary", remove));
  }
  card.append(choices);
  return card;
};

const draw = async () => {
  if (trouble === "changed") {
    // Another person's page and another person's entries: nothing of either is shown together.
    if (!box) return;
    box.querySelector(".waiting-count").replaceChildren(element("p", "Somebody else is signed in on this device now. What you tapped waits for you."));
    box.querySelector(".waiting-questions").replaceChildren();
    delete box.querySelector(".waiting-questions").dataset.shown;
    return;
  }
  const rows = owner ? await waitingOf(owner) : [];
  if (!box) return;
  const count = box.querySelector(".waiting-count");
  const asks = !trouble && rows.some((row) => answers.has(row.reference));
  const reason = asks ? "Say what is to become of it." : WHY[trouble][rows.length === 1 ? 0 : 1];
  const words = rows.length ? `${waits(rows.length)}. ${reason}`.trim() : "";
  if (count.textContent !== words) count.replaceChildren(...(words ? [element("p", words)] : []));
  const asked = rows.filter((row) => answers.has(row.reference));
  const state = asked.map((row) => row.reference + answers.get(row.reference).words).join(" ");
  const place = box.querySelector(".waiting-questions");
  if (place.dataset.shown !== state) {
    place.dataset.shown = state;
    place.replaceChildren(...asked.map((row) => question(row, answers.get(row.reference))));
  }
  for (const row of rows) {
    const section = sectionOf(row.sheet);
    if (section && !row.undo && section.querySelector(".sheet-body")) showWaiting(section, row);
  }
};

// On every other page: only that something waits, and where.
let mentioned = 0;
const mention = async () => {
  const me = await whoIsHere();
  const rows = me.owner ? await waitingOf(me.owner) : [];
  mentioned = rows.length;
  document.getElementById("waiting-mention")?.remove();
  if (!rows.length) return;
  const note = element("div", "", "note");
  note.id = "waiting-mention";
  const link = element("a", "My groups");
  link.href = "/groups";
  const words = element("p", `${waits(rows.length)}: `);
  words.append(link);
  note.append(words);
  document.getElementById("main").prepend(note);
};

const work = async (signIn = false) => {
  const came = await send(signIn);
  for (const { row, answer } of came) {
    const section = sectionOf(row.sheet);
    if (answer.came === "saved" && section && !row.undo) await showSaved(section, answer.words);
  }
  await draw();
};

// Saving ---------------------------------------------------------------------------------------------------------

const partOf = (form, place, part) => {
  const found = form.querySelector(`[data-of="${place}"][data-part="${part}"]`);
  return ((found?.matches("input, select, textarea") ? found : found?.querySelector("input, select, textarea"))?.value ?? "").trim();
};
const valueOf = (form, name) => (new FormData(form).get(name) ?? "").toString().trim();

const entryOf = (form) => {
  const cancelled = form.dataset.state === "cancelled";
  const marks = cancelled ? [] : [...form.querySelectorAll(".kid[data-place]")].map((kid) => {
    const place = kid.dataset.place;
    const chosen = (part) => kid.querySelector(`input[name^="${part}-"]:checked`)?.value ?? "";
    const here = chosen("presence") === "present";
    return { place, here, why: here ? "" : chosen("reason"), took: partOf(form, place, "took"), reading: here ? partOf(form, place, "reading") : "" };
  });
  const second = valueOf(form, "second");
  return {
    reference: valueOf(form, "client_reference"),
    owner,
    sheet: form.dataset.sheet,
    on: form.dataset.day ?? box.dataset.today,
    made: new Date().toISOString(),
    state: form.dataset.state,
    reason: cancelled ? valueOf(form, "reason") : "",
    minutes: Number(form.dataset.minutes ?? valueOf(form, "minutes")),
    marks,
    settle: second,
    stands: second === "instead" ? Number(valueOf(form, "stands")) : null,
    tried: false,
  };
};

const notesOf = (form) => {
  const of = new Map([...form.querySelectorAll(".kid[data-place]")].map((kid) => [kid.dataset.place, partOf(form, kid.dataset.place, "note")]));
  const note = valueOf(form, "note");
  return note || [...of.values()].some(Boolean) ? { note, of } : null;
};

// What the form says that cannot wait: the ordinary way takes it, with the server's own words for what is wrong.
const isOrdinary = (form) => {
  const typed = ["day", "month", "year"].map((part) => valueOf(form, `held_on-${part}`));
  if (typed.some(Boolean)) {
    const [day, month, year] = typed.map(Number);
    const asked = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    if (asked !== form.dataset.day) return true;
  }
  return form.elements.namedItem("minutes") ? !/^\d{1,3}$/.test(valueOf(form, "minutes")) : false;
};

const problemIn = (form, entry) => {
  if (entry.state === "cancelled" && !entry.reason) return "Say why it did not happen: tap one of the reasons.";
  if (entry.marks.some((mark) => mark.reading && !FIGURE.test(mark.reading))) return "Write a reading as a figure, such as 12, 8:03 or <70.";
  if (todayHere() !== box.dataset.today && !form.dataset.sure) {
    form.dataset.sure = "yes";
    return `This page was opened on ${dayWords(box.dataset.today)}. Tap again to log ${dayWords(entry.on)}, or open My groups again for today.`;
  }
  return "";
};

const save = async (form, section) => {
  const entry = entryOf(form);
  const wrong = problemIn(form, entry);
  if (wrong) { tell(section, wrong).focus(); return; }
  const words = notesOf(form);
  if (words) notes.set(entry.reference, words);
  const body = section.querySelector(".sheet-body");
  body.hidden = true;
  tell(section, "Saving…").focus();
  answers.delete(entry.reference);
  try {
    await keep(entry);
  } catch {
    notes.delete(entry.reference);
    ready = false;
    body.hidden = false;
    tell(section, "This device cannot keep entries, so saving needs a connection. Press Save once more when there is one.").focus();
    return;
  }
  await work(true);
  const refused = answers.get(entry.reference);
  if (refused?.came === "refused") { // it stands in front of the person, who can mend it
    await alone(() => drop(entry.reference));
    answers.delete(entry.reference);
    notes.delete(entry.reference);
    reopen(section);
    tell(section, refused.words).focus();
    await draw();
  } else if (refused) {
    box.scrollIntoView({ block: "start" });
  } else if (section.isConnected) {
    section.querySelector(".sheet-state p")?.focus();
  }
};

const cannot = (event, words) => {
  event.preventDefault();
  const problem = document.getElementById("problem");
  const note = element("div", "", "note note-bad");
  note.append(element("p", words));
  problem.replaceChildren(note);
  problem.scrollIntoView({ block: "center" });
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-sheet]")) {
    if (trouble === "changed") {
      cannot(event, "Somebody else is signed in on this device now. Open the page again.");
    } else if (ready && !isOrdinary(form)) {
      event.preventDefault();
      save(form, form.closest(".log-sheet"));
    } else if (!navigator.onLine) {
      cannot(event, `${ready ? "Another day or length needs a connection." : "Logging needs a connection on this device."} Nothing is lost: try again when it is back.`);
    }
  } else if (isLog && !navigator.onLine) {
    cannot(event, "This needs a connection. Nothing is lost: try again when it is back.");
  }
}, true);

// Going on without a connection would lose the page that still works.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!isLog || navigator.onLine || !link || link.origin !== location.origin || link.hash) return;
  cannot(event, "That page needs a connection. This one goes on working: you can log here.");
});

// The one button says what it will save.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-sheet]");
  const place = form?.querySelector("[data-count]");
  if (place) place.textContent = `Save: ${said(entryOf(form))}`;
});

window.addEventListener("beforeunload", (event) => { if (notes.size) event.preventDefault(); });

// Start ----------------------------------------------------------------------------------------------------------

const start = async () => {
  const isStaff = document.querySelector(".shell-role") !== null; // signed in, and not on the family's side
  if (!able || !isStaff) return;
  if (box) {
    await open();
    ready = true;
    const line = box.querySelector("[data-able]");
    line.textContent = line.dataset.able;
    await work();
  } else if (await anythingWaits()) {
    await send();
    await mention();
  } else {
    return;
  }
  const again = () => { if (!document.hidden) (box ? work() : send().then(mention)).catch(() => {}); };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  document.addEventListener("signed-in-again", again);
  window.addEventListener("pageshow", (event) => { if (event.persisted) again(); });
  // Only while something of this person's could be sent: asking for its own sake would keep a sign-in alive.
  setInterval(async () => {
    const rows = owner ? await waitingOf(owner) : [];
    if (owner ? rows.some((row) => !answers.has(row.reference)) : mentioned > answers.size) again();
  }, AGAIN);
};
start().catch(() => { ready = false; });
