export { ToolHost, type ToolHostProps } from "./ToolHost";
export {
  type AllowedTool,
  type CustomToolSource,
  type Emitted,
  type Host,
  type HostRequest,
  type ToolBind,
  type ToolComponent,
  type ToolConfig,
  type ToolProps,
  pageTokens,
  summaryOf,
} from "./host";
export { isBuiltIn, tools } from "./registry";
