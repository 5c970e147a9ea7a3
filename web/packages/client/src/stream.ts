import type { Transport } from "./request";

/** Something changed: no clinical content, only what to read again. */
export interface Change {
  topic: string;
  id: string;
  version: string;
}

export type StreamStatus = "live" | "retrying";

interface Options {
  onChange: (change: Change) => void;
  onStatus: (status: StreamStatus) => void;
  /** Changes may have been missed: read everything on the screen again. */
  onGap: () => void;
}

const firstPause = 1_000;
const longestPause = 30_000;
/** The server sends a comment at least this often; silence beyond it is a dead connection. */
const silenceLimit = 60_000;

/** Follows /api/stream until stopped, over lost connections. */
export function follow(transport: Transport, options: Options): () => void {
  const stop = new AbortController();
  void loop(transport, options, stop.signal);
  return () => stop.abort();
}

async function loop(transport: Transport, { onChange, onStatus, onGap }: Options, stop: AbortSignal): Promise<void> {
  let lastId = "";
  let pause = firstPause;
  let connectedBefore = false;
  while (!stop.aborted) {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    stop.addEventListener("abort", abort);
    let silence = setTimeout(abort, silenceLimit);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (lastId) headers["Last-Event-ID"] = lastId;
      const response = await transport.open("/api/stream", headers, attempt.signal);
      if (!response.ok || !response.body) throw new Error(`stream ${response.status}`);
      onStatus("live");
      if (connectedBefore) onGap();
      connectedBefore = true;
      pause = firstPause;
      const read = new EventReader();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        clearTimeout(silence);
        silence = setTimeout(abort, silenceLimit);
        for (const event of read.push(value)) {
          if (event.id) lastId = event.id;
          const change = parse(event.data);
          if (change?.topic === "reset") onGap();
          else if (change) onChange(change);
        }
      }
    } catch {
      // any failure means the same: wait, then connect again
    } finally {
      clearTimeout(silence);
      stop.removeEventListener("abort", abort);
    }
    if (stop.aborted) return;
    onStatus("retrying");
    await new Promise((done) => setTimeout(done, pause * (0.75 + Math.random() / 2)));
    pause = Math.min(pause * 2, longestPause);
  }
}

function parse(data: string): Change | null {
  try {
    const value = JSON.parse(data) as Partial<Change>;
    if (typeof value.topic !== "string") return null;
    return { topic: value.topic, id: String(value.id ?? ""), version: String(value.version ?? "") };
  } catch {
    return null;
  }
}

interface ServerEvent {
  id: string;
  data: string;
}

/** Cuts a text/event-stream into its events, over any chunk borders. */
export class EventReader {
  private rest = "";
  private id = "";
  private data: string[] = [];

  push(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) events.push({ id: this.id, data: this.data.join("\n") });
        this.data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "data") this.data.push(value);
      if (field === "id") this.id = value;
    }
    return events;
  }
}
