// On a shared device a page with names does not stay open: five minutes without a touch, and the way in is shown again.
// Not without a connection, for then the open page is all there is; and what waits on the device waits there in any case.

const seconds = Number(document.querySelector("[data-idle]")?.dataset.idle ?? 0);
let last = Date.now();
const touched = () => { last = Date.now(); };

if (seconds) {
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { capture: true, passive: true });
  setInterval(() => {
    if (navigator.onLine && Date.now() - last > seconds * 1000) location.replace("/device");
  }, 5000);
}
