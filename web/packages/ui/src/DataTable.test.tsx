import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { type Column, DataTable } from "./DataTable";
import { KeysProvider } from "./keys";

afterEach(cleanup);

const columns: Column<string>[] = [
  { id: "name", header: "Name", cell: (row) => row },
  { id: "due", header: "Due", hide: "narrow", cell: () => "now" },
  { id: "act", header: "Act", cell: () => "take" },
];

it("names a group across the columns that are shown, whichever are left out", () => {
  render(
    <KeysProvider>
      <DataTable label="Tubes" rows={["Asha", "Birch"]} columns={columns} rowKey={(row) => row} groupOf={() => "Outpatients"} />
    </KeysProvider>,
  );
  const band = screen.getByRole("rowheader", { name: "Outpatients" });
  const cells = [...band.parentElement!.children];
  expect(cells.map((cell) => [cell.getAttribute("colspan"), cell.getAttribute("data-hide")])).toEqual([
    [null, null],
    [null, "narrow"],
    [null, null],
  ]);
  // below it stand the rows, and it is said once
  expect(within(screen.getByRole("grid", { name: "Tubes" })).getAllByText("Outpatients")).toHaveLength(1);
});
