// What the program's side of the worker is made of: one outbox of text, and nothing of the host's.
//
// All that follows runs before the program, and keeps what it needs of the language: a program that changes
// prototypes changes only its own world. No function of the host is reachable from here. The worker takes the
// outbox when it has control, and checks every line of it; the inbox is `step`.

const { apply, ownKeys, getPrototypeOf, getOwnPropertyDescriptor } = Reflect;
const { defineProperty, setPrototypeOf, create, hasOwn } = Object;
const uncurried = Function.prototype.bind.bind(Function.prototype.call);
const quote = JSON.stringify;
const parse = JSON.parse;
const isArray = Array.isArray;
const text = String;
const NativePromise = Promise;
const NativeError = Error;
const NativeTypeError = TypeError;
const NativeMap = Map;
const NativeWeakMap = WeakMap;
const promiseThen = uncurried(Promise.prototype.then);
const mapGet = uncurried(Map.prototype.get);
const mapSet = uncurried(Map.prototype.set);
const mapHas = uncurried(Map.prototype.has);
const mapDelete = uncurried(Map.prototype.delete);
const mapForEach = uncurried(Map.prototype.forEach);
const mapSize = uncurried(getOwnPropertyDescriptor(Map.prototype, "size").get);
const setForEach = uncurried(Set.prototype.forEach);
const setSize = uncurried(getOwnPropertyDescriptor(Set.prototype, "size").get);
const weakGet = uncurried(WeakMap.prototype.get);
const weakSet = uncurried(WeakMap.prototype.set);
const dateText = uncurried(Date.prototype.toISOString);
const dateTime = uncurried(Date.prototype.getTime);
const objectTag = uncurried(Object.prototype.toString);
const slice = uncurried(String.prototype.slice);
const indexOf = uncurried(String.prototype.indexOf);
const lower = uncurried(String.prototype.toLowerCase);
const split = uncurried(String.prototype.split);
const replaceAll = uncurried(String.prototype.replaceAll);
const matched = uncurried(RegExp.prototype.exec);
const isFinite = Number.isFinite;

let outbox = "";
let stopped = false;
let isOver = false;
const bounds = { printed: SETUP.printed, calls: SETUP.calls, result: SETUP.result };

function post(line) {
  outbox += line + "\n";
}

function stop(limit) {
  stopped = true;
  post('["l",' + quote(limit) + "]");
  throw new NativeError("the program has reached a limit: " + limit);
}

function print(line) {
  if (stopped) throw new NativeError("the program has reached a limit");
  const room = bounds.printed;
  bounds.printed -= line.length;
  post('["p",' + quote(bounds.printed < 0 ? slice(line, 0, room + 1) : line) + "]");
  if (bounds.printed < 0) stop("printed_bytes");
}

function hidden(object, names) {
  for (const name of ownKeys(names)) {
    defineProperty(object, name, { value: names[name], writable: true, configurable: true, enumerable: false });
  }
}

// Frames lead to functions, and some of those are ours.
defineProperty(NativeError, "prepareStackTrace", { value: undefined, writable: false, configurable: false });

const hints = new NativeWeakMap();
const wanted = new NativeWeakMap();
const EMPTY_LINES = SETUP.line;

// An error of ours, with advice that is told when nobody catches it.
function mistake(message, hint) {
  const error = new NativeTypeError(message);
  setStack(error, ownFrames(error.stack));
  if (hint) weakSet(hints, error, hint);
  return error;
}

function setStack(error, stack) {
  defineProperty(error, "stack", { value: stack, writable: true, configurable: true, enumerable: false });
}

// Only the frames of the program: ours come after very many empty lines.
function ownFrames(stack) {
  let kept = "";
  const lines = split(text(stack), "\n");
  for (let number = 0; number < lines.length; number++) {
    const line = lines[number];
    const place = indexOf(line, "<input>:");
    if (place < 0) continue;
    const at = parseInt(slice(line, place + 8), 10);
    if (at < EMPTY_LINES) kept += (kept && "\n") + line;
  }
  return kept;
}

function here() {
  return ownFrames(new NativeError().stack);
}

const timers = new NativeMap();
let timerNumber = 0;

function setTimer(callback, delay, repeats, values) {
  if (typeof callback !== "function") throw mistake("a timer needs a function", "Write setTimeout(() => …, 1000).");
  timerNumber += 1;
  const milliseconds = delay > 0 ? (delay < 2147483647 ? +delay : 2147483647) : 0;
  mapSet(timers, timerNumber, { callback, values, milliseconds: repeats ? milliseconds || 1 : milliseconds, repeats });
  schedule(timerNumber);
  return timerNumber;
}

function schedule(number) {
  const timer = mapGet(timers, number);
  post('["t",' + number + "," + timer.milliseconds + "," + timer.repeats + "]");
}

function clearTimer(number) {
  if (mapDelete(timers, number)) post('["x",' + (number >>> 0) + "]");
}

function fire(number) {
  const timer = mapGet(timers, number);
  if (!timer) return;
  if (timer.repeats) schedule(number);
  else mapDelete(timers, number);
  guarded(() => apply(timer.callback, undefined, timer.values));
}

// What no one can catch ends the program.
function guarded(work) {
  try {
    const result = work();
    if (result instanceof NativePromise) promiseThen(result, undefined, fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (isOver) return;
  isOver = true;
  let described;
  try {
    described = describe(error);
  } catch (second) {
    described = '{"type_name":"Error","message":"its text cannot be read","stack":"","attributes":{}}';
  }
  post('["f",' + described + "]");
}

const kept = { first: null };
let value;

// Waits for what the program started at its top level and did not wait for.
function keep(result) {
  if (result instanceof NativePromise) {
    promiseThen(result, undefined, fail);
    kept.first = { promise: result, next: kept.first };
  }
  return result;
}

async function run(program) {
  value = await program(enter, keep);
  for (let each = kept.first; each; each = each.next) await each.promise;
  value = await settled(value, 0);
}

async function settled(each, depth) {
  if (each instanceof NativePromise) return settled(await each, depth);
  if (depth >= 4 || each === null || typeof each !== "object") return each;
  if (!isArray(each) && !isPlain(each)) return each;
  const keys = ownKeys(each);
  for (let number = 0; number < keys.length && number < 1000; number++) {
    const found = getOwnPropertyDescriptor(each, keys[number]);
    if (!found || !hasOwn(found, "value") || found.value === null || typeof found.value !== "object") continue;
    const inner = await settled(found.value, depth + 1);
    if (inner !== found.value && found.writable) each[keys[number]] = inner;
  }
  return each;
}

function isPlain(each) {
  const prototype = getPrototypeOf(each);
  return prototype === null || prototype === Object.prototype || prototype === Answer;
}

const STEPS = {
  __proto__: null,
  run: (program) => promiseThen(run(program), () => post('["s",' + (value === undefined) + "]"), fail),
  answer: (message) => answered(parse(message)),
  timer: (number) => fire(+number),
  render: () => {
    try {
      tellLost();
      post('["r",' + encode(value, { left: bounds.result, strict: false, limit: "result_bytes", path: "" }, 0, null, "") + "]");
    } catch (error) {
      if (!stopped) fail(error);
    }
  },
  drain: () => {
    // A copy: text that was put together piece by piece cannot be handed over.
    const lines = slice(outbox, 0);
    outbox = "";
    return lines;
  },
};
