"""Text outside of Markdown fences is blanked. What is blanked for the checker must be blanked for the compiler."""

import pytest

PROGRAMS = [
    """
```python
x = ().__class__.__base__
```
""",
    """
~~~
x = ().__class__.__base__
~~~
""",
    """
text
```
x = 1
```
more
```
y = ().__class__.__base__
```
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_is_inside_is_looked_at(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name == "PolicyError"


PROGRAM = """
here it is print('no')
```python
return 1
```
print('no')
"""


async def test_what_is_outside_does_not_run(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.value, outcome.printed) == (1, "")
