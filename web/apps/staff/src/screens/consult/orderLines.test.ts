import type { CatalogService, OrderSet } from "@hm/client";
import { expect, it } from "vitest";
import { faultsByLine, lineOf, linesOfSet, ordersOf } from "./orderLines";

const service = (code: string, order_type: string): CatalogService => ({ code, name: code, order_type, instructions: "", data_schema: null }) as CatalogService;
const basket = [lineOf(service("CBC", "LAB"), "a"), { ...lineOf(service("PARA", "PHARMACY"), "b"), quantity: 10, data: { dose: "500 mg" } }, { ...lineOf(service("ESR", "LAB"), "c"), priority: "STAT" as const }];

it("makes one order of each kind, with only what differs from usual", () => {
  expect(ordersOf(basket)).toEqual({
    orders: [
      { order_type: "LAB", items: [{ service_code: "CBC" }, { service_code: "ESR", priority: "STAT" }] },
      { order_type: "PHARMACY", items: [{ service_code: "PARA", quantity: 10, data: { dose: "500 mg" } }] },
    ],
    places: [["a", "c"], ["b"]],
  });
});

it("brings a fault back to the line it is about", () => {
  const { places } = ordersOf(basket);
  const faults = [
    { location: "body.orders[1].items[0].data.dose", message: "not a number" },
    { location: "body.orders[0].items[1].service_code", message: "unknown" },
    { location: "body.assessment.diagnosis", message: "too long" },
  ];
  expect(faultsByLine(faults, places)).toEqual({ b: { "data.dose": "not a number" }, c: { service_code: "unknown" } });
});

it("takes a set's lines as the set has them, and leaves out what is not in the catalogue", () => {
  const set = { code: "FEVER", name: "Fever", pack: "base", items: [{ service_code: "CBC", name: "CBC", order_type: "LAB", priority: "URGENT", quantity: 1, instructions: "fasting", data: {} }, { service_code: "GONE" }] } as unknown as OrderSet;
  expect(linesOfSet(set, [service("CBC", "LAB"), undefined], String)).toMatchObject([{ key: "0", priority: "URGENT", instructions: "fasting", data: {} }]);
});
