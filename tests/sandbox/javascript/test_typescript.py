"""Types are taken out of TypeScript, and every line stays where it was."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

VALUES = {
    "const x: number = 1; return x": 1,
    "let a: string | null = null, b: { c: number }[] = []; return [a, b]": [None, []],
    "interface A { x: number; y?: string }\nconst a: A = { x: 1 };\nreturn a": {"x": 1},
    "type A<T> = { [K in keyof T]: T[K] };\nreturn 1": 1,
    "const f = <T,>(x: T, y?: T): T => x; return f(1)": 1,
    "async function f<T extends object>(x: T): Promise<T> { return x } return await f({ a: 1 })": {"a": 1},
    "const o = { a: 1 } as const; return o": {"a": 1},
    "const o = { a: 1 } satisfies Record<string, number>; return o.a!": 1,
    "const m: Record<string, Array<number>> = {}; m['a'] = [1]; return m": {"a": [1]},
    "const m = new Map<string, number>([['a', 1]]); return m.get('a')!": 1,
    "const x = <any>1; return x": 1,
    "function isText(x: unknown): x is string { return typeof x === 'string' } return isText('a')": True,
    "function f(this: unknown, a: number) { return a } return f(2)": 2,
    "function over(a: string): string;\nfunction over(a: number): number;\nfunction over(a: any) { return a }\nreturn over(3)": 3,
    "class A<T> { private readonly x: number = 1; static y?: string; z!: T; constructor(protected_: T) { this.z = protected_ }"
    " get v(): number { return this.x } } return new A<number>(2).v": 1,
    "abstract class B { abstract go(): void; run(): number { return 1 } }\nclass C extends B implements D { go(): void {} }"
    " return new C().run()": 1,
    "try { throw 1 } catch (e: unknown) { return e as number }": 1,
    "declare const external: string;\nreturn typeof external": "undefined",
    "import type { Book } from './books';\nimport { type Page } from './pages.js'": None,
    "export type Name = string;\nexport interface Other {}\nexport const x: Name = 'a';\nreturn x": "a",
    "const a = { b: (x: number): number => x + 1 };\nreturn a.b(1)": 2,
    "for (const x of [1, 2] as number[]) if (x! > 1) return x": 2,
    "let i = 1, j = 2; const k = i < j && j > (i); return k": True,
    "const f = (a: number, { b, c }: { b: number; c: number }, ...d: number[]) => a + b + c + d.length; return f(1, { b: 2, c: 3 }, 4)": 7,
    "type Fn = (a: number) => void\nconst fn: Fn = () => {}\n;[1].forEach(fn)\nreturn 'asi'": "asi",
    "const é: string = '😀'; return é": "😀",
    "export default async function run(client: Client): Promise<number> {\n  const n: number = 4;\n  return n;\n}": 4,
    "const run = async (client: any): Promise<string> => { return 'arrow' }": "arrow",
    "let x: unknown = 'a'; const n = (x as string).length; return n": 1,
    "const t: [a: string, b?: number] = ['x']; return t": ["x"],
    "const key: keyof typeof o = 'a'; var o = { a: 1 }; return key": "a",
    "return [1, 2].map((x): number => x * 2)": [2, 4],
    "const r = [1].reduce<Record<string, number>>((all, x) => ({ ...all, [x]: x }), {}); return r": {"1": 1},
}


@pytest.mark.parametrize("program", [program for program in VALUES if VALUES[program] is not None])
async def test_types_are_taken_out(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == VALUES[program]


async def test_an_import_of_a_value_among_types_is_refused(run):
    outcome = await run("import type { Book } from './books';\nimport { type Page } from './pages.js'")
    assert (outcome.failure.type_name, outcome.failure.line) == ("CheckError", 2)


LINES = [
    "interface A {\n  x: number;\n  y: string;\n}\nthrow new Error('5');",
    "type A =\n  | 'a'\n  | 'b';\nfunction f<\n  T,\n>(\n  x: T,\n): T {\n  return x;\n}\n\nthrow new Error('12');",
    "const x = {\n  a: 1,\n} as unknown as {\n  a: number;\n};\nthrow new Error('6');",
    "class A {\n  private a: number = 1;\n  declare b: string;\n\n  f(): never {\n    throw new Error('6');\n  }\n}\nnew A().f()",
    "import type {\n  A,\n  B,\n} from 'x';\nthrow new Error('5');",
    "export interface A {\n  a: 1\n}\nasync function run(client: any): Promise<void> {\n  throw new Error('5');\n}",
]


@pytest.mark.parametrize("program", LINES)
async def test_lines_stay_where_they_were(run, program):
    outcome = await run(program)
    assert str(outcome.failure.line) == outcome.failure.message


REFUSED = {
    "const x = 1;\nenum Color { Red }": ("an enum", 2),
    "const enum Color { Red }": ("an enum", 1),
    "namespace A { export const x = 1 }": ("a namespace", 1),
    "class A {\n  constructor(private x: number) {}\n}": ("a parameter that declares a field", 2),
    "@sealed\nclass A {}": ("a decorator", 1),
}


@pytest.mark.parametrize("program", REFUSED.keys())
async def test_what_is_more_than_types_is_refused(run, program):
    outcome = await run(program)
    what, line = REFUSED[program]
    assert (outcome.failure.type_name, outcome.failure.line) == ("SyntaxError", line)
    assert outcome.failure.message == f"{what} is not supported: only types are taken out"
    assert outcome.failure.hint
