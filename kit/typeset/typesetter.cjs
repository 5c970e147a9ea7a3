// The child of kit/typeset. Frames on standard input and output: two lengths of four bytes, a JSON header, a body.
'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');

const folder = process.argv[1];
const load = createRequire(path.join(folder, 'package.json'));
const typst = (() => {
  const name = '@myriaddreamin/typst-ts-node-compiler';
  const platform = `${name}-${process.platform}-${process.arch}`;
  let fault;
  for (const candidate of [name, platform, `${platform}-gnu`, `${platform}-musl`]) {
    try {
      return load(candidate);
    } catch (error) {
      fault ??= error.code === 'MODULE_NOT_FOUND' ? undefined : error;
    }
  }
  process.stderr.write(`typesetter: ${fault?.message ?? `${name} is not there`}\n`);
  process.exit(3);
})();

// No folder is there to be read from: a template sees what the request brings along and nothing else.
const root = '/hm-typeset-has-no-files';
const compiler = typst.NodeCompiler.create({
  workspace: root,
  fontArgs: [{ fontPaths: [path.join(folder, 'node_modules', '@expo-google-fonts')] }],
});

// Where the template is at fault, and how. What a message quotes, behind a colon or in quotes, may be data: it stays here.
function faultOf(diagnostics) {
  const worst = diagnostics.find((d) => d.severity === 1 || d.severity === 'error') ?? diagnostics[0];
  if (!worst) return 'no reason given';
  const line = worst.range ? ` at line ${worst.range.start.line + 1}` : '';
  return String(worst.message).split(/[:"'`(\n]/)[0].slice(0, 100) + line;
}

let done = 0;
function make(header, body) {
  let at = 0;
  for (const file of header.files) {
    compiler.mapShadow(`${root}/${file.name}`, body.subarray(at, at + file.size));
    at += file.size;
  }
  try {
    const result = compiler.compile({ mainFileContent: header.template });
    if (result.hasError() || !result.result) {
      return [{ fault: faultOf(compiler.fetchDiagnostics(result.takeDiagnostics())) }];
    }
    const document = result.result;
    const pdf = compiler.pdf(document, { creationTimestamp: header.at });
    return [{ pages: document.numOfPages }, pdf];
  } finally {
    compiler.resetShadow();
    // What ten documents in a row had no use for is forgotten.
    if (++done % 4 === 0) compiler.evictCache(10);
  }
}

function answer(header, body = Buffer.alloc(0)) {
  const text = Buffer.from(JSON.stringify({ ...header, memory: process.memoryUsage.rss() }));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  process.stdout.write(Buffer.concat([lengths, text, body]));
}

let chunks = [];
let held = 0;
let wanted = 8;
process.stdin.on('data', (chunk) => {
  chunks.push(chunk);
  held += chunk.length;
  while (held >= wanted) {
    const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    chunks = [all];
    const headerLength = all.readUInt32BE(0);
    wanted = 8 + headerLength + all.readUInt32BE(4);
    if (held < wanted) return;
    const header = JSON.parse(all.toString('utf8', 8, 8 + headerLength));
    const body = all.subarray(8 + headerLength, wanted);
    chunks = [all.subarray(wanted)];
    held -= wanted;
    wanted = 8;
    let outcome;
    try {
      outcome = make(header, body);
    } catch (error) {
      outcome = [{ fault: faultOf([{ message: String(error?.message ?? 'it failed') }]) }];
    }
    answer(...outcome);
  }
});
process.stdin.on('end', () => process.exit(0));
answer({ ready: true });
