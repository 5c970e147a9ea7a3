import { expect, it } from "vitest";
import { faultsByFile } from "./packFaults";

it("gathers a pack's faults by file, in the order of lines", () => {
  const faults = [
    { location: "templates/tongue.yaml:12", message: "no such widget" },
    { location: "pack.yaml", message: "missing" },
    { location: "templates/tongue.yaml:3:8", message: "no title" },
  ];
  expect(faultsByFile(faults)).toEqual([
    { file: "templates/tongue.yaml", faults: [{ line: 3, message: "no title" }, { line: 12, message: "no such widget" }] },
    { file: "pack.yaml", faults: [{ line: null, message: "missing" }] },
  ]);
});
