// Runs before the first paint, so that what needs a script, and what it hides, never flickers.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
