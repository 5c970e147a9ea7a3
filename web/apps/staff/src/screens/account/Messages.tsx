import { Button, Checkbox, Select, Switch, TextInput } from "@mantine/core";
import { ApiError, type NewPreferences, type Preferences, notifications } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, dateTimeIn, fieldFaults, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { appLanguages } from "../../i18n/translations";
import { languageName } from "../../parts/notifications/languageName";
import css from "./Account.module.css";
import { canPush, deviceName, showHere, showNoMore, thisBrowser } from "./pushBrowser";

const channels = ["in_app", "email", "sms", "push"] as const;
const severities = ["critical", "warning", "info"] as const;

/** How I want to be told of what happens. */
export function Messages() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const known = useQuery({ ...read.notificationPreferences(), enabled: can("notifications.can_read") });
  if (!can("notifications.can_read")) return null;
  return (
    <section className={css.card} aria-labelledby="account-messages">
      <h2 id="account-messages">{t("notifications.preferences.title")}</h2>
      <p className={css.lead}>{t("notifications.preferences.why")}</p>
      {known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        <>
          <Form key={known.data.etag} preferences={known.data.preferences} etag={known.data.etag} />
          <Browsers />
        </>
      ) : (
        <PanelSkeleton lines={6} />
      )}
    </section>
  );
}

function Form({ preferences, etag }: { preferences: Preferences; etag: string | null }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [wanted, setWanted] = useState(preferences.channels);
  const [quiet, setQuiet] = useState(preferences.quiet_hours);
  const [number, setNumber] = useState(preferences.sms_to ?? "");
  const [language, setLanguage] = useState(preferences.language);
  const save = useMutation({
    mutationFn: (body: NewPreferences) => notifications.savePreferences(body, etag),
    onSuccess: ({ data, etag }) => {
      toast.done(t("notifications.preferences.saved"));
      queryClient.setQueryData(read.notificationPreferences().queryKey, { preferences: data, etag });
    },
    onError: (error) => {
      if (!(error instanceof ApiError && error.status === 412)) return;
      toast.failed(error);
      void queryClient.invalidateQueries({ queryKey: read.notificationPreferences().queryKey });
    },
  });
  const faults = fieldFaults(save.error, ["sms_to", "quiet_hours.from", "quiet_hours.to", "language", "channels.in_app.critical"]);
  const languages = [...new Set([...appLanguages, language])];

  function submit() {
    if (save.isPending) return;
    save.mutate({
      channels: wanted,
      language,
      ...(quiet ? { quiet_hours: quiet } : {}),
      ...(number.trim() === "" ? {} : { sms_to: number.replace(/[\s().-]/g, "") }),
    });
  }

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={css.scroll} tabIndex={0} role="group" aria-label={t("notifications.preferences.what")}>
        <table className={css.wanted}>
          <thead>
            <tr>
              <th scope="col">
                <span className="hm-visually-hidden">{t("notifications.preferences.what")}</span>
              </th>
              {channels.map((channel) => (
                <th key={channel} scope="col">
                  {t(`notifications.channel.${channel}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {severities.map((severity) => (
              <tr key={severity}>
                <th scope="row">{t(`notifications.wanted.${severity}`)}</th>
                {channels.map((channel) => (
                  <td key={channel}>
                    <Checkbox
                      aria-label={t("notifications.preferences.by", { what: t(`notifications.wanted.${severity}`), channel: t(`notifications.channel.${channel}`) })}
                      checked={wanted[channel][severity]}
                      // what is critical is always shown in the app
                      disabled={channel === "in_app" && severity === "critical"}
                      onChange={(event) => setWanted({ ...wanted, [channel]: { ...wanted[channel], [severity]: event.currentTarget.checked } })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Switch
        label={t("notifications.preferences.quiet")}
        description={t("notifications.preferences.quietWhy")}
        checked={quiet !== null}
        onChange={(event) => setQuiet(event.currentTarget.checked ? { from: "22:00", to: "06:30" } : null)}
      />
      {quiet ? (
        <div className={css.pair}>
          <TextInput type="time" label={t("notifications.preferences.from")} value={quiet.from} onChange={(event) => setQuiet({ ...quiet, from: event.currentTarget.value })} error={faults.of("quiet_hours.from")} required withAsterisk={false} />
          <TextInput type="time" label={t("notifications.preferences.to")} value={quiet.to} onChange={(event) => setQuiet({ ...quiet, to: event.currentTarget.value })} error={faults.of("quiet_hours.to")} required withAsterisk={false} />
        </div>
      ) : null}
      <div className={css.pair}>
        <TextInput label={t("notifications.preferences.number")} description={t("notifications.preferences.numberWhy")} type="tel" autoComplete="tel" dir="ltr" value={number} onChange={(event) => setNumber(event.currentTarget.value)} error={faults.of("sms_to")} />
        <Select
          label={t("notifications.preferences.language")}
          description={t("notifications.preferences.languageWhy")}
          data={languages.map((code) => ({ value: code, label: languageName(code) }))}
          value={language}
          onChange={(value) => value && setLanguage(value)}
          error={faults.of("language")}
        />
      </div>
      <FormError error={save.error} faults={faults} />
      {can("notifications.can_prefer") ? (
        <div>
          <Button type="submit" loading={save.isPending}>
            {t("notifications.preferences.save")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

/** The browsers that show my messages while the app is closed. */
function Browsers() {
  const { t } = useTranslation();
  const { can, timeZone } = useWorkplace();
  const known = useQuery(read.pushBrowsers());
  const again = () => queryClient.invalidateQueries({ queryKey: read.pushBrowsers().queryKey });
  const show = useMutation({
    mutationFn: () => showHere(deviceName(navigator.userAgent)),
    onSuccess: (outcome) => (outcome === "shown" ? toast.done(t("notifications.preferences.shownHere")) : toast.warn(t("notifications.preferences.refusedHere"))),
    onError: (error) => (error instanceof ApiError ? toast.failed(error) : toast.warn(t("notifications.preferences.noPush"))),
    onSettled: again,
  });
  const end = useMutation({ mutationFn: showNoMore, onError: toast.failed, onSettled: again });
  const here = known.data?.some((one) => one.id === thisBrowser()) ?? false;
  return (
    <div className={css.browsers}>
      <h3>{t("notifications.preferences.browsers")}</h3>
      {known.isError ? <ErrorState error={known.error} onRetry={() => void known.refetch()} /> : null}
      {known.data?.length ? (
        <ul>
          {known.data.map((one) => (
            <li key={one.id}>
              <span>
                <bdi>{one.device || t("notifications.preferences.aBrowser")}</bdi>
                {one.id === thisBrowser() ? <span className={css.muted}> {t("notifications.preferences.thisOne")}</span> : null}
                <span className={css.since}>
                  <bdi>{dateTimeIn(timeZone, one.created_at)}</bdi>
                </span>
              </span>
              {can("notifications.can_prefer") ? (
                <Button variant="subtle" size="compact-sm" loading={end.isPending && end.variables === one.id} onClick={() => end.mutate(one.id)} aria-label={t("notifications.preferences.endOf", { device: one.device || t("notifications.preferences.aBrowser") })}>
                  {t("notifications.preferences.end")}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {!canPush() ? (
        <p className={css.muted}>{t("notifications.preferences.cannot")}</p>
      ) : here || !can("notifications.can_prefer") ? null : (
        <div>
          <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>
            {t("notifications.preferences.showHere")}
          </Button>
        </div>
      )}
    </div>
  );
}
