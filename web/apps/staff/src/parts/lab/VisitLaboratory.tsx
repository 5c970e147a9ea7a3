import { LabReports } from "./LabReports";
import { VisitResults } from "./LabResults";

/** What the laboratory has for one visit: its results, then its reports. */
export function VisitLaboratory({ encounterId }: { encounterId: string }) {
  return (
    <>
      <VisitResults encounterId={encounterId} />
      <LabReports encounterId={encounterId} />
    </>
  );
}
