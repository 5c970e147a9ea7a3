import { Button } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { useSay } from "../words";
import parts from "./parts.module.css";

/** The server did not give what the tool draws. */
export function Failed({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const say = useSay("parts");
  return (
    <div className={parts.bar} role="alert">
      <p className={parts.fault}>
        <ToneMark tone="critical" />
        {say("failed")} {error instanceof Error ? error.message : ""}
      </p>
      <Button variant="default" size="compact-sm" onClick={onAgain}>
        {say("again")}
      </Button>
    </div>
  );
}
