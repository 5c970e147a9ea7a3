import { expect, it } from "vitest";
import { type OpenApi, filtered, groupsOf, notesOf, resolve, typeOf } from "./openapi";

const document: OpenApi = {
  info: { title: "HM", version: "1" },
  tags: [{ name: "patients" }, { name: "empty" }],
  paths: {
    "/api/tasks": { get: { tags: ["tasks"], summary: "List tasks" } },
    "/api/patients": { get: { tags: ["patients"], summary: "Search patients" }, post: { tags: ["patients"], summary: "Register a patient" } },
  },
  components: { schemas: { Patient: { type: "object", properties: { id: { type: "string", format: "uuid" } } } } },
};

it("groups operations by tag, the document's tags first, empty ones left out", () => {
  expect(groupsOf(document).map((group) => [group.name, group.operations.map((one) => `${one.method} ${one.path}`)])).toEqual([
    ["patients", ["GET /api/patients", "POST /api/patients"]],
    ["tasks", ["GET /api/tasks"]],
  ]);
});

it("finds by all words of a search", () => {
  expect(filtered(groupsOf(document), "post patient").flatMap((group) => group.operations.map((one) => one.summary))).toEqual(["Register a patient"]);
  expect(filtered(groupsOf(document), "nothing")).toEqual([]);
});

it("names types and follows references", () => {
  expect(resolve(document, { $ref: "#/components/schemas/Patient" }).name).toBe("Patient");
  expect(typeOf(document, { type: "array", items: { $ref: "#/components/schemas/Patient" } })).toBe("list of Patient");
  expect(typeOf(document, { type: ["string", "null"], format: "date" })).toBe("string (date) or null");
  expect(typeOf(document, { $ref: "#/components/schemas/Gone" })).toBe("Gone");
});

it("tells limits and choices", () => {
  expect(notesOf({ enum: ["OPD", "IPD"], default: "OPD" })).toEqual(["OPD · IPD", 'default "OPD"']);
  expect(notesOf({ minimum: 25, maximum: 45 })).toEqual(["25 to 45"]);
});
