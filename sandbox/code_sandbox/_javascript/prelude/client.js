// The injected objects: paths that lead to methods, calls on their way, pages of lists, and the host's errors.

const attributesOf = new NativeWeakMap();
const waiting = new NativeMap();
const lost = { first: null };
const misses = { first: null, count: 0 };
let callNumber = 0;

function folded(name) {
  return lower(replaceAll(name, "_", ""));
}

// Reads that find nothing end up here, behind an object's own prototype.
function behind(prototype, missing) {
  return new Proxy(create(prototype), {
    get(target, key, receiver) {
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key, receiver);
      return missing(key, receiver);
    },
  });
}

class Call extends NativePromise {
  static get [Symbol.species]() {
    return NativePromise;
  }
  then(done, failed) {
    const open = weakGet(openCalls, this);
    if (open) open.isSeen = true;
    return promiseThen(this, done, failed);
  }
  catch(failed) {
    return this.then(undefined, failed);
  }
  finally(work) {
    const open = weakGet(openCalls, this);
    if (open) open.isSeen = true;
    return super.finally(work);
  }
  get [Symbol.iterator]() {
    const open = weakGet(openCalls, this);
    const { method } = open;
    if (method.paged) {
      throw mistake(method.path + "(...) is a list in pages", "Write: for await (const item of " + method.path + "(...)).");
    }
    throw unawaited(open, "items");
  }
}

const openCalls = new NativeWeakMap();

function unawaited({ method, stack }, name) {
  const error = mistake(
    method.path + "(...) was not awaited, so it has no " + quote(name) + " yet",
    "Write: const result = await " + method.path + "(...), then result." + name + ".",
  );
  // Taking a call apart has no place of its own, but the call has.
  setStack(error, error.stack + "\n" + stack);
  return error;
}

setPrototypeOf(
  Call.prototype,
  behind(NativePromise.prototype, (name, call) => {
    const open = weakGet(openCalls, call);
    if (open) throw unawaited(open, name);
  }),
);

class PagedCall extends Call {
  async *[Symbol.asyncIterator]() {
    yield* await this;
  }
  async *iterPages() {
    yield* (await this).iterPages();
  }
}

class Page {
  getPaginatedItems() {
    return weakGet(pages, this).items;
  }
  hasNextPage() {
    return weakGet(pages, this).next !== null;
  }
  getNextPage() {
    const page = weakGet(pages, this);
    if (page.next === null) throw mistake("this is the last page", "Ask hasNextPage() before getNextPage().");
    return call(page.method, [page.next]);
  }
  async *iterPages() {
    let page = this;
    yield page;
    while (page.hasNextPage()) yield (page = await page.getNextPage());
  }
  async *[Symbol.asyncIterator]() {
    for await (const page of this.iterPages()) yield* page.getPaginatedItems();
  }
  [Symbol.iterator]() {
    return weakGet(pages, this).items[Symbol.iterator]();
  }
}

const pages = new NativeWeakMap();

// The prototype of what the host answers: a read in the wrong spelling is undefined, as it would be elsewhere, and told.
const Answer = behind(Object.prototype, missed);
setPrototypeOf(Page.prototype, behind(Object.prototype, missed));

function missed(name, object) {
  if (misses.count >= 3 || object === null || typeof object !== "object") return undefined;
  const keys = ownKeys(object);
  for (let number = 0; number < keys.length && number < 200; number++) {
    if (typeof keys[number] !== "string" || folded(keys[number]) !== folded(name)) continue;
    for (let each = misses.first; each; each = each.next) if (each.name === name) return undefined;
    misses.count += 1;
    misses.first = { name, field: keys[number], stack: here(), next: misses.first };
  }
  return undefined;
}

function missesText() {
  let result = "";
  for (let each = misses.first; each; each = each.next) {
    const at = parseInt(slice(each.stack, indexOf(each.stack, "<input>:") + 8), 10);
    result =
      "`." + each.name + "`" + (at ? " on line " + at : "") + " is undefined: the field is `" + each.field + "`." +
      (result && " ") + result;
  }
  return slice(result, 0, 1000);
}

const errorClasses = create(null);

function declareErrors(declared) {
  for (let number = 0; number < declared.length; number++) {
    const [name, base] = [declared[number][0], declared[number][1]];
    errorClasses[name] = errorClass(name, base ? errorClasses[base] : NativeError);
    defineProperty(globalThis, name, { value: errorClasses[name], writable: true, configurable: true });
  }
}

function errorClass(name, Base) {
  const Made = class extends Base {};
  defineProperty(Made, "name", { value: name });
  defineProperty(Made.prototype, "name", { value: name, writable: true, configurable: true });
  return Made;
}

function hostError(told, stack) {
  const Made = errorClasses[told.type_name] || errorClass(told.type_name, NativeError);
  const error = new Made(told.message);
  const keys = ownKeys(told.attributes);
  for (let number = 0; number < keys.length; number++) {
    const key = keys[number];
    if (key === "stack" || key === "message" || key === "name") continue;
    defineProperty(error, key, { value: told.attributes[key], writable: true, configurable: true, enumerable: true });
  }
  setStack(error, stack);
  weakSet(attributesOf, error, told.attributes);
  if (told.hint) weakSet(hints, error, told.hint);
  return error;
}

function call(method, values) {
  if (stopped) throw new NativeError("the program has reached a limit");
  const state = { left: bounds.result, strict: true, limit: null, path: method.path };
  let length = values.length;
  while (length && values[length - 1] === undefined) length--;
  let given = "";
  for (let number = 0; number < length; number++) given += (number ? "," : "") + encode(values[number], state, 0, null, "");
  callNumber += 1;
  if (callNumber > bounds.calls) stop("calls");
  const open = { method, isSeen: false, stack: here(), resolve: null, reject: null };
  const Kind = method.paged ? PagedCall : Call;
  const promise = new Kind((resolve, reject) => {
    open.resolve = resolve;
    open.reject = reject;
  });
  weakSet(openCalls, promise, open);
  mapSet(waiting, callNumber, { open, promise });
  post('["c",' + callNumber + "," + quote(method.path) + ",[" + given + "]]");
  return promise;
}

function answered(message) {
  const found = mapGet(waiting, message.id);
  if (!found) return;
  mapDelete(waiting, message.id);
  const { open, promise } = found;
  if (message.error) {
    const error = hostError(message.error, open.stack);
    if (!open.isSeen) lost.first = { open, error, next: lost.first };
    promiseThen(promise, undefined, () => {});
    open.reject(error);
  } else if (message.page) {
    open.resolve(makePage(message.page, open.method));
  } else {
    open.resolve(marked(message.value, { left: 2000 }));
  }
}

function makePage(told, method) {
  const page = new Page();
  const body = marked(told.body, { left: 2000 });
  const keys = ownKeys(body);
  let items = told.items;
  for (let number = 0; number < keys.length; number++) {
    const each = body[keys[number]];
    defineProperty(page, keys[number], { value: each, writable: true, configurable: true, enumerable: true });
    if (keys[number] === told.key) items = each;
  }
  weakSet(pages, page, { items: items === told.items ? marked(items, { left: 2000 }) : items, next: told.next, method });
  return page;
}

// Puts the prototype of answers under the first objects of one.
function marked(each, state) {
  if (each === null || typeof each !== "object" || --state.left < 0) return each;
  if (isArray(each)) {
    for (let number = 0; number < each.length && state.left > 0; number++) marked(each[number], state);
    return each;
  }
  const keys = ownKeys(each);
  for (let number = 0; number < keys.length && state.left > 0; number++) marked(each[keys[number]], state);
  return setPrototypeOf(each, Answer);
}

function tellLost() {
  for (let each = lost.first; each; each = each.next) {
    if (!each.open.isSeen) print("[" + each.open.method.path + " was not awaited and failed: " + each.error.message + "]\n");
  }
  const text = missesText();
  if (text) print("[" + text + "]\n");
}

const nodePaths = new NativeWeakMap();
const QUIET = { __proto__: null, then: true, toJSON: true, constructor: true, valueOf: true, toString: true, inspect: true };

function node(path) {
  const children = create(null);
  const proxy = new Proxy(children, {
    get(target, key) {
      if (typeof key === "symbol") return undefined;
      if (hasOwn(target, key)) return target[key];
      const names = ownKeys(target);
      for (let number = 0; number < names.length; number++) {
        if (folded(names[number]) === folded(key)) return target[names[number]];
      }
      if (QUIET[key]) return undefined;
      let known = "";
      for (let number = 0; number < names.length; number++) known += (known && ", ") + names[number];
      const error = mistake(path + " has no " + quote(key) + ". It has: " + known);
      weakSet(wanted, error, [path, key]);
      throw error;
    },
    set() {
      throw mistake(path + " cannot be changed");
    },
    defineProperty() {
      throw mistake(path + " cannot be changed");
    },
    deleteProperty() {
      throw mistake(path + " cannot be changed");
    },
  });
  weakSet(nodePaths, proxy, path);
  return { path, children, proxy, nodes: create(null) };
}

function grow(methods) {
  const roots = node("");
  for (let number = 0; number < methods.length; number++) {
    const method = { path: methods[number][0], paged: methods[number][1] };
    const paths = methods[number][2];
    for (let index = 0; index < paths.length; index++) plant(roots, split(paths[index], "."), method);
  }
  return roots.children;
}

function plant(roots, segments, method) {
  let at = roots;
  for (let number = 0; number < segments.length - 1; number++) {
    const name = segments[number];
    if (!at.nodes[name]) {
      at.nodes[name] = node(at.path ? at.path + "." + name : name);
      at.children[name] = at.nodes[name].proxy;
    }
    at = at.nodes[name];
  }
  const last = segments[segments.length - 1];
  at.children[last] = { [last]: (...values) => call(method, values) }[last];
}

const roots = grow(SETUP.methods);

// Calls the program's `run` or `main` with the injected objects that its parameters name.
function enter(entry, names) {
  if (value !== undefined || typeof entry !== "function") return entry;
  const values = [];
  for (let number = 0; number < names.length; number++) {
    const name = names[number];
    defineProperty(values, number, { value: name === "{}" ? roots : roots[name] || roots[SETUP.root], writable: true });
  }
  return apply(entry, undefined, values);
}
