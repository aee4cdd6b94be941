// What console.log prints, in the form that Node's has, within bounds.

const INSPECT_DEPTH = 4;
const INSPECT_ITEMS = 100;
const INSPECT_CHARACTERS = 65536;
const LINE_CHARACTERS = 72;
const SHORT_CHARACTERS = 20;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
const FORMAT = /%[sdifjoOc%]/;
const symbolText = uncurried(Symbol.prototype.toString);
const functionText = uncurried(Function.prototype.toString);
const regexText = uncurried(RegExp.prototype.toString);

function inspect(each) {
  return shown(each, { left: INSPECT_CHARACTERS }, 0, null, "");
}

function shownText(string, state) {
  const part = string.length > 10000 ? slice(string, 0, 10000) + "... " + (string.length - 10000) + " more characters" : string;
  state.left -= part.length;
  const body = slice(quote(part), 1, -1);
  if (indexOf(part, "'") < 0) return "'" + replaceAll(body, '\\"', '"') + "'";
  if (indexOf(part, '"') < 0) return '"' + body + '"';
  return "`" + replaceAll(body, '\\"', '"') + "`";
}

function shown(each, state, depth, above, indent) {
  switch (typeof each) {
    case "string":
      return shownText(each, state);
    case "number":
      return each === 0 && 1 / each < 0 ? "-0" : text(each);
    case "bigint":
      return bigText(each) + "n";
    case "symbol":
      return symbolText(each);
    case "function":
      return shownFunction(each);
    case "object":
      return each === null ? "null" : shownObject(each, state, depth, above, indent);
  }
  return text(each);
}

function shownFunction(each) {
  const kind = indexOf(functionText(each), "class") === 0 ? "class" : "Function";
  const name = each.name;
  if (kind === "class") return "[class " + (name || "(anonymous)") + "]";
  return name ? "[Function: " + text(name) + "]" : "[Function (anonymous)]";
}

function shownObject(each, state, depth, above, indent) {
  for (let outer = above; outer; outer = outer.above) if (outer.each === each) return "[Circular]";
  const tag = objectTag(each);
  if (each instanceof Call) return "Promise { <pending> }";
  if (tag === "[object Promise]") return "Promise { <pending> }";
  if (tag === "[object Date]") {
    const time = dateTime(each);
    return time === time ? dateText(each) : "Invalid Date";
  }
  if (tag === "[object RegExp]") return regexText(each);
  if (each instanceof NativeError) return shownError(each, depth);
  const name = nameOf(each);
  if (depth > INSPECT_DEPTH || state.left < 0) return isArray(each) ? "[Array]" : "[" + (name || "Object") + "]";
  const inside = { each, above };
  const prefix = name ? name + " " : "";
  if (isArray(each)) return shownItems(each, each.length, "", state, depth, inside, indent);
  if (tag === "[object Map]") return shownMap(each, state, depth, inside, indent);
  if (tag === "[object Set]") return shownSet(each, state, depth, inside, indent);
  if (ArrayBuffer.isView(each) && typeof each.length === "number") {
    return shownItems(each, each.length, prefix, state, depth, inside, indent);
  }
  return shownFields(each, prefix, state, depth, inside, indent);
}

function shownError(error, depth) {
  const frames = ownFrames(error.stack || "");
  const about = header(error);
  if (depth) return "[" + about + "]";
  return about + (frames ? "\n" + replaceAll(frames, "<input>", "<program>") : "");
}

function nameOf(each) {
  if (weakGet(nodePaths, each)) return "";
  const prototype = getPrototypeOf(each);
  if (prototype === null) return "[Object: null prototype]";
  if (isPlain(each) || isArray(each)) return "";
  const made = prototype.constructor;
  return typeof made === "function" && made.name !== "Object" ? text(made.name) : "";
}

// Puts parts on one line if they fit; short ones on as few lines as they need; else each on its own.
function together(open, close, parts, count, indent) {
  if (!count) return open + close;
  let length = indent.length;
  let longest = 0;
  let lines = false;
  for (let number = 0; number < count; number++) {
    length += parts[number].length + 2;
    if (parts[number].length > longest) longest = parts[number].length;
    if (indexOf(parts[number], "\n") >= 0) lines = true;
  }
  const flat = !lines && length <= LINE_CHARACTERS;
  const filled = !lines && longest <= SHORT_CHARACTERS && count > 6;
  let result = parts[0];
  let room = LINE_CHARACTERS - parts[0].length;
  for (let number = 1; number < count; number++) {
    room -= parts[number].length + 2;
    const stays = flat || (filled && room >= 0);
    if (!stays) room = LINE_CHARACTERS - parts[number].length;
    result += (stays ? ", " : ",\n" + indent + "  ") + parts[number];
  }
  return flat ? open + " " + result + " " + close : open + "\n" + indent + "  " + result + "\n" + indent + close;
}

function shownItems(each, length, prefix, state, depth, above, indent) {
  const parts = create(null);
  let count = 0;
  for (let number = 0; number < length && number < INSPECT_ITEMS && state.left > 0; number++) {
    parts[count++] = hasOwn(each, number) ? shown(each[number], state, depth + 1, above, indent + "  ") : "<empty item>";
    state.left -= 2;
  }
  if (count < length) {
    parts[count] = "... " + (length - count) + " more items";
    count += 1;
  }
  return together(prefix + "[", "]", parts, count, indent);
}

function shownMap(each, state, depth, above, indent) {
  const parts = create(null);
  let count = 0;
  mapForEach(each, (item, key) => {
    if (count >= INSPECT_ITEMS || state.left < 0) return;
    parts[count++] =
      shown(key, state, depth + 1, above, indent + "  ") + " => " + shown(item, state, depth + 1, above, indent + "  ");
  });
  return together("Map(" + mapSize(each) + ") {", "}", parts, count, indent);
}

function shownSet(each, state, depth, above, indent) {
  const parts = create(null);
  let count = 0;
  setForEach(each, (item) => {
    if (count < INSPECT_ITEMS && state.left > 0) parts[count++] = shown(item, state, depth + 1, above, indent + "  ");
  });
  return together("Set(" + setSize(each) + ") {", "}", parts, count, indent);
}

function shownFields(each, prefix, state, depth, above, indent) {
  const parts = create(null);
  let count = 0;
  const keys = ownKeys(each);
  for (let number = 0; number < keys.length; number++) {
    const key = keys[number];
    const found = getOwnPropertyDescriptor(each, key);
    if (!found || !found.enumerable) continue;
    if (count >= INSPECT_ITEMS || state.left < 0) {
      parts[count++] = "... " + (keys.length - number) + " more";
      break;
    }
    const name = typeof key === "symbol" ? "[" + symbolText(key) + "]" : matched(IDENTIFIER, key) ? key : shownText(key, state);
    state.left -= name.length + 2;
    parts[count++] =
      name + ": " + (hasOwn(found, "value") ? shown(found.value, state, depth + 1, above, indent + "  ") : "[Getter]");
  }
  return together(prefix + "{", "}", parts, count, indent);
}

function formatted(values) {
  let result = "";
  let next = 0;
  if (typeof values[0] === "string") {
    next = 1;
    result = values.length > 1 && matched(FORMAT, values[0]) ? filled(values) : values[0];
    if (typeof result !== "string") {
      next = result.next;
      result = result.text;
    }
  }
  for (; next < values.length; next++) {
    result += (next ? " " : "") + (typeof values[next] === "string" ? values[next] : inspect(values[next]));
  }
  return result;
}

function filled(values) {
  const template = values[0];
  let result = "";
  let next = 1;
  for (let at = 0; at < template.length; at++) {
    const letter = template[at] === "%" ? template[at + 1] : undefined;
    if (letter === "%") result += "%";
    else if (letter === undefined || indexOf("sdifjoOc", letter) < 0 || next >= values.length) {
      result += template[at];
      continue;
    } else {
      const each = values[next++];
      if (letter === "s") result += typeof each === "object" ? inspect(each) : text(each);
      else if (letter === "d" || letter === "f") result += text(+each);
      else if (letter === "i") result += text(parseInt(each, 10));
      else if (letter === "j") result += quote(each);
      else if (letter !== "c") result += inspect(each);
    }
    at++;
  }
  return { text: result, next };
}

let indentation = "";

function logged(...values) {
  const line = formatted(values);
  print((indentation ? indentation + replaceAll(line, "\n", "\n" + indentation) : line) + "\n");
}

const marks = create(null);
const console = { log: logged, info: logged, warn: logged, error: logged, debug: logged, trace: logged, table: logged };
console.dir = (each) => logged(each);
console.assert = (holds, ...values) => {
  if (!holds) logged("Assertion failed" + (values.length ? ":" : ""), ...values);
};
console.group = (...values) => {
  if (values.length) logged(...values);
  if (indentation.length < 40) indentation += "  ";
};
console.groupEnd = () => {
  indentation = slice(indentation, 2);
};
console.time = (name = "default") => {
  marks[name] = Date.now();
};
console.timeEnd = console.timeLog = (name = "default") => logged(name + ": " + (Date.now() - marks[name]) + "ms");
console.count = (name = "default") => {
  marks["#" + name] = (marks["#" + name] || 0) + 1;
  logged(name + ": " + marks["#" + name]);
};
