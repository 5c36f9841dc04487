// tuf-js with the command line of tuf-conformance; docs/clients.md describes it.
//
// Exit status 0 if the client is content, 1 if it is not. After `init` it trusts what lies in
// --metadata-dir under names without a version, and nothing else. The time is the clock's, or that
// in TUFLINE_CLIENT_NOW.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Updater } from "tuf-js";

const text = { type: "string" };
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "metadata-dir": text,
    "metadata-url": text,
    "target-name": { ...text, multiple: true, default: [] },
    "target-dir": text,
    "target-base-url": text,
  },
});

const nowhere = "http://127.0.0.1:9/"; // `init` asks nobody

function updater() {
  const made = new Updater({
    metadataDir: options["metadata-dir"],
    metadataBaseUrl: options["metadata-url"] ?? nowhere,
    targetDir: options["target-dir"],
    targetBaseUrl: options["target-base-url"],
  });
  if (process.env.TUFLINE_CLIENT_NOW) {
    // tuf-js notes the time here and has no option for it; it judged nothing by it so far.
    made.trustedSet.referenceTime = new Date(process.env.TUFLINE_CLIENT_NOW);
  }
  return made;
}

const commands = {
  async init(root) {
    writeFileSync(join(options["metadata-dir"], "root.json"), readFileSync(root));
    updater(); // reads that root, and refuses one that does not verify by its own keys
  },

  async refresh() {
    await updater().refresh();
  },

  async download() {
    const client = updater();
    for (const name of options["target-name"]) {
      const listed = await client.getTargetInfo(name);
      if (!listed) {
        throw new Error(`no role lists ${name}`);
      }
      if (!(await client.findCachedTarget(listed))) {
        await client.downloadTarget(listed);
      }
    }
  },
};

const [command, ...rest] = positionals;
try {
  if (!Object.hasOwn(commands, command ?? "")) {
    throw new Error("the command is init, refresh or download");
  }
  await commands[command](...rest);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
