import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type AlertSetupPart, alertSetupParts } from "../../../app/router";
import { Duties } from "./Duties";
import { Policies } from "./Policies";
import { Teams } from "./Teams";

/** How alerts reach people: along which steps, in which teams, who is on duty. */
export function AlertSetup() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { part = "policies" } = useSearch({ from: "/person/workplace/admin/alerts" });
  const parts = (
    <SegmentedControl
      size="xs"
      aria-label={t("alerts.setup.parts")}
      value={part}
      onChange={(value) => void navigate({ to: "/admin/alerts", search: { part: value as AlertSetupPart } })}
      data={alertSetupParts.map((value) => ({ value, label: t(`alerts.setup.${value}`) }))}
    />
  );
  return part === "policies" ? <Policies parts={parts} /> : part === "teams" ? <Teams parts={parts} /> : <Duties parts={parts} />;
}
