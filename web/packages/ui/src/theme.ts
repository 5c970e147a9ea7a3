import {
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineTransition,
  createTheme,
} from "@mantine/core";

/** The base pack's hue: primary actions and selection, nothing else. */
const pack: MantineColorsTuple = [
  "#eef7f8",
  "#d9ecee",
  "#b3d8dc",
  "#84bec5",
  "#559fa9",
  "#2f828e",
  "#17707d",
  "#0b6472",
  "#09535f",
  "#07424b",
];

const gray: MantineColorsTuple = [
  "#fafbfb",
  "#f4f5f6",
  "#e9ebed",
  "#dcdfe3",
  "#c3c8ce",
  "#868e96",
  "#667078",
  "#495057",
  "#2f363c",
  "#1d2226",
];

const red: MantineColorsTuple = [
  "#fdecec",
  "#f9d6d6",
  "#f0abab",
  "#e37c7c",
  "#d25252",
  "#bf3535",
  "#ad2525",
  "#9b1c1c",
  "#821616",
  "#691111",
];

const quick = (transition: MantineTransition) => ({ transition, duration: 100 });
/** A list opens beside its field, within the landmark or dialog that the field belongs to. */
const list = { withinPortal: false, shadow: "overlay", transitionProps: quick("fade") };
const portal = { withinPortal: true, shadow: "overlay" };

export const theme = createTheme({
  primaryColor: "pack",
  primaryShade: 7,
  colors: { pack, gray, red },
  black: "#1d2226",
  fontFamily: '"Inter Variable", "Noto Sans Devanagari Variable", "Noto Sans", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "16px", sm: "18px", md: "20px", lg: "22px", xl: "24px" },
  headings: { fontWeight: "600" },
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "md",
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  shadows: { overlay: "var(--hm-overlay-shadow)" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" }, styles: { label: { fontWeight: 550 } } },
    Drawer: { defaultProps: { position: "right", shadow: "overlay", transitionProps: quick("slide-left"), overlayProps: { backgroundOpacity: 0.28 } } },
    Input: { defaultProps: { size: "sm" } },
    Menu: { defaultProps: { ...list, withInitialFocusPlaceholder: false, transitionProps: quick("pop") } },
    Modal: { defaultProps: { shadow: "overlay", centered: true, transitionProps: quick("fade"), overlayProps: { backgroundOpacity: 0.28 } } },
    Popover: { defaultProps: { ...portal, transitionProps: quick("fade") } },
    SegmentedControl: { defaultProps: { size: "sm", transitionDuration: 80 } },
    MultiSelect: { defaultProps: { comboboxProps: list } },
    Select: { defaultProps: { comboboxProps: list, allowDeselect: false } },
    TagsInput: { defaultProps: { comboboxProps: list } },
    Tooltip: { defaultProps: { withinPortal: false, floatingStrategy: "fixed", openDelay: 400, transitionProps: quick("fade"), color: "gray.8" } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-text": "var(--hm-text)",
    "--mantine-color-dimmed": "var(--hm-label)",
    "--mantine-color-placeholder": "var(--hm-unit)",
    "--mantine-color-default-border": "var(--hm-line-strong)",
    "--mantine-color-error": "var(--hm-critical)",
    "--mantine-color-body": "#ffffff",
  },
  dark: {},
});
