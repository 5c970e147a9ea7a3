import { ActionIcon, Button, Select } from "@mantine/core";
import { type Pack, packs as calls } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, SidePanel, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Admin.module.css";
import packCss from "./Packs.module.css";

/** Which systems of medicine a facility works by; the first is what a visit has when nobody chooses. */
export function FacilityPacks({ opened, packs, onClose }: { opened: boolean; packs: Pack[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const facilities = useQuery({ ...read.facilities(), enabled: opened });
  const [facilityId, setFacilityId] = useState(membership.facility_id);
  const facility = facilities.data?.find(({ id }) => id === facilityId);
  return (
    <SidePanel opened={opened} onClose={onClose} title={t("packs.ofFacility")}>
      {facilities.isError ? (
        <ErrorState error={facilities.error} onRetry={() => void facilities.refetch()} />
      ) : !facilities.data || !facility ? (
        <PanelSkeleton />
      ) : (
        <div className={css.form}>
          <Select label={t("packs.facility")} data={facilities.data.map(({ id, name }) => ({ value: id, label: name }))} value={facilityId} onChange={(id) => id && setFacilityId(id)} />
          <Choice key={`${facility.id} ${facility.packs.join(" ")}`} facilityId={facility.id} name={facility.name} chosenNow={facility.packs} packs={packs} onDone={onClose} />
        </div>
      )}
    </SidePanel>
  );
}

function Choice({ facilityId, name, chosenNow, packs, onDone }: { facilityId: string; name: string; chosenNow: string[]; packs: Pack[]; onDone: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(chosenNow);
  // a site's pack lays itself over others; nobody chooses it
  const offered = packs.filter(({ id, kind }) => kind !== "site" && !chosen.includes(id));
  const nameOf = (id: string) => packs.find((pack) => pack.id === id)?.name ?? id;
  const move = (index: number, by: -1 | 1) => {
    const next = [...chosen];
    [next[index], next[index + by]] = [next[index + by]!, next[index]!];
    setChosen(next);
  };
  const save = useMutation({
    mutationFn: () => calls.choose(facilityId, chosen),
    onSuccess: () => {
      toast.done(t("admin.saved", { name }));
      onDone();
    },
    onSettled: () => changed("facilities", "workspace", "templates", "rules", "catalog"),
  });
  const submit = () => {
    if (chosen.length > 0 && !save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });
  return (
    <>
      <ol className={packCss.chosen} aria-label={t("packs.chosen")}>
        {chosen.map((id, index) => (
          <li key={id}>
            <span className={packCss.place}>{index + 1}</span>
            <bdi className={css.name}>{nameOf(id)}</bdi>
            {index === 0 ? <span className={css.muted}>{t("packs.first")}</span> : null}
            <span className={packCss.moves}>
              <ActionIcon variant="subtle" color="gray" disabled={index === 0} aria-label={t("packs.up", { name: nameOf(id) })} onClick={() => move(index, -1)}>
                <ArrowUp size={15} aria-hidden />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" disabled={index === chosen.length - 1} aria-label={t("packs.down", { name: nameOf(id) })} onClick={() => move(index, 1)}>
                <ArrowDown size={15} aria-hidden />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" disabled={chosen.length === 1} aria-label={t("packs.takeOut", { name: nameOf(id) })} onClick={() => setChosen(chosen.filter((one) => one !== id))}>
                <X size={15} aria-hidden />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <Select
        label={t("packs.add")}
        placeholder={t("packs.addHint")}
        data={offered.map((pack) => ({ value: pack.id, label: pack.name }))}
        value={null}
        onChange={(id) => id && setChosen([...chosen, id])}
        disabled={offered.length === 0}
      />
      <FormError error={save.error} />
      <Button loading={save.isPending} disabled={chosen.length === 0} onClick={submit}>
        {t("admin.save")}
      </Button>
    </>
  );
}
