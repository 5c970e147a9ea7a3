import { useTranslation } from "react-i18next";
import { usePack, usePackOf } from "../app/workspace";
import { inWords } from "./inWords";

const known = ["LAB", "RADIOLOGY", "PHARMACY", "PROCEDURE", "THERAPY"] as const;

/** What a kind of order is called: in the pack's words, else the app's, else its code in words. */
export function useOrderTypeName(packId?: string): (type: string) => string {
  const { t, i18n } = useTranslation();
  const here = usePack();
  const packOf = usePackOf();
  const pack = packId ? (packOf(packId) ?? here) : here;
  return (type) => {
    const own = pack?.order_types.find(({ code }) => code === type)?.name;
    const spoken = pack !== null && (pack.kind !== "base" || pack.locales.includes(i18n.language));
    if (own && own !== type && spoken) return own;
    const usual = known.find((one) => one === type);
    return usual ? t(`orders.type.${usual}`) : (own ?? inWords(type.toLowerCase()));
  };
}

/** An order line's data as one line of text: `500 mg, three times a day`. */
export function dataInWords(data: Record<string, unknown> | null): string {
  return Object.values(data ?? {})
    .filter((value) => value !== null && value !== "" && value !== undefined)
    .map((value) => (typeof value === "object" ? dataInWords(value as Record<string, unknown>) : typeof value === "boolean" ? "" : String(value)))
    .filter(Boolean)
    .join(", ");
}
