import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { formWith, show } from "./testing";

// the date field of @hm/ui speaks through the app's translations
beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", resources: {} });
});
afterEach(cleanup);

const often = [0, 1, 2, 3].map((score) => ({ const: score, title: ["Never", "Some days", "Most days", "Every day"][score]! }));
const question = (title: string) => ({ type: "integer", title, oneOf: often });

describe("widgets", () => {
  it("takes text, and drops it again when it is emptied", async () => {
    const form = show(formWith({ note: { type: "string", title: "Note", maxLength: 50 } }));
    const note = screen.getByRole("textbox", { name: "Note" });
    await userEvent.type(note, "Fever");
    expect(form.value()).toEqual({ note: "Fever" });
    await userEvent.clear(note);
    expect(form.value()).toEqual({});
  });

  it("reads numbers with their unit, in the digits of any script, and says what is none", async () => {
    const form = show(formWith({ weight: { type: "number", title: "Weight", "x-unit": "kg" } }));
    const weight = screen.getByRole("textbox", { name: "Weight" });
    expect(screen.getByText("kg")).toBeDefined();
    await userEvent.type(weight, "62,5");
    expect(form.value()).toEqual({ weight: 62.5 });
    await userEvent.clear(weight);
    await userEvent.type(weight, "६२.५");
    expect(form.value()).toEqual({ weight: 62.5 });
    await userEvent.type(weight, "x");
    expect(form.value()).toEqual({});
    expect(screen.getByText("This is not a number.")).toBeDefined();
  });

  it("chooses one of few, by hand or by arrows, and takes it back", async () => {
    const form = show(formWith({ side: { type: "string", title: "Side", oneOf: [{ const: "l", title: "Left" }, { const: "r", title: "Right" }] } }));
    const group = screen.getByRole("radiogroup", { name: "Side" });
    await userEvent.click(within(group).getByRole("radio", { name: "Right" }));
    expect(form.value()).toEqual({ side: "r" });
    await userEvent.keyboard("{ArrowLeft}");
    expect(form.value()).toEqual({ side: "l" });
    await userEvent.keyboard("{Delete}");
    expect(form.value()).toEqual({});
    await userEvent.click(within(group).getByRole("radio", { name: "Left" }));
    await userEvent.click(within(group).getByRole("radio", { name: "Left" }));
    expect(form.value()).toEqual({});
  });

  it("does not take back an answer that is needed", async () => {
    const form = show(formWith({ fit: { type: "boolean", title: "Fit" } }, { required: ["fit"] }));
    await userEvent.click(screen.getByRole("radio", { name: "No" }));
    await userEvent.click(screen.getByRole("radio", { name: "No" }));
    await userEvent.keyboard("{Delete}");
    expect(form.value()).toEqual({ fit: false });
  });

  it("chooses from a list when there are many", async () => {
    const form = show(formWith({ drug: { type: "string", title: "Drug", enum: ["a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8"] } }));
    await userEvent.click(screen.getByRole("combobox", { name: "Drug" }));
    await userEvent.click(await screen.findByRole("option", { name: "C3" }));
    expect(form.value()).toEqual({ drug: "c3" });
  });

  it("keeps several choices in the form's own order, codes of numbers as numbers", async () => {
    const form = show(formWith({ signs: { type: "array", title: "Signs", items: { type: "integer", oneOf: [{ const: 1, title: "Fever" }, { const: 2, title: "Cough" }] } } }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Cough" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Fever" }));
    expect(form.value()).toEqual({ signs: [1, 2] });
  });

  it("tells a slider that is not set from one that stands at its least", async () => {
    const form = show(formWith({ pain: { type: "integer", title: "Pain", minimum: 0, maximum: 10 } }, {}, { fields: { pain: { widget: "slider", min_label: "None", max_label: "Worst" } } }));
    const pain = screen.getByRole("slider", { name: "Pain" });
    expect(pain.getAttribute("aria-valuetext")).toBe("not set");
    expect(screen.getByText("Worst")).toBeDefined();
    pain.focus();
    await userEvent.keyboard("{Home}");
    expect(form.value()).toEqual({ pain: 0 });
    fireEvent.change(pain, { target: { value: "7" } });
    expect(form.value()).toEqual({ pain: 7 });
    await userEvent.keyboard("{Delete}");
    expect(form.value()).toEqual({});
  });

  it("reads a date day first", async () => {
    const form = show(formWith({ on: { type: "string", format: "date", title: "Onset" } }));
    await userEvent.type(screen.getByRole("textbox", { name: "Onset" }), "7-3-2026");
    expect(form.value()).toEqual({ on: "2026-03-07" });
  });

  it("tells a time by the facility's clock, not the browser's", () => {
    const form = show(formWith({ at: { type: "string", format: "date-time", title: "Seen at" } }), { value: { at: "2026-03-07T05:30:00Z" }, timeZone: "Asia/Kolkata" });
    const at = screen.getByLabelText<HTMLInputElement>("Seen at");
    expect(at.value).toBe("2026-03-07T11:00");
    fireEvent.change(at, { target: { value: "2026-07-01T23:15" } });
    expect(form.value()).toEqual({ at: "2026-07-01T17:45:00.000Z" });
  });

  it("reads a list of texts by its lines", async () => {
    const form = show(formWith({ allergies: { type: "array", title: "Allergies", items: { type: "string" } } }));
    await userEvent.type(screen.getByRole("textbox", { name: "Allergies" }), "Nuts{Enter}{Enter}Milk");
    expect(form.value()).toEqual({ allergies: ["Nuts", "Milk"] });
  });

  it("puts right and left beside each other, each cell under its own name", async () => {
    const eye = { type: "object", properties: { sphere: { type: "number", title: "Sphere", "x-unit": "[diop]" } } };
    const form = show(formWith({ refraction: { type: "object", title: "Refraction", properties: { os: eye, od: eye } } }));
    await userEvent.type(screen.getByRole("textbox", { name: "Sphere, Left eye (OS)" }), "-1.25");
    expect(form.value()).toEqual({ refraction: { os: { sphere: -1.25 } } });
    const cells = screen.getAllByRole("textbox").map((cell) => cell.getAttribute("aria-label"));
    expect(cells).toEqual(["Sphere, Right eye (OD)", "Sphere, Left eye (OS)"]);
    await userEvent.clear(screen.getByRole("textbox", { name: "Sphere, Left eye (OS)" }));
    expect(form.value()).toEqual({});
  });
});

describe("a table", () => {
  const medicines = formWith({
    medicines: { type: "array", title: "Medicines", maxItems: 3, items: { type: "object", required: ["name"], properties: { name: { type: "string", title: "Medicine", maxLength: 50 }, dose: { type: "number", title: "Dose" }, note: { type: "string", title: "Note", maxLength: 50 } } } },
  }, {}, { fields: { medicines: { widget: "table", columns: ["dose"] } } });

  it("adds, fills and removes rows, and shows the columns named with what is needed", async () => {
    const form = show(medicines);
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Dose, line 1"));
    await userEvent.keyboard("500");
    await userEvent.type(screen.getByRole("textbox", { name: "Medicine, line 1" }), "Metformin");
    expect(screen.queryByRole("textbox", { name: "Note, line 1" })).toBeNull();
    expect(form.value()).toEqual({ medicines: [{ dose: 500, name: "Metformin" }] });
    await userEvent.click(screen.getByRole("button", { name: "Remove, line 1" }));
    expect(form.value()).toEqual({});
  });

  it("moves a row by the keys and keeps the hand in its cell", async () => {
    const form = show(medicines, { value: { medicines: [{ name: "A" }, { name: "B" }] } });
    screen.getByRole("textbox", { name: "Medicine, line 2" }).focus();
    await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(form.value()).toEqual({ medicines: [{ name: "B" }, { name: "A" }] });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Medicine, line 1" })));
    await userEvent.click(screen.getByRole("button", { name: "Move down, line 1" }));
    expect(form.value()).toEqual({ medicines: [{ name: "A" }, { name: "B" }] });
  });

  it("takes no more rows than the form does", async () => {
    show(medicines, { value: { medicines: [{}, {}, {}] } });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add" }).disabled).toBe(true);
  });
});

describe("a score grid", () => {
  const grid = formWith({ scores: { type: "object", title: "Two weeks", required: ["calm"], properties: { calm: question("Nervous"), sleep: question("Sleepless") } } }, {}, { fields: { scores: { widget: "score_grid" } } });

  it("is answered by digits, line after line, and adds up", async () => {
    const form = show(grid);
    within(screen.getByRole("radiogroup", { name: /Nervous/ })).getAllByRole("radio")[0]!.focus();
    await userEvent.keyboard("37");
    expect(form.value()).toEqual({ scores: { calm: 3 } });
    await userEvent.keyboard("2");
    expect(form.value()).toEqual({ scores: { calm: 3, sleep: 2 } });
    expect(screen.getByRole("status").textContent).toContain("5 / 6");
  });

  it("goes from line to line by arrows, and takes back what is not needed", async () => {
    const form = show(grid, { value: { scores: { calm: 1, sleep: 2 } } });
    screen.getByRole("radiogroup", { name: /Nervous/ }).querySelector<HTMLInputElement>("input:checked")!.focus();
    await userEvent.keyboard("{Delete}{ArrowDown}");
    expect(document.activeElement).toBe(within(screen.getByRole("radiogroup", { name: "Sleepless" })).getByRole("radio", { name: "Most days" }));
    await userEvent.keyboard("{Delete}");
    expect(form.value()).toEqual({ scores: { calm: 1 } });
  });

  it("gathers questions that follow one another on a page", () => {
    show(formWith({ a: question("First"), b: question("Second"), c: { type: "string", title: "Other", maxLength: 10 } }, {}, { pages: [{ rows: [["a"], ["b"], ["c"]] }], fields: { a: { widget: "score_grid" }, b: { widget: "score_grid" } } }), { value: { a: 1, b: 3 } });
    expect(screen.getAllByRole("status")).toHaveLength(1);
    expect(screen.getByRole("status").textContent).toContain("4 / 6");
  });
});

describe("the keyboard", () => {
  it("goes on with Enter, one stop for a group of choices, and never submits", async () => {
    const submit = vi.fn();
    show(formWith({ a: { type: "string", title: "A", maxLength: 9 }, side: { type: "string", title: "Side", enum: ["l", "r"] }, b: { type: "string", title: "B", maxLength: 9 } }));
    document.querySelector("form")!.addEventListener("submit", submit);
    screen.getByRole("textbox", { name: "A" }).focus();
    await userEvent.keyboard("{Enter}");
    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "L" }));
    await userEvent.keyboard("{Enter}");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "B" }));
    await userEvent.keyboard("{Shift>}{Enter}{/Shift}");
    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "L" }));
    expect(submit).not.toHaveBeenCalled();
  });

  it("leaves Ctrl+Enter to whoever saves", async () => {
    show(formWith({ a: { type: "string", title: "A", maxLength: 9 }, b: { type: "string", title: "B", maxLength: 9 } }));
    const heard = vi.fn();
    const listen = (event: KeyboardEvent) => event.ctrlKey && event.key === "Enter" && heard(event.defaultPrevented);
    document.addEventListener("keydown", listen);
    screen.getByRole("textbox", { name: "A" }).focus();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    document.removeEventListener("keydown", listen);
    expect(heard).toHaveBeenCalledWith(false);
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "A" }));
  });
});

describe("faults", () => {
  const form = formWith({
    weight: { type: "number", title: "Weight" },
    side: { type: "string", title: "Side", enum: ["l", "r"] },
    rows: { type: "array", title: "Medicines", items: { type: "object", properties: { name: { type: "string", title: "Name", maxLength: 9 } } } },
  });
  const faults = { weight: "At most 500.", side: "This is needed.", "rows.0.name": "Too long." };

  it("stand at their field and lead there from the summary", async () => {
    show(form, { value: { rows: [{ name: "x" }] }, faults });
    const summary = screen.getByRole("alert");
    expect(summary.textContent).toContain("3 answers need a look");
    expect(screen.getByRole("textbox", { name: "Weight" }).getAttribute("aria-invalid")).toBe("true");
    await userEvent.click(within(summary).getByRole("button", { name: "Medicines 1, Name" }));
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Name, line 1" }));
    await userEvent.click(within(summary).getByRole("button", { name: "Side" }));
    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "L" }));
    expect(screen.getByRole("radiogroup", { name: /Side/ }).getAttribute("aria-describedby")).toBeTruthy();
  });

  it("say nothing when there is none", () => {
    show(form);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("results and conditions", () => {
  const bmi = {
    ...formWith({ weight: { type: "number", title: "Weight" }, height: { type: "number", title: "Height" }, smokes: { type: "boolean", title: "Smokes" }, packs: { type: "integer", title: "Packs a day" } }, {}, {
      pages: [{ rows: [["weight", "height", "bmi"], ["smokes", "packs"]] }],
      fields: { step: { hidden: true } },
      show_if: { packs: "doc.smokes" },
    }),
    computed: [
      { name: "step", expression: "doc.height / 100.0" },
      { name: "bmi", expression: "round(doc.weight / pow(computed.step, 2), 1)", title: "Body mass index", unit: "kg/m2" },
      { name: "band", expression: "computed.bmi < 25.0 ? 'normal' : 'above'" },
      { name: "all", expression: "[doc.weight]" },
    ],
  };

  it("are live, where the page names them or in the strip at the end", async () => {
    show(bmi, { value: { height: 170 } });
    const strip = screen.getByRole("group", { name: "Calculated" });
    expect(within(strip).getByText("Band").nextSibling?.textContent).toBe("–");
    await userEvent.type(screen.getByRole("textbox", { name: "Weight" }), "70");
    expect(screen.getByText("Body mass index").nextSibling?.textContent).toBe("24.2\u202fkg/m²");
    expect(within(strip).getByText("normal")).toBeDefined();
    expect(within(strip).queryByText("Step")).toBeNull();
    expect(within(strip).queryByText("All")).toBeNull();
  });

  it("hide a field until its condition holds, and keep what was answered meanwhile", async () => {
    const form = show(bmi, { value: { packs: 2 } });
    expect(screen.queryByRole("textbox", { name: "Packs a day" })).toBeNull();
    await userEvent.click(screen.getByRole("checkbox", { name: "Smokes" }));
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Packs a day" }).value).toBe("2");
    expect(form.value()).toEqual({ packs: 2, smokes: true });
  });

  it("know what is told of the patient", () => {
    show({ ...formWith({}), computed: [{ name: "senior", expression: "patient.age_years >= 65" }] }, { about: { patient: { age_years: 70 } } });
    expect(screen.getByText("Senior").nextSibling?.textContent).toBe("Yes");
  });
});

describe("values of the last visit", () => {
  const form = formWith({ weight: { type: "number", title: "Weight", "x-unit": "kg", "x-carry": true }, height: { type: "number", title: "Height", "x-unit": "cm", "x-carry": true } });

  it("are offered where nothing stands yet, and taken over one by one or all at once", async () => {
    const held = show(form, { carry: { values: { weight: 62, height: 171 }, when: "12-Jan-2026" } });
    await userEvent.click(screen.getByRole("button", { name: /Last time: 62.kg.*Take over/ }));
    expect(held.value()).toEqual({ weight: 62 });
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Weight" }).value).toBe("62");
    expect(screen.getAllByRole("button", { name: /Take over/ })).toHaveLength(1);
  });

  it("are never written over an answer", async () => {
    const held = show(form, { value: { height: 180 }, carry: { values: { weight: 62, height: 171 } } });
    expect(screen.queryByRole("button", { name: "Take over all" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /Take over/ }));
    expect(held.value()).toEqual({ height: 180, weight: 62 });
  });

  it("can all be taken at once", async () => {
    const held = show(form, { carry: { values: { weight: 62, height: 171, gone: 1 } } });
    await userEvent.click(screen.getByRole("button", { name: "Take over all" }));
    expect(held.value()).toEqual({ weight: 62, height: 171 });
  });
});

describe("tools", () => {
  const template = {
    ...formWith({ map: { type: "object", title: "Where it hurts", properties: { regions: { type: "array", items: { type: "string" } } } }, vata: { type: "integer", title: "Vata", minimum: 0, maximum: 30 } }),
    computed: [{ name: "share", expression: "doc.vata * 2" }],
    tools: [
      { tool: "body_map", at: "field", field: "map", config: { drawing: "body" } },
      { tool: "radar", at: "page", bind: { axes: ["vata", "share"] } },
    ],
  };

  it("edit their field, and show what they are bound to", async () => {
    const renderTool = vi.fn(({ tool, value, onChange, titles }) =>
      tool === "body_map" ? (
        <button type="button" onClick={() => onChange({ regions: ["knee"], summary: "Knee" })}>
          {"pick"}
        </button>
      ) : (
        <output>{`${titles.share} ${value.share}`}</output>
      ),
    );
    const form = show(template, { value: { vata: 4 }, renderTool });
    expect(screen.getByText("Share 8")).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "pick" }));
    expect(form.value()).toEqual({ vata: 4, map: { regions: ["knee"], summary: "Knee" } });
    expect(renderTool).toHaveBeenCalledWith(expect.objectContaining({ tool: "radar", at: "page", readOnly: true, bind: { axes: ["vata", "share"] } }));
  });

  it("leave the form usable where they cannot be drawn", async () => {
    const form = show(template, { renderTool: () => null });
    await userEvent.type(screen.getByRole("textbox", { name: "Regions" }), "knee");
    expect(form.value()).toEqual({ map: { regions: ["knee"] } });
  });
});

it("leads to its pages when they are more than three, and marks those at fault", async () => {
  const names = ["one", "two", "three", "four"];
  const template = formWith(Object.fromEntries(names.map((name) => [name, { type: "string", maxLength: 9 }])), {}, { pages: names.map((name) => ({ title: `Page ${name}`, rows: [[name]] })) });
  show(template, { faults: { three: "No." } });
  const rail = screen.getByRole("navigation", { name: "Pages of this form" });
  const [, , third] = within(rail).getAllByRole("button");
  expect(within(rail).getAllByRole("button").map((button) => button.querySelector("svg") !== null)).toEqual([false, false, true, false]);
  await userEvent.click(third!);
  expect(third!.getAttribute("aria-current")).toBe("step");
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Three" }));
});

it("is only read when it is read only, with its results, units and choices in words", () => {
  show(
    { ...formWith({ side: { type: "string", title: "Side", oneOf: [{ const: "l", title: "Left" }] }, weight: { type: "number", title: "Weight", "x-unit": "kg" }, rows: { type: "array", title: "Medicines", items: { type: "object", properties: { name: { type: "string", title: "Name" }, on: { type: "string", format: "date", title: "Since" } } } } }), computed: [{ name: "double", expression: "doc.weight * 2.0" }] },
    { readOnly: true, value: { side: "l", weight: 62, rows: [{ name: "Aspirin", on: "2026-03-07" }], old: "kept" } },
  );
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByText("Left")).toBeDefined();
  expect(screen.getByText("124")).toBeDefined();
  expect(screen.getByRole("cell", { name: "07-Mar-2026" })).toBeDefined();
  expect(screen.getByText("kept")).toBeDefined();
});

it("works from right to left, in any script", async () => {
  const form = show(formWith({ nadi: { type: "string", title: "النبض", oneOf: [{ const: "v", title: "سريع" }, { const: "k", title: "بطيء" }] }, note: { type: "string", title: "ملاحظة" } }), { dir: "rtl" });
  await userEvent.click(screen.getByRole("radio", { name: "بطيء" }));
  await userEvent.type(screen.getByRole("textbox", { name: "ملاحظة" }), "ألم");
  expect(form.value()).toEqual({ nadi: "k", note: "ألم" });
  expect(screen.getByRole("textbox", { name: "ملاحظة" }).className).toContain("anyScript");
});
