// Calls the official SDK for a test in another process: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , entry, baseURL] = process.argv;
const { default: FLORA, APIError } = await import(pathToFileURL(entry));
const clients = new Map();

function clientOf(apiKey) {
  // A log line would be taken for an answer.
  if (!clients.has(apiKey)) clients.set(apiKey, new FLORA({ baseURL, apiKey, logLevel: 'off' }));
  return clients.get(apiKey);
}

function resolve(client, path) {
  const names = path.split('.');
  const method = names.pop();
  const group = names.reduce((found, name) => found[name], client);
  return group[method].bind(group);
}

function* methods(client, group, prefix) {
  for (const [name, member] of Object.entries(group)) {
    if (name.startsWith('_') || !member || typeof member !== 'object' || member._client !== client) continue;
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(member))) {
      if (method !== 'constructor') yield `${prefix}${name}.${method}`;
    }
    yield* methods(client, member, `${prefix}${name}.`);
  }
}

const operations = {
  methods: (client) => [...methods(client, client, '')],
  async call(client, { path, values }) {
    const answer = await resolve(client, path)(...values);
    if (typeof answer?.getPaginatedItems !== 'function') return answer;
    return { items: answer.getPaginatedItems(), body: answer.body, hasNext: answer.hasNextPage() };
  },
  async all(client, { path, values }) {
    const items = [];
    for await (const item of resolve(client, path)(...values)) items.push(item);
    return items;
  },
  upload(client, { content, file, params }) {
    return client.assets.upload(content === null ? file : Buffer.from(content, 'base64'), params);
  },
  unwrap(client, { body, headers, secret, options, now }) {
    return client.webhooks.unwrap(Buffer.from(body, 'base64'), headers, secret, { ...options, now: () => now });
  },
};

function told(error) {
  return {
    kind: error?.constructor?.name ?? typeof error,
    message: String(error?.message ?? error),
    status: error instanceof APIError ? error.status ?? null : null,
    body: error instanceof APIError ? error.error ?? null : null,
    requestId: error instanceof APIError ? error.headers?.get('request-id') ?? null : null,
    sent: error instanceof APIError,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await operations[asked.operation](clientOf(asked.key), asked)) ?? null };
  } catch (error) {
    answer = { error: told(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
