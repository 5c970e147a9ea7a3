import { DirectionProvider, MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { useState } from "react";
import { SchemaForm, type SchemaFormProps } from "./SchemaForm";
import type { Payload, Template } from "./schema";
import { englishWords } from "./words";

type Given = Partial<Omit<SchemaFormProps, "template" | "value" | "onChange" | "words">> & { value?: Payload; dir?: "ltr" | "rtl" };

/** A form under the hand of a test; `value()` is what it holds now. */
export function show(template: Template, { value: start = {}, dir = "ltr", ...props }: Given = {}) {
  let now = start;
  function Held() {
    const [value, setValue] = useState(start);
    now = value;
    return <SchemaForm template={template} value={value} onChange={setValue} words={englishWords} {...props} />;
  }
  const drawn = render(
    <DirectionProvider initialDirection={dir} detectDirection={false}>
      <MantineProvider env="test">
        <div dir={dir}>
          <Held />
        </div>
      </MantineProvider>
    </DirectionProvider>,
  );
  return { ...drawn, value: () => now };
}

/** A form of fields alone. */
export const formWith = (properties: Record<string, unknown>, rest: Record<string, unknown> = {}, ui: Template["ui"] = {}): Template => ({ schema: { type: "object", properties, ...rest }, ui });
