import { Textarea } from "@mantine/core";

interface LongFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
  error?: string;
  hint?: string;
  rows?: number;
  autoFocus?: boolean;
}

/** A clinical text: grows with what is written. */
export function LongField({ label, value, onChange, error, hint, rows = 2, autoFocus }: LongFieldProps) {
  return (
    <Textarea
      label={label}
      description={hint}
      inputWrapperOrder={["label", "input", "description", "error"]}
      autosize
      minRows={rows}
      maxRows={16}
      autoFocus={autoFocus}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}

/** Fields that hold more than blanks, trimmed. */
export function filled<T extends object>(typed: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => {
      if (typeof value === "string") return value.trim() ? [[name, value.trim()]] : [];
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Partial<T>;
}

/** One item a line. */
export const lines = (text: string | undefined): string[] => (text ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
