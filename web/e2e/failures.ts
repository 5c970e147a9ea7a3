import { afterEach } from "vitest";
import { Person } from "./person";

/** When a journey fails, what everybody saw at that moment is kept beside the other pictures. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  const name = task.name.replaceAll(/\W+/g, "-").slice(0, 60);
  await Promise.all(Person.present().map((person, index) => person.photograph(`failed-${name}-${index}`)));
});
