import { Button, FileInput, Progress } from "@mantine/core";
import { ApiError, type PackDetails, packs } from "@hm/client";
import { FormError, SidePanel, ToneMark, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FileArchive } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import css from "./Admin.module.css";
import { faultsByFile } from "./packFaults";
import packCss from "./Packs.module.css";

/** Takes a pack as the zip of its folder; what is wrong with it is told by file and line. */
export function InstallPack({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState(0);
  const install = useMutation({
    mutationFn: (zip: File) => packs.install(zip, setSent),
    onMutate: () => setSent(0),
    onSuccess: async (pack: PackDetails) => {
      setFile(null);
      onClose();
      await changed("packs", "workspace", "templates", "rules", "catalog");
      await navigate({ to: "/admin/packs/$packId", params: { packId: pack.id } });
    },
  });
  const submit = () => {
    if (file && !install.isPending) install.mutate(file);
  };
  useKeys(opened ? [{ keys: "mod+Enter", label: t("packs.install"), run: submit }] : [], { overlay: true });
  const files = install.error instanceof ApiError ? faultsByFile(install.error.faults) : [];

  return (
    <SidePanel opened={opened} onClose={onClose} title={t("packs.install")} size={560}>
      <div className={css.form}>
        <p className={css.muted}>{t("packs.installWhy")}</p>
        <FileInput
          data-autofocus
          label={t("packs.file")}
          placeholder={t("packs.fileHint")}
          accept=".zip,application/zip"
          leftSection={<FileArchive size={16} aria-hidden />}
          value={file}
          onChange={(next) => {
            setFile(next);
            install.reset();
          }}
          clearable
          clearButtonProps={{ "aria-label": t("patient.clear") }}
        />
        {install.isPending ? (
          <div role="status">
            <Progress value={sent * 100} aria-label={t("packs.sending")} />
            <p className={packCss.sending}>{t(sent < 1 ? "packs.sending" : "packs.checking")}</p>
          </div>
        ) : null}
        <FormError error={install.error} />
        {files.length > 0 ? (
          <div className={packCss.faults} role="group" aria-label={t("packs.faults")}>
            {files.map(({ file: name, faults }) => (
              <section key={name} aria-label={name}>
                <h3 dir="ltr">{name}</h3>
                <ul>
                  {faults.map(({ line, message }, index) => (
                    <li key={index}>
                      <ToneMark tone="critical" />
                      {line === null ? null : <span className={packCss.lineNumber}>{t("packs.line", { line })}</span>}
                      <bdi>{message}</bdi>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        ) : null}
        <div className={css.acts}>
          <Button disabled={!file} loading={install.isPending} onClick={submit}>
            {t("packs.installIt")}
          </Button>
        </div>
      </div>
    </SidePanel>
  );
}
