// Calls the official SDK for a test in another process: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , entry, baseURL, apiKey] = process.argv;
const { default: FLORA, APIError } = await import(pathToFileURL(entry));
// A log line would be taken for an answer.
const client = new FLORA({ baseURL, apiKey, logLevel: 'off' });

function resolve(path) {
  const names = path.split('.');
  const method = names.pop();
  const group = names.reduce((found, name) => found[name], client);
  return group[method].bind(group);
}

function* methods(group, prefix) {
  for (const [name, member] of Object.entries(group)) {
    if (name.startsWith('_') || !member || typeof member !== 'object' || member._client !== client) continue;
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(member))) {
      if (method !== 'constructor') yield `${prefix}${name}.${method}`;
    }
    yield* methods(member, `${prefix}${name}.`);
  }
}

const operations = {
  methods: () => [...methods(client, '')],
  async call({ path, values }) {
    const answer = await resolve(path)(...values);
    if (typeof answer?.getPaginatedItems !== 'function') return answer;
    return { items: answer.getPaginatedItems(), body: answer.body, hasNext: answer.hasNextPage() };
  },
  async all({ path, values }) {
    const items = [];
    for await (const item of resolve(path)(...values)) items.push(item);
    return items;
  },
  upload({ content, file, params }) {
    return client.assets.upload(content === null ? file : Buffer.from(content, 'base64'), params);
  },
  unwrap({ body, headers, secret, options, now }) {
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
    answer = { value: (await operations[asked.operation](asked)) ?? null };
  } catch (error) {
    answer = { error: told(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
