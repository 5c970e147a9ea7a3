import { describe, expect, it } from "vitest";
import arithmetic from "../../../../../modules/packs/testdata/arithmetic.json";
import { type About, evaluator } from "../evaluator";
import { decimalLogarithm, generalText, power, rounded } from "./arithmetic";
import { compile } from "./evaluate";
import { parse } from "./parser";
import { CostError } from "./values";

const schema = {
  type: "object",
  properties: {
    i: { type: "integer" },
    n: { type: "number" },
    s: { type: "string" },
    b: { type: "boolean" },
    on: { type: "string", format: "date" },
    ints: { type: "array", items: { type: "integer" } },
    numbers: { type: "array", items: { type: "number" } },
    rows: { type: "array", items: { type: "object", properties: { dose: { type: "number" }, name: { type: "string" } } } },
    group: { type: "object", properties: { score: { type: "integer" } } },
    free: { type: "object" },
  },
};

// As in modules/packs/expressions_test.go: still 31 January in UTC.
const about: About = {
  now: "2026-02-01T01:00:00+05:30",
  patient: { age_years: 42, gender: "female", system_specific_data: { ayurveda: { prakriti: "vata", score: 3 } } },
  encounter: { encounter_type: "OPD" },
};

const compute = (expression: string, payload: Record<string, unknown>) => {
  const evaluate = evaluator({ schema, computed: [{ name: "out", expression }] });
  expect(evaluate.unreadable).toEqual([]);
  return evaluate(payload, about).computed.out;
};

describe("an expression", () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    // types follow the schema
    ["doc.i + 1", { i: 20 }, 21],
    ["doc.i / 2", { i: 7 }, 3],
    ["-doc.i / 2", { i: 7 }, -3],
    ["doc.i % 4", { i: -7 }, -3],
    ["doc.n / 2.0", { n: 7 }, 3.5],
    ["doc.i / 2.0", { i: 7 }, null],
    ["doc.s + '!'", { s: "ok" }, "ok!"],
    ["!doc.b", { b: false }, true],
    ["doc.group.score * 2", { group: { score: 4 } }, 8],
    ["doc.rows.map(r, r.dose)", { rows: [{ dose: 1 }, { dose: 2.5 }] }, [1, 2.5]],
    ["doc.rows.map(r, r.dose > 1.0, r.name)", { rows: [{ dose: 1 }, { dose: 2.5, name: "b" }] }, ["b"]],
    ["doc.free.x > 1.0", { free: { x: 2 } }, true],
    // what is missing gives null
    ["doc.i + 1", {}, null],
    ["doc.i + 1", { i: null }, null],
    ["doc.i + 1", { i: "twenty" }, null],
    ["doc.i + 1", { i: 1.5 }, null],
    ["doc.group.score", {}, null],
    ["doc.rows[0].dose", { rows: [] }, null],
    ["doc.rows.map(r, r.dose)", { rows: [{ dose: 1 }, {}] }, null],
    ["patient.age_days", {}, null],
    ["doc.free.y", { free: { x: 2 } }, null],
    ["has(doc.i) ? doc.i : 0", {}, 0],
    ["has(doc.group.score)", { group: {} }, false],
    ["has(doc.group.score)", {}, null],
    ["has(doc.free.constructor)", { free: {} }, false],
    ["doc.b || has(doc.i)", { i: 1 }, true],
    ["!(doc.b && has(doc.i))", {}, true],
    ["null", {}, null],
    // what has no value gives null
    ["doc.i / 0", { i: 1 }, null],
    ["doc.n / 0.0", { n: 1 }, null],
    ["sqrt(doc.n)", { n: -1 }, null],
    ["log10(doc.n)", { n: 0 }, null],
    ["doc.i * 9223372036854775807", { i: 2 }, null],
    ["doc.i - 9223372036854775807", { i: -2 }, null],
    ["-(-9223372036854775808)", {}, null],
    // the language
    ["doc.i in [1, 2]", { i: 2 }, true],
    ["'x' in {'x': 1}", {}, true],
    ["{'a': [1, 2.5, 'c']}", {}, { a: [1, 2.5, "c"] }],
    ["[1, 2] + [3]", {}, [1, 2, 3]],
    ["size(doc.s) + doc.s.size() + size(doc.ints)", { s: "a😀", ints: [1] }, 5],
    ["doc.ints.exists(x, x > 2)", { ints: [1, 3] }, true],
    ["doc.ints.all(x, x > 2)", { ints: [] }, true],
    ["doc.ints.exists_one(x, x > 2)", { ints: [3, 4] }, false],
    ["doc.rows.exists(r, r.dose > 1.0)", { rows: [{}, { dose: 2 }] }, true],
    ["doc.rows.exists(r, r.dose > 1.0)", { rows: [{}, { dose: 1 }] }, null],
    ["doc.ints.filter(x, x % 2 == 0).map(x, string(x) + '/' + doc.s)", { ints: [1, 2], s: "d" }, ["2/d"]],
    ["doc.i == 1 ? 'one' : doc.i == 2 ? 'two' : 'many'", { i: 2 }, "two"],
    ["doc.s.startsWith('a') && doc.s.endsWith('c') && doc.s.contains('b') && doc.s.matches('^a.c$')", { s: "abc" }, true],
    ["doc.s.matches('(?i)ABC')", { s: "xabcx" }, true],
    ["'a' < 'b' && '\\uFF5E' < '😀'", {}, true],
    ["int('12') + int(3.9) + int(-3.9)", {}, 12],
    ["int(1e19)", {}, null],
    ["double('1.5') + double(2)", {}, 3.5],
    ["string(0.1) + string(1e6) + string(true)", {}, "0.11e+06true"],
    ["1.0 == dyn(1) && dyn(2) > 1.5", {}, true],
    ["[1.0] == [dyn(1)]", {}, true],
    ["r'\\d' + \"\"\"a\"b\"\"\" + 'it\\'s'", {}, "\\da\"bit's"],
    ["0x1F + 1 // a comment", {}, 32],
    ["timestamp('2026-03-01T00:00:00Z') - timestamp('2026-02-27T12:00:00Z') > duration('24h')", {}, true],
    ["timestamp('2026-03-01T10:20:30Z').getHours('Asia/Kolkata')", {}, 15],
    ["now + duration('30m')", {}, "2026-01-31T20:00:00Z"],
    // the functions
    ["round(doc.n, 2)", { n: 1.005 }, 1.01],
    ["round(doc.n, 1)", { n: 2.25 }, 2.3],
    ["round(doc.n, 1)", { n: -2.25 }, -2.3],
    ["round(doc.n, 0)", { n: -0.4 }, 0],
    ["round(doc.i, -2)", { i: 1250 }, 1300],
    ["round(doc.n, 13)", { n: 1 }, null],
    ["round(doc.n, 12)", { n: 1e300 }, 1e300],
    ["sum(doc.ints)", { ints: [1, 2, 3] }, 6],
    ["sum(doc.numbers) / 2.0", { numbers: [] }, 0],
    ["sum(doc.rows.map(r, r.dose)) / 2.0", { rows: [] }, 0],
    ["sum([doc.i, doc.i])", { i: 2 }, 4],
    ["sum([double(doc.i), doc.n])", { i: 2, n: 0.5 }, 2.5],
    ["sum([doc.i, doc.i])", {}, null],
    ["pow(doc.n, 2)", { n: 1.5 }, 2.25],
    ["pow(2, doc.i)", { i: 10 }, 1024],
    ["pow(doc.n, 0.5)", { n: -1 }, null],
    ["log10(doc.n)", { n: 1000 }, 3],
    ["days_between(doc.on, '2026-03-01')", { on: "2026-02-27" }, 2],
    ["days_between('2026-03-01', doc.on)", { on: "2026-02-27" }, -2],
    ["days_between(now, doc.on)", { on: "2026-02-02" }, 1],
    ["days_between(doc.on, 'tomorrow')", { on: "2026-02-02" }, null],
    ["patient.age_years >= 40 && patient.gender == 'female'", {}, true],
    ["patient.system_specific_data.ayurveda.prakriti", {}, "vata"],
    ["encounter.encounter_type", {}, "OPD"],
    ["now", {}, "2026-01-31T19:30:00Z"],
    ["round(sqrt(doc.n * double(doc.i) / 3600.0), 2)", { n: 70, i: 170 }, 1.82],
  ])("%s over %j is %j", (expression, payload, expected) => {
    expect(compute(expression, payload)).toEqual(expected);
  });

  it.each(["doc.a ==", "doc.a @ 3", "(doc.a", "f(1)", "doc.a.f()", "1u", "b'x'", "while", "has(a)", "x.map(1, 2)", "'\\q'", "1 + ".repeat(2000) + "1", "(".repeat(100) + "1" + ")".repeat(100)])(
    "refuses %s",
    (source) => {
      expect(() => compile(source)).toThrow(SyntaxError);
    },
  );

  it("is stopped when it runs away, and has no value", () => {
    const expression = "doc.ints.all(a, doc.ints.all(b, doc.ints.all(c, doc.ints.all(d, a + b + c + d >= 0))))";
    const ints = Array.from({ length: 200 }, (_, at) => at);
    expect(() => compile(expression).evaluate(new Map([["doc", new Map([["ints", ints.map(BigInt)]])]]))).toThrow(CostError);
    expect(evaluator({ schema, computed: [{ name: "out", expression }] })({ ints }).computed.out).toBeNull();
  });

  it("never ends in anything but a value or a syntax error, whatever its text", () => {
    const pieces = ["doc", ".", "i", "n", "(", ")", "[", "]", "{", "}", "1", "2.0", "'a'", "+", "-", "*", "/", "%", "==", "<", "&&", "||", "!", "?", ":", ",", "in", "map", "exists", "has", "size", "x", "null", "true", "round", "sum", " "];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
    let read = 0;
    for (let at = 0; at < 20_000; at++) {
      const source = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join("");
      try {
        parse(source);
        read++;
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
      expect(() => evaluator({ schema, computed: [{ name: "out", expression: source }] })({ i: 1, n: 2.5 })).not.toThrow();
    }
    expect(read).toBeGreaterThan(100);
  }, 60_000);
});

describe("arithmetic", () => {
  it("gives Go's own answers, to the last bit", () => {
    const value = (text: string) => Number(text.replace("+Inf", "Infinity"));
    const wrong = arithmetic.filter(({ function: name, arguments: given, answer }) => {
      const [x, y] = given.map(value) as [number, number];
      if (name === "string") return generalText(x) !== answer;
      const found = name === "log10" ? decimalLogarithm(x) : name === "pow" ? power(x, y) : rounded(x, BigInt(y));
      return answer === "" ? Number.isFinite(found) : found !== value(answer);
    });
    expect(wrong).toEqual([]);
    expect(arithmetic.length).toBeGreaterThan(1000);
  });
});

it("takes a computed null as missing to those after it", () => {
  const evaluate = evaluator({
    schema: { type: "object", properties: { height_cm: { type: "number" }, weight_kg: { type: "number" } } },
    computed: [
      { name: "height_m", expression: "doc.height_cm / 100.0" },
      { name: "bmi", expression: "round(doc.weight_kg / pow(computed.height_m, 2), 1)" },
      { name: "known", expression: "has(computed.bmi)" },
    ],
  });
  expect(evaluate({ height_cm: 170, weight_kg: 70 }).computed).toEqual({ height_m: 1.7, bmi: 24.2, known: true });
  expect(evaluate({ weight_kg: 70 }).computed).toEqual({ height_m: null, bmi: null, known: false });
  expect(evaluate({ height_cm: 0, weight_kg: 70 }).computed).toEqual({ height_m: 0, bmi: null, known: false });
});
