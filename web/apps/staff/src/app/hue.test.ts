import { expect, it } from "vitest";
import { shadesOf, wear } from "./hue";

it("mixes ten shades around the pack's own colour", () => {
  const shades = shadesOf("#0b6e4f")!;
  expect(shades).toHaveLength(10);
  expect(shades[7]).toBe("#0b6e4f");
  const light = shades.map((shade) => Number.parseInt(shade.slice(3, 5), 16));
  expect(light).toEqual(light.toSorted((a, b) => b - a));
});

it("dresses the page, and undresses it of what is no colour", () => {
  const page = document.createElement("div");
  wear("#8a1c4a", page);
  expect(page.style.getPropertyValue("--mantine-color-pack-7")).toBe("#8a1c4a");
  wear("url(javascript:0)", page);
  expect(page.style.getPropertyValue("--mantine-color-pack-7")).toBe("");
});
