"""Finalizers run when the engine likes: no word of a program comes after its end."""

# ruff: noqa: E501 - programs stay as they would be sent


async def test_no_finalizer_runs_after_the_end(javascript):
    outcome = await javascript(
        "globalThis.registry = new FinalizationRegistry(() => { console.log('late'); client.books.create({ title: 'x' }) });"
        "(() => { for (let i = 0; i < 1000; i++) registry.register({ i }, i) })(); return 1"
    )
    assert (outcome.value, outcome.printed.replace("late\n", "")) == (1, "")


async def test_a_weak_reference_shows_only_what_the_program_had(javascript):
    outcome = await javascript("const page = await client.books.list(); return new WeakRef(page).deref() === page")
    assert outcome.value is True
