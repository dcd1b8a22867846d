// Uploads a file with tus-js-client: node upload.mjs ENDPOINT FILE NAME CHUNK. Prints "done ADDRESS".
import { createRequire } from "node:module";
import { createReadStream, statSync } from "node:fs";
const require = createRequire(new URL("../../../web/package.json", import.meta.url));
const tus = require("tus-js-client");
const [endpoint, path, filename, chunk] = process.argv.slice(2);
const upload = new tus.Upload(createReadStream(path), {
  endpoint,
  uploadSize: statSync(path).size,
  chunkSize: chunk === "all" ? Infinity : Number(chunk),
  retryDelays: Array.from({ length: 60 }, () => 100),
  metadata: { filename, filetype: "application/pdf" },
  headers: { "X-Person": "an" },
  onError: (err) => {
    console.log("error " + err.message.split("\n")[0]);
    process.exit(1);
  },
  onSuccess: () => console.log("done " + upload.url),
});
upload.start();
