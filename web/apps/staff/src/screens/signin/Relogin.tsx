import { Button } from "@mantine/core";
import { identity, session } from "@hm/client";
import { Dialog } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import css from "./SignIn.module.css";
import { SignInForm } from "./SignInForm";

/**
 * The session ended while someone worked: they sign in over the open screen, and what
 * they had typed and sent goes on as if nothing had happened.
 */
export function Relogin() {
  const { t } = useTranslation();
  const status = useSyncExternalStore(session.subscribe, () => session.status);
  const me = useQuery({ ...read.me(), enabled: false }).data;
  const [other, setOther] = useState(false);
  const opened = status === "expired" && me !== undefined;

  async function done() {
    // somebody else's sign-in must never carry on with this person's form
    const now = await identity.me();
    if (now.user.id !== me?.user.id) {
      setOther(true);
      session.signedOut();
      location.assign("/");
      return;
    }
    session.signedIn();
    await queryClient.invalidateQueries();
  }

  // somebody who signs in again in one tab is back in all of them
  useEffect(() => {
    if (opened) return identity.onSignInElsewhere(() => void done());
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened]);

  return (
    <Dialog opened={opened && !other} title={t("signIn.again")} zIndex={450}>
      <p className={css.reloginNote}>{t("signIn.againWhy")}</p>
      {opened ? <SignInForm username={me.user.username} onDone={done} /> : null}
      <Button
        mt="xs"
        fullWidth
        variant="subtle"
        color="gray"
        onClick={() => {
          session.signedOut();
          location.assign("/sign-in");
        }}
      >
        {t("signIn.leave")}
      </Button>
    </Dialog>
  );
}
