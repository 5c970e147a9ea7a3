import { type Alert, ApiError, lab } from "@hm/client";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { queryClient } from "../../app/queries";
import { AlertResult } from "./AlertResult";

vi.mock("../../app/workplace", () => ({ useWorkplace: () => ({ can: () => true, timeZone: "Asia/Kolkata" }) }));
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

const alert = { subject: { kind: "lab_result", id: "r1" }, facts: {} } as unknown as Alert;
const result = (status: string) => ({ id: "r1", status, is_void: false, void_reason: null, person_changed: false, judged_for: { sex: "female", age_days: 9000, pregnant: false }, values: [{ code: "K", name: "Potassium", display: "7.2", unit: "mmol/L", flag: "HH", delta_flag: null, former: null }] });
const show = () =>
  render(
    <MantineProvider>
      <QueryClientProvider client={queryClient}>
        <AlertResult alert={alert} />
      </QueryClientProvider>
    </MantineProvider>,
  );

it("shows the value that somebody is to act on, and that nobody has verified it", async () => {
  vi.spyOn(lab, "result").mockResolvedValue(result("ENTERED") as never);
  show();
  expect(await screen.findByText("7.2")).toBeTruthy();
  expect(screen.getByText("alerts.detail.notVerified")).toBeTruthy();
});

it("says nothing of that once somebody vouches for it", async () => {
  vi.spyOn(lab, "result").mockResolvedValue(result("RELEASED") as never);
  show();
  expect(await screen.findByText("7.2")).toBeTruthy();
  expect(screen.queryByText("alerts.detail.notVerified")).toBeNull();
});

it("says when the values will be there, for who may not see them yet", async () => {
  vi.spyOn(lab, "result").mockRejectedValue(new ApiError(404, { code: "lab.result_not_found" }, "", null));
  show();
  expect(await screen.findByText("alerts.detail.notReleased")).toBeTruthy();
});
