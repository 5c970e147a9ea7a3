import { DirectionProvider, MantineProvider } from "@mantine/core";
import { KeySheet, KeysProvider, Toasts, cssVariables, theme } from "@hm/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Relogin } from "../screens/signin/Relogin";
import { queryClient } from "./queries";
import { router } from "./router";

export function App() {
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme="light">
        <QueryClientProvider client={queryClient}>
          <KeysProvider>
            <RouterProvider router={router} />
            <KeySheet />
            <Relogin />
            <Toasts />
          </KeysProvider>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
