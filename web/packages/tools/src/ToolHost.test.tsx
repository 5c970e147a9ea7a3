import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToolHost } from "./ToolHost";
import type { Host } from "./host";
import { tools } from "./registry";

const host = (over: Partial<Host> = {}): Host => ({
  patient: { id: "p1" },
  encounter: { id: "e1" },
  value: { summary: "what was recorded" },
  readOnly: false,
  locale: "en",
  dir: "ltr",
  tokens: {},
  fetch: () => Promise.reject(new Error("not asked")),
  emit: () => {},
  ...over,
});
const show = (children: ReactNode) => render(<MantineProvider>{children}</MantineProvider>);

let broken = true;
beforeEach(() => {
  broken = true;
  tools.throwing = () =>
    Promise.resolve({
      default: () => {
        if (broken) throw new Error("broken");
        return <p>{"whole again"}</p>;
      },
    });
  tools.missing = () => Promise.reject(new Error("the chunk is gone"));
});
afterEach(() => {
  cleanup();
  delete tools.throwing;
  delete tools.missing;
});

it("keeps the form usable beside a tool that throws, says what is recorded, and tries again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {}); // React tells of the error as well
  show(
    <>
      <input aria-label="note" />
      <ToolHost tool="throwing" title="A tool" host={host()} />
    </>,
  );
  await screen.findByText("This tool cannot be shown. The form works without it.");
  screen.getByText("what was recorded");
  await userEvent.type(screen.getByLabelText("note"), "typed");
  expect((screen.getByLabelText("note") as HTMLInputElement).value).toBe("typed");
  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("whole again");
});

it("says the same when a tool's code does not come", async () => {
  show(<ToolHost tool="missing" host={host()} />);
  await screen.findByText("This tool cannot be shown. The form works without it.");
});

it("shows a document's words for a tool that this version does not have", () => {
  show(<ToolHost tool="growth_chart" summary="The document in words" host={host({ value: { weight: 4 } })} />);
  screen.getByText("This version of HM has no tool of this kind. The form works without it.");
  screen.getByText("The document in words");
});

it("never takes a name of the object's own for a tool", () => {
  show(<ToolHost tool="constructor" host={host({ value: null })} />);
  screen.getByText(/has no tool of this kind/);
  screen.getByText("Nothing recorded yet");
});

it("speaks Hindi where the page does, and English where nobody wrote the words", async () => {
  show(<ToolHost tool="nothing" host={host({ locale: "hi-IN", value: null })} />);
  await screen.findByText("अभी कुछ दर्ज नहीं");
  show(<ToolHost tool="other" title="Second" host={host({ locale: "ta", value: null })} />);
  await screen.findByText("Nothing recorded yet");
});

it("asks for a third party's tool only what the list allows", async () => {
  show(<ToolHost tool="custom" custom={{ url: "https://x.example/t.js", integrity: `sha384-${"A".repeat(64)}`, element: "x-t" }} allowed={[]} host={host()} />);
  await screen.findByText(/not on the list of tools/);
  expect(document.querySelector("script[src]")).toBeNull();
});

it("gives a score as it is answered, and takes it back", async () => {
  function Form() {
    const [value, setValue] = useState<unknown>(null);
    return (
      <>
        <ToolHost tool="score_grid" title="Pain" config={{ items: [{ code: "rest", title: "At rest" }, { code: "moving", title: "Moving" }], options: [{ value: 0, title: "none" }, { value: 2, title: "much" }], bands: [{ from: 2, title: "Act", tone: "warn" }] }} host={host({ value, emit: setValue })} />
        <output data-testid="given">{JSON.stringify(value)}</output>
      </>
    );
  }
  show(<Form />);
  const given = () => JSON.parse(screen.getByTestId("given").textContent!) as unknown;
  const rest = await screen.findByRole("group", { name: "At rest" });
  const [, much] = rest.querySelectorAll("input");
  await userEvent.click(much!);
  expect(given()).toEqual({ answers: { rest: 2 }, total: null, band: null, summary: "Pain: 1 of 2 answered" });
  await userEvent.click(screen.getByRole("group", { name: "Moving" }).querySelectorAll("input")[0]!);
  expect(given()).toEqual({ answers: { rest: 2, moving: 0 }, total: 2, band: "Act", summary: "Pain: 2, Act" });
  much!.focus();
  await userEvent.keyboard("{Delete}");
  expect(given()).toMatchObject({ answers: { moving: 0 }, total: null });
});

it("records nothing where what is typed cannot be read", async () => {
  const emit = vi.fn();
  show(<ToolHost tool="refraction_grid" host={host({ emit, value: { od: { sphere: -1, va: "6/6" }, summary: "" } })} />);
  await userEvent.type(await screen.findByRole("spinbutton", { name: "OD Sphere" }), "{Backspace}1x");
  expect(emit).toHaveBeenLastCalledWith({ od: { va: "6/6", logmar: 0 }, summary: "OD 6/6" });
  expect(screen.getByRole("spinbutton", { name: "OD Sphere" }).getAttribute("aria-invalid")).toBe("true");
  await userEvent.type(screen.getByRole("combobox", { name: "OD Acuity" }), "?");
  expect(emit).toHaveBeenLastCalledWith(expect.objectContaining({ od: { sphere: -1, se: -1 } }));
});

it("shows and does not change what is only to be read", async () => {
  const emit = vi.fn();
  show(<ToolHost tool="refraction_grid" host={host({ readOnly: true, emit, value: { od: { sphere: -1, cylinder: -0.5, axis: 90, va: "6/6" }, summary: "" } })} />);
  const sphere = await screen.findByRole("spinbutton", { name: "OD Sphere" });
  await userEvent.type(sphere, "9{ArrowUp}");
  expect(screen.queryByRole("button", { name: "Transpose" })).toBeNull();
  expect(emit).not.toHaveBeenCalled();
});

it.each(["radar", "score_grid", "body_map", "refraction_grid", "waveform", "trend", "time_grid", "rubric_grid"])("%s stands whatever it is configured with", async (tool) => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null); // jsdom draws nothing
  for (const [config, bind, value] of [
    [{}, {}, null],
    [{ axes: 4, items: "x", options: [1], drawing: { views: [{}], regions: [{ code: "a" }] }, parameters: [{}], observations: [{}, 3], synthetic: { rhythm: 7 }, chapters: {} }, { axes: [1], observations: ["x"], items: {} }, { answers: 3, regions: "x", od: 7, rubrics: [{}] }],
    [{}, { axes: ["a", "b", "c"], series: [{}, { fields: ["x"] }] }, "a text"],
  ] as [Record<string, unknown>, Record<string, unknown>, unknown][]) {
    const { unmount } = show(<ToolHost tool={tool} config={config} bind={bind} host={host({ value, patient: null })} />);
    await waitFor(() => expect(screen.queryByRole("status", { name: "Loading the tool" })).toBeNull());
    expect(screen.queryByText(/cannot be shown/)).toBeNull();
    unmount();
  }
});
