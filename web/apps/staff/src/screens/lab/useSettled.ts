import { useEffect, useState } from "react";

/** The value once it has rested for a moment: what is being typed is not asked for letter by letter. */
export function useSettled<T>(value: T, rest = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), rest);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return settled;
}
