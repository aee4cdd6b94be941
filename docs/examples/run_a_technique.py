"""Run a technique, a saved workflow: read what it takes, start it, wait for it, show all that it made."""

TECHNIQUE = "product-shot-set"  # a slug or an id, from client.techniques.list()
GIVEN = {"product": "a blue ceramic mug", "light": "golden hour"}

technique = await client.techniques.retrieve(TECHNIQUE)
print(f"{technique.name}: {technique.description} One run costs ${technique.run_cost:.3f}.")
for slot in technique.inputs:
    print(f"  {slot.id} ({slot.type}{', optional' if slot.optional else ''}): {slot.get('description') or ''}")

slots = {slot.id: slot for slot in technique.inputs}
wrong = [name for name in GIVEN if name not in slots]
missing = [slot.id for slot in technique.inputs if not slot.optional and slot.id not in GIVEN]
if wrong or missing:
    raise ValueError(f"Not inputs: {wrong}. Missing: {missing}. It takes {list(slots)}.")

# An optional input is left out, never empty. A picture is given by its URL.
inputs = [{"id": name, "type": slots[name].type, "value": value} for name, value in GIVEN.items()]
started = await client.techniques.runs.create(technique.technique_id, inputs=inputs, mode="async")
run = await client.techniques.runs.wait(started.run_id, technique_id=technique.technique_id)
if run.status == "failed":
    raise RuntimeError(f"{run.error_code}: {run.error_message}")
print(f"{run.run_id} cost ${run.charged_cost:.3f}")
show(run)
return {output.output_id: output.url for output in run.outputs}
