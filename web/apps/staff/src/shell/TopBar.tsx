import { Menu, UnstyledButton } from "@mantine/core";
import type { Membership } from "@hm/client";
import { type Connection, ConnectionPill, toast } from "@hm/ui";
import { Check, ChevronDown, LogOut, UserRound } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { unsavedDrafts } from "../app/drafts";
import { chooseScope } from "../app/scope";
import { signOut } from "../app/signOut";
import { useWorkplace } from "../app/workplace";
import { usePack } from "../app/workspace";
import { CriticalMark } from "../parts/alerts/CriticalMark";
import { Bell } from "./Bell";
import { Finder } from "./Finder";
import { LanguageItems } from "./LanguageMenu";
import { LeaveDialog } from "./LeaveDialog";
import { packIcon } from "./packIcons";
import css from "./TopBar.module.css";

export function TopBar({ connection }: { connection: Connection }) {
  return (
    <header className={css.bar}>
      <FacilityMenu />
      <Finder />
      <CriticalMark />
      <ConnectionPill connection={connection} />
      <Bell />
      <UserMenu />
    </header>
  );
}

function FacilityMenu() {
  const { t } = useTranslation();
  const { me, membership } = useWorkplace();
  const pack = usePack();
  const Icon = packIcon(pack?.theme.icon);
  const current = (
    <>
      <span className={css.mark}>
        <Icon size={16} strokeWidth={2} aria-hidden />
      </span>
      <span className={css.names}>
        <bdi className={css.facility}>{membership.facility_name}</bdi>
        <bdi className={css.tenant}>{membership.tenant_name}</bdi>
      </span>
    </>
  );
  if (me.memberships.length < 2) return <div className={css.place}>{current}</div>;

  async function change(other: Membership) {
    try {
      await chooseScope(other);
      // every screen of the old facility ends here, with all that it remembered
      location.assign("/");
    } catch (error) {
      toast.failed(error);
    }
  }

  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton className={css.place}>
          {current}
          <span className="hm-visually-hidden">{t("shell.changeFacility")}</span>
          <ChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {me.memberships.map((one) => (
          <Menu.Item
            key={one.facility_id}
            leftSection={one.facility_id === membership.facility_id ? <Check size={15} aria-hidden /> : <span className={css.noCheck} />}
            onClick={() => void change(one)}
          >
            <bdi>{one.facility_name}</bdi>
            <span className={css.tenantLine}>
              <bdi>{one.tenant_name}</bdi>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const navigate = useNavigate();
  const [unsaved, setUnsaved] = useState<number | null>(null);

  function leave() {
    const left = unsavedDrafts(me.user.id);
    if (left > 0) setUnsaved(left);
    else void signOut(me.user.id, { keepDrafts: false }).catch(toast.failed);
  }

  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <UnstyledButton className={css.user}>
            <span className={css.avatar} aria-hidden>
              {initials(me.user.full_name)}
            </span>
            <bdi className={css.userName}>{me.user.full_name}</bdi>
            <span className="hm-visually-hidden">{t("shell.userMenu")}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<UserRound size={15} aria-hidden />} onClick={() => void navigate({ to: "/account" })}>
            {t("shell.account")}
            <span className={css.tenantLine}>
              <bdi>{me.user.username}</bdi>
            </span>
          </Menu.Item>
          <Menu.Divider />
          <LanguageItems />
          <Menu.Divider />
          <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={leave}>
            {t("shell.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <LeaveDialog userId={me.user.id} unsaved={unsaved ?? 0} opened={unsaved !== null} onStay={() => setUnsaved(null)} />
    </>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => !word.endsWith("."));
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...words.at(-1)!][0] ?? "") : "";
  return (first + last).toUpperCase();
}
