import "@fontsource-variable/inter/wght.css";
import { createRoot } from "react-dom/client";
import { Docs } from "./Docs";
import "./docs.css";

createRoot(document.getElementById("root")!).render(<Docs />);
