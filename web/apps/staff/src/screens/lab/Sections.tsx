import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The sections of a laboratory, as packs know them. */
export const sections = ["haematology", "biochemistry", "electrolytes", "coagulation", "blood_gas", "immunology", "endocrinology", "serology", "microbiology", "urinalysis", "blood_bank", "drug_monitoring", "tumour_markers"] as const;

export function SectionSelect({ value, onChange }: { value: string | undefined; onChange: (section: string | undefined) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      w={172}
      aria-label={t("lab.section.label")}
      data={[{ value: "", label: t("lab.section.every") }, ...sections.map((section) => ({ value: section, label: t(`lab.section.${section}`) }))]}
      value={value ?? ""}
      onChange={(section) => onChange(section || undefined)}
      maxDropdownHeight={420}
    />
  );
}
