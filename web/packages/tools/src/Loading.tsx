import { Skeleton } from "@mantine/core";
import { useSay } from "./words";

/** The room of a tool before it is here. */
export function Loading() {
  const say = useSay("host");
  return (
    <div role="status" aria-label={say("loading")}>
      <Skeleton height={120} radius="md" />
    </div>
  );
}
