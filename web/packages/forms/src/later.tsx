import { PanelSkeleton } from "@hm/ui";
import { Suspense, lazy } from "react";
import type { SchemaFormProps } from "./SchemaForm";
import type { SchemaViewProps } from "./SchemaView";

const LaterForm = /* @__PURE__ */ lazy(() => import("./drawn").then((drawn) => ({ default: drawn.SchemaForm })));
const LaterView = /* @__PURE__ */ lazy(() => import("./drawn").then((drawn) => ({ default: drawn.SchemaView })));

/** A form drawn from a template; see SchemaForm.tsx. The renderer comes with the first form, not with every screen. */
export function SchemaForm(props: SchemaFormProps) {
  return (
    <Suspense fallback={<PanelSkeleton lines={4} />}>
      <LaterForm {...props} />
    </Suspense>
  );
}

/** A document's content to be read; see SchemaView.tsx. */
export function SchemaView(props: SchemaViewProps) {
  return (
    <Suspense fallback={<PanelSkeleton lines={2} />}>
      <LaterView {...props} />
    </Suspense>
  );
}
