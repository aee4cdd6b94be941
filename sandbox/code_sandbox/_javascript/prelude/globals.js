// What a program finds under its name.

function parseText(given, reviver) {
  if (given !== null && typeof given === "object" && !(given instanceof String)) {
    const error = new SyntaxError(quote(text(given)) + " is not valid JSON: it is an object already");
    weakSet(hints, error, "Answers are objects, not text: use them without JSON.parse.");
    throw error;
  }
  return parse(given, reviver);
}

// Our own frames stand above those of the program.
NativeError.stackTraceLimit = 80;
defineProperty(parseText, "name", { value: "parse" });
hidden(JSON, { parse: parseText });
hidden(globalThis, {
  console,
  setTimeout: (callback, delay, ...values) => setTimer(callback, delay, false, values),
  setInterval: (callback, delay, ...values) => setTimer(callback, delay, true, values),
  setImmediate: (callback, ...values) => setTimer(callback, 0, false, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
  queueMicrotask: (work) => {
    if (typeof work !== "function") throw mistake("queueMicrotask needs a function");
    promiseThen(NativePromise.resolve(), () => guarded(work));
  },
});
declareErrors(SETUP.errors);
for (const name of ownKeys(roots)) hidden(globalThis, { [name]: roots[name] });
delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;

return (kind, message) => STEPS[kind](message);
