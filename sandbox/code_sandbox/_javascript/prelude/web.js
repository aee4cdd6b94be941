// What programs know from browsers and Node, and the language itself does not have.

class URLSearchParams {
  #pairs = [];
  #changed = () => {};
  constructor(from = "", changed) {
    if (typeof changed === "function") this.#changed = changed;
    if (typeof from === "string") {
      for (const part of from.replace(/^\?/, "").split("&")) {
        if (!part) continue;
        const [name, ...rest] = part.split("=");
        this.#pairs.push([plain(name), plain(rest.join("="))]);
      }
    } else {
      const pairs = from[Symbol.iterator] ? from : Object.entries(from);
      for (const [name, each] of pairs) this.#pairs.push([text(name), text(each)]);
    }
  }
  append(name, each) {
    this.#pairs.push([text(name), text(each)]);
    this.#changed();
  }
  set(name, each) {
    const first = this.#pairs.findIndex((pair) => pair[0] === text(name));
    if (first < 0) return this.append(name, each);
    this.#pairs = this.#pairs.filter((pair, number) => number <= first || pair[0] !== text(name));
    this.#pairs[first] = [text(name), text(each)];
    this.#changed();
  }
  delete(name) {
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== text(name));
    this.#changed();
  }
  get(name) {
    const found = this.#pairs.find((pair) => pair[0] === text(name));
    return found ? found[1] : null;
  }
  getAll(name) {
    return this.#pairs.filter((pair) => pair[0] === text(name)).map((pair) => pair[1]);
  }
  has(name) {
    return this.#pairs.some((pair) => pair[0] === text(name));
  }
  sort() {
    this.#pairs.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0));
    this.#changed();
  }
  forEach(work) {
    for (const [name, each] of this) work(each, name, this);
  }
  keys() {
    return this.#pairs.map((pair) => pair[0])[Symbol.iterator]();
  }
  values() {
    return this.#pairs.map((pair) => pair[1])[Symbol.iterator]();
  }
  entries() {
    return this.#pairs.map((pair) => [...pair])[Symbol.iterator]();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  get size() {
    return this.#pairs.length;
  }
  toString() {
    return this.#pairs.map((pair) => pair.map(escaped).join("=")).join("&");
  }
}

function plain(part) {
  const spaced = part.replace(/\+/g, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function escaped(part) {
  return encodeURIComponent(part).replace(/%20/g, "+").replace(/[!'()~]/g, (letter) => "%" + letter.charCodeAt(0).toString(16).toUpperCase());
}

const ADDRESS = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/(?:([^\/?#@]*)@)?([^\/?#:]*|\[[^\]]*\])(?::([0-9]*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/s;
const PORTS = { __proto__: null, "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21" };

class URL {
  #parts;
  constructor(address, base) {
    this.#parts = parts(text(address).trim(), base);
    defineProperty(this, "searchParams", {
      value: new URLSearchParams(this.#parts.search, () => {
        const search = this.searchParams.toString();
        this.#parts.search = search && "?" + search;
      }),
      enumerable: true,
    });
  }
  static canParse(address, base) {
    try {
      return Boolean(new URL(address, base));
    } catch {
      return false;
    }
  }
  static parse(address, base) {
    return URL.canParse(address, base) ? new URL(address, base) : null;
  }
  get protocol() { return this.#parts.protocol; }
  get username() { return this.#parts.user.split(":")[0]; }
  get password() { return this.#parts.user.split(":").slice(1).join(":"); }
  get hostname() { return this.#parts.hostname; }
  get port() { return this.#parts.port; }
  get host() { return this.hostname + (this.port && ":" + this.port); }
  get origin() { return PORTS[this.protocol] ? this.protocol + "//" + this.host : "null"; }
  get pathname() { return this.#parts.pathname; }
  set pathname(path) { this.#parts.pathname = (text(path)[0] === "/" ? "" : "/") + encodeURI(text(path)); }
  get search() { return this.#parts.search; }
  get hash() { return this.#parts.hash; }
  set hash(hash) { this.#parts.hash = hash ? "#" + text(hash).replace(/^#/, "") : ""; }
  get href() {
    const user = this.#parts.user && this.#parts.user + "@";
    const front = this.#parts.hasHost ? this.protocol + "//" + user + this.host : this.protocol;
    return front + this.pathname + this.search + this.hash;
  }
  toString() { return this.href; }
  toJSON() { return this.href; }
}

function parts(address, base) {
  let found = ADDRESS.exec(address);
  if (!found && base !== undefined) {
    const from = new URL(base);
    const front = from.origin;
    if (address.startsWith("//")) found = ADDRESS.exec(from.protocol + address);
    else if (address.startsWith("/")) found = ADDRESS.exec(front + address);
    else if (address.startsWith("?")) found = ADDRESS.exec(front + from.pathname + address);
    else if (address.startsWith("#") || !address) found = ADDRESS.exec(front + from.pathname + from.search + address);
    else found = ADDRESS.exec(front + from.pathname.replace(/[^\/]*$/, "") + address);
  }
  const protocol = found && found[1].toLowerCase() + ":";
  if (!found || (PORTS[protocol] && !found[3])) throw new TypeError("Invalid URL: " + quote(slice(address, 0, 200)));
  const hasHost = found[3] !== undefined;
  const path = encodeURI(plainPath(found[5]));
  return {
    protocol,
    user: found[2] || "",
    hasHost,
    hostname: (found[3] || "").toLowerCase(),
    port: found[4] === PORTS[protocol] ? "" : found[4] || "",
    pathname: hasHost ? straight(path) : path,
    search: (found[6] || "").replace(/ /g, "%20").replace(/^\?$/, ""),
    hash: (found[7] || "").replace(/ /g, "%20").replace(/^#$/, ""),
  };
}

function plainPath(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function straight(path) {
  const kept = [];
  const segments = path.split("/").slice(1);
  segments.forEach((segment, number) => {
    const isLast = number === segments.length - 1;
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
    if (isLast && (segment === "." || segment === "..")) kept.push("");
  });
  return "/" + kept.join("/");
}

class TextEncoder {
  get encoding() { return "utf-8"; }
  encode(string = "") {
    const coded = encodeURIComponent(text(string).toWellFormed());
    const bytes = [];
    for (let at = 0; at < coded.length; at++) {
      if (coded[at] !== "%") bytes.push(coded.charCodeAt(at));
      else bytes.push(parseInt(coded.slice(at + 1, (at += 2) + 1), 16));
    }
    return new Uint8Array(bytes);
  }
}

class TextDecoder {
  get encoding() { return "utf-8"; }
  decode(bytes = new Uint8Array()) {
    const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let result = "";
    for (let at = 0; at < view.length; ) {
      const first = view[at];
      const length = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
      let point = length === 1 ? first : first & (0x7f >> length);
      let isGood = length > 0 && first < 0xf5 && at + length <= view.length;
      for (let next = 1; isGood && next < length; next++) {
        isGood = (view[at + next] & 0xc0) === 0x80;
        point = (point << 6) | (view[at + next] & 0x3f);
      }
      isGood = isGood && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
      result += isGood ? String.fromCodePoint(point) : "\ufffd";
      at += isGood ? length : 1;
    }
    return result;
  }
}

function structuredClone(each, seen = new NativeMap()) {
  if (typeof each === "function" || typeof each === "symbol") {
    throw new DOMException(inspect(each) + " could not be cloned.", "DataCloneError");
  }
  if (each === null || typeof each !== "object") return each;
  if (mapHas(seen, each)) return mapGet(seen, each);
  const remember = (copy) => {
    mapSet(seen, each, copy);
    return copy;
  };
  if (each instanceof Date) return new Date(dateTime(each));
  if (each instanceof RegExp) return new RegExp(each.source, each.flags);
  if (each instanceof ArrayBuffer) return each.slice(0);
  if (ArrayBuffer.isView(each)) return each.slice ? each.slice() : new DataView(each.buffer.slice(0));
  if (each instanceof NativePromise) throw new DOMException("a promise could not be cloned.", "DataCloneError");
  if (each instanceof Map) {
    const copy = remember(new Map());
    for (const [key, item] of each) copy.set(structuredClone(key, seen), structuredClone(item, seen));
    return copy;
  }
  if (each instanceof Set) {
    const copy = remember(new Set());
    for (const item of each) copy.add(structuredClone(item, seen));
    return copy;
  }
  const copy = remember(isArray(each) ? new Array(each.length) : each instanceof Error ? new Error(each.message) : {});
  for (const key of Object.keys(each)) copy[key] = structuredClone(each[key], seen);
  return copy;
}

hidden(globalThis, { URL, URLSearchParams, TextEncoder, TextDecoder, structuredClone: (each) => structuredClone(each) });
