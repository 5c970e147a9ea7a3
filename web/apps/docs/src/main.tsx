document.getElementById("root")!.textContent = "API";
