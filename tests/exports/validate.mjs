// validate.mjs SCHEMA FILE...: whether JSON files, and each line of .ndjson files, are what
// a schema says, by Ajv.  SCHEMA is a file, or "sarif" for that of SARIF 2.1.0.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const [name, ...files] = process.argv.slice(2);
const isSarif = name === "sarif";
const Ajv = require(isSarif ? "ajv-draft-04" : "ajv/dist/2020").default;
const ajv = new Ajv({ allErrors: false, strict: !isSarif, allowUnionTypes: true,
	strictRequired: false, unicodeRegExp: !isSarif });
require("ajv-formats").default(ajv);
const path = isSarif
	? require.resolve("@microsoft/jest-sarif/package.json").replace("package.json",
		"lib/schemas/sarif-2.1.0-rtm.5.json")
	: name;
const validate = ajv.compile(JSON.parse(readFileSync(path, "utf8")));

let count = 0;
let failed = 0;
for (const file of files) {
	const text = readFileSync(file, "utf8");
	const parts = file.endsWith(".ndjson") ? text.split("\n").slice(0, -1) : [text];
	for (const part of parts) {
		count++;
		if (validate(JSON.parse(part)))
			continue;
		failed++;
		console.log(`${file}: ${ajv.errorsText(validate.errors).slice(0, 500)}`);
	}
}
console.log(`${count - failed} valid, ${failed} not`);
process.exit(failed || !count ? 1 : 0);
