// Passkeys: a form marked data-passkey asks the server what to sign, lets the device do it, and is then sent as any other.
// Without this script, or in a browser that knows no passkeys, such forms stay hidden and the other ways are there.

const can = typeof window.PublicKeyCredential === "function";
// The page says each in its own language (people/_passkey.html).
const SAYS = { NotAllowedError: "passkeyNotDone", InvalidStateError: "passkeyHad", SecurityError: "passkeyNotHere" };

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const words = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function show() {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = !can;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = can;
}

async function ask(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.passkeyOptions, { method: "POST", body, headers: { Accept: "application/json" } });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const asked = isJson ? await answer.json() : {};
  if (answer.ok && asked.challenge) return asked;
  throw new Error(asked.wrong ?? form.dataset.passkeyOld);
}

async function make(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: named(asked.excludeCredentials),
  };
  const { rawId, type, id, response } = await navigator.credentials.create({ publicKey });
  return {
    id,
    rawId: words(rawId),
    type,
    response: {
      clientDataJSON: words(response.clientDataJSON),
      attestationObject: words(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function use(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const { rawId, type, id, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    rawId: words(rawId),
    type,
    response: {
      clientDataJSON: words(response.clientDataJSON),
      authenticatorData: words(response.authenticatorData),
      signature: words(response.signature),
      userHandle: words(response.userHandle),
    },
  };
}

// Before htmx and the browser see it: the form goes only with the device's answer in it.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!can || !form.matches("form[data-passkey]") || form.elements.passkey.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const says = form.querySelector("[data-passkey-says]");
    const button = form.querySelector("button[type=submit]");
    says.textContent = "";
    button.disabled = true;
    try {
      const asked = await ask(form);
      form.elements.passkey.value = JSON.stringify(await (form.dataset.passkey === "create" ? make(asked) : use(asked)));
      form.requestSubmit();
    } catch (error) {
      const told = SAYS[error.name] ?? "passkeyFailed";
      says.textContent = error.name === "Error" ? error.message : form.dataset[told];
    } finally {
      button.disabled = false;
    }
  },
  true,
);

// Coming back to a page by the browser's own way finds no answer in it that was used up.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.passkey.value = "";
});
// What arrives later, such as the sign-in over a page whose sign-in has ended, has such forms too.
document.body.addEventListener("htmx:load", show);
document.addEventListener("sign-in-needed", show);
show();
