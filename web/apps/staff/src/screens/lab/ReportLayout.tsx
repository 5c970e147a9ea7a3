import { Button, ColorInput, FileButton, TextInput, Textarea } from "@mantine/core";
import { ApiError, type LabReportLayout, labprint } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, fieldFaults, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./ReportLayout.module.css";
import settingsCss from "./Settings.module.css";

const maxLogo = 200 * 1024;
const accents = ["#1a4f8b", "#17603a", "#5b3a94", "#9b1c1c", "#7a4b00", "#1d2126"];

/** How this facility's reports look on paper. */
export function ReportLayout() {
  const { can } = useWorkplace();
  const mine = can("labprint.can_configure_layout");
  const found = useQuery({ ...read.labReportLayout(), enabled: mine });
  if (!mine) return null;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <PanelSkeleton lines={4} />;
  return <Form key={found.data.etag} layout={found.data.layout} etag={found.data.layout.updated_at ? found.data.etag : null} />;
}

function Form({ layout, etag }: { layout: LabReportLayout; etag: string | null }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => ({
    name: layout.name,
    address: layout.address.join("\n"),
    phone: layout.phone ?? "",
    accreditation: layout.accreditation ?? "",
    header: layout.header ?? "",
    footer: layout.footer ?? "",
    accent: layout.accent,
    logo: layout.logo ?? "",
  }));
  const [logoFault, setLogoFault] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => labprint.changeLayout({ ...draft, address: draft.address.split("\n").filter((line) => line.trim() !== ""), logo: draft.logo === "" ? undefined : draft.logo }, etag),
    onSuccess: () => toast.done(t("reports.layout.saved")),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 412) toast.warn(t("reports.layout.stale"));
    },
    onSettled: () => changed("labprint"),
  });
  const faults = fieldFaults(save.error, ["name", "address", "phone", "accreditation", "header", "footer", "accent", "logo"]);
  const put = (field: keyof typeof draft) => (value: string) => setDraft((before) => ({ ...before, [field]: value }));
  const text = (field: "name" | "phone" | "accreditation" | "header" | "footer", limit: number) => ({
    label: t(`reports.layout.${field}`),
    value: draft[field],
    maxLength: limit,
    error: faults.of(field),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => put(field)(event.currentTarget.value),
  });
  const chooseLogo = async (file: File | null) => {
    if (!file) return;
    setLogoFault(file.size > maxLogo ? t("reports.layout.logoTooLarge") : file.type !== "image/png" ? t("reports.layout.logoNotPNG") : null);
    if (file.size <= maxLogo && file.type === "image/png") put("logo")(await base64(file));
  };
  return (
    <section className={settingsCss.part} aria-label={t("reports.layout.title")}>
      <h2>{t("reports.layout.title")}</h2>
      <p className={settingsCss.why}>{t("reports.layout.why")}</p>
      <div className={css.form}>
        <TextInput {...text("name", 200)} withAsterisk />
        <Textarea label={t("reports.layout.address")} description={t("reports.layout.addressWhy")} autosize minRows={2} maxRows={4} value={draft.address} error={faults.of("address")} onChange={(event) => put("address")(event.currentTarget.value.split("\n").slice(0, 4).join("\n"))} />
        <TextInput {...text("phone", 100)} />
        <TextInput {...text("accreditation", 200)} />
        <TextInput {...text("header", 300)} />
        <Textarea {...text("footer", 600)} autosize minRows={1} />
        <ColorInput label={t("reports.layout.accent")} value={draft.accent} onChange={put("accent")} swatches={accents} withPicker={false} withEyeDropper={false} format="hex" error={faults.of("accent") ?? (/^#[0-9a-f]{6}$/i.test(draft.accent) ? undefined : t("reports.layout.accentWrong"))} />
        <div className={css.logo}>
          <span className={css.label} id="report-logo">
            {t("reports.layout.logo")}
          </span>
          <span className={css.why}>{t("reports.layout.logoWhy")}</span>
          {draft.logo ? <img src={`data:image/png;base64,${draft.logo}`} alt={t("reports.layout.logoShown")} /> : null}
          <div className={settingsCss.acts}>
            <FileButton accept="image/png" onChange={(file) => void chooseLogo(file)}>
              {(button) => (
                <Button {...button} size="xs" variant="default">
                  {t(draft.logo ? "reports.layout.logoOther" : "reports.layout.logoChoose")}
                </Button>
              )}
            </FileButton>
            {draft.logo ? (
              <Button size="xs" variant="subtle" color="gray" onClick={() => put("logo")("")}>
                {t("reports.layout.logoRemove")}
              </Button>
            ) : null}
          </div>
          {(logoFault ?? faults.of("logo")) ? (
            <p className={css.fault} role="alert">
              {logoFault ?? faults.of("logo")}
            </p>
          ) : null}
        </div>
      </div>
      <FormError error={save.error} faults={faults} />
      <div className={settingsCss.acts}>
        <Button loading={save.isPending} disabled={draft.name.trim() === ""} onClick={() => save.mutate()}>
          {t("reports.layout.save")}
        </Button>
      </div>
    </section>
  );
}

/** A file's bytes as the API takes them. */
function base64(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}
