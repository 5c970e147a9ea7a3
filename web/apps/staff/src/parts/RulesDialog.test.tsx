import { MantineProvider } from "@mantine/core";
import { ApiError, type Override } from "@hm/client";
import { KeysProvider, Toasts } from "@hm/ui";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { startTranslations } from "../i18n/translations";
import { useRuled } from "./RulesDialog";

beforeAll(startTranslations);
afterEach(cleanup);

const refusal = (rules: object[]) => new ApiError(409, { code: "rules.reason_required", detail: "held", rules }, "", null);
const rule = { code: "cardiac.anticoagulant", severity: "safety", message: "Two anticoagulants.", overridable: true };

function Act({ act, done }: { act: (overrides: Override[]) => Promise<unknown>; done: (answer: unknown) => void }) {
  const ruled = useRuled({ act, onSuccess: done });
  return (
    <>
      <button type="button" onClick={ruled.run}>
        {"go"}
      </button>
      {ruled.error ? <p role="alert">{ruled.error.message}</p> : null}
      {ruled.dialog}
    </>
  );
}

function show(act: (overrides: Override[]) => Promise<unknown>) {
  const done = vi.fn();
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <KeysProvider>
          <Act act={act} done={done} />
          <Toasts />
        </KeysProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return done;
}

// typing key by key takes its time on a busy machine
const patient = { timeout: 30_000 };

it("asks a reason for each rule and sends the act again with it", patient, async () => {
  const act = vi.fn(async (overrides: Override[]) => {
    if (overrides.length === 0) throw refusal([rule]);
    return "done";
  });
  const done = show(act);
  await userEvent.click(screen.getByText("go"));
  await screen.findByText("Two anticoagulants.");
  await userEvent.click(screen.getByRole("button", { name: "Go on with this reason" }));
  expect(act).toHaveBeenCalledTimes(1);
  await userEvent.type(screen.getByRole("textbox"), "Bridging for surgery");
  await userEvent.click(screen.getByRole("button", { name: "Go on with this reason" }));
  await waitFor(() => expect(done).toHaveBeenCalledWith("done"));
  expect(act).toHaveBeenLastCalledWith([{ rule: "cardiac.anticoagulant", reason: "Bridging for surgery" }]);
  await waitFor(() => expect(screen.queryByText("Two anticoagulants.")).toBeNull());
});

it("offers no way past a rule that nobody may pass", patient, async () => {
  show(async () => {
    throw refusal([rule, { ...rule, code: "tcm.pair", overridable: false }]);
  });
  await userEvent.click(screen.getByText("go"));
  await screen.findByRole("button", { name: "Change it" });
  expect(screen.queryByRole("button", { name: "Go on with this reason" })).toBeNull();
  expect(screen.queryByRole("textbox")).toBeNull();
});

it("leaves any other refusal to the form", patient, async () => {
  show(async () => {
    throw new ApiError(422, { detail: "The dose is missing." }, "", null);
  });
  await userEvent.click(screen.getByText("go"));
  await screen.findByText("The dose is missing.");
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("tells what rules said of an act that went through", patient, async () => {
  const done = show(async () => ({ id: "1", warnings: [{ code: "allopathy.news2", severity: "safety", message: "Emergency team to the bedside." }] }));
  await userEvent.click(screen.getByText("go"));
  await screen.findByText("Emergency team to the bedside.");
  expect(done).toHaveBeenCalledTimes(1);
});
