// Three product shots of a mug, in JavaScript: the whole job from a project to pictures.

const PROMPT = "a ceramic mug on a sunlit table";
const COUNT = 3;
const PARAMS = { aspect_ratio: "4:3" };
const POLL_SECONDS = 2;

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function run(client) {
  const { workspaces: [workspace] } = await client.workspaces.list();
  const workspace_id = workspace.workspace_id;
  const { project_id } = await client.projects.create({ name: "Mugs", workspace_id });
  const started = await Promise.all(
    Array.from({ length: COUNT }, (_, number) =>
      client.generations.create({
        type: "image",
        prompt: PROMPT,
        params: { ...PARAMS, seed: number + 1 },
        workspace_id,
        project_id,
      }),
    ),
  );
  console.log(`${started.length} runs started, ${started[0].charged_cost} USD quoted for each`);

  const open = new Set(started.map((each) => each.run_id));
  const ended = {};
  while (open.size) {
    for await (const state of client.generations.list({ workspace_id, limit: 50 })) {
      if (!open.has(state.run_id) || !["completed", "failed"].includes(state.status)) continue;
      open.delete(state.run_id);
      ended[state.run_id] = { status: state.status, error: state.error_message ?? null, urls: state.outputs?.map((output) => output.url) ?? [] };
      if (!open.size) break; // newest come first: the rest of the list is older than our runs
    }
    if (open.size) await sleep(POLL_SECONDS);
  }
  return started.map(({ run_id }) => ({ run_id, ...ended[run_id] }));
}
