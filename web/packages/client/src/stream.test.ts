import { expect, it } from "vitest";
import { EventReader } from "./stream";

const events = "id: 7\ndata: {\"topic\":\"encounters\"}\n\n: ping\n\ndata: a\ndata: b\r\n\r\n";

it("reads events whatever the chunks", () => {
  for (let size = 1; size <= events.length; size++) {
    const reader = new EventReader();
    const read = [];
    for (let at = 0; at < events.length; at += size) read.push(...reader.push(events.slice(at, at + size)));
    expect(read, `chunks of ${size}`).toEqual([
      { id: "7", data: '{"topic":"encounters"}' },
      { id: "7", data: "a\nb" },
    ]);
  }
});

it("keeps an unfinished event for later", () => {
  const reader = new EventReader();
  expect(reader.push("data: half")).toEqual([]);
  expect(reader.push("\n\n")).toEqual([{ id: "", data: "half" }]);
});
