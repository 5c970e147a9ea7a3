import { refreshedAt } from "../refresh";
import { transport } from "../transport";

export interface Credentials {
  username: string;
  password: string;
  otp?: string;
}

export const identity = {
  signIn: async (credentials: Credentials) => {
    await transport.send("POST", "/api/auth/token", { body: credentials, anonymous: true, scope: null });
    localStorage.setItem(refreshedAt, String(Date.now()));
  },
  /** Calls back when another tab of this browser got new tokens. */
  onSignInElsewhere: (listener: () => void) => {
    const heard = (event: StorageEvent) => {
      if (event.key === refreshedAt) listener();
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  },
  signOut: () => transport.send("POST", "/api/auth/logout", { scope: null }),
  me: (signal?: AbortSignal) => transport.send("GET", "/api/me", { scope: null, signal }).then((answer) => answer.data),
  chooseScope: (tenant_id: string, facility_id: string) =>
    transport.send("POST", "/api/me/scope", { body: { tenant_id, facility_id }, scope: null }),
  changeEmail: (email: string | null) => transport.send("PATCH", "/api/me", { body: { email }, scope: null }).then((answer) => answer.data),
  secondStep: (signal?: AbortSignal) => transport.send("GET", "/api/me/totp", { scope: null, signal }).then((answer) => answer.data),
  startSecondStep: (password: string) => transport.send("POST", "/api/me/totp", { body: { password }, scope: null }).then((answer) => answer.data),
  confirmSecondStep: (otp: string) => transport.send("POST", "/api/me/totp/confirm", { body: { otp }, scope: null }).then((answer) => answer.data),
  endSecondStep: (password: string, otp: string) => transport.send("POST", "/api/me/totp/disable", { body: { password, otp }, scope: null }),
  changePassword: (current_password: string, new_password: string) =>
    transport.send("POST", "/api/me/password", { body: { current_password, new_password }, scope: null }),
};
