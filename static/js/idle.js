// A sign-in that is not used ends by itself. Some minutes before, whoever is still there can say so; every page of the
// same person that is open counts, and what a page asks by itself does not.

const note = document.getElementById("idle-soon");

if (note) {
  const wait = Math.max(Number(note.dataset.minutes) - 3, 0.5) * 60_000;
  const others = new BroadcastChannel("graduated-used");
  let timer = 0;

  const again = () => {
    note.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => (note.hidden = false), wait);
  };
  const used = () => {
    again();
    others.postMessage("used");
  };
  others.addEventListener("message", again);
  new PerformanceObserver((list) => {
    const asked = list.getEntries().filter((one) => ["fetch", "xmlhttprequest"].includes(one.initiatorType));
    if (asked.some((one) => !new URL(one.name).pathname.endsWith("/others"))) used();
  }).observe({ type: "resource" });
  note.querySelector("button").addEventListener("click", async () => {
    try {
      const answer = await fetch(note.dataset.stay, { headers: { "HX-Request": "true" } });
      if (answer.ok) used();
      else if (answer.status === 401) {
        note.hidden = true;
        document.dispatchEvent(new CustomEvent("sign-in-needed", { detail: { html: await answer.text() } }));
      }
    } catch {
      // The network is away: the words say still what will happen.
    }
  });
  document.body.addEventListener("signed-in", again);
  used();
}
