import { ApiError, alerts } from "@hm/client";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, read } from "../../app/queries";
import { AlertBar } from "./AlertBar";
import { AlertsSection } from "./AlertsSection";
import { CriticalMark } from "./CriticalMark";

vi.mock("../../app/workplace", () => ({ useWorkplace: () => ({ can: () => true, timeZone: "Asia/Kolkata", me: { user: { id: "doctor" } } }) }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ children, to: _to, search: _search, ...rest }: Record<string, unknown>) => <a {...rest}>{children as string}</a> }));

const known = { results: [{ id: "a1", kind: "critical_result", title: "K", severity: "CRITICAL", status: "OPEN", raised_at: "2026-03-07T10:00:00Z", facts: {}, actions: [], recipients: [], patient: null, subject: { kind: "lab_result", id: "r1" } }], count: 1, next: null };

beforeEach(() => {
  queryClient.setDefaultOptions({ ...queryClient.getDefaultOptions(), queries: { ...queryClient.getDefaultOptions().queries, retry: false, staleTime: 0 } });
  vi.spyOn(alerts, "list").mockRejectedValue(new ApiError(503, { code: "unavailable", detail: "" }, "", null));
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

const show = (what: React.ReactNode) =>
  render(
    <MantineProvider>
      <QueryClientProvider client={queryClient}>{what}</QueryClientProvider>
    </MantineProvider>,
  );

it("says above the patient that alerts could not be read, and keeps those that are known", async () => {
  queryClient.setQueryData(read.alerts({ encounter_id: "e1", status: "OPEN", severity: "CRITICAL" }).queryKey, known as never);
  show(<AlertBar encounterId="e1" />);
  await waitFor(() => expect(screen.getByText("alerts.bar.unread")).toBeTruthy());
  expect(screen.getByText("alerts.bar.open")).toBeTruthy();
});

it("does not look like a patient without alerts where none could ever be read", async () => {
  show(<AlertBar patientId="p1" />);
  await waitFor(() => expect(screen.getByText("alerts.bar.unread").closest("[hidden]")).toBeNull());
});

it("marks on every screen, and in the bell's panel, that they could not be read", async () => {
  show(
    <>
      <CriticalMark />
      <AlertsSection />
    </>,
  );
  await waitFor(() => expect(screen.getByLabelText("alerts.bar.unread")).toBeTruthy());
  await waitFor(() => expect(screen.getByText("alerts.mineUnread")).toBeTruthy());
});
