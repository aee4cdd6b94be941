// Values as JSON text, and errors as the worker reads them. Whatever a hostile getter does, it does here.

const MAX_DEPTH = 48;
const VALUE_BYTES = 12;
const NUMBER = /^-?[0-9]{1,40}$/;
const bigText = uncurried(BigInt.prototype.toString);

function spend(state, amount) {
  state.left -= amount;
  if (state.left < 0) {
    if (state.limit) stop(state.limit);
    throw mistake("the arguments of " + state.path + " are too large", "Send less.");
  }
}

function quoted(string, state) {
  spend(state, string.length);
  const result = quote(string);
  spend(state, result.length < VALUE_BYTES ? VALUE_BYTES : result.length + 1 - string.length);
  return result;
}

// The JSON of a value. `state.strict`: for the arguments of a call, where what is no JSON is an error.
function encode(each, state, depth, above, name) {
  switch (typeof each) {
    case "string":
      return quoted(each, state);
    case "boolean":
      spend(state, VALUE_BYTES);
      return each ? "true" : "false";
    case "number":
      spend(state, 26);
      if (isFinite(each)) return text(each);
      if (state.strict) throw mistake(place(state, name) + " must be a finite number, not " + each);
      return quote(text(each));
    case "bigint": {
      const digits = bigText(each);
      spend(state, digits.length + VALUE_BYTES);
      return matched(NUMBER, digits) ? digits : quote(digits);
    }
    case "undefined":
      spend(state, VALUE_BYTES);
      return "null";
    case "function":
    case "symbol":
      if (state.strict) throw mistake(place(state, name) + " must be text, a number, a list or an object, not a " + typeof each);
      return quoted(inspect(each), state);
  }
  if (each === null) {
    spend(state, VALUE_BYTES);
    return "null";
  }
  for (let outer = above; outer; outer = outer.above) {
    if (outer.each !== each) continue;
    if (state.strict) throw mistake(place(state, name) + " contains itself");
    return quoted("[Circular]", state);
  }
  if (depth >= MAX_DEPTH) {
    if (state.strict) throw mistake(place(state, name) + " is nested too deeply");
    return quoted("… nested too deeply", state);
  }
  return encodeObject(each, state, depth, { each, above }, name);
}

function place(state, name) {
  return (name ? name + " of " : "an argument of ") + state.path;
}

function encodeObject(each, state, depth, above, name) {
  if (each instanceof Call) {
    if (state.strict) throw mistake(place(state, name) + " is a call that was not awaited", "Write `await` before it.");
    return quoted("a call that was not awaited", state);
  }
  if (typeof each.toJSON === "function") return encode(each.toJSON(name), state, depth + 1, above, name);
  if (!state.strict && each instanceof NativeError) return quoted(header(each), state);
  if (isArray(each)) return encodeItems(each, state, depth, above, name);
  const tag = objectTag(each);
  if (tag === "[object Map]") return encodeMap(each, state, depth, above);
  if (tag === "[object Set]") {
    spend(state, VALUE_BYTES);
    let items = "";
    setForEach(each, (item) => { items += (items && ",") + encode(item, state, depth + 1, above, name); });
    return "[" + items + "]";
  }
  if (tag === "[object Promise]" || tag === "[object WeakMap]" || tag === "[object RegExp]") return quoted(inspect(each), state);
  if (ArrayBuffer.isView(each) && typeof each.length === "number") return encodeItems(each, state, depth, above, name);
  return encodeFields(each, state, depth, above);
}

function encodeItems(each, state, depth, above, name) {
  spend(state, VALUE_BYTES);
  let items = "";
  for (let number = 0; number < each.length; number++) {
    items += (number ? "," : "") + encode(each[number], state, depth + 1, above, name);
  }
  return "[" + items + "]";
}

function encodeMap(each, state, depth, above) {
  spend(state, VALUE_BYTES);
  let fields = "";
  const seen = create(null);
  mapForEach(each, (item, key) => {
    const name = typeof key === "string" ? key : inspect(key);
    if (seen[name]) return;
    seen[name] = true;
    fields += (fields && ",") + quoted(name, state) + ":" + encode(item, state, depth + 1, above, name);
  });
  return "{" + fields + "}";
}

function encodeFields(each, state, depth, above) {
  spend(state, VALUE_BYTES);
  let fields = "";
  const keys = ownKeys(each);
  for (let number = 0; number < keys.length; number++) {
    const key = keys[number];
    if (typeof key !== "string") continue;
    const found = getOwnPropertyDescriptor(each, key);
    if (!found || !found.enumerable) continue;
    const inner = each[key];
    if (inner === undefined || (typeof inner === "function" && !state.strict)) continue;
    fields += (fields && ",") + quoted(key, state) + ":" + encode(inner, state, depth + 1, above, key);
  }
  return "{" + fields + "}";
}

function header(error) {
  const name = text(error.name);
  const message = text(error.message);
  return message ? name + ": " + message : name;
}

// An uncaught error, as the worker reads it.
function describe(error) {
  const isError = error instanceof NativeError;
  const isObject = error !== null && typeof error === "object";
  let name = "Error";
  let message;
  if (isError || (isObject && typeof error.message === "string")) {
    name = text(error.name || "Error");
    message = text(error.message);
  } else {
    message = "the program threw " + inspect(error) + ", which is no error";
  }
  let stack = isObject ? text(error.stack || "") : "";
  if (isObject && !ownFrames(stack) && isArray(error.errors) && error.errors[0]) stack = text(error.errors[0].stack);
  const known = isObject && weakGet(attributesOf, error);
  const about = isObject && weakGet(wanted, error);
  let attributes = "{}";
  try {
    if (known) attributes = encode(known, { left: 16000, strict: false, limit: null, path: name }, 0, null, "");
  } catch (tooLarge) {
    attributes = "{}";
  }
  return (
    '{"type_name":' + quote(slice(name, 0, 200)) +
    ',"message":' + quote(slice(message, 0, 4000)) +
    ',"stack":' + quote(slice(ownFrames(stack), 0, 4000)) +
    ',"hint":' + ((isObject && quote(weakGet(hints, error))) || "null") +
    ',"wanted":' + (about ? quote(about) : "null") +
    ',"misses":' + quote(missesText()) +
    ',"isNull":' + (error === null) +
    ',"attributes":' + attributes + "}"
  );
}
