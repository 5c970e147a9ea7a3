import type { LabResult, LabValue } from "@hm/client";
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ResultValues } from "./ResultValues";
import { ResultWarnings } from "./ResultWarnings";

vi.mock("../../app/workplace", () => ({ useWorkplace: () => ({ timeZone: "Asia/Kolkata" }) }));
afterEach(cleanup);

const result = (more: Partial<LabResult> = {}) => ({ is_void: false, void_reason: null, person_changed: false, judged_for: { sex: "female", age_days: 12500, pregnant: false }, ...more }) as LabResult;
const textOf = (more: Partial<LabResult>) => render(<ResultWarnings result={result(more)} />).container.textContent ?? "";

it("says nothing of a result that holds", () => {
  expect(textOf({})).toBe("");
});

it("says that the sample was rejected, and why", () => {
  expect(textOf({ is_void: true, void_reason: "Haemolysed" })).toContain("lab.result.void Haemolysed");
});

it("says that it was judged for somebody else than the patient is", () => {
  expect(textOf({ person_changed: true })).toContain("lab.result.judgedFor");
});

it("shows a former value in its own unit where that is another", () => {
  const value = (former: string | null) => ({ code: `G${former}`, name: "Glucose", display: "10", unit: "mmol/L", flag: "H", delta_flag: null, former: { display: "180", unit: former, at: "2026-03-07T10:00:00Z" } }) as unknown as LabValue;
  render(
    <MantineProvider>
      <ResultValues label="Values" values={[value("mg/dL"), value("mmol/L")]} former />
    </MantineProvider>,
  );
  const [other, same] = screen.getAllByText("180").map((one) => one.closest("td")!.textContent);
  expect([other, same]).toEqual([expect.stringContaining("mg/dL"), expect.not.stringContaining("mmol/L")]);
});
